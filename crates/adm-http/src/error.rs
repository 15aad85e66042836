//! Why there is no serving.

use adm_core::Hint;
use std::io;
use std::net::SocketAddr;

/// How a command speaks of where it serves, for hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// The flag that takes the address, such as `--serve`.
    pub address: &'static str,
    /// The port where none is asked for.
    pub port: u16,
    /// What others may do once they are let in, such as `listen and control`.
    pub others_may: &'static str,
}

impl Flags {
    /// The flag with this machine's own address.
    fn here(self, port: u16) -> String {
        format!("{} 127.0.0.1:{port}", self.address)
    }
}

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// Words that are no address.
    #[error("{address:?} is not an address to serve at")]
    Address {
        /// What was given.
        address: String,
        /// For the hint.
        flags: Flags,
    },
    /// Somebody listens there already.
    #[error("{address} is already in use")]
    Busy {
        /// The address.
        address: SocketAddr,
        /// For the hint.
        flags: Flags,
    },
    /// Serving beyond this machine was not asked for.
    #[error("{address} can be reached from other machines")]
    Remote {
        /// The address.
        address: SocketAddr,
        /// For the hint.
        flags: Flags,
    },
    /// The system would not let us serve there.
    #[error("cannot serve at {address}")]
    Serve {
        /// The address.
        address: SocketAddr,
        /// For the hint.
        flags: Flags,
        /// Why not.
        source: io::Error,
    },
    /// The operating system gave no random numbers, so that no token could be made.
    #[error("the operating system gave no random numbers for the token: {reason}")]
    NoToken {
        /// What it said.
        reason: String,
    },
    /// A thread could not be started.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

impl Hint for HttpError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Address { flags, .. } => Some(format!("give a host and a port: {}", flags.here(flags.port))),
            Self::Busy { address, flags } => {
                let next = SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(flags.port));
                Some(format!("choose another port, for example with {} {next}", flags.address))
            }
            Self::Remote { address, flags } => Some(format!(
                "add --allow-remote to let others {}, or stay on this machine with {}",
                flags.others_may,
                flags.here(address.port())
            )),
            Self::Serve { source, flags, .. } if source.kind() == io::ErrorKind::PermissionDenied => Some(format!(
                "ports below 1024 need the system's leave; choose a higher one with {}",
                flags.here(flags.port)
            )),
            Self::Serve { flags, .. } => {
                Some(format!("choose an address of this machine with {}", flags.here(flags.port)))
            }
            Self::NoToken { .. } | Self::Thread(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_the_command_s_own_flag() {
        let flags = Flags { address: "--serve", port: 8420, others_may: "listen and control" };
        let address = SocketAddr::from(([192, 168, 1, 7], 80));
        let denied = io::ErrorKind::PermissionDenied.into();
        for (error, hint) in [
            (HttpError::Busy { address, flags }, "choose another port, for example with --serve 192.168.1.7:81"),
            (
                HttpError::Remote { address, flags },
                "add --allow-remote to let others listen and control, or stay on this machine with --serve 127.0.0.1:80",
            ),
            (
                HttpError::Serve { address, flags, source: denied },
                "ports below 1024 need the system's leave; choose a higher one with --serve 127.0.0.1:8420",
            ),
        ] {
            assert_eq!(error.hint().as_deref(), Some(hint));
        }
    }
}
