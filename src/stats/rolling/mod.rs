//! Live statistics over a window or with decay, in constant time per observation.

pub(crate) mod bivariate;
pub(crate) mod correlation;
pub(crate) mod decay;
pub(crate) mod ewma;
pub(crate) mod extremes;
pub(crate) mod mean;
pub(crate) mod moments;
pub(crate) mod order;
pub(crate) mod shape;
pub(crate) mod sliding;
pub(crate) mod vwap;
pub(crate) mod windowed;
