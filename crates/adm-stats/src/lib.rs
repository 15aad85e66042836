//! Statistics of listening tests.
