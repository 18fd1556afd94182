//! The built page in a real browser, against the stand-in exchange.
//!
//! The release files are served as by a static host, with only their source and `connect-src` changed to the
//! stand-in's address; the tests use the browser as a person would.

pub mod axe;
pub mod browser;
pub mod budget;
pub mod desk;
pub mod devtools;
pub mod downloads;
pub mod figures;
pub mod firefox;
pub mod first_load;
pub mod first_visit;
pub mod layout;
pub mod memory;
pub mod native;
pub mod published;
pub mod snapshot;
pub mod trace;
pub mod turn;
pub mod views;
pub mod waits;
mod webkit;
