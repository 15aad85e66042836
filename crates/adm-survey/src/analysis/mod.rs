//! From scored responses to findings.
