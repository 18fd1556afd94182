//! The screen as a whole: the model it shows, its route and link, its keys, colours and refresh rate.

pub mod away;
pub mod invalidation;
pub mod keys;
pub mod model;
pub mod refresh;
pub mod route;
pub mod scheme;
pub mod share;
pub mod side;
pub mod tour;
pub mod zone;
