//! A small HTTP server on a thread of its own, for one page and those who look at it.
//!
//! ```text
//! socket ─accept─▶ connection ─head─▶ Gate ─Asked─▶ handler ─Response─▶ socket
//!        (256)     (Life: 15 s)       └─ refusals: wrong token, other sites, other hosts, no JSON
//! ```
//!
//! What every server of `adm` has in common is here: where it may listen and what it says when it may not ([`HttpError`]), who may
//! ask ([`Gate`]), how long anything may take, and answers with the headers that keep browsers careful ([`reply`]). What is
//! asked and answered is the handler's, a function from [`Asked`] to a [`Response`].
//!
//! A head must arrive within 5 seconds and 16 KiB, 256 connections are the most, and a client that takes nothing for 15 seconds is
//! dropped. [`Asked::whole`] holds bodies to a size and a time.
//!
//! It speaks plain HTTP. On this machine nobody can listen in; beyond it the token travels readably, so a network that is not
//! trusted wants a tunnel or a proxy that speaks HTTPS.

mod accept;
mod address;
mod aside;
mod asked;
mod error;
mod gate;
mod life;
pub mod reply;
mod server;
mod token;

pub use address::parse_address;
pub use aside::{aside, file, file_head};
pub use asked::{Asked, BodyLimit};
pub use bytes::Bytes;
pub use error::{Flags, HttpError};
pub use gate::Gate;
pub use http_body_util::channel::Channel;
pub use hyper::{HeaderMap, Method, StatusCode, header};
pub use life::Life;
pub use reply::{Refusal, Response};
pub use server::{Server, ServerSettings};
pub use token::Token;
