//! The settings as typed, stored and linked, and the markets and pairs to choose from.

pub mod field;
pub mod form;
pub mod markets;
pub mod named;
pub mod pairs;
pub mod threshold;
