//! The scanner: what is asked for, what has come of it, and what that means.

pub mod board;
pub mod conditions;
pub mod export;
pub mod form;
pub mod line;
pub mod map;
pub mod sentence;
pub mod sort;
pub mod words;
