//! adm-dataset
