//! JSON files that say what they are before they say anything else.

use crate::error::TokenError;
use adm_core::persist;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// Read first, so that another version is told from damage.
#[derive(Deserialize)]
struct Preamble {
    format: String,
    version: u32,
}

/// Reads a file's bytes.
///
/// # Errors
/// Why they cannot be read, in words.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8], format: &str, version: u32) -> Result<T, String> {
    let preamble: Preamble = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if preamble.format != format {
        return Err(format!("its format is \"{}\", expected \"{format}\"", preamble.format));
    }
    if preamble.version != version {
        return Err(format!("its format version is {}, expected {version}", preamble.version));
    }
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// Writes a file in short; it is whole or absent.
///
/// # Errors
/// Whatever the file system returns.
pub(crate) fn save(path: &Path, value: &impl Serialize) -> Result<(), TokenError> {
    let write = || persist::write_bytes(path, &serde_json::to_vec(value).map_err(io::Error::from)?);
    write().map_err(TokenError::writing(path))
}
