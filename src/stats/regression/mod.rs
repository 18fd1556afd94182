//! Regressions of one series on another: over a window, with decay, as a state space model, over a sample.

pub(crate) mod huber;
pub(crate) mod kalman;
pub(crate) mod kalman_regression;
pub(crate) mod ols;
pub(crate) mod recursive_ols;
pub(crate) mod robust_window;
pub(crate) mod theil_sen;
pub(crate) mod tls;
