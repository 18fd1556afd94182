//! One pair's graph of statistics: an aligned row in, a [`Row`] out, O(1) per bar.
//! Every number of a row depends only on that row and earlier ones. Prices carried over a few empty bars take
//! part in levels. Returns are taken only between neighbouring bars that both traded: a carried price would
//! fake a return of zero and pull the correlation towards zero.

use crate::analytics::SampleRow;
use crate::analytics::align::{AlignedLeg, AlignedRow};
use crate::analytics::hedge::{Hedge, Line, Overlays};
use crate::analytics::{LegRow, Metric, Row};
use crate::settings::HedgeKind;
use crate::{Reading, Settings, Undefined};
use spreadscope_stats::{
    Estimator, HedgeError, Moments, Observation, RollingCorrelation, RollingMoments, RollingZScore,
    WindowError, ZScore,
};
use std::collections::VecDeque;

/// A pair's rolling statistics, and the closes that the tests need.
#[derive(Debug, Clone)]
pub struct PairGraph {
    max_carried_bars: usize,
    hedge: Hedge,
    overlays: Overlays,
    spread: RollingZScore,
    copies: Copies,
    correlation: RollingCorrelation,
    last_correlation: Metric,
    legs: [LegGraph; 2],
    sample: VecDeque<SampleRow>,
    sample_bars: usize,
    last: Option<LastFit>,
}

/// What is needed to price the spread between bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LastFit {
    line: Line,
    moments: Option<ZScore>,
}

impl LastFit {
    /// Spread of two prices by the last bar's regression.
    pub fn spread(&self, y: f64, x: f64) -> f64 {
        self.line.spread_of(y, x)
    }

    /// z of that spread by the last bar's mean and deviation.
    pub fn z(&self, y: f64, x: f64) -> Option<f64> {
        self.moments.map(|moments| (self.spread(y, x) - moments.mean) / moments.std_dev)
    }
}

impl PairGraph {
    /// A graph without data.
    ///
    /// # Errors
    /// [`HedgeError`] if a window does not suit its statistic; validated settings always do.
    pub fn new(settings: &Settings) -> Result<Self, HedgeError> {
        let leg = || LegGraph::new(settings.z_window_bars);
        Ok(Self {
            max_carried_bars: settings.max_carried_bars,
            hedge: Hedge::new(settings)?,
            overlays: Overlays::new(settings)?,
            spread: RollingZScore::new(settings.z_window_bars)?,
            copies: Copies::new(settings.z_window_bars),
            correlation: RollingCorrelation::new(settings.correlation_window_bars)?,
            last_correlation: Metric::Warming { seen: 0, needed: settings.correlation_window_bars },
            legs: [leg()?, leg()?],
            sample: VecDeque::new(),
            sample_bars: settings.test_lookback_bars,
            last: None,
        })
    }

    /// Takes the next row.
    pub fn push(&mut self, row: &AlignedRow) -> Row {
        let closes = row.closes(self.max_carried_bars);
        let [y, x] = [(0, &row.y), (1, &row.x)].map(|(leg, aligned)| self.legs[leg].push(aligned));
        if let (Some(return_y), Some(return_x)) = (y.log_return, x.log_return) {
            self.last_correlation = self.correlation.update(Observation { y: return_y, x: return_x }).into();
        }
        let mut out = Row {
            open_time: row.open_time,
            y,
            x,
            hedge_ratio: stale(),
            hedge_ratio_std_error: None,
            intercept: None,
            r_squared: None,
            overlays: [None; HedgeKind::ALL.len()],
            spread: None,
            spread_mean: None,
            spread_std_dev: None,
            z: stale(),
            correlation: self.last_correlation.clone(),
        };
        if let Some((close_y, close_x)) = closes {
            self.sample.push_back(SampleRow {
                open_time: row.open_time,
                y: close_y,
                x: close_x,
                carried: row.carried(),
            });
            if self.sample.len() > self.sample_bars {
                self.sample.pop_front();
            }
            self.fit(close_y, close_x, &mut out);
        }
        out
    }

