//! The numbers of a row by name: what a table has a column for.

use spreadscope_engine::analytics::{LegRow, Row};
use spreadscope_engine::settings::HedgeKind;

/// A number of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Column {
    /// First price of y.
    YOpen,
    /// Highest price of y.
    YHigh,
    /// Lowest price of y.
    YLow,
    /// Last price of y.
    YClose,
    /// Base volume of y.
    YVolume,
    /// Quote volume of y.
    YQuoteVolume,
    /// Trades of y.
    YTrades,
    /// Bars since y's last trade.
    YCarriedBars,
    /// One-bar log return of y.
    YLogReturn,
    /// Rolling mean of y's close.
    YMean,
    /// Rolling variance of y's close.
    YVariance,
    /// Rolling deviation of y's log returns.
    YVolatility,
    /// First price of x.
    XOpen,
    /// Highest price of x.
    XHigh,
    /// Lowest price of x.
    XLow,
    /// Last price of x.
    XClose,
    /// Base volume of x.
    XVolume,
    /// Quote volume of x.
    XQuoteVolume,
    /// Trades of x.
    XTrades,
    /// Bars since x's last trade.
    XCarriedBars,
    /// One-bar log return of x.
    XLogReturn,
    /// Rolling mean of x's close.
    XMean,
    /// Rolling variance of x's close.
    XVariance,
    /// Rolling deviation of x's log returns.
    XVolatility,
    /// Slope of y on x.
    HedgeRatio,
    /// Its standard error.
    HedgeRatioStdError,
    /// Intercept of the regression.
    Intercept,
    /// Share of variance explained.
    RSquared,
    /// Residual of the regression.
    Spread,
    /// Rolling mean of the spread.
    SpreadMean,
    /// Rolling deviation of the spread.
    SpreadStdDev,
    /// z-score of the spread.
    Z,
    /// Correlation of log returns.
    Correlation,
    /// Slope by rolling least squares, beside the chosen model.
    RatioOls,
    /// Slope by total least squares.
    RatioTls,
    /// Slope with weights that fade.
    RatioExponential,
    /// Slope of a Kalman filter.
    RatioKalman,
    /// Slope by Huber's regression.
    RatioHuber,
    /// Slope of Theil and Sen's line.
    RatioTheilSen,
}

impl Column {
    /// All of them, in the order of a table.
    pub const ALL: [Self; 39] = [
        Self::YOpen,
        Self::YHigh,
        Self::YLow,
        Self::YClose,
        Self::YVolume,
        Self::YQuoteVolume,
        Self::YTrades,
        Self::YCarriedBars,
        Self::YLogReturn,
        Self::YMean,
        Self::YVariance,
        Self::YVolatility,
        Self::XOpen,
        Self::XHigh,
        Self::XLow,
        Self::XClose,
        Self::XVolume,
        Self::XQuoteVolume,
        Self::XTrades,
        Self::XCarriedBars,
        Self::XLogReturn,
        Self::XMean,
        Self::XVariance,
        Self::XVolatility,
        Self::HedgeRatio,
        Self::HedgeRatioStdError,
        Self::Intercept,
        Self::RSquared,
        Self::Spread,
        Self::SpreadMean,
        Self::SpreadStdDev,
        Self::Z,
        Self::Correlation,
        Self::RatioOls,
        Self::RatioTls,
        Self::RatioExponential,
        Self::RatioKalman,
        Self::RatioHuber,
        Self::RatioTheilSen,
    ];

    /// The ratio of a model that stands beside the chosen one.
    pub const fn overlay(kind: HedgeKind) -> Self {
        match kind {
            HedgeKind::Ols => Self::RatioOls,
            HedgeKind::Tls => Self::RatioTls,
            HedgeKind::Exponential => Self::RatioExponential,
            HedgeKind::Kalman => Self::RatioKalman,
            HedgeKind::Huber => Self::RatioHuber,
            HedgeKind::TheilSen => Self::RatioTheilSen,
        }
    }

