//! The stand-in seen from outside: over HTTP and websockets, as a client sees it.

mod client;
mod faults;
mod recorded;
mod rest;
mod site;
mod stream;
mod ws_api;
