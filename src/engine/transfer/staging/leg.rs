//! One market of a file: its rows in order, and of what time nothing is missed.

use super::Staged;
use crate::Symbol;
use crate::bars::Traded;
use crate::transfer::plan::{Kind, Plan, length_words};
use crate::transfer::recorded::Recorded;
use crate::transfer::timestamp;
use crate::transfer::timestamp::UnixMicros;

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
    last_id: Option<u64>,
    missing_ids: u64,
    /// From here on no trade was missed.
    whole_from: i64,
    tie: (UnixMicros, u64),
}

impl Leg {
    pub(super) fn new(symbol: Symbol, step_millis: i64) -> Self {
        Self {
            symbol,
            step_millis,
            recorded: Recorded::new(step_millis),
            span: None,
            last_millis: 0,
            last_id: None,
            missing_ids: 0,
            whole_from: i64::MIN,
            tie: (0, 0),
        }
    }

    pub(super) fn bar(&mut self, open_time: i64, traded: Option<&Traded>) -> Result<(), String> {
        // the recording's own bars may have become longer since
        let step = self.step_millis;
        if open_time.rem_euclid(step) != 0 {
            let length = length_words(step);
            return Err(format!("time {} is not on a boundary of {length}", iso(open_time)));
        }
        if self.recorded.known().contains(open_time, open_time + step) {
            return Err(format!("time {} has come before", iso(open_time)));
        }
        self.recorded.know(open_time, open_time + step)?;
        if let Some(traded) = traded {
            self.recorded.add(open_time, traded);
        }
        Ok(())
    }

    pub(super) fn trade(
        &mut self,
        time: UnixMicros,
        mut traded: Traded,
        ids: Option<(u64, u64)>,
    ) -> Result<(), String> {
        let millis = time.div_euclid(1_000);
        let (first, last) = if let Some((first, last)) = ids {
            self.follow(millis, first, last)?;
            (first, last)
        } else {
            let tie = if self.tie.0 == time { (self.tie.1 + 1).min(TIES - 1) } else { 0 };
            self.tie = (time, tie);
            let order = time.unsigned_abs() * TIES + tie;
            (order, order)
        };
        (traded.first_trade_id, traded.last_trade_id) = (Some(first), Some(last));
        self.recorded.add(millis, &traded);
        Ok(())
    }

    /// Checks ids against the last one; a hole between them ends what is known, until the second after it.
    fn follow(&mut self, millis: i64, first: u64, last: u64) -> Result<(), String> {
        if let Some(before) = self.last_id {
            if first <= before {
                return Err(format!("trade id {first} does not follow {before}, the highest before it"));
            }
            if first > before + 1 {
                self.missing_ids = self.missing_ids.saturating_add(first - before - 1);
                let from = self.first_whole_second();
                self.recorded.know(from, second(self.last_millis))?;
                self.whole_from = second(millis) + 1_000;
            }
        }
        self.last_id = Some(last);
        Ok(())
    }

    /// The first second since the last hole of which no trade was missed.
    fn first_whole_second(&self) -> i64 {
        // the file may begin in the middle of a second
        self.span.map_or(0, |(first, _)| second(first) + 1_000).max(self.whole_from)
    }

    pub(super) fn finish(mut self, plan: &Plan) -> Result<Staged, String> {
        let (first, last) = self.span.expect("Invariant: a market without rows is left out");
        match plan.kind {
            Kind::Bars if plan.absent_is_empty => {
                if let Some((from, to)) = self.recorded.known().hull() {
                    self.recorded.know(from, to)?;
                }
            }
            Kind::Bars => {}
            Kind::Trades => {
                let inside = plan.covers.filter(|(from, to)| from.0 <= first && last < to.0);
                let from = self.first_whole_second();
                let to = second(last);
                match inside {
                    Some((begin, end)) => self.cover(begin.0, end.0, first)?,
                    None => self.recorded.know(from, to)?,
                }
                self.recorded.drop_partial();
                if self.last_id.is_none() {
                    self.recorded.forget_ids();
                }
            }
        }
        let Self { symbol, recorded, missing_ids, step_millis, .. } = self;
        let lengthened_from = (recorded.step_millis() != step_millis).then_some(step_millis);
        Ok(Staged { symbol, recorded, missing_ids, lengthened_from })
    }

    /// The file holds all trades from `begin` to `end`: its first and last seconds are whole.
    fn cover(&mut self, begin: i64, end: i64, first: i64) -> Result<(), String> {
        if self.missing_ids == 0 {
            return self.recorded.know(begin, end);
        }
        self.recorded.know(self.whole_from, end)?;
        // the second that it begins with is whole unless the first hole is in it
        if self.recorded.known().contains(second(first) + 1_000, second(first) + 2_000) {
            self.recorded.know(begin, second(first) + 1_000)?;
        }
        Ok(())
    }
}

fn second(millis: i64) -> i64 {
    millis.div_euclid(1_000) * 1_000
}

/// A time as a message shows it.
pub(super) fn iso(millis: i64) -> String {
    timestamp::format(millis)
}
