//! What is made of rows: the whole evidence on a pair, the sizes of a trade and what it costs.

pub mod cost;
pub mod evidence;
pub mod lots;
pub mod position;
pub mod sizing;
