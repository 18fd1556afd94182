//! The result of a run.

use crate::diary::Diary;
use crate::fault::Plan;
use crate::page_state::PageState;
use crate::tape::START_MS;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::base::note::FeedNote;
use spreadscope_engine::market::Counts;
use std::collections::BTreeSet;
use std::fmt;

/// Lines of the feed's log shown in a failure.
const NOTES_SHOWN: usize = 30;

/// The figures of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report {
    /// Rows that the page has at the end.
    pub rows: usize,
    /// Rows of repaired seconds among them.
    pub repaired: usize,
    /// Rows with missing trades.
    pub missing: usize,
    /// Frames delivered.
    pub frames: usize,
    /// Sockets opened.
    pub sockets: usize,
    /// Market time, ms.
    pub millis: i64,
    /// Trades that did not arrive.
    pub lost: u64,
    /// Crashes at which something had to be in the store.
    pub promises: usize,
    /// Lives that began with something in the store.
    pub restored: usize,
    /// Single trades that had to be in the store, summed over all ends of a life.
    pub trades_kept: usize,
    /// Takeovers in the browser with several tabs that belongs to the seed.
    pub takeovers: usize,
}

/// A finished run.
#[derive(Debug)]
pub struct Played {
    /// Its figures.
    pub report: Report,
    /// What the last engine reported to the page.
    pub page: PageState,
    /// What alerted, and the bar's open time, by all engines.
    pub alerts: BTreeSet<(UnixMillis, String)>,
    /// The last engine's counts of its trades.
    pub counts: Counts,
    /// What all engines did, and when.
    pub diary: Diary,
}

/// Why a run is wrong, and the plan that shows it.
#[derive(Debug)]
pub struct Failure {
    /// What was expected, and what was found.
    pub reason: String,
    /// The plan.
    pub plan: Plan,
    /// The last engine's log of its feed.
    pub notes: Vec<FeedNote>,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "seed {}: {}", self.plan.seed, self.reason)?;
        let Plan { clock_offset_millis, without_rest, minutes, place, end_ms, .. } = self.plan;
        let secs = (end_ms - START_MS) / 1_000;
        writeln!(
            formatter,
            "  {secs} s, clock {clock_offset_millis} ms off, without REST: {without_rest}, minutes: {minutes}, {place:?}"
        )?;
        for (from, to) in &self.plan.halts {
            writeln!(formatter, "  {:>8} to {:>8} ms: nothing trades", from - START_MS, to - START_MS)?;
        }
        for timed in &self.plan.faults {
            let (from, to) = (timed.from - START_MS, timed.to - START_MS);
            writeln!(formatter, "  {from:>8} to {to:>8} ms: {:?}", timed.fault)?;
        }
        for note in self.notes.iter().rev().take(NOTES_SHOWN).rev() {
            writeln!(formatter, "  {:>8} {:?}: {}", note.time.0 - START_MS, note.kind, note.words)?;
        }
        Ok(())
    }
}
