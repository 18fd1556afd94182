//! The statistics of a pair's spread: numbers in, numbers out.
//!
//! The one decision of this crate: it knows no market, no time, no browser and no serialisation, so that a
//! number can be checked against an outside source by itself. What is watched live is an [`Estimator`], fed
//! one observation at a time in constant time; what is a test is a function over a sample.
//!
//! Conventions: series are evenly spaced, oldest first, and finite; deviations have the divisor n - 1;
//! logarithms are natural. A quantity that does not exist says so, by [`Reading::Warming`],
//! [`Reading::Undefined`] or an error of its own: it is never 0 and never NaN.
//!
//! Rolling windows are aggregated by two stacks with pairwise merges of centred moments, and nothing is ever
//! subtracted: what has left the window has left no trace.

mod adf;
mod bartlett;
mod bivariate;
mod break_search;
mod cointegrating_regression;
mod confidence;
#[cfg(test)]
mod contract;
mod correlation;
mod decay;
mod df_gls;
mod engle_granger;
mod estimator;
mod ewma;
mod extremes;
mod first_order;
mod half_life;
mod half_life_interval;
mod hedge;
mod hedge_spec;
mod huber;
mod hurst;
mod johansen;
mod johansen_tables;
mod kalman;
mod kalman_regression;
mod kpss;
mod kpss_table;
mod lag_regression;
pub mod mackinnon;
mod mean;
mod mean_crossings;
mod minimise;
mod moments;
mod multiple_testing;
mod ols;
mod order;
mod ornstein_uhlenbeck;
mod phillips_ouliaris;
mod phillips_ouliaris_tables;
mod phillips_perron;
mod recursive_ols;
mod robust_window;
mod rolling_engle_granger;
mod sample;
mod sampling;
mod shape;
mod sliding;
mod split_mix;
mod sums;
mod surface;
mod tabulated;
mod theil_sen;
mod tls;
mod unit_root_table;
mod variance_ratio;
mod vwap;
mod zivot_andrews;
mod zivot_andrews_table;

pub use adf::{Adf, AdfError, AdfSpec, LagChoice, adf};
pub use cointegrating_regression::CointegrationError;
pub use confidence::{Confidence, ConfidenceError};
pub use correlation::{RollingCorrelation, RollingCovariance};
pub use decay::{Decay, DecayError};
pub use df_gls::{DfGls, DfGlsSpec, df_gls};
pub use engle_granger::{
    Direction, EngleGranger, EngleGrangerBoth, EngleGrangerSpec, EngleGrangerWithAdf, engle_granger,
    engle_granger_both, engle_granger_with_adf,
};
pub use estimator::{Estimator, Reading, Undefined, WindowError};
pub use ewma::{EwmaMoments, EwmaZScore};
pub use extremes::{Extremes, RollingExtremes};
pub use half_life::{HalfLife, half_life};
pub use half_life_interval::{BootstrapInterval, BootstrapSpec, half_life_bootstrap};
pub use hedge::{HedgeFit, HedgeModel};
pub use hedge_spec::{HedgeError, HedgeMethod, HedgeSpec, Prices, Robust};
pub use huber::{HuberFit, huber};
pub use hurst::{Hurst, hurst};
pub use johansen::{Johansen, JohansenError, JohansenSpec, JohansenTest, JohansenTrend, johansen};
pub use kalman::{Innovation, KalmanState, NoiseRatio};
pub use kalman_regression::{
    KalmanError, KalmanFit, KalmanNoise, KalmanRegression, kalman, kalman_by_likelihood,
};
pub use kpss::{Around, Bandwidth, Kpss, KpssCriticalValues, KpssError, KpssSpec, kpss};
pub use mackinnon::{CriticalValues, Trend};
pub use mean_crossings::{MeanCrossings, mean_crossings};
pub use moments::{Moments, RollingMoments, RollingZScore, ZScore};
pub use multiple_testing::{PValueError, benjamini_hochberg, bonferroni};
pub use ols::{LeastSquares, LeastSquaresError, Observation, OlsFit, RollingOls, least_squares, ols};
pub use ornstein_uhlenbeck::{OrnsteinUhlenbeck, ornstein_uhlenbeck};
pub use phillips_ouliaris::{
    PhillipsOuliaris, PhillipsOuliarisSpec, PhillipsOuliarisTest, phillips_ouliaris,
};
pub use phillips_perron::{
    PhillipsPerron, PhillipsPerronError, PhillipsPerronSpec, PhillipsPerronStatistic, phillips_perron,
};
pub use recursive_ols::RecursiveOls;
pub use rolling_engle_granger::{RollingCointegration, RollingEngleGranger, RollingEngleGrangerError};
pub use sampling::{SamplingError, StrideStatistics, by_stride};
pub use shape::{RollingShape, Shape};
pub use tabulated::TabulatedP;
pub use theil_sen::{Interval, TheilSenFit, theil_sen};
pub use tls::{RollingTls, TlsFit, tls};
pub use variance_ratio::{VarianceRatio, VarianceRatioError, VarianceRatioSpec, variance_ratio};
pub use vwap::{RollingVwap, Traded, Vwap};
pub use zivot_andrews::{BreakIn, ZivotAndrews, ZivotAndrewsError, ZivotAndrewsSpec, zivot_andrews};
