//! What the trade panel reads of the model, at one moment: a paused screen keeps it.

use crate::view::numbers::format;
use crate::view::numbers::verdict::{self, FILLING, gates};
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::cointegration::HalfLife;
use spreadscope_engine::analytics::position::ZLine;
use spreadscope_engine::analytics::{Metric, Row};
use spreadscope_engine::binance::book::{BookTop, LotRules};
use spreadscope_engine::connection::Phase;
use spreadscope_engine::connection::quotes::Quotes;
use spreadscope_engine::settings::{PriceScale, Source};
use spreadscope_engine::{Pair, Symbol, UnixMillis};

/// The age up to which an order book counts: five times the time between two requests.
const BOOKS_COUNT_MILLIS: i64 = 10_000;

/// A z-score, of the last prices or of the last closed bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZOf {
    /// The z-score.
    pub z: f64,
    /// Whether it is of the last prices.
    pub is_now: bool,
}

impl ZOf {
    /// Returns `z now 2.50` or `z 2.50 at the last close`.
    pub fn said(self) -> String {
        // as in the tile: a z near 0 needs no more digits than another
        let z = format::written_out(self.z, 2);
        if self.is_now { format!("z now {z}") } else { format!("z {z} at the last close") }
    }
}

/// The numbers that a trade is sized and costed by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basis {
    /// Slope of y on x from the model in force.
    pub hedge_ratio: f64,
    /// The z-score to trade against.
    pub z: ZOf,
    /// Prices of y and of x.
    pub prices: [f64; 2],
    /// Standard deviation of the spread.
    pub spread_std_dev: f64,
}

/// Everything that the trade panel shows, apart from the user's choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The pair on the desk.
    pub pair: Pair,
    /// The scale of its ratio.
    pub price_scale: PriceScale,
    /// The line behind z.
    pub line: ZLine,
    /// The exchange's time, or the computer's while that is not known; on a tape without one, the close of the last
    /// bar.
    pub time: UnixMillis,
    /// What prices these are instead of live ones: `replayed`, `recorded` or `made-up`.
    pub tape: Option<&'static str>,
    /// Whether the numbers are current, rather than those of a feed that has stopped.
    pub is_current: bool,
    /// Prices of y and of x.
    pub prices: Option<[f64; 2]>,
    /// The z-score, once all history is there.
    pub z: Option<ZOf>,
    /// What a trade rests on, or why there is none, in a sentence.
    pub basis: Result<Basis, String>,
    /// How the line behind z differs from the one that is tested.
    pub two_lines: Option<String>,
    /// The half-life in seconds, or why there is none, as a clause.
    pub half_life_secs: Result<f64, String>,
    /// The top of both order books, or why they do not count, in a clause.
    pub books: Result<[BookTop; 2], String>,
    /// The exchange's order rules, or why they are not known, in a clause.
    pub rules: Result<[LotRules; 2], String>,
}

impl Moment {
    /// Returns the moment of the last prices; `now` is the computer's time.
    pub fn of(model: &Model, now: UnixMillis, is_replay: bool) -> Self {
        let live = model.live.as_ref();
        let row = model.last_row.as_ref();
        let last = [live.and_then(|live| live.y.last), live.and_then(|live| live.x.last)];
        let close = [row.and_then(|row| row.y.close), row.and_then(|row| row.x.close)];
        let z = live.and_then(|live| live.z).map(|z| ZOf { z, is_now: true }).or_else(|| closed_z(row));
        let closed = row.filter(|_| tape(model, is_replay).is_some()).map(|row| closes(row, model));
        let time = live.and_then(|live| live.exchange_time).or(closed).unwrap_or(now);
        Self::at(model, time, is_replay, [last[0].or(close[0]), last[1].or(close[1])], z)
    }

    /// Returns the moment of the last closed bar, which the verdict and the charts are about.
    pub fn of_bar(model: &Model) -> Self {
        let row = model.last_row.as_ref();
        let closed = row.map(|row| closes(row, model));
        let live = model.live.as_ref().and_then(|live| live.exchange_time);
        let time = live.or(closed).unwrap_or(UnixMillis(0));
        let close = [row.and_then(|row| row.y.close), row.and_then(|row| row.x.close)];
        Self::at(model, time, false, close, closed_z(row))
    }

