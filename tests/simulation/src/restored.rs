//! What the store returns at the start of a life must be on the page before REST can have responded: data over
//! REST or live would hide that it was not read.

use crate::durability;
use crate::page_state::PageState;
use crate::store::Store;
use spreadscope_engine::archive::store::Request;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::{Settings, UnixMillis};

/// The time for which both legs' bars are stored, its end excluded.
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
        let Some((y, x)) = y?.zip(x?) else { return Ok(None) };
        let (from, to) = (y.start.max(x.start), y.end.min(x.end));
        Ok((from < to).then_some(Self { from, to }))
    }

    /// Returns whether it is on the page.
    ///
    /// # Errors
    /// What is missing, as a sentence.
    pub(crate) fn is_shown(&self, page: &PageState, settings: &Settings) -> Result<(), String> {
        let Self { from, to } = *self;
        let rows = page.rows.keys().next().zip(page.rows.keys().next_back());
        let text = |time: UnixMillis| time.clock_text();
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
}