    /// Computes regression, spread and z-score from a pair of fresh closes.
    fn fit(&mut self, close_y: f64, close_x: f64, out: &mut Row) {
        out.overlays = self.overlays.update(close_y, close_x);
        let reading = self.hedge.update(close_y, close_x);
        out.hedge_ratio = metric(&reading, |line| line.ratio);
        let Some(&line) = reading.value() else {
            out.z = metric(&reading, |line| line.ratio);
            return;
        };
        out.hedge_ratio_std_error = line.std_error;
        out.intercept = Some(line.intercept);
        out.r_squared = line.r_squared;
        let is_copy = line.is_copy(close_y, close_x).is_some_and(|is_copy| self.copies.all_after(is_copy));
        if !is_copy {
            out.spread = line.spread;
        }
        let mut last = LastFit { line, moments: None };
        // a regression on a partly filled window is shown, but its spread would distort the z-score for as long
        // as it stayed in the z window
        if !reading.is_ready() {
            self.last = (!is_copy).then_some(last);
            out.z = match reading {
                Reading::Provisional { seen, needed, .. } => Metric::Warming { seen, needed },
                _ => stale(),
            };
            return;
        }
        if let Some(spread) = line.spread {
            let z = self.spread.update(spread);
            if is_copy {
                out.z = Undefined::ScaledCopy.into();
                self.last = None;
                return;
            }
            // the spread of a curve and a line stands still but for rounding
            if z.value().is_some_and(|score| line.is_rounding(score.std_dev, close_y, close_x)) {
                out.z = Undefined::Constant.into();
                self.last = Some(last);
                return;
            }
            out.z = metric(&z, |score| score.z);
            if let Some(&score) = z.value() {
                out.spread_mean = Some(score.mean);
                out.spread_std_dev = Some(score.std_dev);
                last.moments = Some(score);
            }
        }
        self.last = Some(last);
    }

    /// The last bar's regression and deviation.
    pub fn last_fit(&self) -> Option<LastFit> {
        self.last
    }

    /// The newest rows with fresh closes, oldest first, as many as the tests look back.
    pub fn sample(&self) -> impl ExactSizeIterator<Item = SampleRow> + DoubleEndedIterator + '_ {
        self.sample.iter().copied()
    }
}

/// Counts the consecutive bars whose spread is within the rounding error of their prices.
#[derive(Debug, Clone)]
struct Copies {
    window: usize,
    /// Spreads seen, at most the window.
    seen: usize,
    in_a_row: usize,
}

impl Copies {
    fn new(window: usize) -> Self {
        Self { window, seen: 0, in_a_row: 0 }
    }

    /// Takes the next bar; returns whether all bars in the window are copies now.
    fn all_after(&mut self, is_copy: bool) -> bool {
        self.seen = (self.seen + 1).min(self.window);
        self.in_a_row = if is_copy { (self.in_a_row + 1).min(self.window) } else { 0 };
        self.in_a_row == self.seen
    }
}

#[derive(Debug, Clone)]
struct LegGraph {
    close: RollingMoments,
    log_return: RollingMoments,
    volume: RollingMoments,
    /// The close of the previous bar, if it had trades.
    traded_before: Option<f64>,
    volatility: Metric,
}

impl LegGraph {
    fn new(window_bars: usize) -> Result<Self, WindowError> {
        Ok(Self {
            close: RollingMoments::new(window_bars)?,
            log_return: RollingMoments::new(window_bars)?,
            volume: RollingMoments::new(window_bars)?,
            traded_before: None,
            volatility: Metric::Warming { seen: 0, needed: window_bars },
        })
    }

    fn push(&mut self, leg: &AlignedLeg) -> LegRow {
        let traded_close = leg.traded.map(|traded| traded.close);
        let log_return = self.traded_before.zip(traded_close).map(|(before, now)| (now / before).ln());
        self.traded_before = traded_close;
        if let Some(value) = log_return {
            self.volatility = metric(&self.log_return.update(value), |moments| moments.std_dev);
        }
        let mut row = LegRow {
            origin: leg.origin,
            close: leg.close,
            open: leg.close,
            high: leg.close,
            low: leg.close,
            volume: 0.0,
            quote_volume: 0.0,
            trades: 0,
            carried_bars: leg.carried_bars,
            log_return,
            mean: stale(),
            variance: None,
            volatility: self.volatility.clone(),
            window_volume: 0.0,
        };
        if let Some(traded) = leg.traded {
            row.open = Some(traded.open);
            row.high = Some(traded.high);
            row.low = Some(traded.low);
            row.volume = traded.volume.value();
            row.quote_volume = traded.quote_volume.value();
            row.trades = traded.trades;
        }
        if let Some(close) = leg.close {
            let moments = self.close.update(close);
            row.mean = metric(&moments, |moments: &Moments| moments.mean);
            row.variance = moments.value().map(|moments| moments.variance);
            let volume = self.volume.update(row.volume);
            row.window_volume = volume.value().map_or(row.volume, |m| m.mean * m.count as f64);
        }
        row
    }
}

fn stale() -> Metric {
    Metric::Undefined("a leg has no fresh price".to_owned())
}

