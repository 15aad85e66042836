//! Findings as a page, as JSON and as tables.
