//! The feed and the store in words, with a way out of every problem.

pub mod demo;
pub mod status;
pub mod storage;
