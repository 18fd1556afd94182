//! One series on another: by a window, with a decay, as a state, on a sample.

pub(crate) mod huber;
pub(crate) mod kalman;
pub(crate) mod kalman_regression;
pub(crate) mod ols;
pub(crate) mod recursive_ols;
pub(crate) mod robust_window;
pub(crate) mod theil_sen;
pub(crate) mod tls;