    /// The name in a table's header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::YOpen => "y_open",
            Self::YHigh => "y_high",
            Self::YLow => "y_low",
            Self::YClose => "y_close",
            Self::YVolume => "y_volume",
            Self::YQuoteVolume => "y_quote_volume",
            Self::YTrades => "y_trades",
            Self::YCarriedBars => "y_carried_bars",
            Self::YLogReturn => "y_log_return",
            Self::YMean => "y_mean",
            Self::YVariance => "y_variance",
            Self::YVolatility => "y_volatility_log_return",
            Self::XOpen => "x_open",
            Self::XHigh => "x_high",
            Self::XLow => "x_low",
            Self::XClose => "x_close",
            Self::XVolume => "x_volume",
            Self::XQuoteVolume => "x_quote_volume",
            Self::XTrades => "x_trades",
            Self::XCarriedBars => "x_carried_bars",
            Self::XLogReturn => "x_log_return",
            Self::XMean => "x_mean",
            Self::XVariance => "x_variance",
            Self::XVolatility => "x_volatility_log_return",
            Self::HedgeRatio => "hedge_ratio",
            Self::HedgeRatioStdError => "hedge_ratio_std_error",
            Self::Intercept => "intercept",
            Self::RSquared => "r_squared",
            Self::Spread => "spread",
            Self::SpreadMean => "spread_mean",
            Self::SpreadStdDev => "spread_std_dev",
            Self::Z => "z_score",
            Self::Correlation => "correlation_log_returns",
            Self::RatioOls => "hedge_ratio_ols",
            Self::RatioTls => "hedge_ratio_tls",
            Self::RatioExponential => "hedge_ratio_ewma",
            Self::RatioKalman => "hedge_ratio_kalman",
            Self::RatioHuber => "hedge_ratio_huber",
            Self::RatioTheilSen => "hedge_ratio_theil_sen",
        }
    }

    /// The number in a row; NaN where it has none.
    pub(super) fn of(self, row: &Row) -> f64 {
        let Row { y, x, .. } = row;
        let known = |leg: &LegRow, number: f64| if leg.close.is_some() { number } else { f64::NAN };
        let number = match self {
            Self::YOpen => y.open,
            Self::YHigh => y.high,
            Self::YLow => y.low,
            Self::YClose => y.close,
            Self::YVolume => Some(known(y, y.volume)),
            Self::YQuoteVolume => Some(known(y, y.quote_volume)),
            Self::YTrades => Some(known(y, f64::from(y.trades))),
            Self::YCarriedBars => Some(known(y, f64::from(y.carried_bars))),
            Self::YLogReturn => y.log_return,
            Self::YMean => y.mean.value(),
            Self::YVariance => y.variance,
            Self::YVolatility => y.volatility.value(),
            Self::XOpen => x.open,
            Self::XHigh => x.high,
            Self::XLow => x.low,
            Self::XClose => x.close,
            Self::XVolume => Some(known(x, x.volume)),
            Self::XQuoteVolume => Some(known(x, x.quote_volume)),
            Self::XTrades => Some(known(x, f64::from(x.trades))),
            Self::XCarriedBars => Some(known(x, f64::from(x.carried_bars))),
            Self::XLogReturn => x.log_return,
            Self::XMean => x.mean.value(),
            Self::XVariance => x.variance,
            Self::XVolatility => x.volatility.value(),
            Self::HedgeRatio => row.hedge_ratio.value(),
            Self::HedgeRatioStdError => row.hedge_ratio_std_error,
            Self::Intercept => row.intercept,
            Self::RSquared => row.r_squared,
            Self::Spread => row.spread,
            Self::SpreadMean => row.spread_mean,
            Self::SpreadStdDev => row.spread_std_dev,
            Self::Z => row.z.value(),
            Self::Correlation => row.correlation.value(),
            Self::RatioOls => row.overlays[HedgeKind::Ols as usize],
            Self::RatioTls => row.overlays[HedgeKind::Tls as usize],
            Self::RatioExponential => row.overlays[HedgeKind::Exponential as usize],
            Self::RatioKalman => row.overlays[HedgeKind::Kalman as usize],
            Self::RatioHuber => row.overlays[HedgeKind::Huber as usize],
            Self::RatioTheilSen => row.overlays[HedgeKind::TheilSen as usize],
        };
        number.unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_place_and_a_name_of_its_own() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place);
            assert!(Column::ALL.iter().filter(|other| other.name() == column.name()).count() == 1);
        }
    }
}
