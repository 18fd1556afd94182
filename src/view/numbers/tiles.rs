//! The key numbers as the tiles show them: the number, one line of context, and the value behind both.

use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::verdict::{FILLING, SIGNIFICANCE, gates, part_of_sample};
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome, Report};
use spreadscope_engine::analytics::{LegRow, Metric, Row};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::messages::event::LiveLeg;
use spreadscope_engine::settings::PriceScale;
use spreadscope_engine::{Settings, Symbol};

/// How reliable a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing has arrived yet.
    Empty,
    /// Too few bars.
    Warming,
    /// On a window that is not full.
    Provisional,
    /// On a full window.
    Ready,
    /// It does not exist for these data.
    Undefined,
}

impl Standing {
    /// Returns the standing as an attribute for the style sheet and for tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Warming => "warming",
            Self::Provisional => "provisional",
            Self::Ready => "ready",
            Self::Undefined => "undefined",
        }
    }
}

/// One number on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// The number behind the text, unrounded.
    pub value: Option<f64>,
    /// The number as shown.
    pub text: String,
    /// The line below it.
    pub context: String,
    /// How reliable it is.
    pub standing: Standing,
}

impl Tile {
    fn empty() -> Self {
        Self { value: None, text: ABSENT.into(), context: "no bars yet".into(), standing: Standing::Empty }
    }

    fn of(metric: &Metric, text: impl Fn(f64) -> String, context: String) -> Self {
        let (context, standing) = match metric {
            Metric::Warming { seen, needed } => {
                (format!("warming {seen} of {needed} bars"), Standing::Warming)
            }
            Metric::Provisional { seen, needed, .. } => {
                (format!("on {seen} of {needed} bars"), Standing::Provisional)
            }
            Metric::Ready(_) => (context, Standing::Ready),
            Metric::Undefined(reason) => (reason.clone(), Standing::Undefined),
        };
        let value = metric.value();
        Self { value, text: value.map_or_else(|| ABSENT.into(), text), context, standing }
    }

    /// Returns the tile shown while the history is loading, if its numbers may still change.
    fn coming(model: &Model) -> Option<Self> {
        let context = FILLING.to_ascii_lowercase();
        model.filling.then(|| Self { context, standing: Standing::Warming, ..Self::empty() })
    }

    /// Returns the row that the tiles show, or the tile to show in its place.
    fn row(model: &Model) -> Result<&Row, Self> {
        Self::coming(model).map_or_else(|| model.last_row.as_ref().ok_or_else(Self::empty), Err)
    }

    /// Returns the unrounded number as text, the shortest that reads back the same; empty if there is none.
    pub fn data_value(&self) -> String {
        self.value.map(|value| value.to_string()).unwrap_or_default()
    }
}

/// Returns the z-score of the last closed bar, with that of the last prices below it.
pub fn z(model: &Model) -> Tile {
    let row = match Tile::row(model) {
        Ok(row) => row,
        Err(tile) => return tile,
    };
    let now = model.live.as_ref().and_then(|live| live.z);
    let context = now.map_or_else(
        || format!("window {} bars", model.settings.z_window_bars),
        |now| format!("now {}", format::signed(now, 2)),
    );
    Tile::of(&row.z, |z| format::signed(z, 2), context)
}

/// Returns the spread of the last closed bar, with that of the last prices below it.
pub fn spread(model: &Model) -> Tile {
    let row = match Tile::row(model) {
        Ok(row) => row,
        Err(tile) => return tile,
    };
    let reference = model.spread_reference(row.y.close.unwrap_or(0.0));
    let text = |spread: f64| format::spread(spread, reference);
    let metric = match (row.spread, &row.hedge_ratio) {
        (Some(spread), Metric::Ready(_)) => Metric::Ready(spread),
        (Some(value), &Metric::Provisional { seen, needed, .. }) => {
            Metric::Provisional { value, seen, needed }
        }
        (_, Metric::Undefined(reason)) => Metric::Undefined(reason.clone()),
        (_, &(Metric::Warming { seen, needed } | Metric::Provisional { seen, needed, .. })) => {
            Metric::Warming { seen, needed }
        }
        (None, Metric::Ready(_)) => Metric::Undefined("no price in this bar".into()),
    };
    let context = model.live.as_ref().and_then(|live| live.spread).map_or_else(
        || row.spread_std_dev.map_or_else(String::new, |sd| format!("s.d. {}", format::significant(sd, 4))),
        |now| format!("now {}", text(now)),
    );
    // a difference of logarithms has no currency
    let unit = match model.settings.price_scale {
        PriceScale::Levels => model.settings.pair.y.quote().unwrap_or_default(),
        PriceScale::Logs => "log return",
    };
    let context = format!("{context} {unit}").trim_end().to_owned();
    Tile::of(&metric, text, context)
}

