//! Pairs beside the selected one, on 1 m bars over REST: their z, their tests, and how fresh these are; between
//! the minutes, their z by last prices.
//!
//! The first responses bring all bars that the windows and the tests need, each later one the minutes since. Bars are
//! kept by symbol, so pairs share them; all numbers are recomputed from them once a minute, a few milliseconds at a time. Requests use the same
//! budget of request weight as the history's, and wait while the exchange refuses those.

mod last_prices;
mod minutes;
mod reading;
mod sentry;

use self::last_prices::LastPrices;
use self::minutes::{Asked, Minutes};
use self::reading::{Reading, WatchedPair};
use self::sentry::Sentry;
use crate::alert::{Alert, Rule, RuleId};
use crate::base::asker::Asker;
use crate::binance::FetchError;
use crate::binance::klines;
use crate::binance::klines::Span;
use crate::connection::in_flight::InFlight;
use crate::connection::requests::Request;
use crate::scan::{Watched, Watching};
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
    pending: InFlight<Asked, UNANSWERED_MILLIS>,
    requests: u64,
    next_round: UnixMillis,
    /// Exchange time at which the last round started.
    round_began: UnixMillis,
    /// Bars of each market that the settings need.
    needed: usize,
    /// The pairs of this round that have been computed, and those that are being computed.
    reading: Option<Reading>,
    /// The pairs as of the last round.
    read: Vec<WatchedPair>,
    /// Whether rules have seen them.
    are_judged: bool,
    sentry: Sentry,
    prices: LastPrices,
    has_news: bool,
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
        self.reading = None;
        self.pending = InFlight::default();
        self.left.clear();
        self.next_round = UnixMillis(i64::MIN);
        self.has_news = true;
    }

    /// The request to send to `host` at exchange time `now`, if any; its weight is not paid yet. The settings need
    /// `needed` closed bars of each market.
    pub(crate) fn next_request(&mut self, now: UnixMillis, host: &str, needed: usize) -> Option<Request> {
        self.need(needed);
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
        let span = self.markets.entry(symbol.clone()).or_default().wanted(now, self.needed);
        let id = Asker::Watchlist.id(self.requests);
        self.requests += 1;
        let url = klines::url(host, &symbol, INTERVAL, span);
        self.pending.send(now, id, Asked { symbol, span });
        Some(Request { id, url, weight: WEIGHT })
    }

    /// Requests older bars of the markets with fewer than are `needed` from now on.
    fn need(&mut self, needed: usize) {
        if needed > core::mem::replace(&mut self.needed, needed) {
            for (symbol, _) in self.markets.iter().filter(|(_, market)| market.lacks(needed)) {
                if !self.left.contains(symbol) {
                    self.left.push(symbol.clone());
                }
            }
        }
    }

    /// The request for the last prices of all markets.
    fn request_prices(&mut self, now: UnixMillis, host: &str) -> Option<Request> {
        let known = self.markets.iter().filter(|(_, market)| {
            market.trouble.is_none() && !market.bars.is_empty() && market.ended(self.round_began).is_none()
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
            Some(asked) => self.left.push(asked.symbol),
            None => self.prices.postpone(),
        }
    }

    /// Takes a response.
    pub(crate) fn take_response(&mut self, id: u64, response: &Result<String, FetchError>) {
        if self.prices.take_response(id, response) {
            return;
        }
        if let Some(sent) = self.pending.take(id) {
            let Asked { symbol, span } = sent.about;
            let market = self.markets.entry(symbol.clone()).or_default();
            market.trouble = market.take(span, response, self.needed).err();
            let is_older_next = matches!(market.wanted(sent.at, self.needed), Span::Before { .. });
            if market.trouble.is_none() && is_older_next {
                self.left.push(symbol);
            }
            self.has_news |= self.left.is_empty();
        }
    }

    /// Whether there are numbers to compute, which [`Self::take_news`] does a step at a time.
    pub(crate) fn has_work(&self) -> bool {
        self.reading.is_some() && self.left.is_empty() && self.pending.is_none()
    }

    /// The pairs as of the last round and by the last prices, if there is news.
    pub(crate) fn take_news(&mut self, settings: &Settings) -> Option<Watching> {
        if !self.left.is_empty() || !self.pending.is_none() {
            return None;
        }
        if core::mem::take(&mut self.has_news) {
            self.reading = Some(Reading::new(&self.pairs, settings));
        }
        let mut is_round_new = false;
        if let Some(mut reading) = self.reading.take() {
            if reading.work(&self.markets, self.round_began, self.needed) {
                self.reading = Some(reading);
                return None;
            }
            (self.read, self.are_judged, is_round_new) = (reading.finish(), false, true);
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

    fn priced(&self, WatchedPair { watched, fit, .. }: &WatchedPair) -> Watched {
        let prices = self.prices.of(&watched.pair);
        let z_now = fit.as_ref().zip(prices).and_then(|(fit, (y, x))| fit.z(y, x));
        Watched { z_now, ..watched.clone() }
    }
}
