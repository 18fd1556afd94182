//! What the page had received long enough ago must be in the store when the tab dies.
//!
//! It is read there with the product's own decoders, at the moment of the crash: what the next life fetches
//! over REST or live would hide losses.

use crate::fault::{Fault, Plan, Timed};
use crate::page_state::PageState;
use crate::store::Store;
use spreadscope_engine::archive::BarChunk;
use spreadscope_engine::archive::key::Series;
use spreadscope_engine::bars::Origin;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::{Settings, UnixMillis};
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

/// Most that a crash may lose of what the page had received.
pub(crate) const CRASH_LOSES_MILLIS: i64 = 10_000;
/// Delay before the engine offers the store a failed write again.
pub(crate) const OFFERED_AGAIN_MILLIS: i64 = 10_000;

/// Most bars of a market that are compared between two moments.
const COMPARED_MOST: usize = 60;

/// End times of the newest known bars of y and x.
type Known = [BTreeSet<UnixMillis>; 2];

/// What one life of the tab has reported in its last seconds.
#[derive(Debug, Default)]
pub(crate) struct Durability {
    reported: VecDeque<(i64, Known)>,
}

impl Durability {
    /// Records what has been reported by `now`.
    pub(crate) fn tick(&mut self, now: i64, page: &PageState, settings: &Settings) {
        self.reported.push_back((now, known_bars(page, settings)));
        // the newest one that is old enough stays in front
        while self.reported.get(1).is_some_and(|(at, _)| now - at >= CRASH_LOSES_MILLIS) {
            self.reported.pop_front();
        }
    }

    /// Returns whether a crash at `now` finds in `store` what it must; `Ok(false)` if nothing was promised.
    ///
    /// # Errors
    /// What is lost, as a sentence.
    pub(crate) fn crash(
        &mut self,
        now: i64,
        page: &PageState,
        store: &Store,
        settings: &Settings,
        plan: &Plan,
    ) -> Result<bool, String> {
        self.tick(now, page, settings);
        let old = self.reported.pop_front().filter(|(at, _)| now - at >= CRASH_LOSES_MILLIS);
        self.reported.clear();
        let Some((_, told)) = old else { return Ok(false) };
        let known = known_bars(page, settings);
        let mut held = false;
        for leg in Leg::BOTH {
            let place = leg as usize;
            // what turned out wrong after it was told is no longer promised, however much came after it
            let Some(&promised) = told[place].intersection(&known[place]).max() else { continue };
            if plan.faults.iter().any(|timed| excuses(timed, now, promised)) {
                continue;
            }
            held = true;
            let stored = stored_span(store, settings, leg)?.map(|span| span.end);
            if stored.is_none_or(|stored| stored < promised) {
                let of = stored.map_or_else(|| "nothing".to_owned(), UnixMillis::clock_text);
                let (symbol, told) = (settings.pair.symbol(leg), promised.clock_text());
                return Err(format!(
                    "a crash at {} lost more than 10 s: of {symbol} the page knew up to {told}, the store up to {of}",
                    UnixMillis(now).clock_text()
                ));
            }
        }
        Ok(held)
    }
}

/// Returns whether a fault prevents bars up to `promised` from being in the store at a crash at `now`.
fn excuses(timed: &Timed, now: i64, promised: UnixMillis) -> bool {
    let Timed { from, to, fault } = *timed;
    let overlaps = |since: i64| from < now && to > since;
    match fault {
        // no write was possible, and the next attempt need not have happened
        Fault::StoreFails => overlaps(now - CRASH_LOSES_MILLIS - OFFERED_AGAIN_MILLIS),
        // what was stored is gone: no bar has arrived since, or those that have are not written yet
        Fault::StoreLost => from < now && promised.0 <= from || overlaps(now - CRASH_LOSES_MILLIS),
        // the tab was not awake to write
        Fault::Freeze { .. } => overlaps(now - CRASH_LOSES_MILLIS),
        _ => false,
    }
}

fn known_bars(page: &PageState, settings: &Settings) -> Known {
    let step = settings.interval.millis();
    Leg::BOTH.map(|leg| {
        let rows = page.rows.values().rev().take(COMPARED_MOST);
        let known = rows.filter(|row| {
            let of_leg = if leg == Leg::Y { &row.y } else { &row.x };
            of_leg.origin != Origin::Missing
        });
        known.map(|row| row.open_time + step).collect()
    })
}

