//! Pairs beside the selected one, on 1 m bars over REST: their z, their tests, and how fresh these are; between
//! the minutes, their z by last prices.
//!
//! The first response brings all bars that the windows need, each later one the minutes since. Bars are kept by
//! symbol, so pairs share them; all numbers are recomputed from them once a minute. Requests use the same
//! budget of request weight as the history's, and wait while the exchange refuses those.

mod last_prices;
mod minutes;
mod sentry;

use self::last_prices::LastPrices;
use self::minutes::Minutes;
use self::sentry::{Newest, Sentry};
use crate::alert::{Alert, Rule, RuleId, Tested};
use crate::analytics::Metric;
use crate::analytics::align::{AlignedRow, Carry};
use crate::analytics::cointegration::{self, Outcome};
use crate::analytics::pair::{LastFit, PairGraph};
use crate::base::asker::Asker;
use crate::binance::FetchError;
use crate::binance::klines;
use crate::binance::klines::{LIMIT, Span};
use crate::connection::in_flight::InFlight;
use crate::connection::requests::Request;
use crate::scan::{Ended, Watched, Watching};
use crate::settings::HedgeKind;
use crate::{Interval, Pair, Settings, Symbol, UnixMillis};
use std::collections::BTreeMap;

/// Most pairs.
pub const PAIRS_AT_MOST: usize = 8;
/// The interval of their bars.
pub const INTERVAL: Interval = Interval::OneMinute;

const WEIGHT: u32 = 2;
/// Time from the end of a minute to the request for it.
const LAG_MILLIS: i64 = 3_000;
/// A request without a response for this long is given up.
const UNANSWERED_MILLIS: i64 = 30_000;

/// A market whose last bar is older than this has ended or is halted: a trading market has a bar for each
/// minute, even without trades.
const ENDED_AFTER_MILLIS: i64 = 3_600_000;

/// The pairs and their markets.
#[derive(Debug, Default)]
pub(crate) struct Watchlist {
    pairs: Vec<Pair>,
    markets: BTreeMap<Symbol, Minutes>,
    /// The symbols still to be requested in this round.
    left: Vec<Symbol>,
    /// The request in progress.
    pending: InFlight<Symbol, UNANSWERED_MILLIS>,
    requests: u64,
    next_round: UnixMillis,
    /// Exchange time at which the last round started.
    round_began: UnixMillis,
    /// The pairs as of the last round.
    read: Vec<WatchedPair>,
    /// Whether rules have seen them.
    are_judged: bool,
    sentry: Sentry,
    prices: LastPrices,
    has_news: bool,
}

/// A pair as of the last round.
#[derive(Debug)]
struct WatchedPair {
    watched: Watched,
    /// The line for prices between two bars.
    fit: Option<LastFit>,
    newest: Option<Newest>,
}

impl WatchedPair {
    /// A pair without numbers.
    fn without_numbers(watched: Watched) -> Self {
        Self { watched, fit: None, newest: None }
    }
}

impl Watchlist {
    /// Replaces the watched pairs by the first [`PAIRS_AT_MOST`] of `pairs`.
    pub(crate) fn watch(&mut self, mut pairs: Vec<Pair>) {
        pairs.truncate(PAIRS_AT_MOST);
        self.has_news = true;
        // every tab that opens sends the same
        if pairs == self.pairs {
            return;
        }
        self.pairs = pairs;
        self.sentry.keep(&self.pairs);
        let watched = |symbol: &Symbol| self.pairs.iter().any(|pair| pair.y == *symbol || pair.x == *symbol);
        self.markets.retain(|symbol, _| watched(symbol));
        self.begin_round();
    }

    /// Starts afresh with another source.
    pub(crate) fn begin_anew(&mut self) {
        self.markets.clear();
        self.prices = LastPrices::default();
        self.sentry = Sentry::default();
        self.begin_round();
    }

    /// Reports the pairs once more, under other settings or to another page.
    pub(crate) fn tell_again(&mut self) {
        self.has_news = true;
    }

