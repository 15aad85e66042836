//! Against scipy, statsmodels, krippendorff and R (`make.py` wrote `statistics.json`), and against published tables.

mod agreement;
mod document_002;
mod file;
mod planning;
mod proportions;
mod published;
mod ratings;
mod tables;
