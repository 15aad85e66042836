//! The engine, its sinks and its server, from outside.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

#[path = "../../examples/band/mod.rs"]
#[allow(dead_code, reason = "the examples use more of it")]
mod band;
mod between;
mod engine;
mod grid;
mod http;
mod server;
mod sinks;
mod soak;
mod support;
