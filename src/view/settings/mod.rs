//! The settings as a person types, keeps and links them, and the markets and pairs to choose from.

pub mod field;
pub mod form;
pub mod markets;
pub mod named;
pub mod pairs;
pub mod threshold;
