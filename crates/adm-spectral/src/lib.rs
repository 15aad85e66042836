//! adm-spectral
