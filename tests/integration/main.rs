//! What the parts promise together. One binary, so that it is linked once.

mod architecture;
mod recording;
mod life;
mod replay;
mod truncation;
mod virtual_time;