    fn begin_round(&mut self) {
        self.read.clear();
        self.pending = InFlight::default();
        self.left.clear();
        self.next_round = UnixMillis(i64::MIN);
        self.has_news = true;
    }

    /// The request to send to `host` at exchange time `now`, if any; its weight is not paid yet.
    pub(crate) fn next_request(&mut self, now: UnixMillis, host: &str) -> Option<Request> {
        if now >= self.next_round && !self.pairs.is_empty() {
            self.next_round = INTERVAL.floor(now) + INTERVAL.millis() + LAG_MILLIS;
            self.round_began = now;
            self.left.clear();
            for symbol in self.pairs.iter().flat_map(|pair| [&pair.x, &pair.y]) {
                if !self.left.contains(symbol) {
                    self.left.push(symbol.clone());
                }
            }
        }
        if self.pending.holds_up(now) {
            return None;
        }
        let Some(symbol) = self.left.pop() else { return self.request_prices(now, host) };
        let known = self.markets.get(&symbol).and_then(|market| market.bars.back());
        // the bar in progress, and one that closes in the meantime
        let newer =
            known.map(|(last, _)| usize::try_from(now.since(*last) / INTERVAL.millis()).unwrap_or(LIMIT) + 1);
        let bars = newer.map_or(LIMIT, |newer| newer.min(LIMIT));
        let id = Asker::Watchlist.id(self.requests);
        self.requests += 1;
        let url = klines::url(host, &symbol, INTERVAL, Span::Newest { bars });
        self.pending.send(now, id, symbol);
        Some(Request { id, url, weight: WEIGHT })
    }

    /// The request for the last prices of all markets.
    fn request_prices(&mut self, now: UnixMillis, host: &str) -> Option<Request> {
        let known = self.markets.iter().filter(|(_, market)| {
            market.trouble.is_none() && !market.bars.is_empty() && self.ended(market).is_none()
        });
        let symbols: Vec<&Symbol> = known.map(|(symbol, _)| symbol).collect();
        let id = Asker::Watchlist.id(self.requests);
        let url = self.prices.next_request(now, host, &symbols, id)?;
        self.requests += 1;
        Some(Request { id, url, weight: last_prices::WEIGHT })
    }

    /// Postpones the request just returned to the next opportunity.
    pub(crate) fn postpone(&mut self) {
        match self.pending.take_back() {
            Some(symbol) => self.left.push(symbol),
            None => self.prices.postpone(),
        }
    }

    /// Takes a response.
    pub(crate) fn take_response(&mut self, id: u64, response: &Result<String, FetchError>) {
        if self.prices.take_response(id, response) {
            return;
        }
        if let Some(sent) = self.pending.take(id) {
            let market = self.markets.entry(sent.about).or_default();
            market.trouble = market.take(response).err();
            self.has_news |= self.left.is_empty();
        }
    }

    /// The pairs as of the last round and by the last prices, if there is news.
    pub(crate) fn take_news(&mut self, settings: &Settings) -> Option<Watching> {
        if !self.left.is_empty() || !self.pending.is_none() {
            return None;
        }
        let is_round_new = core::mem::take(&mut self.has_news);
        if is_round_new {
            self.read = self.pairs.iter().map(|pair| self.read(pair, settings)).collect();
            self.are_judged = false;
        }
        let are_prices_new = self.prices.take_news();
        (is_round_new || are_prices_new).then(|| Watching {
            pairs: self.read.iter().map(|pair| self.priced(pair)).collect(),
            priced_at: self.prices.requested_at,
            no_prices: self.prices.trouble.clone(),
        })
    }

