//! Tapes: all trades of a few markets, past and future, and the moment that is "now" at the start.

mod bars_of_coin;
pub mod coins;
mod listed;
pub mod log;
pub mod recorded;
mod spread;
pub mod synthetic;
mod walk;

use crate::agg::{self, Aggregate};
use crate::day::{Blocks, Summary};
use crate::frames::{self, Format};
use crate::klines::{Kline, klines};
use crate::rest::{self, Refusal, View};
use crate::streams;
use crate::venue::Venue;
use coins::{COINS, Coin};
pub(crate) use listed::Listed;
use recorded::Rounds;
use synthetic::Seconds;

/// A trade on a tape. Times are the tape's own; the server may shift them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapeTrade {
    /// One more than the previous trade's.
    pub id: u64,
    /// When it was matched, ms.
    pub time_ms: i64,
    /// When it is pushed, ms; never before the previous push.
    pub event_ms: i64,
    /// Price in units of 1e-8.
    pub price_e8: u64,
    /// Size in units of 1e-8.
    pub size_e8: u64,
    /// Whether the taker sold.
    pub buyer_is_maker: bool,
}

/// One market's trades, oldest first, with contiguous ids.
#[derive(Debug, Clone, Default)]
pub struct Market {
    /// `BTCUSDT`.
    pub symbol: String,
    /// The trades.
    pub trades: Vec<TapeTrade>,
    /// Runs of trades of one taker at one price and time.
    pub(crate) aggregates: Vec<Aggregate>,
    /// Sums of blocks of the kept trades; places are counted from the first kept trade.
    blocks: Blocks,
}

impl Market {
    pub(crate) fn new(symbol: &str, trades: Vec<TapeTrade>) -> Self {
        let mut market = Self { symbol: symbol.to_owned(), trades, ..Self::default() };
        market.sum_up();
        market
    }

    /// Updates runs and blocks after trades have been added.
    pub(crate) fn sum_up(&mut self) {
        let Self { trades, aggregates, blocks, .. } = self;
        let seen = aggregates.last().map_or(0, |run| run.last);
        debug_assert!(
            trades[seen..].windows(2).all(|pair| pair[0].id + 1 == pair[1].id),
            "Invariant: ids are contiguous"
        );
        debug_assert!(
            trades[seen..].windows(2).all(|pair| pair[0].event_ms <= pair[1].event_ms),
            "Invariant: pushes are in the order of ids"
        );
        agg::extend(aggregates, trades);
        blocks.extend(trades);
    }

    /// Drops whole runs of trades matched before `time_ms`.
    fn forget_before(&mut self, time_ms: i64) {
        let Self { trades, aggregates, blocks, .. } = self;
        let runs = aggregates.partition_point(|run| trades[run.last].time_ms < time_ms);
        let first = aggregates.get(runs).map_or(trades.len(), |run| run.first);
        trades.drain(..first);
        aggregates.drain(..runs);
        for run in aggregates {
            run.first -= first;
            run.last -= first;
        }
        *blocks = Blocks::default();
        blocks.extend(trades);
    }

    /// As [`Tape::burst`], for this market.
    fn burst(&mut self, from_ms: i64, per_sec: u32, millis: i64) {
        let at = self.trades.partition_point(|trade| trade.event_ms < from_ms);
        let Some(&last) = self.trades[..at].last() else { return };
        let later = self.trades.split_off(at);
        let count = i64::from(per_sec) * millis / 1_000;
        let more = (0..count).map(|place| {
            let time_ms = from_ms + place * 1_000 / i64::from(per_sec.max(1));
            TapeTrade {
                time_ms,
                event_ms: time_ms,
                size_e8: 1_000_000,
                buyer_is_maker: place % 2 == 0,
                ..last
            }
        });
        let mut all: Vec<TapeTrade> = more.chain(later).collect();
        all.sort_by_key(|trade| trade.event_ms);
        for (trade, id) in all.iter_mut().zip(last.id + 1..) {
            trade.id = id;
        }
        self.trades.extend(all);
        self.aggregates.clear();
        self.blocks = Blocks::default();
        self.sum_up();
    }

    /// Returns the trades matched from `from_ms` to `to_ms`, both included.
    pub fn trades_between(&self, from_ms: i64, to_ms: i64) -> &[TapeTrade] {
        let from = self.trades.partition_point(|trade| trade.time_ms < from_ms);
        let to = self.trades.partition_point(|trade| trade.time_ms <= to_ms);
        &self.trades[from..to.max(from)]
    }

