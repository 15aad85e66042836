//! adm-train
