//! Bars of the next slower interval for the evidence beside the desk's own: what is there, and what to request.
//! The store comes first, then REST; bars that have closed since then are folded from the desk's.

use crate::analytics::evidence::{EvidenceSample, Group, next_slower, slower_sample};
use crate::archive::store::{self, Query};
use crate::archive::{BarChunk, key};
use crate::bars::Bars;
use crate::base::asker::Asker;
use crate::base::symbol::Leg;
use crate::binance::FetchError;
use crate::binance::klines::{self, LIMIT};
use crate::connection::in_flight::InFlight;
use crate::{Interval, Settings, UnixMillis};

/// Time to the next request after one that failed.
const AGAIN_MILLIS: i64 = 10_000;
/// A request without a response for this long is given up.
const UNANSWERED_MILLIS: i64 = 15_000;
/// Longest wait for the store.
const STORE_MILLIS: i64 = 3_000;

/// The slower bars of both legs, and how far they have got.
#[derive(Debug, Clone, Default)]
pub(super) struct SlowerHistory {
    /// `None` until they are wanted.
    interval: Option<Interval>,
    legs: [Reached; 2],
    store: Stored,
    /// The page under way: whose, and of which end and size.
    pending: InFlight<(Leg, UnixMillis, usize), UNANSWERED_MILLIS>,
    requests: u64,
    not_before: UnixMillis,
    /// Whether all bars are here that exist.
    is_complete: bool,
    /// Why the last attempt failed, as a clause.
    trouble: Option<String>,
}

/// The bars of a leg from the store and REST: all that exist from [`Self::from`] up to [`Self::until`].
#[derive(Debug, Clone, Default)]
struct Reached {
    bars: Option<Bars>,
    from: UnixMillis,
    until: UnixMillis,
    /// Whether there are none before the first.
    exhausted: bool,
}

/// The state of the request to the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stored {
    #[default]
    Unread,
    Loading {
        id: u64,
        since: UnixMillis,
    },
    Read,
}

/// A span in which slower bars are wanted of a leg.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) start: UnixMillis,
    pub(super) end: UnixMillis,
    /// From here on the desk's own bars have them.
    pub(super) folded_from: UnixMillis,
}

impl SlowerHistory {
    /// The sample of slower bars before `end`, with the reason if it is short; see [`slower_sample`].
    pub(super) fn sample(
        &self,
        legs: [&Bars; 2],
        end: UnixMillis,
        settings: &Settings,
    ) -> Option<EvidenceSample> {
        let is_same = self.interval == next_slower(settings.interval);
        let fetched = self.legs.each_ref().map(|leg| leg.bars.as_ref().filter(|_| is_same));
        let sample = slower_sample(legs, fetched, end, settings)?;
        let is_short = sample.y.len() < Group::longest_lookback_bars(settings);
        let short_because = self.reason().filter(|_| is_short);
        Some(EvidenceSample { short_because, ..sample })
    }

    /// Why there are no more bars than there are, as a clause; `None` if nothing can be done about those missing.
    fn reason(&self) -> Option<String> {
        match &self.trouble {
            Some(trouble) => Some(trouble.clone()),
            None if self.is_complete && self.legs.iter().any(|leg| leg.exhausted) => {
                Some("the exchange has no older ones".to_owned())
            }
            None => (!self.is_complete).then(|| "older ones are being loaded".to_owned()),
        }
    }

    /// Turns to the bars of `interval`; those of another one are forgotten.
    pub(super) fn turn_to(&mut self, interval: Interval) {
        if self.interval != Some(interval) {
            *self = Self { interval: Some(interval), requests: self.requests, ..Self::default() };
        }
    }

    /// The next request to the store, once.
    pub(super) fn want_stored(
        &mut self,
        now: UnixMillis,
        settings: &Settings,
        interval: Interval,
    ) -> Option<store::Request> {
        let venue = settings.source.venue()?;
        if self.store != Stored::Unread {
            return None;
        }
        let lookback = Group::longest_lookback_bars(settings);
        let millis = i64::try_from(lookback).unwrap_or(i64::MAX / interval.millis()) * interval.millis();
        // the span begun and the tail come on top
        let newest = usize::try_from(millis / interval.stored_span_millis()).unwrap_or(0) + 2;
        let queries = Leg::BOTH.map(|leg| {
            let symbol = settings.pair.symbol(leg).clone();
            Query { prefix: key::Series { venue: venue.clone(), symbol, interval }.prefix(), newest }
        });
        let id = self.id();
        self.store = Stored::Loading { id, since: now };
        Some(store::Request::Load { id, queries: queries.to_vec() })
    }