    /// Returns the first and the last trade and the sums of what was matched after `from` and pushed by `to`.
    pub(crate) fn summary(&self, from: i64, to: i64) -> Option<(&TapeTrade, &TapeTrade, Summary)> {
        let end = self.pushed_by(to).len();
        let start = self.trades[..end].partition_point(|trade| trade.time_ms <= from);
        let summary = self.blocks.summary(&self.trades, start, end)?;
        Some((&self.trades[start], &self.trades[end - 1], summary))
    }

    /// Returns the base volume of a run, in units of 1e-8.
    pub(crate) fn size_of(&self, run: &Aggregate) -> u128 {
        self.trades[run.first..=run.last].iter().map(|trade| u128::from(trade.size_e8)).sum()
    }

    /// Returns the trades that have been pushed by `now`.
    pub fn pushed_by(&self, now: i64) -> &[TapeTrade] {
        &self.trades[..self.trades.partition_point(|trade| trade.event_ms <= now)]
    }
}

/// Markets on one clock.
#[derive(Debug, Clone)]
pub struct Tape {
    /// The markets.
    pub markets: Vec<Market>,
    /// The server's start: everything before it is the past.
    pub now_ms: i64,
    /// Halts of the exchange: REST has no bars of them, not even empty ones.
    pub halts: Vec<(i64, i64)>,
    /// Markets with bars only.
    pub(crate) coins: &'static [Coin],
    /// The venue.
    pub(crate) venue: Venue,
    /// Markets that are listed and have neither trades nor bars.
    pub(crate) listed: Vec<Listed>,
    more: More,
}

/// What follows when the tape has run out.
#[derive(Debug, Clone)]
pub(crate) enum More {
    /// Nothing: silence.
    None,
    /// More seeded seconds.
    Seconds(Seconds),
    /// The recording again.
    Rounds(Rounds),
}

impl Tape {
    pub(crate) fn new(markets: Vec<Market>, now_ms: i64, more: More) -> Self {
        Self {
            markets,
            now_ms,
            halts: Vec::new(),
            coins: &[],
            venue: Venue::default(),
            listed: Vec::new(),
            more,
        }
    }

    /// Adds fifty coins, and four that merely track others, with bars only.
    #[must_use]
    pub fn with_coins(self) -> Self {
        Self { coins: &COINS, ..self }
    }

    /// Sets the venue.
    #[must_use]
    pub fn of_venue(self, venue: Venue) -> Self {
        Self { venue, ..self }
    }

    /// Adds `symbols` markets to the list of all, most of which no longer trade.
    #[must_use]
    pub fn with_listed(self, symbols: usize) -> Self {
        Self { listed: listed::many(symbols), ..self }
    }

    /// Makes a tape of given trades: contiguous ids, times and pushes in ascending order.
    pub fn of(markets: Vec<(&str, Vec<TapeTrade>)>, now_ms: i64) -> Self {
        let markets = markets.into_iter().map(|(symbol, trades)| Market::new(symbol, trades)).collect();
        Self::new(markets, now_ms, More::None)
    }

    /// Returns whether the exchange was halted during the whole span.
    pub(crate) fn halted(&self, from_ms: i64, to_ms: i64) -> bool {
        self.halts.iter().any(|(from, to)| *from <= from_ms && to_ms <= *to)
    }

