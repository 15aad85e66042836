//! Where to serve.

use crate::{Flags, HttpError};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

impl Flags {
    /// The address where none is asked for: this machine alone.
    pub const fn default_address(self) -> SocketAddr {
        SocketAddr::new(HERE, self.port)
    }
}

/// Reads `HOST:PORT` or a port alone. A host is an IP address or `localhost`: other names are not looked up, since what
/// they mean may change between looking and listening. Port 0 takes any that is free.
///
/// # Errors
/// [`HttpError::Address`], whose hint speaks of `flags`.
pub fn parse_address(text: &str, flags: Flags) -> Result<SocketAddr, HttpError> {
    let words = text.trim();
    if let Ok(port) = words.parse() {
        return Ok(SocketAddr::new(HERE, port));
    }
    let local = words.strip_prefix("localhost:").map(|port| format!("{HERE}:{port}"));
    let unread = |_| HttpError::Address { address: text.to_owned(), flags };
    local.as_deref().unwrap_or(words).parse().map_err(unread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

    #[test]
    fn addresses_are_read_or_refused_with_a_hint() {
        let flags = Flags { address: "--serve", port: 8420, others_may: "look" };
        for (text, expected) in [
            ("127.0.0.1:8420", "127.0.0.1:8420"),
            ("localhost:1", "127.0.0.1:1"),
            ("9000", "127.0.0.1:9000"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:8420", "[::1]:8420"),
        ] {
            assert_eq!(parse_address(text, flags).unwrap().to_string(), expected);
        }
        for bad in ["", "localhost", "example.org:80", "127.0.0.1", "1.2.3.4:99999", "::1"] {
            let error = parse_address(bad, flags).unwrap_err();
            assert!(error.to_string().contains(bad) && error.hint().unwrap().contains("--serve"), "{bad}");
        }
    }
}