/// Returns the span of the bars of `leg` that are stored and known.
///
/// # Errors
/// The record that cannot be read.
pub(crate) fn stored_span(
    store: &Store,
    settings: &Settings,
    leg: Leg,
) -> Result<Option<Range<UnixMillis>>, String> {
    let Some(venue) = settings.source.venue() else { return Ok(None) };
    let interval = settings.interval;
    let prefix = Series { venue, symbol: settings.pair.symbol(leg).clone(), interval }.prefix();
    let mut span: Option<Range<UnixMillis>> = None;
    for (key, bytes) in store.records.iter().filter(|(key, _)| key.starts_with(&prefix)) {
        let chunk = BarChunk::decode(bytes).map_err(|error| format!("the record {key}: {error}"))?;
        let mut open_time = chunk.first;
        for bar in &chunk.bars {
            let end = open_time + interval.millis();
            if bar.origin != Origin::Missing {
                let span = span.get_or_insert(open_time..end);
                *span = span.start.min(open_time)..span.end.max(end);
            }
            open_time = end;
        }
    }
    Ok(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::START_MS;
    use crate::world::play;
    use spreadscope_engine::analytics::Row;
    use spreadscope_engine::bars::Bar;

    const SECS: i64 = 60;
    const NOW: i64 = START_MS + SECS * 1_000;

    /// Returns a store with both legs' bars up to `end`, as far as they are known.
    fn store(settings: &Settings, end: UnixMillis, origin: Origin) -> Store {
        let mut store = Store::default();
        for leg in Leg::BOTH {
            let symbol = settings.pair.symbol(leg).clone();
            let series =
                Series { venue: settings.source.venue().unwrap(), symbol, interval: settings.interval };
            let first = end - 3 * settings.interval.millis();
            let known = Bar { origin: Origin::Live, traded: None };
            let bars = vec![known, known, Bar { origin, traded: None }];
            let chunk = BarChunk { interval: settings.interval, first, bars, late: Vec::new() };
            store.records.insert(series.tail(), chunk.encode());
        }
        store
    }

    #[test]
    fn a_store_that_lacks_what_was_told_is_found_out_unless_a_fault_made_it_so() {
        let plan = Plan::quiet(3, SECS);
        let page = play(plan.clone()).unwrap().page;
        let settings = Settings::default();
        let [end, x_end] = known_bars(&page, &settings).map(|known| *known.last().unwrap());
        assert_eq!(end, x_end);
        // reported at `now` minus `age`, with a crash at `now`
        let crash = |age: i64, now: i64, store: &Store, plan: &Plan| {
            let mut kept = Durability::default();
            kept.tick(now - age, &page, &settings);
            kept.crash(now, &page, store, &settings, plan)
        };
        let old = CRASH_LOSES_MILLIS;
        assert_eq!(crash(old, NOW, &store(&settings, end, Origin::Live), &plan), Ok(true));
        for lacking in [
            Store::default(),
            store(&settings, end - 1_000, Origin::Live),
            store(&settings, end, Origin::Missing),
        ] {
            assert!(crash(old, NOW, &lacking, &plan).is_err());
            assert_eq!(crash(old - 1, NOW, &lacking, &plan), Ok(false), "it was reported too late");
            for fault in [Fault::StoreFails, Fault::StoreLost, Fault::Freeze { sockets_live: true }] {
                let with = |second: i64| plan.clone().with(fault, second, second + 1);
                assert_eq!(crash(old, NOW, &lacking, &with(SECS - 5)), Ok(false));
                assert!(crash(old, NOW, &lacking, &with(20)).is_err());
            }
            // everything was lost after the newest known bar, and none has arrived since
            let lost = plan.clone().with(Fault::StoreLost, SECS, SECS + 1);
            assert_eq!(crash(old, NOW + 60_000, &lacking, &lost), Ok(false));
        }
    }

    #[test]
    fn a_bar_that_turned_out_wrong_is_not_asked_of_the_store_and_the_one_before_it_is() {
        let plan = Plan::quiet(3, SECS);
        let told = play(plan.clone()).unwrap().page;
        let settings = Settings::default();
        let end = *known_bars(&told, &settings)[0].last().unwrap();
        // the newest bar that was told lacks trades after all, and a later one is known
        let mut later = play(plan.clone()).unwrap().page;
        let (&open_time, newest) = later.rows.last_key_value().unwrap();
        let next = Row { open_time: end, ..newest.clone() };
        let wrong = later.rows.get_mut(&open_time).unwrap();
        (wrong.y.origin, wrong.x.origin) = (Origin::Missing, Origin::Missing);
        later.rows.insert(end, next);
        let crash = |stored: UnixMillis| {
            let mut kept = Durability::default();
            kept.tick(NOW - CRASH_LOSES_MILLIS, &told, &settings);
            kept.crash(NOW, &later, &store(&settings, stored, Origin::Live), &settings, &plan)
        };
        assert_eq!(crash(end - 1_000), Ok(true));
        assert!(crash(end - 2_000).is_err());
    }
}