    /// Shows the results of the last round to `rules`, once, at local time `now` and exchange time
    /// `exchange_now`; except for the selected pair `selected`, whose results they have already. Returns the
    /// alerts, and the rules that have switched themselves off.
    pub(crate) fn judge(
        &mut self,
        rules: &[Rule],
        selected: &Pair,
        now: (UnixMillis, UnixMillis),
    ) -> (Vec<Alert>, Vec<RuleId>) {
        let (mut alerts, mut ended) = (Vec::new(), Vec::new());
        if !core::mem::replace(&mut self.are_judged, true) {
            let newest = self.read.iter().filter_map(|pair| pair.newest.as_ref());
            for newest in newest.filter(|newest| newest.settings.pair != *selected) {
                self.sentry.judge(newest, rules, now, &mut alerts, &mut ended);
            }
        }
        (alerts, ended)
    }

    /// The close time of the last bar of a market without bars for a long time; `None` for a live market.
    fn ended(&self, market: &Minutes) -> Option<UnixMillis> {
        let (_, end) = market.span()?;
        (self.round_began.since(end) > ENDED_AFTER_MILLIS).then_some(end)
    }

    fn priced(&self, WatchedPair { watched, fit, .. }: &WatchedPair) -> Watched {
        let prices = self.prices.of(&watched.pair);
        let z_now = fit.as_ref().zip(prices).and_then(|(fit, (y, x))| fit.z(y, x));
        Watched { z_now, ..watched.clone() }
    }

    fn read(&self, pair: &Pair, settings: &Settings) -> WatchedPair {
        let mut watched = Watched {
            pair: pair.clone(),
            open_time: None,
            z: None,
            z_now: None,
            tests: None,
            ended: Vec::new(),
            trouble: None,
        };
        let [y, x] = [&pair.y, &pair.x].map(|symbol| self.markets.get(symbol));
        let (Some(y), Some(x)) = (y, x) else { return WatchedPair::without_numbers(watched) };
        watched.trouble = y.trouble.clone().or_else(|| x.trouble.clone());
        watched.ended = [(&pair.y, y), (&pair.x, x)]
            .into_iter()
            .filter_map(|(symbol, market)| {
                let last_close_time = self.ended(market)?;
                Some(Ended { symbol: symbol.clone(), last_close_time })
            })
            .collect();
        if !watched.ended.is_empty() {
            return WatchedPair::without_numbers(watched);
        }
        let settings = Settings {
            pair: pair.clone(),
            interval: INTERVAL,
            overlays: Vec::<HedgeKind>::new(),
            ..settings.clone()
        };
        let Ok(mut graph) = PairGraph::new(&settings) else { return WatchedPair::without_numbers(watched) };
        let Some((first, end)) = y.span().zip(x.span()).map(|(y, x)| (y.0.max(x.0), y.1.min(x.1))) else {
            return WatchedPair::without_numbers(watched);
        };
        let mut newest = None;
        let mut carry = [Carry::default(), Carry::default()];
        let mut open_time = first;
        while open_time < end {
            let [y, x] = [(0, y), (1, x)].map(|(leg, market)| carry[leg].next(market.get(open_time)));
            newest = Some(graph.push(&AlignedRow { open_time, y, x }));
            watched.open_time = Some(open_time);
            open_time = open_time + INTERVAL.millis();
        }
        watched.z = newest.as_ref().map(|row| row.z.clone());
        let tests = cointegration::run(graph.sample(), &settings);
        let tested = tests.as_ref().map(|tests| Tested::new(tests, &settings));
        let are_all = y.bars.len() + 1 >= LIMIT;
        watched.tests = tests.map(|tests| match tests.part(&settings) {
            Some((_, needed)) if are_all => {
                Outcome::Undefined(format!("the tests need {needed} bars, and {LIMIT} are fetched"))
            }
            Some((seen, needed)) => Outcome::Warming { seen, needed },
            None => tests.outcome,
        });
        if let (Some(Metric::Warming { needed, .. }), true) = (&watched.z, are_all) {
            let reason =
                format!("the windows need more than the {LIMIT} bars that are fetched ({needed} of spread)");
            watched.z = Some(Metric::Undefined(reason));
        }
        let has_z = matches!(watched.z, Some(Metric::Ready(_)));
        let fit = graph.last_fit().filter(|_| has_z);
        WatchedPair { watched, fit, newest: newest.map(|row| Newest { row, tested, settings }) }
    }
}
