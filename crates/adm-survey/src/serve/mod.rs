//! The bundle over HTTP, and answers that come back.
