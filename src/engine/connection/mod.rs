//! The life of sockets and requests: phases, backoff, lag, weight, bans, and what to request when.

pub mod backoff;
pub mod budget;
pub(crate) mod in_flight;
pub mod lag;
pub mod local_clock;
mod moment;
mod polling;
pub mod quotes;
mod refusal;
mod refused;
pub mod requests;
mod sockets;
mod spent;
mod status;
mod venues;

pub use moment::Moment;
pub use polling::Polling;
pub use refused::Refused;
pub use sockets::{Connection, STALE_MILLIS, State, Step};
pub use spent::Spent;
pub use status::{Backfill, FeedStatus, Phase, Refusal};
pub use venues::Venues;
