//! Responses of REST and answers of the store.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::archive::{Found, FoundBars, FoundTicks, store};
use crate::base::asker::Asker;
use crate::base::symbol::Leg;
use crate::binance::{FetchError, is_json};
use crate::connection::Moment;
use crate::messages::event::{Event, Fact};
use crate::messages::input::Output;
use crate::scan::scanner;

impl Engine {
    pub(super) fn fetched(&mut self, now: UnixMillis, id: u64, response: Result<String, FetchError>) {
        match Asker::of(id) {
            None => return,
            Some(Asker::Desk) => return self.filled(now, id, response),
            Some(Asker::Listing) => return self.listed(now, response),
            Some(Asker::Quotes) => {
                let clock = self.running.as_ref().map(|running| &running.markets.clock);
                let exchange_now = clock.and_then(|clock| clock.now(now)).unwrap_or(now);
                self.quotes.take_response(now, exchange_now, id, &response);
            }
            Some(Asker::Slower) => self.slower_fetched(now, id, &response),
            Some(Asker::Watchlist) => self.watchlist.take_response(id, &response),
            Some(Asker::Scan) => {
                if let Some(scanning) = &mut self.scanner.scanning {
                    scanning.fetched(id, &response);
                }
            }
        }
        // these requests go to the selected venue
        let Some(Running { markets, schedule, .. }) = &mut self.running else { return };
        match &response {
            Ok(body) if is_json(body) => schedule.reached(),
            // the network's own page, as of a hotel
            Ok(_) => schedule.unread(),
            Err(error) => schedule.heed(Moment { local: now, exchange: markets.clock.newest() }, error),
        }
    }

    fn filled(&mut self, now: UnixMillis, id: u64, response: Result<String, FetchError>) {
        let Some(Running { markets, schedule, .. }) = &mut self.running else { return };
        let moment = Moment { local: now, exchange: markets.clock.newest() };
        let Some(leg) = schedule.leg_of(id) else { return };
        if let Some(filled) = schedule.take_response(moment, leg, &mut markets.legs[leg as usize], response) {
            markets.filled(filled);
        }
    }

    pub(super) fn stored(&mut self, now: UnixMillis, response: store::Answer) {
        if scanner::is_of_scan(&response) {
            if let Some(scanning) = &mut self.scanner.scanning {
                scanning.stored(response);
            }
            return;
        }
        let Some(response) = self.slower_stored(response) else { return };
        let Some(Running { markets, restored, reach, .. }) = &mut self.running else { return };
        let Found { bars, ticks, alerts, choices, imports, older } =
            self.archive.answer(now, markets.clock.newest(), response);
        let firsts = markets.firsts();
        *restored |= !bars.is_empty();
        for FoundBars { leg, interval, chunks } in bars {
            let runs = chunks.iter().map(|chunk| (chunk.first, &chunk.bars[..], &chunk.late[..]));
            markets.restore(now, leg, interval, runs);
        }
        for FoundTicks { leg, trades } in ticks {
            markets.legs[leg as usize].ticks.restore(&trades);
        }
        let reached = markets.firsts();
        if older && !reach.take_store_answer() {
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