fn metric<T>(reading: &Reading<T>, value: impl Fn(&T) -> f64) -> Metric {
    match reading {
        Reading::Warming { seen, needed } => Metric::Warming { seen: *seen, needed: *needed },
        Reading::Provisional { value: inner, seen, needed } => {
            Metric::Provisional { value: value(inner), seen: *seen, needed: *needed }
        }
        Reading::Ready(inner) => Metric::Ready(value(inner)),
        Reading::Undefined(reason) => (*reason).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMillis;
    use crate::bars::Origin;
    use crate::settings::PriceScale;

    fn row(bar: i64, [y, x]: [f64; 2]) -> AlignedRow {
        let leg =
            |close| AlignedLeg { origin: Origin::Live, traded: None, close: Some(close), carried_bars: 0 };
        AlignedRow { open_time: UnixMillis(bar * 60_000), y: leg(y), x: leg(x) }
    }

    /// Prices of x in cents, a random walk.
    fn cents(bar: i64) -> f64 {
        let walk = spreadscope_stats::random::Congruential::new(5).path(1.0, 2_600.0);
        walk.skip(usize::try_from(bar).unwrap()).map(|price| (price * 100.0).round()).next().unwrap()
    }

    fn graphs() -> impl Iterator<Item = (HedgeKind, PairGraph)> {
        HedgeKind::ALL.into_iter().map(|hedge_model| {
            let settings =
                Settings { hedge_model, hedge_window_bars: 60, z_window_bars: 60, ..Settings::default() };
            (hedge_model, PairGraph::new(&settings).unwrap())
        })
    }

    // statsmodels #3190, #4237, #6890
    #[test]
    fn a_copy_has_a_ratio_and_neither_spread_nor_z_under_any_model() {
        for (kind, mut graph) in graphs() {
            for bar in 0..420 {
                let x = cents(bar);
                let out = graph.push(&row(bar, [(3.0 * x + 100.0) / 100.0, x / 100.0]));
                let spread = (out.spread, out.spread_mean, out.spread_std_dev);
                assert_eq!(spread, (None, None, None), "{kind:?} {bar}");
                if bar >= 299 {
                    assert_eq!(graph.last_fit(), None, "{kind:?} {bar}");
                    assert_eq!(out.z, Undefined::ScaledCopy.into(), "{kind:?} {bar}");
                    let Metric::Ready(ratio) = out.hedge_ratio else { panic!("{kind:?} {bar}") };
                    assert!((ratio - 3.0).abs() < 1e-9, "{kind:?} {bar}: {ratio}");
                }
            }
        }
    }

    #[test]
    fn a_copy_that_comes_apart_by_one_tick_has_a_spread_and_z() {
        for (kind, mut graph) in graphs() {
            for bar in 0..480 {
                let x = cents(bar);
                let apart = if bar >= 420 { (bar % 3 - 1) as f64 } else { 0.0 };
                let out = graph.push(&row(bar, [(3.0 * x + 100.0 + apart) / 100.0, x / 100.0]));
                // Huber's scale, the median of the residuals, is 0 until half of them are non-zero
                if !(420..479).contains(&bar) || kind != HedgeKind::Huber {
                    assert_eq!(out.spread.is_some(), bar >= 420, "{kind:?} {bar}");
                    assert_eq!(matches!(out.z, Metric::Ready(_)), bar >= 420, "{kind:?} {bar}: {:?}", out.z);
                }
            }
        }
    }

    #[test]
    fn a_copy_on_logarithms_is_one_though_they_are_near_zero() {
        let settings = Settings {
            price_scale: PriceScale::Logs,
            hedge_window_bars: 60,
            z_window_bars: 60,
            ..Settings::default()
        };
        let mut graph = PairGraph::new(&settings).unwrap();
        for bar in 0..200 {
            let x = 1.0 + (cents(bar) - 260_000.0) / 1e6;
            let out = graph.push(&row(bar, [x * 3.0, x]));
            assert_eq!(out.spread, None, "{bar}");
        }
    }

    #[test]
    fn a_spread_that_varies_by_rounding_alone_has_no_z() {
        let settings = Settings { hedge_window_bars: 60, z_window_bars: 60, ..Settings::default() };
        for close in [|bar: i64| (bar * bar) as f64 / 10_000.0, |bar| (bar * bar) as f64 / 1e12] {
            let mut graph = PairGraph::new(&settings).unwrap();
            for bar in 0..420 {
                let out = graph.push(&row(bar, [close(bar + 500), 50.0 + bar as f64 / 50.0]));
                assert!(!matches!(out.z, Metric::Ready(_)), "{bar}: {:?}", out.z);
            }
        }
    }

    // ninjabot #72
    #[test]
    fn a_price_that_stands_still_does_not_vary_and_is_no_copy() {
        for (kind, mut graph) in graphs() {
            let last = (0..420).map(|bar| graph.push(&row(bar, [0.000_007, cents(bar)]))).last().unwrap();
            let Metric::Undefined(reason) = &last.z else { panic!("{kind:?}: {:?}", last.z) };
            assert!(!reason.contains("scaled"), "{kind:?}: {reason}");
        }
    }
}
