//! adm-audio
