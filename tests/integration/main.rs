//! What the parts promise together. One binary, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod archive;
mod architecture;
mod life;
mod recording;
mod replay;
mod truncation;
mod virtual_time;