/// Returns the hedge ratio with its standard error.
pub fn hedge(model: &Model) -> Tile {
    let row = match Tile::row(model) {
        Ok(row) => row,
        Err(tile) => return tile,
    };
    let bars = model.settings.hedge_window_bars;
    let context = gates::untradable(row, report(model), &model.settings).map_or_else(
        || match row.hedge_ratio_std_error {
            None => format!("last {bars} bars"),
            Some(error) => {
                let ratio = row.hedge_ratio.value().unwrap_or_default();
                format!("± {} s.e., last {bars} bars", format::error_of(ratio, error))
            }
        },
        |objection| objection.short,
    );
    Tile::of(&row.hedge_ratio, |ratio| format::significant(ratio, 5), context)
}

/// Returns the correlation of returns with its 95 % interval by Fisher's transformation.
pub fn correlation(model: &Model) -> Tile {
    let row = match Tile::row(model) {
        Ok(row) => row,
        Err(tile) => return tile,
    };
    let bars = model.settings.correlation_window_bars;
    let context = row.correlation.ready().and_then(|r| fisher_interval(r, bars)).map_or_else(
        || format!("window {bars} bars"),
        |(low, high)| format!("95 % {} to {}", format::fixed(low, 2), format::fixed(high, 2)),
    );
    Tile::of(&row.correlation, |r| format::fixed(r, 3), context)
}

/// Returns the 95 % interval of a correlation `r` of `n` independent pairs; `None` for n < 4 or |r| = 1.
fn fisher_interval(r: f64, n: usize) -> Option<(f64, f64)> {
    let centre = r.atanh();
    if n < 4 || !centre.is_finite() {
        return None;
    }
    let half = 1.959_963_984_540_054 / ((n - 3) as f64).sqrt();
    Some(((centre - half).tanh(), (centre + half).tanh()))
}

/// Returns the half-life in time, with bars below it, or "none" and why.
pub fn half_life(model: &Model) -> Tile {
    of_tests(model, |report| match &report.half_life {
        HalfLife::Reverting { bars, secs } => Tile {
            value: Some(*bars),
            text: format::duration(*secs),
            context: gates::below_a_bar(*bars, model.settings.interval)
                .map_or_else(|| format!("{} bars", format::fixed(*bars, 1)), |objection| objection.short),
            standing: Standing::Ready,
        },
        HalfLife::None(reason) => {
            Tile { value: None, text: "none".into(), context: reason.clone(), standing: Standing::Undefined }
        }
    })
}

/// Returns the Engle-Granger p-value, with its meaning below.
pub fn engle_granger(model: &Model) -> Tile {
    of_tests(model, |report| Tile {
        value: Some(report.engle_granger_p_value),
        text: format::p_value(report.engle_granger_p_value),
        context: if report.engle_granger_p_value < SIGNIFICANCE {
            "cointegrated".into()
        } else {
            "not cointegrated".into()
        },
        standing: Standing::Ready,
    })
}

/// Returns the tile that `tile` makes of the tests' report; on part of a sample, only the number without its
/// meaning.
fn of_tests(model: &Model, tile: impl Fn(&Report) -> Tile) -> Tile {
    if let Some(tile) = Tile::coming(model) {
        return tile;
    }
    let Some(tests) = &model.tests else { return of_outcome(None) };
    let Outcome::Done(report) = &tests.outcome else { return of_outcome(Some(&tests.outcome)) };
    let tile = tile(report);
    match part_of_sample(tests, &model.settings) {
        Some(part) => {
            Tile { context: format!("on {part}: too early"), standing: Standing::Provisional, ..tile }
        }
        None => tile,
    }
}

fn report(model: &Model) -> Option<&Report> {
    match &model.tests.as_ref()?.outcome {
        Outcome::Done(report) => Some(report),
        Outcome::Warming { .. } | Outcome::Undefined(_) => None,
    }
}

fn of_outcome(outcome: Option<&Outcome>) -> Tile {
    match outcome {
        Some(&Outcome::Warming { seen, needed }) => {
            Tile::of(&Metric::Warming { seen, needed }, |_| String::new(), String::new())
        }
        Some(Outcome::Undefined(reason)) => {
            Tile::of(&Metric::Undefined(reason.clone()), |_| String::new(), String::new())
        }
        Some(Outcome::Done(_)) | None => Tile { context: "not run yet".into(), ..Tile::empty() },
    }
}

/// A statistic of one leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegStat {
    /// Price of the last trade.
    Last,
    /// Return over the last bar.
    Return,
    /// Mean close.
    Mean,
    /// Variance of the close.
    Variance,
    /// Standard deviation of returns.
    Volatility,
    /// Base volume.
    Volume,
    /// Trades per second.
    TradesPerSec,
}