    /// Returns the body with which REST responds to the request `url` at `now_ms`, without a server.
    ///
    /// # Errors
    /// The HTTP status and the body of a refusal.
    pub fn respond(&self, url: &str, now_ms: i64) -> Result<String, (u16, String)> {
        let request = url.split_once("/api/v3/").map_or(url, |(_, request)| request);
        let (endpoint, query) = request.split_once('?').unwrap_or((request, ""));
        let view = View { tape: self, now_ms, shift_ms: 0, wrong_book: None, wrong_rules: None };
        rest::parse(Some(query)).and_then(|query| rest::serve(view, endpoint, &query)).map_err(
            |Refusal(status, code, words)| (status.as_u16(), format!(r#"{{"code":{code},"msg":"{words}"}}"#)),
        )
    }

    /// Returns up to where an endless tape has trades; `None` for a finite one.
    pub fn until_ms(&self) -> Option<i64> {
        match &self.more {
            More::None => None,
            More::Seconds(seconds) => Some(seconds.until_ms()),
            More::Rounds(rounds) => Some(rounds.until_ms()),
        }
    }

    /// Returns the bars of `symbol` that open from `from_ms` to `to_ms`, both included, from all trades on the
    /// tape, including future ones; `None` for an unknown symbol or interval (`1m`).
    pub fn klines(&self, symbol: &str, interval: &str, from_ms: i64, to_ms: i64) -> Option<Vec<Kline>> {
        let step_ms = streams::interval_millis(interval)?;
        Some(klines(&self.market(symbol)?.trades, step_ms, from_ms, to_ms))
    }

    /// Makes trades at least up to `until_ms`. The tape is the same whatever the pieces it is made in; a finite
    /// one stays as it is.
    pub fn play_until(&mut self, until_ms: i64) {
        match &mut self.more {
            More::None => {}
            More::Seconds(seconds) => seconds.play(&mut self.markets, until_ms),
            More::Rounds(rounds) => rounds.play(&mut self.markets, until_ms),
        }
    }

    /// Drops what was matched before `time_ms`.
    pub fn forget_before(&mut self, time_ms: i64) {
        for market in &mut self.markets {
            market.forget_before(time_ms);
        }
    }

    /// Returns when the oldest trade was matched.
    pub fn first_ms(&self) -> Option<i64> {
        self.markets.iter().filter_map(|market| Some(market.trades.first()?.time_ms)).min()
    }

    /// Returns the coin of `symbol`, which has bars only.
    pub(crate) fn coin(&self, symbol: &str) -> Option<&'static Coin> {
        self.coins.iter().find(|coin| coin.symbol() == symbol)
    }

    /// Adds trades from now on for `millis`: `per_sec` of each market every second, at the last price. Later
    /// ids move up; what has been pushed stays as it is.
    pub(crate) fn burst(&mut self, now_ms: i64, per_sec: u32, millis: i64) {
        for market in &mut self.markets {
            market.burst(now_ms + 1, per_sec, millis);
        }
    }

    /// Returns the market of `symbol`, in upper case.
    pub fn market(&self, symbol: &str) -> Option<&Market> {
        self.markets.iter().find(|market| market.symbol == symbol)
    }

    /// Returns the combined frames of `streams` (`btcusdt@trade`) that are due after `from_ms` and up to
    /// `to_ms`, with the tape's own times and in the order in which a subscriber receives them.
    pub fn frames(&self, streams: &[&str], from_ms: i64, to_ms: i64) -> Vec<String> {
        self.timed_frames(streams, from_ms, to_ms).into_iter().map(|(_, frame)| frame).collect()
    }

    /// As [`Self::frames`], each with the moment at which it is pushed.
    pub fn timed_frames(&self, streams: &[&str], from_ms: i64, to_ms: i64) -> Vec<(i64, String)> {
        let format = Format { shift_ms: 0, micros: false, venue: self.venue };
        let mut due = Vec::new();
        for stream in streams {
            let Some((place, topic)) = streams::topic(self, stream) else { continue };
            let payloads = streams::payloads(&self.markets[place], &topic, from_ms, to_ms, format);
            due.extend(payloads.into_iter().map(|(at, payload)| (at, frames::combined(stream, &payload))));
        }
        due.sort_by_key(|(at, _)| *at);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use synthetic::START_MS;

    #[test]
    fn bars_and_trades_can_be_asked_for_without_a_server() {
        let tape = synthetic::tape(&synthetic::Spec { seed: 2, history_hours: 1, live_hours: 0 });
        let from = START_MS - 600_000;
        let bars = tape.klines("ETHUSDT", "1m", from, START_MS - 60_000).unwrap();
        assert_eq!(bars.len(), 10);
        for bar in bars {
            let trades = tape.market("ETHUSDT").unwrap().trades_between(bar.open_ms, bar.open_ms + 59_999);
            assert_eq!(bar.trades, trades.len() as u64);
            assert_eq!(bar.volume_e8, trades.iter().map(|trade| u128::from(trade.size_e8)).sum());
            assert_eq!(bar.ids, Some((trades[0].id, trades[trades.len() - 1].id)));
        }
        assert_eq!(tape.klines("DOGEUSDT", "1m", from, START_MS), None);
        assert_eq!(tape.klines("ETHUSDT", "7m", from, START_MS), None);
        assert!(tape.markets[0].trades_between(START_MS, from).is_empty());
    }
}
