//! How fast and how reliably a spread reverts.

pub(crate) mod first_order;
pub(crate) mod half_life;
pub(crate) mod half_life_interval;
pub(crate) mod half_life_resampling;
pub(crate) mod hurst;
pub(crate) mod mean_crossings;
pub(crate) mod ornstein_uhlenbeck;
pub(crate) mod variance_ratio;