    /// Takes the store's answer to request `answered`: of each leg, the last run of bars without a hole.
    pub(super) fn take_stored(&mut self, answered: u64, records: &[store::Record], settings: &Settings) {
        if !matches!(self.store, Stored::Loading { id, .. } if id == answered) {
            return;
        }
        self.store = Stored::Read;
        let (Some(interval), Some(venue)) = (self.interval, settings.source.venue()) else { return };
        for leg in Leg::BOTH {
            let symbol = settings.pair.symbol(leg).clone();
            let prefix = key::Series { venue: venue.clone(), symbol, interval }.prefix();
            let of_leg = records.iter().filter(|record| record.key.starts_with(&prefix));
            let reached = &mut self.legs[leg as usize];
            for chunk in of_leg.filter_map(|record| BarChunk::decode(&record.bytes).ok()) {
                if chunk.interval == interval {
                    reached.restore(&chunk);
                }
            }
        }
    }

    /// The next page to request of a leg, if one is missing.
    pub(super) fn next_page(
        &mut self,
        now: UnixMillis,
        wanted: [Wanted; 2],
    ) -> Option<(Leg, UnixMillis, usize)> {
        let interval = self.interval?;
        let ends = Leg::BOTH.map(|leg| self.legs[leg as usize].page_end(wanted[leg as usize]));
        self.is_complete = ends == [None; 2];
        let waits = match self.store {
            Stored::Loading { since, .. } => now.since(since) < STORE_MILLIS,
            Stored::Unread | Stored::Read => false,
        };
        if waits || self.pending.holds_up(now) || now < self.not_before {
            return None;
        }
        Leg::BOTH.into_iter().find_map(|leg| {
            let (end, start) = (ends[leg as usize]?, wanted[leg as usize].start);
            let bars = usize::try_from(end.since(start) / interval.millis()).unwrap_or(0);
            (bars > 0).then_some((leg, end, bars.min(LIMIT)))
        })
    }

    /// Takes a REST response at local time `now`; returns whether it brought bars.
    pub(super) fn take_response(
        &mut self,
        now: UnixMillis,
        id: u64,
        response: &Result<String, FetchError>,
    ) -> bool {
        let (Some(sent), Some(interval)) = (self.pending.take(id), self.interval) else { return false };
        let (leg, end, bars) = sent.about;
        let body = response.as_ref().map_err(ToString::to_string);
        match body.and_then(|body| klines::parse(body, interval).map_err(|error| error.to_string())) {
            Ok(klines) => {
                self.trouble = None;
                self.legs[leg as usize].take(&klines, end, bars, interval);
                true
            }
            Err(trouble) => {
                self.fail(now, trouble);
                false
            }
        }
    }

    /// Notes at local time `now` that `page` has been requested as `id`.
    pub(super) fn sent(&mut self, now: UnixMillis, id: u64, page: (Leg, UnixMillis, usize)) {
        self.trouble = None;
        self.pending.send(now, id, page);
    }

    /// Notes why nothing can be requested at present, as a clause.
    pub(super) fn hold_up(&mut self, trouble: String) {
        self.trouble = Some(trouble);
    }

    /// As [`Self::hold_up`], and requests nothing for a while.
    pub(super) fn fail(&mut self, now: UnixMillis, trouble: String) {
        self.trouble = Some(trouble);
        self.not_before = now + AGAIN_MILLIS;
    }

    /// The id of the next request.
    pub(super) fn id(&mut self) -> u64 {
        self.requests += 1;
        Asker::Slower.id(self.requests)
    }
}

impl Reached {
    /// End of the next page, which older bars are requested before; `None` if nothing is missing.
    fn page_end(&self, wanted: Wanted) -> Option<UnixMillis> {
        if self.bars.is_none() || self.until < wanted.folded_from.min(wanted.end) {
            return Some(wanted.end);
        }
        (!self.exhausted && self.from > wanted.start).then_some(self.from)
    }

