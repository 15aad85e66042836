//! adm-models
