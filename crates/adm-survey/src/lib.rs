//! Listening tests.
