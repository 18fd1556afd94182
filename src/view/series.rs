//! The rows of the desk as columns of numbers, for charts and tables. What is absent is NaN here, and a gap
//! or an empty cell there.

use spreadscope_engine::event::{LegRow, Metric, Origin, Row};
use spreadscope_engine::hedge::HedgeKind;
use spreadscope_engine::{Interval, UnixMillis};

/// Surplus rows are dropped so many at a time.
const DROPPED_TOGETHER: usize = 1_024;

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
    fn of(self, row: &Row) -> f64 {
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

/// Which statistics of a row rest on a window that is not full yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Provisional {
    /// The hedge ratio, and the spread that it makes.
    pub hedge_ratio: bool,
    /// The z-score.
    pub z: bool,
    /// The correlation.
    pub correlation: bool,
}

impl Provisional {
    fn of(row: &Row) -> Self {
        let provisional = |metric: &Metric| matches!(metric, Metric::Provisional { .. });
        Self {
            hedge_ratio: provisional(&row.hedge_ratio),
            z: provisional(&row.z),
            correlation: provisional(&row.correlation),
        }
    }
}

/// All closed rows that the page keeps, oldest first.
#[derive(Debug, Clone)]
pub struct Series {
    interval: Interval,
    times: Vec<f64>,
    columns: [Vec<f64>; Column::ALL.len()],
    origins: Vec<[Origin; 2]>,
    provisional: Vec<Provisional>,
}

impl Series {
    /// No rows of `interval`.
    pub fn new(interval: Interval) -> Self {
        Self {
            interval,
            times: Vec::new(),
            columns: core::array::from_fn(|_| Vec::new()),
            origins: Vec::new(),
            provisional: Vec::new(),
        }
    }

    /// Length of a bar.
    pub const fn interval(&self) -> Interval {
        self.interval
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Open times, milliseconds since 1970.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The numbers of a column, as many as there are times; NaN where a row has none.
    pub fn column(&self, column: Column) -> &[f64] {
        &self.columns[column as usize]
    }

    /// Where the bars of y and x come from.
    pub fn origins(&self) -> &[[Origin; 2]] {
        &self.origins
    }

    /// What rests on windows that are not full yet.
    pub fn provisional(&self) -> &[Provisional] {
        &self.provisional
    }

    /// Places of the rows that open from `from` to `to`, both included.
    pub fn between(&self, from: f64, to: f64) -> core::ops::Range<usize> {
        let start = self.times.partition_point(|&time| time < from);
        let end = self.times.partition_point(|&time| time <= to);
        start..end.max(start)
    }

    /// Place of the last row that opens at or before `time`.
    pub fn at(&self, time: f64) -> Option<usize> {
        self.times.partition_point(|&open_time| open_time <= time).checked_sub(1)
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.times.clear();
        self.origins.clear();
        self.provisional.clear();
        self.columns.iter_mut().for_each(Vec::clear);
    }

    /// Puts a row in its place by open time, over the one that is there if there is one.
    pub fn put(&mut self, row: &Row) {
        let time = row.open_time.as_f64();
        let origins = [row.y.origin, row.x.origin];
        match self.times.binary_search_by(|known| known.total_cmp(&time)) {
            Ok(at) => {
                self.origins[at] = origins;
                self.provisional[at] = Provisional::of(row);
                for column in Column::ALL {
                    self.columns[column as usize][at] = column.of(row);
                }
            }
            Err(at) => {
                self.times.insert(at, time);
                self.origins.insert(at, origins);
                self.provisional.insert(at, Provisional::of(row));
                for column in Column::ALL {
                    self.columns[column as usize].insert(at, column.of(row));
                }
            }
        }
        self.drop_surplus();
    }

    fn drop_surplus(&mut self) {
        let surplus = self.times.len().saturating_sub(self.interval.bars_kept());
        if surplus >= DROPPED_TOGETHER {
            self.times.drain(..surplus);
            self.origins.drain(..surplus);
            self.provisional.drain(..surplus);
            for column in &mut self.columns {
                column.drain(..surplus);
            }
        }
    }

    /// Open time of the newest row.
    pub fn newest(&self) -> Option<UnixMillis> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        self.times.last().map(|&time| UnixMillis(time as i64))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn leg(close: f64) -> LegRow {
        LegRow {
            origin: Origin::Live,
            close: Some(close),
            open: Some(close),
            high: Some(close),
            low: Some(close),
            volume: 1.0,
            quote_volume: close,
            trades: 3,
            carried_bars: 0,
            log_return: None,
            mean: Metric::Ready(close),
            variance: Some(1.0),
            volatility: Metric::Ready(0.001),
            window_volume: 1.0,
        }
    }

    pub(crate) fn row(second: i64, z: f64) -> Row {
        Row {
            open_time: UnixMillis(1_700_000_000_000 + second * 1_000),
            y: leg(60_000.0 + z),
            x: leg(2_600.0),
            hedge_ratio: Metric::Ready(20.0),
            hedge_ratio_std_error: Some(0.1),
            intercept: Some(8_000.0),
            r_squared: Some(0.9),
            overlays: [None, Some(19.5), None, Some(21.0), None, None],
            spread: Some(z * 2.0),
            spread_mean: Some(0.0),
            spread_std_dev: Some(2.0),
            z: Metric::Ready(z),
            correlation: Metric::Warming { seen: 1, needed: 300 },
        }
    }

    #[test]
    fn rows_are_kept_in_order_and_replaced_by_time() {
        let mut series = Series::new(Interval::OneSecond);
        for second in [0, 2, 1] {
            series.put(&row(second, second as f64));
        }
        series.put(&row(1, 9.0));
        assert_eq!(series.column(Column::Z), [0.0, 9.0, 2.0]);
        assert_eq!(series.between(1_700_000_001_000.0, 1_700_000_001_999.0), 1..2);
        assert_eq!(series.at(1_700_000_001_999.0), Some(1));
        assert_eq!(series.at(0.0), None);
    }

    #[test]
    fn what_a_row_does_not_know_is_not_a_number() {
        let mut series = Series::new(Interval::OneSecond);
        let mut gap = row(0, 1.0);
        gap.y.close = None;
        gap.spread = None;
        series.put(&gap);
        for column in [Column::YClose, Column::YVolume, Column::Spread, Column::Correlation] {
            assert!(series.column(column)[0].is_nan(), "{}", column.name());
        }
        assert_eq!(series.column(Column::XVolume), [1.0]);
    }

    #[test]
    fn what_rests_on_part_of_a_window_is_marked_until_it_is_told_anew() {
        let mut series = Series::new(Interval::OneSecond);
        let mut young = row(0, 1.0);
        young.z = Metric::Provisional { value: 1.0, seen: 3, needed: 5 };
        series.put(&young);
        assert_eq!(series.provisional(), [Provisional { z: true, ..Provisional::default() }]);
        series.put(&row(0, 1.0));
        assert_eq!(series.provisional(), [Provisional::default()]);
    }

    #[test]
    fn a_day_is_kept_and_no_more() {
        let mut series = Series::new(Interval::FiveMinutes);
        let kept = Interval::FiveMinutes.bars_kept();
        for second in 0..i64::try_from(kept + 3 * DROPPED_TOGETHER).unwrap() {
            series.put(&row(second * 300, 0.0));
        }
        assert!((kept..kept + DROPPED_TOGETHER).contains(&series.len()), "{}", series.len());
    }

    #[test]
    fn every_column_has_a_place_and_a_name_of_its_own() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place);
            assert!(Column::ALL.iter().filter(|other| other.name() == column.name()).count() == 1);
        }
    }
}
