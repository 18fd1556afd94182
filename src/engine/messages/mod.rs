//! Messages in and out of the engine, between page and worker, and between tabs: the seam, and nothing else.

pub mod event;
pub mod input;
pub mod protocol;
