//! adm-render
