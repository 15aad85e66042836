//! From a study to trials, hashed names and sheets.