impl LegStat {
    /// Every statistic, in the table's order.
    pub const ALL: [Self; 7] = [
        Self::Last,
        Self::Return,
        Self::Mean,
        Self::Variance,
        Self::Volatility,
        Self::Volume,
        Self::TradesPerSec,
    ];

    /// Returns the name as an attribute for tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Return => "return",
            Self::Mean => "mean",
            Self::Variance => "variance",
            Self::Volatility => "volatility",
            Self::Volume => "volume",
            Self::TradesPerSec => "trades-per-sec",
        }
    }

    /// Returns the label of its column.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Last => "Last",
            Self::Return => "Return",
            Self::Mean => "Mean",
            Self::Variance => "Variance",
            Self::Volatility => "Volatility",
            Self::Volume => "Vol.",
            Self::TradesPerSec => "Trades/s",
        }
    }
}

/// The bars that a column sums: short for its head, and in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summed {
    /// Their number.
    pub bars: String,
    /// What is summed.
    pub what: String,
}

/// Returns what a column sums, if it does.
pub fn summed(stat: LegStat, settings: &Settings) -> Option<Summed> {
    let bars = format!("{} bars", settings.z_window_bars);
    (stat == LegStat::Volume)
        .then(|| Summed { what: format!("Coins traded in the z-score's window of {bars}"), bars })
}

/// Returns the currency in which both legs are priced, for the head of their table; empty if they differ.
pub fn quote_of_legs(model: &Model) -> &'static str {
    let [y, x] = [&model.settings.pair.y, &model.settings.pair.x].map(Symbol::quote);
    y.filter(|_| y == x).unwrap_or_default()
}

/// Returns one statistic of `leg`.
pub fn leg(model: &Model, leg: Leg, stat: LegStat) -> Tile {
    // the last price and the rate of trades need no history
    if !matches!(stat, LegStat::Last | LegStat::TradesPerSec)
        && let Some(tile) = Tile::coming(model)
    {
        return tile;
    }
    let row = model.last_row.as_ref().map(|row| match leg {
        Leg::Y => &row.y,
        Leg::X => &row.x,
    });
    let live = model.live.as_ref().map(|live| match leg {
        Leg::Y => &live.y,
        Leg::X => &live.x,
    });
    match stat {
        LegStat::Last => number(last_price(row, live), format::price),
        LegStat::TradesPerSec => match trades_per_sec(model, leg) {
            Ok(rate) => number(Some(rate), |rate| format::fixed(rate, 1)),
            Err(reason) => {
                Tile { context: reason.to_owned(), standing: Standing::Undefined, ..Tile::empty() }
            }
        },
        LegStat::Return => number(row.and_then(|row| row.log_return), format::basis_points),
        LegStat::Variance => {
            number(row.and_then(|row| row.variance), |variance| format::significant(variance, 4))
        }
        LegStat::Volume => {
            let coin = model.settings.pair.symbol(leg).base();
            number(row.map(|row| row.window_volume), |volume| format!("{} {coin}", format::amount(volume)))
        }
        LegStat::Mean => metric(row.map(|row| &row.mean), format::price),
        LegStat::Volatility => metric(row.map(|row| &row.volatility), format::deviation_bps),
    }
}

/// Returns the trades of a leg per second; the error is the reason why they are not known, as a clause.
///
/// # Errors
/// Where bars have come without their trades: from files, over REST, or in a replay of them.
pub fn trades_per_sec(model: &Model, leg: Leg) -> Result<f64, &'static str> {
    let live = model.live.as_ref().ok_or("no feed yet")?;
    let live = if leg == Leg::Y { &live.y } else { &live.x };
    let newest = live.last_trade_time.ok_or("no single trades: the bars are without them")?;
    let row = model.last_row.as_ref();
    let of_bar = row.map_or(0, |row| if leg == Leg::Y { row.y.trades } else { row.x.trades });
    let is_older = row.is_some_and(|row| newest < row.open_time);
    if of_bar > 0 && is_older {
        return Err("no single trades since the last one that is known: these bars are without them");
    }
    Ok(live.trades_per_sec)
}

fn last_price(row: Option<&LegRow>, live: Option<&LiveLeg>) -> Option<f64> {
    live.and_then(|live| live.last).or_else(|| row.and_then(|row| row.close))
}

fn number(value: Option<f64>, text: impl Fn(f64) -> String) -> Tile {
    value.map_or_else(Tile::empty, |value| Tile::of(&Metric::Ready(value), text, String::new()))
}

fn metric(metric: Option<&Metric>, text: impl Fn(f64) -> String) -> Tile {
    metric.map_or_else(Tile::empty, |metric| Tile::of(metric, text, String::new()))
}

#[cfg(test)]
mod tests;
