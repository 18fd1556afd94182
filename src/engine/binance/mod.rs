//! The exchange's words.

pub mod book;
