//! The statistics of a pair's spread: numbers in, numbers out.
//!
//! The one decision of this crate: it knows no market, no time, no browser and no serialisation, so that every
//! number can be checked against an outside source by itself. Live statistics are [`Estimator`]s, fed one
//! observation at a time in constant time; tests are functions over a sample.
//!
//! Conventions: series are evenly spaced, oldest first, and finite; deviations have the divisor n - 1;
//! logarithms are natural. A quantity that does not exist says so, through [`Reading::Warming`],
//! [`Reading::Undefined`] or an error of its own: it is never 0 and never NaN.
//!
//! Rolling windows are aggregated with two stacks and pairwise merges of centred moments. Nothing is ever
//! subtracted, so an observation that has left the window leaves no trace.

mod cointegration;
mod confidence;
#[cfg(test)]
mod contract;
mod estimator;
mod gram;
mod hedge;
mod minimise;
mod multiple_testing;
mod pearson;
pub mod performance;
mod quantile;
pub mod random;
mod regression;
mod reversion;
mod rolling;
mod sample;
mod sampling;
mod series;
mod sums;
mod unit_root;

pub use cointegration::cointegrating_regression::CointegrationError;
pub use cointegration::engle_granger::{
    Direction, EngleGranger, EngleGrangerBoth, EngleGrangerSpec, EngleGrangerWithAdf, engle_granger,
    engle_granger_both, engle_granger_with_adf,
};
pub use cointegration::johansen::{
    Johansen, JohansenError, JohansenSpec, JohansenTest, JohansenTrend, johansen,
};
pub use cointegration::phillips_ouliaris::{
    PhillipsOuliaris, PhillipsOuliarisSpec, PhillipsOuliarisTest, phillips_ouliaris, phillips_ouliaris_z_t,
};
pub use cointegration::rolling_engle_granger::{
    RollingCointegration, RollingEngleGranger, RollingEngleGrangerError,
};
pub use confidence::{Confidence, ConfidenceError};
pub use estimator::{Estimator, Reading, Undefined, WindowError};
pub use hedge::method::{HedgeMethod, Robust};
pub use hedge::model::{HedgeFit, HedgeModel};
pub use hedge::spec::{HedgeError, HedgeSpec, Prices};
pub use multiple_testing::{PValueError, benjamini_hochberg, benjamini_yekutieli, bonferroni, holm};
pub use pearson::pearson;
pub use regression::huber::{HuberFit, huber};
pub use regression::kalman::{Innovation, KalmanState, NoiseRatio};
pub use regression::kalman_regression::{
    KalmanError, KalmanFit, KalmanNoise, KalmanRegression, kalman, kalman_by_likelihood,
};
pub use regression::ols::{
    LeastSquares, LeastSquaresError, Observation, OlsFit, RollingOls, least_squares, ols,
};
pub use regression::recursive_ols::RecursiveOls;
pub use regression::theil_sen::{Interval, TheilSenFit, theil_sen};
pub use regression::tls::{RollingTls, TlsFit, tls};
pub use reversion::half_life::{HalfLife, half_life};
pub use reversion::half_life_interval::{BootstrapInterval, BootstrapSpec, half_life_bootstrap};
pub use reversion::half_life_resampling::HalfLifeResampling;
pub use reversion::hurst::{Hurst, hurst};
pub use reversion::mean_crossings::{MeanCrossings, mean_crossings};
pub use reversion::ornstein_uhlenbeck::{OrnsteinUhlenbeck, ornstein_uhlenbeck};
pub use reversion::variance_ratio::{VarianceRatio, VarianceRatioError, VarianceRatioSpec, variance_ratio};
pub use rolling::correlation::{RollingCorrelation, RollingCovariance};
pub use rolling::decay::{Decay, DecayError};
pub use rolling::ewma::{EwmaMoments, EwmaZScore};
pub use rolling::extremes::{Extremes, RollingExtremes};
pub use rolling::moments::{Moments, RollingMoments, RollingZScore, ZScore};
pub use rolling::shape::{RollingShape, Shape};
pub use rolling::vwap::{RollingVwap, Traded, Vwap};
pub use rolling::windowed::Windowed;
pub use sampling::{SamplingError, StrideStatistics, by_stride};
pub use series::{Series, Spread, rounding, spread_scale};
pub use unit_root::adf::{Adf, AdfSpec, LagChoice, adf};
pub use unit_root::df_gls::{DfGls, DfGlsSpec, df_gls};
pub use unit_root::error::UnitRootError;
pub use unit_root::kpss::{Around, Bandwidth, Kpss, KpssCriticalValues, KpssSpec, kpss};
pub use unit_root::level_slope::{LevelSlope, level_slope};
pub use unit_root::mackinnon;
pub use unit_root::mackinnon::{CriticalValues, Trend};
pub use unit_root::phillips_perron::{
    PhillipsPerron, PhillipsPerronSpec, PhillipsPerronStatistic, phillips_perron,
};
pub use unit_root::tabulated::TabulatedP;
pub use unit_root::zivot_andrews::{BreakIn, ZivotAndrews, ZivotAndrewsSpec, zivot_andrews};
