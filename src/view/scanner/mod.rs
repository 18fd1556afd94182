//! The scanner: its form, its results, and their meaning.

pub mod board;
pub mod conditions;
pub mod export;
pub mod form;
pub mod line;
pub mod link;
pub mod map;
pub mod sentence;
pub mod sort;
pub mod untested;
pub mod words;
