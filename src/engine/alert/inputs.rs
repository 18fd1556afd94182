//! The numbers of one closed bar that rules can watch.

use super::quantity::Source;
use super::{Quantity, Snapshot, evidence, position};
use crate::analytics::cointegration::{HalfLife, Outcome, Tests};
use crate::analytics::evidence::Examined;
use crate::analytics::position::Position;
use crate::analytics::{LegRow, Metric, Row, test_times};
use crate::bars::Origin;
use crate::{Pair, Settings, UnixMillis};

/// A test result, as rules use it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// Engle-Granger p-value; `None` if the sample does not give one.
    pub engle_granger_p: Option<f64>,
    /// Half-life in seconds; `None` if no reversion can be measured.
    pub half_life_secs: Option<f64>,
    /// Bars in the sample and in a full one, if it was only part of that: its numbers do not count.
    pub part: Option<(usize, usize)>,
}

impl Tested {
    /// The result of `tests` under `settings`.
    pub fn new(tests: &Tests, settings: &Settings) -> Self {
        let report = match &tests.outcome {
            Outcome::Done(report) => Some(report),
            Outcome::Warming { .. } | Outcome::Undefined(_) => None,
        };
        Self {
            open_time: tests.open_time,
            part: tests.part(settings),
            engle_granger_p: report.map(|report| report.engle_granger_p_value),
            half_life_secs: report.and_then(|report| match report.half_life {
                HalfLife::Reverting { secs, .. } => Some(secs),
                HalfLife::None(_) => None,
            }),
        }
    }

    /// `number` of the result, or `reason` if there is none.
    fn reading(self, number: Option<f64>, reason: &str) -> Metric {
        match self.part {
            Some((seen, needed)) => Metric::Warming { seen, needed },
            None => known(number, reason),
        }
    }
}

fn known(value: Option<f64>, reason: &str) -> Metric {
    value.map_or_else(|| Metric::Undefined(reason.to_owned()), Metric::Ready)
}

/// A closed bar, and the newest test result that is not from after it.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    row: &'a Row,
    tested: Option<Tested>,
    evidence: Option<&'a Examined>,
    /// The position that is watched, or why there is none.
    position: Result<&'a Position, &'static str>,
    pair: &'a Pair,
    step_millis: i64,
    max_carried_bars: usize,
}

impl<'a> Inputs<'a> {
    /// The numbers of `row` under `settings`; `tested` is the newest result by then.
    pub fn new(row: &'a Row, tested: Option<Tested>, settings: &'a Settings) -> Self {
        let step_millis = settings.interval.millis();
        let lasts = test_times::lasts_millis(step_millis);
        let fresh = |tested: &Tested| row.open_time.since(tested.open_time) <= lasts;
        Self {
            row,
            tested: tested.filter(fresh),
            evidence: None,
            position: Err(position::NONE),
            pair: &settings.pair,
            step_millis,
            max_carried_bars: settings.max_carried_bars,
        }
    }

    /// Adds the newest evidence, unless it is from after the bar or too old.
    #[must_use]
    pub fn with_evidence(self, evidence: Option<&'a Examined>) -> Self {
        let lasts = test_times::lasts_millis(self.step_millis);
        let fresh = |known: &&Examined| (0..=lasts).contains(&self.row.open_time.since(known.open_time));
        Self { evidence: evidence.filter(fresh), ..self }
    }

    /// Adds the position being followed, or why there is none.
    pub(super) fn with_position<'b>(self, position: Result<&'b Position, &'static str>) -> Inputs<'b>
    where
        'a: 'b,
    {
        Inputs { position, ..self }
    }

    /// The bar's pair.
    pub(super) fn pair(&self) -> &Pair {
        self.pair
    }

    /// Open time of the bar.
    pub fn open_time(&self) -> UnixMillis {
        self.row.open_time
    }

    /// Close time of the bar.
    pub fn time(&self) -> UnixMillis {
        self.row.open_time + self.step_millis
    }

    /// Whether there is any test result.
    pub(super) fn is_tested(&self) -> bool {
        self.tested.is_some()
    }

