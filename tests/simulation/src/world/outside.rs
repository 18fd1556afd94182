//! The world outside the tab: the exchange's streams, REST, and the browser's store.

use super::{Event, SLICE_MILLIS, World};
use crate::diary::SentRequest;
use crate::driver::Fetch;
use crate::fault::{Fault, Place};
use crate::network::Line;
use crate::rest;
use crate::restored::Restored;
use crate::tape::START_MS;
use spreadscope_engine::archive::{StoreError, store};

/// Most sockets that the exchange permits in five minutes.
const SOCKETS_MOST: usize = 300;
/// Most request weight that the engine permits itself per minute.
const WEIGHT_MOST: u32 = 1_200;

/// Most requests during a hidden ban, in any ten minutes of it: two at once, two more after one, three and
/// seven minutes, one for a socket that comes back, and the same again for a reopened tab.
const HIDDEN_MOST: usize = 24;

impl World {
    /// Sends the frames of all lines up to `to`.
    pub(super) fn send(&mut self, to: i64) {
        let mut arrivals = Vec::new();
        for (generation, line) in &mut self.lines {
            for (at, text) in line.frames(&self.tape, &self.plan, &mut self.random, to) {
                arrivals.push((at, *generation, text));
            }
        }
        let life = self.life;
        for (at, generation, text) in arrivals {
            self.schedule(at, Event::Frame { life, generation, text });
        }
    }

    pub(super) fn open(&mut self, generation: u64, url: &str) -> Result<(), String> {
        self.report.sockets += 1;
        self.diary.opened(self.now, generation, url);
        let recent = self.diary.sockets_since(self.now - 300_000);
        if recent > SOCKETS_MOST {
            return Err(format!("{recent} sockets in five minutes"));
        }
        if self.plan.place == Place::BinanceUs && (url.contains("kline_1s") || url.contains("avgPrice")) {
            return Err(format!("Binance.US documents no such stream: {url}"));
        }
        let life = self.life;
        if self.plan.has(self.now, Fault::Outage) {
            // half of the attempts are refused, the others hang
            if self.random.chance(50) {
                let fails = self.now + self.random.range(20, 3_000);
                self.schedule(fails, Event::Closed { life, generation });
            }
            return Ok(());
        }
        let opens = self.now + self.random.range(40, 250);
        self.schedule(opens, Event::Opened { life, generation });
        if self.driver.sockets.contains_key(&generation) {
            let mut line = Line::new(url, opens);
            let slice_end = START_MS + ((self.now - START_MS) / SLICE_MILLIS + 1) * SLICE_MILLIS;
            let frames = line.frames(&self.tape, &self.plan, &mut self.random, slice_end);
            self.lines.insert(generation, line);
            for (at, text) in frames {
                self.schedule(at, Event::Frame { life, generation, text });
            }
        }
        Ok(())
    }

    pub(super) fn fetch(&mut self, fetch: &Fetch) -> Result<(), String> {
        let minute = self.weights.entry((self.life, self.now / 60_000)).or_default();
        *minute += fetch.weight;
        let (url, weight) = (fetch.url.clone(), fetch.weight);
        self.diary.requests.push(SentRequest { at: self.now, url, weight });
        if self.plan.place == Place::BinanceUs && fetch.url.contains("interval=1s") {
            return Err(format!("Binance.US serves no bars of a second: {}", fetch.url));
        }
        let hidden = self.diary.requests_in_vain(&self.plan, self.now);
        if hidden > HIDDEN_MOST {
            return Err(format!("{hidden} requests in ten minutes of a ban that the browser hides"));
        }
        // the engine's minute may be off by the delay of its newest frame
        if *minute > 2 * WEIGHT_MOST {
            return Err(format!("a weight of {minute} in a minute"));
        }
        let (at, response) = rest::respond(&self.tape, &self.plan, &mut self.random, &fetch.url, self.now);
        let (life, id) = (self.life, fetch.id);
        self.schedule(at, Event::Response { life, id, response });
        Ok(())
    }

    pub(super) fn store(&mut self, request: store::Request) -> Result<(), String> {
        let slow = self.plan.has(self.now, Fault::StoreSlow);
        let at = self.now + if slow { self.random.range(100, 4_000) } else { self.random.range(2, 40) };
        if self.plan.has(self.now, Fault::StoreFails) {
            self.store.failures = vec![StoreError::QuotaExceeded];
        } else {
            self.store.failures.clear();
        }
        let restored = Restored::of(&request, &self.store, &self.settings)?;
        if let Some(answer) = self.store.answer(request) {
            let life = self.life;
            self.schedule(at, Event::Stored { life, answer });
            if let Some(restored) = restored {
                self.schedule(at + 1, Event::Restored { life, restored });
            }
        }
        Ok(())
    }
}