    /// Takes stored bars that follow those taken before; a hole starts a new run.
    fn restore(&mut self, chunk: &BarChunk) {
        let step = chunk.interval.millis();
        let bars = self.bars.get_or_insert_with(|| Bars::new(chunk.interval));
        for (open_time, bar) in (0_i64..).map(|place| chunk.first + place * step).zip(&chunk.bars) {
            if !bar.known() {
                continue;
            }
            if open_time > self.until || self.from == UnixMillis(0) {
                self.from = open_time;
            }
            self.until = self.until.max(open_time + step);
            bars.put(open_time, *bar);
        }
    }

    /// Takes a page of `requested` bars before `end`.
    fn take(&mut self, klines: &[klines::Kline], end: UnixMillis, requested: usize, interval: Interval) {
        let bars = self.bars.get_or_insert_with(|| Bars::new(interval));
        for kline in klines.iter().filter(|kline| kline.open_time < end) {
            bars.put(kline.open_time, kline.bar);
        }
        let first = klines.first().map_or(end, |kline| kline.open_time);
        // an older page, or a newest one that meets the bars before it
        let meets = self.from != UnixMillis(0) && first <= self.until && end >= self.from;
        self.from = if meets { self.from.min(first) } else { first };
        self.until = if meets { self.until.max(end) } else { end };
        self.exhausted = klines.len() < requested || self.exhausted && meets;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::{Bar, Origin};

    const MINUTE: i64 = 60_000;

    fn at(minute: i64) -> UnixMillis {
        UnixMillis(1_700_006_400_000 + minute * MINUTE)
    }

    fn page(minutes: core::ops::Range<i64>) -> Vec<klines::Kline> {
        let bar = Bar { origin: Origin::History, traded: None };
        minutes.map(|minute| klines::Kline { open_time: at(minute), bar }).collect()
    }

    fn wanted(start: i64, end: i64, folded_from: i64) -> Wanted {
        Wanted { start: at(start), end: at(end), folded_from: at(folded_from) }
    }

    #[test]
    fn pages_go_back_until_the_sample_is_full_and_newer_bars_are_folded() {
        let mut leg = Reached::default();
        assert_eq!(leg.page_end(wanted(0, 1_500, 1_450)), Some(at(1_500)));
        leg.take(&page(500..1_500), at(1_500), 1_000, Interval::OneMinute);
        assert_eq!(leg.page_end(wanted(0, 1_500, 1_450)), Some(at(500)));
        leg.take(&page(0..500), at(500), 500, Interval::OneMinute);
        assert_eq!(leg.page_end(wanted(0, 1_500, 1_450)), None);
        assert_eq!(leg.page_end(wanted(30, 1_530, 1_450)), None, "the desk has those since");
        // the desk's own bars begin after those fetched, as after a day of sleep
        assert_eq!(leg.page_end(wanted(1_500, 3_000, 2_900)), Some(at(3_000)));
        leg.take(&page(2_000..3_000), at(3_000), 1_000, Interval::OneMinute);
        assert_eq!(leg.page_end(wanted(1_500, 3_000, 2_900)), Some(at(2_000)), "not across the hole");
    }

    #[test]
    fn a_young_market_is_not_asked_again_for_what_it_has_not() {
        let mut leg = Reached::default();
        leg.take(&page(1_400..1_500), at(1_500), 900, Interval::OneMinute);
        assert_eq!(leg.page_end(wanted(600, 1_500, 1_450)), None);
        let mut none = Reached::default();
        none.take(&[], at(1_500), 900, Interval::OneMinute);
        assert_eq!(none.page_end(wanted(600, 1_500, 1_450)), None);
    }

    #[test]
    fn what_is_stored_is_not_requested() {
        let bar = Bar { origin: Origin::History, traded: None };
        let chunk = |first: i64, bars: usize| BarChunk {
            interval: Interval::OneMinute,
            first: at(first),
            bars: vec![bar; bars],
            late: Vec::new(),
        };
        let mut leg = Reached::default();
        leg.restore(&chunk(0, 100));
        leg.restore(&chunk(600, 850));
        assert_eq!((leg.from, leg.until), (at(600), at(1_450)), "the last run without a hole");
        assert_eq!(leg.page_end(wanted(600, 1_500, 1_450)), None);
        assert_eq!(leg.page_end(wanted(600, 1_500, 1_460)), Some(at(1_500)));
    }
}
