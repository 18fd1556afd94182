//! The live update: last prices, the spread between bars, the state of the feed.

use super::Engine;
use crate::UnixMillis;
use crate::messages::event::{Event, Live, LiveLeg};
use crate::messages::input::Output;

/// Span of the trade rates.
const RATE_MILLIS: i64 = 10_000;

impl Engine {
    pub(super) fn live(&mut self, now: UnixMillis) {
        let Some(running) = &mut self.running else { return };
        let markets = &mut running.markets;
        let exchange_time = markets.clock.now(now);
        let [y, x] = [0, 1].map(|leg| {
            let ticks = &mut markets.legs[leg].ticks;
            let last = ticks.last().copied();
            LiveLeg {
                last: last.map(|trade| trade.price),
                last_trade_time: last.map(|trade| trade.trade_time),
                age_millis: last.zip(exchange_time).map(|(trade, time)| time.since(trade.trade_time).max(0)),
                trades_per_sec: exchange_time.map_or(0.0, |time| ticks.per_sec(time, RATE_MILLIS)),
            }
        });
        let Some(running) = &self.running else { return };
        let prices = y.last.zip(x.last);
        let fit = running.analysis.last_fit();
        let live = Live {
            exchange_time,
            spread: fit.zip(prices).map(|(fit, (y, x))| fit.spread(y, x)),
            z: fit.zip(prices).and_then(|(fit, (y, x))| fit.z(y, x)),
            y,
            x,
            feed: self.feed_status(now, running),
        };
        self.outputs.push_back(Output::Emit(Event::Live(Box::new(live))));
    }
}
