//! One closed bar of both legs with its analytics.

use super::Metric;
use crate::UnixMillis;
use crate::bars::Origin;
use crate::settings::HedgeKind;
use serde::{Deserialize, Serialize};

/// One leg's part of a row. Prices in quote currency, volumes in base currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegRow {
    /// Where the bar comes from.
    pub origin: Origin,
    /// Last price; carried forward from an earlier bar when `trades` is 0; `None` when missing.
    pub close: Option<f64>,
    /// First price.
    pub open: Option<f64>,
    /// Highest price.
    pub high: Option<f64>,
    /// Lowest price.
    pub low: Option<f64>,
    /// Base volume.
    pub volume: f64,
    /// Quote volume.
    pub quote_volume: f64,
    /// Trades in the bar.
    pub trades: u32,
    /// Bars since the last one with a trade; 0 when this one has some.
    pub carried_bars: u32,
    /// Log return over one bar; `None` unless both this bar and the previous one had trades.
    pub log_return: Option<f64>,
    /// Mean close over the z window.
    pub mean: Metric,
    /// Variance of the close over the z window, divisor n-1.
    pub variance: Option<f64>,
    /// Standard deviation of one-bar log returns over the z window, divisor n-1.
    pub volatility: Metric,
    /// Base volume over the z window.
    pub window_volume: f64,
}

/// A closed bar of the pair, with every statistic that depends only on this and earlier bars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When the bar opened.
    pub open_time: UnixMillis,
    /// The dependent leg.
    pub y: LegRow,
    /// The explanatory leg.
    pub x: LegRow,
    /// Slope of y on x from the chosen model.
    pub hedge_ratio: Metric,
    /// Standard error of the slope, if the model has one.
    pub hedge_ratio_std_error: Option<f64>,
    /// Intercept, in y's price or its logarithm.
    pub intercept: Option<f64>,
    /// Coefficient of determination; only for least squares.
    pub r_squared: Option<f64>,
    /// Hedge ratios of the models to compare with, by [`HedgeKind`]; only from full windows.
    pub overlays: [Option<f64>; HedgeKind::ALL.len()],
    /// y - intercept - ratio * x, in y's price or its logarithm.
    pub spread: Option<f64>,
    /// Mean of the spread over the z window.
    pub spread_mean: Option<f64>,
    /// Standard deviation of the spread over the z window.
    pub spread_std_dev: Option<f64>,
    /// (spread - mean) / standard deviation.
    pub z: Metric,
    /// Pearson correlation of one-bar log returns.
    pub correlation: Metric,
}
