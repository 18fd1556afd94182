//! The feed and the store in words, with a way out of each trouble.

pub mod demo;
pub mod status;
pub mod storage;