    fn at(
        model: &Model,
        time: UnixMillis,
        is_replay: bool,
        prices: [Option<f64>; 2],
        z: Option<ZOf>,
    ) -> Self {
        let settings = &model.settings;
        let phase = model.live.as_ref().map_or(&Phase::Idle, |live| &live.feed.phase);
        let report = verdict::full_report(model);
        let half_life_secs = report.clone().and_then(|report| match &report.half_life {
            HalfLife::Reverting { secs, .. } => Ok(*secs),
            HalfLife::None(reason) => Err(format!("no half-life: {reason}")),
        });
        let tested = model.last_row.as_ref().zip(report.ok()).zip(model.tests.as_ref());
        let two_lines = tested.and_then(|((row, report), tests)| {
            gates::two_lines(row, report, tests.bars, settings).map(|objection| objection.reason)
        });
        let nowhere = no_source(settings.source == Source::Recording, is_replay, phase);
        let (books, rules) = if let Some(reason) = nowhere {
            (Err(reason.to_owned()), Err(reason.to_owned()))
        } else {
            let quotes =
                model.quotes.as_deref().filter(|quotes| quotes.pair.as_ref() == Some(&settings.pair));
            (books_at(quotes, time), rules_of(quotes))
        };
        Self {
            pair: settings.pair.clone(),
            price_scale: settings.price_scale,
            line: ZLine::of(settings),
            time,
            tape: tape(model, is_replay),
            is_current: verdict::is_current(phase),
            prices: prices[0].zip(prices[1]).map(|(y, x)| [y, x]),
            z: z.filter(|_| !model.filling),
            basis: basis(model, phase, prices, z),
            two_lines,
            half_life_secs,
            books,
            rules,
        }
    }

    /// Returns the currency of both legs' money; empty if they differ, and their money cannot be added up.
    pub fn currency(&self) -> &'static str {
        let [y, x] = [&self.pair.y, &self.pair.x].map(Symbol::quote);
        y.filter(|_| y == x).unwrap_or_default()
    }
}

fn closes(row: &Row, model: &Model) -> UnixMillis {
    row.open_time + model.settings.interval.millis()
}

/// Returns what the prices are if they are not live.
const fn tape(model: &Model, is_replay: bool) -> Option<&'static str> {
    match model.settings.source {
        _ if is_replay => Some("replayed"),
        Source::Recording => Some("recorded"),
        Source::Demo => Some("made-up"),
        Source::Binance | Source::BinanceUs | Source::Loopback { .. } => None,
    }
}

fn closed_z(row: Option<&Row>) -> Option<ZOf> {
    row.and_then(|row| row.z.ready()).map(|z| ZOf { z, is_now: false })
}

fn basis(model: &Model, phase: &Phase, prices: [Option<f64>; 2], z: Option<ZOf>) -> Result<Basis, String> {
    let row = model.last_row.as_ref().ok_or("No bar has closed yet.")?;
    if model.filling {
        return Err(format!("{FILLING}."));
    }
    if !verdict::is_current(phase) {
        return Err("The feed is not live: there are no current prices to trade at.".to_owned());
    }
    let hedge_ratio = number(&row.hedge_ratio, "hedge ratio")?;
    if let Some(objection) = gates::untradable(row, verdict::full_report(model).ok(), &model.settings) {
        return Err(objection.reason);
    }
    // the last prices are measured by the bar's mean and deviation
    let closed = number(&row.z, "z-score")?;
    let pair = &model.settings.pair;
    let price = |leg: usize, symbol: &Symbol| {
        prices[leg].ok_or_else(|| format!("There is no price of {}.", symbol.base()))
    };
    Ok(Basis {
        hedge_ratio,
        z: z.unwrap_or(ZOf { z: closed, is_now: false }),
        prices: [price(0, &pair.y)?, price(1, &pair.x)?],
        spread_std_dev: row.spread_std_dev.ok_or("The deviation of the spread is not known yet.")?,
    })
}

fn number(metric: &Metric, name: &str) -> Result<f64, String> {
    match metric {
        Metric::Ready(value) => Ok(*value),
        Metric::Warming { seen, needed } | Metric::Provisional { seen, needed, .. } => {
            Err(format!("The {name} is warming up: {seen} of {needed} bars."))
        }
        Metric::Undefined(reason) => Err(format!("There is no {name}: {reason}.")),
    }
}

/// Returns why no exchange is asked for books and rules, as a clause.
const fn no_source(is_recording: bool, is_replay: bool, phase: &Phase) -> Option<&'static str> {
    if is_replay {
        Some("a replay has no order books to ask for")
    } else if is_recording {
        Some("a recording has no exchange to ask")
    } else if verdict::is_current(phase) {
        None
    } else {
        Some("the exchange is not connected")
    }
}

fn books_at(quotes: Option<&Quotes>, time: UnixMillis) -> Result<[BookTop; 2], String> {
    if let Some(trouble) = quotes.and_then(|quotes| quotes.trouble.clone()) {
        return Err(trouble);
    }
    let found = quotes.and_then(|quotes| Some((quotes.books?, quotes.requested_at?)));
    let (books, requested_at) = found.ok_or("they have not arrived yet")?;
    let age = time.since(requested_at);
    if age > BOOKS_COUNT_MILLIS {
        return Err(format!("they are {} old", format::span_millis(age)));
    }
    Ok(books)
}

fn rules_of(quotes: Option<&Quotes>) -> Result<[LotRules; 2], String> {
    let known = quotes.and_then(|quotes| quotes.rules);
    let trouble = || quotes.and_then(|quotes| quotes.rules_trouble.clone());
    known.ok_or_else(|| trouble().unwrap_or_else(|| "they have not arrived yet".to_owned()))
}