    /// The number, or why there is none; undefined for a number that is judged between bars.
    pub fn reading(&self, quantity: Quantity) -> Metric {
        let row = self.row;
        match quantity {
            Quantity::Z => row.z.clone(),
            // the spread uses the same window as its slope
            Quantity::Spread => match (&row.hedge_ratio, row.spread) {
                (Metric::Ready(_), Some(spread)) => Metric::Ready(spread),
                (other, _) => other.clone(),
            },
            Quantity::HedgeRatio => row.hedge_ratio.clone(),
            Quantity::Correlation => row.correlation.clone(),
            Quantity::EngleGrangerP => match self.tested {
                None => Metric::Undefined("no test has been run on the last bars".to_owned()),
                Some(tested) => {
                    tested.reading(tested.engle_granger_p, "the test does not exist on this sample")
                }
            },
            Quantity::HalfLifeSecs => match self.tested {
                None => Metric::Undefined("no test has been run on the last bars".to_owned()),
                Some(tested) => tested.reading(tested.half_life_secs, "no reversion can be measured"),
            },
            Quantity::PriceY => known(self.price(&row.y), "no fresh price in this bar"),
            Quantity::PriceX => known(self.price(&row.x), "no fresh price in this bar"),
            Quantity::VolumeY => known(volume(&row.y), "the bar is missing"),
            Quantity::VolumeX => known(volume(&row.x), "the bar is missing"),
            other => match other.source() {
                Source::Evidence(kind) => evidence::reading(kind, self.evidence),
                Source::Position => position::reading(other, self.position, self),
                Source::Bar | Source::Tests | Source::Feed | Source::Scans => {
                    Metric::Undefined("it is not a number of a bar".to_owned())
                }
            },
        }
    }

    fn price(&self, leg: &LegRow) -> Option<f64> {
        leg.close.filter(|_| leg.carried_bars as usize <= self.max_carried_bars)
    }

    /// All numbers for an alert.
    pub fn snapshot(&self) -> Snapshot {
        let ready = |quantity| self.reading(quantity).ready();
        Snapshot {
            z: ready(Quantity::Z),
            spread: ready(Quantity::Spread),
            hedge_ratio: ready(Quantity::HedgeRatio),
            correlation: ready(Quantity::Correlation),
            engle_granger_p: ready(Quantity::EngleGrangerP),
            half_life_secs: ready(Quantity::HalfLifeSecs),
            price_y: ready(Quantity::PriceY),
            price_x: ready(Quantity::PriceX),
            volume_y: ready(Quantity::VolumeY),
            volume_x: ready(Quantity::VolumeX),
        }
    }
}

fn volume(leg: &LegRow) -> Option<f64> {
    (leg.origin != Origin::Missing).then_some(leg.volume)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(origin: Origin) -> LegRow {
        LegRow {
            origin,
            close: Some(100.0),
            open: None,
            high: None,
            low: None,
            volume: 2.5,
            quote_volume: 250.0,
            trades: 3,
            carried_bars: 0,
            log_return: None,
            mean: Metric::Undefined(String::new()),
            variance: None,
            volatility: Metric::Undefined(String::new()),
            window_volume: 2.5,
        }
    }

    #[test]
    fn the_volume_of_a_bar_is_known_unless_the_bar_is_missing() {
        for origin in [Origin::Live, Origin::History, Origin::Repaired, Origin::Outage] {
            assert_eq!(volume(&leg(origin)), Some(2.5), "{origin:?}");
        }
        assert_eq!(volume(&leg(Origin::Missing)), None);
    }

    #[test]
    fn every_quantity_of_bars_and_tests_is_read() {
        let row = Row {
            open_time: UnixMillis(0),
            y: leg(Origin::Live),
            x: leg(Origin::Live),
            hedge_ratio: Metric::Ready(2.0),
            hedge_ratio_std_error: None,
            intercept: None,
            r_squared: None,
            overlays: Default::default(),
            spread: Some(1.0),
            spread_mean: None,
            spread_std_dev: None,
            z: Metric::Ready(1.5),
            correlation: Metric::Ready(0.5),
        };
        let tested = Tested {
            open_time: row.open_time,
            engle_granger_p: Some(0.01),
            half_life_secs: Some(9.0),
            part: None,
        };
        let settings = Settings::default();
        let inputs = Inputs::new(&row, Some(tested), &settings);
        for &quantity in Quantity::ALL {
            let of_bars = matches!(quantity.source(), Source::Bar | Source::Tests);
            assert_eq!(inputs.reading(quantity).ready().is_some(), of_bars, "{}", quantity.name());
        }
        let tested = Tested { part: Some((90, 900)), ..tested };
        let inputs = Inputs::new(&row, Some(tested), &settings);
        for quantity in [Quantity::EngleGrangerP, Quantity::HalfLifeSecs] {
            assert_eq!(inputs.reading(quantity), Metric::Warming { seen: 90, needed: 900 });
        }
    }
}
