//! The numbers of the watched pairs, computed from the bars of their markets a few milliseconds at a time.

use super::INTERVAL;
use super::minutes::Minutes;
use super::sentry::Newest;
use crate::alert::Tested;
use crate::analytics::align::{AlignedRow, Carry};
use crate::analytics::cointegration::{self, Outcome};
use crate::analytics::pair::{LastFit, PairGraph};
use crate::analytics::{Metric, Row};
use crate::scan::{Ended, Watched};
use crate::settings::HedgeKind;
use crate::{Pair, Settings, Symbol, UnixMillis};
use std::collections::BTreeMap;

/// Rows per step, with a model whose rows take constant time.
const ROWS_A_STEP: usize = 1_000;

/// A pair as of the last round.
#[derive(Debug)]
pub(super) struct WatchedPair {
    pub(super) watched: Watched,
    /// The line for prices between two bars.
    pub(super) fit: Option<LastFit>,
    pub(super) newest: Option<Newest>,
}

impl WatchedPair {
    /// A pair without numbers.
    fn without_numbers(watched: Watched) -> Self {
        Self { watched, fit: None, newest: None }
    }
}

/// The numbers of a round, in the making.
#[derive(Debug)]
pub(super) struct Reading {
    settings: Settings,
    /// The pairs to come, the last first.
    left: Vec<Pair>,
    rows: Option<Box<Rows>>,
    read: Vec<WatchedPair>,
}

/// The rows of a pair.
#[derive(Debug)]
struct Rows {
    watched: Watched,
    settings: Settings,
    graph: PairGraph,
    carry: [Carry; 2],
    next: UnixMillis,
    end: UnixMillis,
    newest: Option<Row>,
}

type Markets = BTreeMap<Symbol, Minutes>;

impl Reading {
    /// The numbers of `pairs` under `settings`.
    pub(super) fn new(pairs: &[Pair], settings: &Settings) -> Self {
        let left = pairs.iter().rev().cloned().collect();
        Self { settings: settings.clone(), left, rows: None, read: Vec::new() }
    }

    /// Takes a step; returns whether there is more to do. The round began at exchange time `began`, and asked for
    /// `needed` bars of each of the `markets`.
    pub(super) fn work(&mut self, markets: &Markets, began: UnixMillis, needed: usize) -> bool {
        if let Some(mut rows) = self.rows.take() {
            if rows.work(markets) {
                self.rows = Some(rows);
                return true;
            }
            let lacks = |symbol: &Symbol| markets.get(symbol).is_none_or(|market| market.lacks(needed));
            let Pair { y, x } = &rows.watched.pair;
            let are_all = !lacks(y) && !lacks(x);
            self.read.push(rows.finish(are_all));
        } else if let Some(pair) = self.left.pop() {
            match Rows::begin(pair, &self.settings, markets, began) {
                Ok(rows) => self.rows = Some(Box::new(rows)),
                Err(watched) => self.read.push(WatchedPair::without_numbers(*watched)),
            }
        }
        self.rows.is_some() || !self.left.is_empty()
    }

    /// The pairs, in the user's order.
    pub(super) fn finish(self) -> Vec<WatchedPair> {
        self.read
    }
}

impl Rows {
    /// The error is a pair without numbers.
    fn begin(
        pair: Pair,
        settings: &Settings,
        markets: &Markets,
        began: UnixMillis,
    ) -> Result<Self, Box<Watched>> {
        let mut watched = Watched {
            pair,
            open_time: None,
            z: None,
            z_now: None,
            tests: None,
            ended: Vec::new(),
            trouble: None,
        };
        let pair = &watched.pair;
        let [y, x] = [&pair.y, &pair.x].map(|symbol| markets.get(symbol));
        let (Some(y), Some(x)) = (y, x) else { return Err(Box::new(watched)) };
        let ended = [(&pair.y, y), (&pair.x, x)].into_iter().filter_map(|(symbol, market)| {
            let last_close_time = market.ended(began)?;
            Some(Ended { symbol: symbol.clone(), last_close_time })
        });
        watched.ended = ended.collect();
        watched.trouble = y.trouble.clone().or_else(|| x.trouble.clone());
        let settings = Settings {
            pair: watched.pair.clone(),
            interval: INTERVAL,
            overlays: Vec::<HedgeKind>::new(),
            ..settings.clone()
        };
        let span = y.span().zip(x.span()).map(|(y, x)| (y.0.max(x.0), y.1.min(x.1)));
        match (PairGraph::new(&settings), span) {
            (Ok(graph), Some((next, end))) if watched.ended.is_empty() => {
                Ok(Self { watched, settings, graph, carry: Default::default(), next, end, newest: None })
            }
            _ => Err(Box::new(watched)),
        }
    }

    fn work(&mut self, markets: &Markets) -> bool {
        let Pair { y, x } = &self.watched.pair;
        let (Some(y), Some(x)) = (markets.get(y), markets.get(x)) else { return false };
        for _ in 0..self.settings.rows_a_step(ROWS_A_STEP) {
            if self.next >= self.end {
                return false;
            }
            let open_time = self.next;
            let [y, x] = [(0, y), (1, x)].map(|(leg, market)| self.carry[leg].next(market.get(open_time)));
            self.newest = Some(self.graph.push(&AlignedRow { open_time, y, x }));
            self.watched.open_time = Some(open_time);
            self.next = open_time + INTERVAL.millis();
        }
        true
    }

    /// `are_all` tells whether the markets have no bars beyond these, or none that the settings need.
    fn finish(self, are_all: bool) -> WatchedPair {
        let Self { mut watched, settings, graph, newest, .. } = self;
        watched.z = newest.as_ref().map(|row| row.z.clone());
        let tests = cointegration::run(graph.sample(), &settings);
        let tested = tests.as_ref().map(|tests| Tested::new(tests, &settings));
        watched.tests = tests.map(|tests| match tests.part(&settings) {
            Some((seen, needed)) if are_all => {
                Outcome::Undefined(format!("the tests need {needed} bars of both, and there are {seen}"))
            }
            Some((seen, needed)) => Outcome::Warming { seen, needed },
            None => tests.outcome,
        });
        if let (Some(Metric::Warming { seen, needed }), true) = (&watched.z, are_all) {
            watched.z =
                Some(Metric::Undefined(format!("z needs {needed} bars of spread, and there are {seen}")));
        }
        let has_z = matches!(watched.z, Some(Metric::Ready(_)));
        let fit = graph.last_fit().filter(|_| has_z);
        WatchedPair { watched, fit, newest: newest.map(|row| Newest { row, tested, settings }) }
    }
}
