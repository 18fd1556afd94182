//! The built page in a real browser, against the stand-in exchange.
//!
//! The release files are served as a static host would serve them, with their source and `connect-src` alone
//! changed to the stand-in's address; what the browser is driven with here is what a person would use.

pub mod axe;
pub mod browser;
pub mod budget;
pub mod desk;
pub mod devtools;
pub mod downloads;
pub mod figures;
pub mod firefox;
pub mod first_load;
pub mod layout;
pub mod memory;
pub mod native;
pub mod published;
pub mod snapshot;
pub mod trace;
pub mod turn;
pub mod views;
mod webkit;
