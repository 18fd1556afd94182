//! Answers of REST and of the store.

use super::{Engine, Running, markets};
use crate::UnixMillis;
use crate::archive::{Found, FoundBars, FoundTicks, store};
use crate::event::{Event, Fact};
use crate::feed::history::Moment;
use crate::input::{FetchError, Output};
use crate::symbol::Leg;

impl Engine {
    pub(super) fn fetched(&mut self, now: UnixMillis, id: u64, answer: Result<String, FetchError>) {
        if id == markets::LISTING_ID {
            return self.listed(now, answer);
        }
        let exchange_now =
            self.desk.as_ref().and_then(|running| running.market.clock.now(now)).unwrap_or(now);
        let is_others =
            self.watchlist.answer(id, &answer) || self.quotes.answer(now, exchange_now, id, &answer);
        let Some(Running { market, history, .. }) = &mut self.desk else { return };
        let moment = Moment { local: now, exchange: market.clock.newest() };
        if is_others {
            // their questions are to the venue of the desk
            if let Err(error) = &answer {
                history.heed(moment, error);
            }
            return;
        }
        let Some(leg) = history.leg_of(id) else { return };
        if let Some(filled) = history.answer(moment, leg, &mut market.legs[leg as usize], answer) {
            market.filled(filled);
        }
    }

    pub(super) fn stored(&mut self, now: UnixMillis, answer: store::Answer) {
        let Some(Running { market, restored, .. }) = &mut self.desk else { return };
        let Found { bars, ticks, alerts, choices, imports, older } =
            self.archive.answer(now, market.clock.newest(), answer);
        let firsts = market.firsts();
        *restored |= !bars.is_empty();
        for FoundBars { leg, interval, chunks } in bars {
            market.restore(now, leg, interval, &chunks);
        }
        for FoundTicks { leg, trades } in ticks {
            market.legs[leg as usize].ticks.restore(&trades);
        }
        let reached = market.firsts();
        if older {
            let lacking = Leg::BOTH.into_iter().filter(|&leg| reached[leg as usize] == firsts[leg as usize]);
            self.fetch_older(lacking.collect());
        }
        if let Some(alerts) = alerts {
            self.fact(Fact::AlertLog(alerts));
        }
        if let Some(choices) = choices {
            self.outputs.push_back(Output::Emit(Event::Remembered(choices)));
        }
        if let Some(kept) = imports {
            self.put_back(kept);
        }
    }
}
