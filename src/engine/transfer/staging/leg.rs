//! One market of a file: its rows in order, and of what time nothing is missed.

use super::Staged;
use super::ends::Ends;
use super::runs::Runs;
use crate::bars::{HalfSpreads, Traded};
use crate::transfer::plan::{Kind, Plan, length_words};
use crate::transfer::recorded::{ALIKE, Recorded};
use crate::transfer::timestamp;
use crate::transfer::timestamp::UnixMicros;
use crate::{Symbol, UnixMillis};
use std::collections::BTreeMap;

/// Trades without ids are put in order by their time, and those of one microsecond by their place in the file.
const TIES: u64 = 1_024;

/// One market of the file.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) symbol: Symbol,
    /// Length of the file's bars, milliseconds.
    step_millis: i64,
    pub(super) recorded: Recorded,
    /// First and last time in the file, milliseconds.
    pub(super) span: Option<(i64, i64)>,
    pub(super) last_millis: i64,
    /// Bars that came once more with another market's price.
    of_others: u64,
    runs: Runs,
    ends: Ends,
    tie: (UnixMicros, u64),
    /// The ends of bars of trades without ids where the file is newest first, and how many of these there are.
    newest_first: Ends,
    without_ids: u64,
    /// Half-spread of the last book in each bar.
    books: BTreeMap<i64, f64>,
    /// Trades without ids that are later than the one before, and earlier.
    later: u64,
    earlier: u64,
}

impl Leg {
    pub(super) fn new(symbol: Symbol, step_millis: i64) -> Self {
        Self {
            symbol,
            step_millis,
            recorded: Recorded::new(step_millis),
            span: None,
            last_millis: 0,
            of_others: 0,
            runs: Runs::default(),
            ends: Ends::default(),
            tie: (0, 0),
            newest_first: Ends::default(),
            without_ids: 0,
            books: BTreeMap::new(),
            later: 0,
            earlier: 0,
        }
    }

    /// Takes a bar; of two with one time the later stands, unless it says less. Returns whether it has come before.
    pub(super) fn bar(&mut self, open_time: i64, traded: Option<&Traded>) -> Result<bool, String> {
        // the recording's own bars may have become longer since
        let step = self.step_millis;
        if open_time.rem_euclid(step) != 0 {
            let length = length_words(step);
            return Err(format!("time {} is not on a boundary of {length}", iso(open_time)));
        }
        if self.recorded.known().contains(open_time, open_time + step) {
            if self.recorded.step_millis() != step {
                return Err(format!("time {} has come before", iso(open_time)));
            }
            if let Some(traded) = traded {
                self.of_others += u64::from(self.recorded.replace(open_time, traded));
            }
            return Ok(true);
        }
        self.recorded.know(open_time, open_time + step)?;
        if let Some(traded) = traded {
            self.recorded.add(open_time, traded);
        }
        Ok(false)
    }

    pub(super) fn trade(
        &mut self,
        time: UnixMicros,
        mut traded: Traded,
        ids: Option<(u64, u64)>,
    ) -> Result<(), String> {
        let millis = time.div_euclid(1_000);
        let (first, last) = if let Some((first, last)) = ids {
            self.runs.add(millis, first, last)?;
            self.ends.add(self.recorded.floor(millis), time, (first, last), &traded);
            (first, last)
        } else {
            if self.without_ids > 0 {
                self.later += u64::from(time > self.tie.0);
                self.earlier += u64::from(time < self.tie.0);
            }
            // the one that comes later in the file was made earlier
            self.without_ids += 1;
            let place = u64::MAX - self.without_ids;
            self.newest_first.add(self.recorded.floor(millis), time, (place, place), &traded);
            let tie = if self.tie.0 == time { (self.tie.1 + 1).min(TIES - 1) } else { 0 };
            self.tie = (time, tie);
            let order = time.unsigned_abs() * TIES + tie;
            (order, order)
        };
        (traded.first_trade_id, traded.last_trade_id) = (Some(first), Some(last));
        self.recorded.add(millis, &traded);
        Ok(())
    }

    /// Takes the half-spread of a book in bps; the last one of a bar wins.
    pub(super) fn book(&mut self, millis: i64, half_spread_bps: f64) {
        self.books.insert(self.recorded.floor(millis), half_spread_bps);
    }

    /// Number of bars or of books in memory, whichever is larger.
    pub(super) fn room(&self) -> usize {
        self.recorded.len().max(self.books.len())
    }

    /// Makes its bars longer, to save room. Returns whether there are longer ones.
    pub(super) fn coarsen(&mut self) -> bool {
        let is_longer = self.recorded.coarsen();
        if is_longer {
            self.ends.coarsen(|open_time| self.recorded.floor(open_time));
            self.newest_first.coarsen(|open_time| self.recorded.floor(open_time));
            let books = core::mem::take(&mut self.books).into_iter();
            self.books = books.map(|(open_time, bps)| (self.recorded.floor(open_time), bps)).collect();
        }
        is_longer
    }

    pub(super) fn finish(mut self, plan: &Plan) -> Result<Staged, String> {
        // a bar that is told of while it grows comes often too, but never from so far away
        if self.of_others > 3 && self.of_others * 5 > self.recorded.len() as u64 {
            return Err(format!(
                "{} rows of {} have the time of another row and a price more than {} % away: they are of several markets, \
                 and no column tells which. Say which column is the symbol, or take the file apart",
                self.of_others,
                self.symbol,
                100.0 * ALIKE
            ));
        }
        let mut sparse_ids = false;
        let (first, last) = self.span.expect("Invariant: a market without rows is left out");
        match plan.kind {
            Kind::Bars if plan.absent_is_empty => {
                if let Some((from, to)) = self.recorded.known().hull() {
                    self.recorded.know(from, to)?;
                }
            }
            Kind::Bars => {}
            Kind::Trades => {
                let covers = plan.covers.filter(|(from, to)| from.0 <= first && last < to.0);
                let covers = covers.map(|(from, to)| (from.0, to.0));
                if self.runs.is_empty() && self.earlier > self.later {
                    let ends = |open_time| self.newest_first.of(open_time);
                    self.recorded.order(|open_time| ends(open_time).map(|pair| (pair.open(), pair.close())));
                } else if !self.runs.are_in_order() {
                    self.recorded
                        .order(|open_time| self.ends.of(open_time).map(|pair| (pair.open(), pair.close())));
                }
                sparse_ids = self.runs.leave_sparse();
                if self.runs.is_empty() {
                    self.runs.put((first, last));
                    self.recorded.forget_ids();
                }
                for (from, to) in self.runs.whole_seconds(covers) {
                    self.recorded.know(from, to)?;
                }
                self.recorded.drop_partial();
            }
        }
        let Self { symbol, recorded, runs, step_millis, books, .. } = self;
        let books = books.into_iter().map(|(open_time, bps)| (UnixMillis(open_time), bps)).collect();
        let recorded = recorded.with_half_spreads(HalfSpreads::new(books));
        let lengthened_from = (recorded.step_millis() != step_millis).then_some(step_millis);
        Ok(Staged { symbol, recorded, missing_ids: runs.missing_ids(), sparse_ids, lengthened_from })
    }
}

/// A time as a message shows it.
pub(super) fn iso(millis: i64) -> String {
    timestamp::format(millis)
}
