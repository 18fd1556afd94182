//! The stand-in seen from outside: over HTTP and websockets, as by a client.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod client;
mod faults;
mod log;
mod recorded;
mod rest;
mod site;
mod skipped;
mod stream;
mod venues;
mod ws_api;
