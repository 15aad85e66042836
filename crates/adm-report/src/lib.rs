//! adm-report
