//! The newest of what is stored at the start of a life must be on the page before REST can have responded: data
//! over REST or live would hide that it was not read.
//!
//! A run of days stores more than a start shows: the rest comes when the user pans back, and nobody pans here.

use crate::durability;
use crate::page_state::PageState;
use crate::store::Store;
use spreadscope_engine::archive::store::Request;
use spreadscope_engine::base::calendar;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::{Interval, Settings, UnixMillis};
use std::ops::Range;

/// The time for which both legs' stored bars are to be shown, its end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Restored {
    from: UnixMillis,
    to: UnixMillis,
}

impl Restored {
    /// Returns what `request` will find, if it is for the bars of the desk.
    ///
    /// # Errors
    /// The record that cannot be read.
    pub(crate) fn of(request: &Request, store: &Store, settings: &Settings) -> Result<Option<Self>, String> {
        let Request::Load { queries, .. } = request else { return Ok(None) };
        if !queries.iter().any(|query| query.prefix.starts_with("bars/")) {
            return Ok(None);
        }
        let [y, x] = Leg::BOTH.map(|leg| durability::stored_span(store, settings, leg));
        Ok(y?.zip(x?).and_then(|legs| Self::newest(legs.into(), settings.interval)))
    }

    /// Returns what a start shows of the stored bars of y and of x.
    fn newest([y, x]: [Range<UnixMillis>; 2], interval: Interval) -> Option<Self> {
        let in_progress = interval.stored_span(y.end.max(x.end) - 1);
        let shown = in_progress - (spans_shown(interval) - 1) * interval.stored_span_millis();
        let (from, to) = (y.start.max(x.start).max(shown), y.end.min(x.end));
        (from < to).then_some(Self { from, to })
    }

    /// Returns whether it is on the page.
    ///
    /// # Errors
    /// What is missing, as a sentence.
    pub(crate) fn is_shown(&self, page: &PageState, settings: &Settings) -> Result<(), String> {
        let Self { from, to } = *self;
        let rows = page.rows.keys().next().zip(page.rows.keys().next_back());
        let text = |time: UnixMillis| calendar::iso(time.0);
        match rows {
            Some((first, last)) if *first <= from && *last + settings.interval.millis() >= to => Ok(()),
            Some((first, last)) => Err(format!(
                "the store had {} to {}, and the page begins with {} to {}",
                text(from),
                text(to),
                text(*first),
                text(*last)
            )),
            None => Err(format!("the store had {} to {}, and the page begins empty", text(from), text(to))),
        }
    }
}

/// Hours of 1 s bars, or days of 1 m bars and similar spans of longer ones, that a start shows at least, the one
/// in progress included. The README promises them.
const fn spans_shown(interval: Interval) -> i64 {
    match interval {
        Interval::OneSecond => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Plan;
    use crate::world::play;

    #[test]
    fn a_page_that_lacks_what_was_stored_is_found_out() {
        let (page, settings) = (play(Plan::quiet(3, 60)).unwrap().page, Settings::default());
        let (first, last) = (*page.rows.keys().next().unwrap(), *page.rows.keys().next_back().unwrap());
        let is_shown = |from, to| Restored { from, to }.is_shown(&page, &settings);
        assert_eq!(is_shown(first, last + 1_000), Ok(()));
        assert!(is_shown(first - 1_000, last).is_err() && is_shown(first, last + 1_001).is_err());
        assert!(Restored { from: first, to: last }.is_shown(&PageState::default(), &settings).is_err());
    }

    #[test]
    fn the_day_before_and_the_one_in_progress_are_shown_and_earlier_days_are_not() {
        const MINUTE: i64 = 60_000;
        let midnight = UnixMillis(20_459 * 1_440 * MINUTE);
        let stored = |days: i64, minutes: i64| midnight - days * 1_440 * MINUTE..midnight + minutes * MINUTE;
        let newest = |y, x| Restored::newest([y, x], Interval::OneMinute);
        let both = |from, to| Some(Restored { from, to });
        let day_before = midnight - 1_440 * MINUTE;
        assert_eq!(newest(stored(3, 59), stored(3, 59)), both(day_before, midnight + 59 * MINUTE));
        assert_eq!(newest(stored(3, 0), stored(3, 0)), both(day_before - 1_440 * MINUTE, midnight));
        // the bars of a leg that stopped before midnight are on the page as far back as the other's
        assert_eq!(newest(stored(3, 59), stored(3, -5)), both(day_before, midnight - 5 * MINUTE));
        assert_eq!(newest(stored(0, 59), stored(3, 58)), both(midnight, midnight + 58 * MINUTE));
        assert_eq!(newest(stored(0, 59), stored(3, 0)), None, "nothing of both");
        let seconds = Restored::newest([stored(1, 59), stored(1, 59)], Interval::OneSecond);
        assert_eq!(seconds, both(midnight - 180 * MINUTE, midnight + 59 * MINUTE));
    }
}
