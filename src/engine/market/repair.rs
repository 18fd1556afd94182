//! Repair of a market's gaps trade by trade: which aggregate trades to ask for, and what to take from them.
//!
//! An answer is taken row by row: of each row, the trades that had come already are subtracted, and what is
//! left is a part of its second's bar. So the bar is the one that a feed without the gap would have built, as
//! long as price times size has at most eight places, which the exchange's filters see to.

use super::gaps::{Gap, Gaps, MissingIds};
use crate::bars::Ids;
use crate::bars::ticks::Ticks;
use crate::bars::{Bars, DecimalSum, Traded};
use crate::binance::agg_trades::{AggTrade, Cursor, LIMIT};
use crate::{Interval, UnixMillis};

/// REST lags the stream: a gap is asked for this long after its end, and so is what an answer lacked.
const LAG_MILLIS: i64 = 2_000;
/// After so many answers that do not fit, whole bars are asked for instead.
const MISFITS_MOST: u32 = 3;

/// The repair under way.
#[derive(Debug, Clone, Default)]
pub struct Repair {
    /// Where the next answer begins; `None` to begin with the gap's time.
    next: Option<u64>,
    /// Last trade id of the rows so far, which are contiguous.
    reached: Option<u64>,
    misfits: u32,
    not_before: UnixMillis,
}

/// Where the trades of an answer go.
#[derive(Debug)]
pub struct Place<'a> {
    /// What is missing.
    pub gaps: &'a mut Gaps,
    /// The trades that came.
    pub ticks: &'a Ticks,
    /// The bars of 1 s.
    pub bars: &'a mut Bars,
    /// Seconds before take no part: their bars come whole.
    pub begun: UnixMillis,
}

/// What came of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Trades that are here now.
    pub trades: u64,
    /// The earliest second that may be whole now.
    pub from: UnixMillis,
}

impl Repair {
    /// Where to ask next, at `exchange_now`, if a gap is old enough.
    pub fn ask(&self, local: UnixMillis, exchange_now: UnixMillis, gaps: &Gaps) -> Option<Cursor> {
        let gap = gaps.first_by_trades()?;
        if local < self.not_before || exchange_now.since(gap.before) < LAG_MILLIS {
            return None;
        }
        Some(self.next.map_or(Cursor::Time(gap.after), Cursor::AggregateId))
    }

    /// Takes the rows of an answer.
    ///
    /// # Errors
    /// What does not fit, in words; what fitted before it is kept. After several such answers the gap is left
    /// to whole bars.
    pub fn take(
        &mut self,
        local: UnixMillis,
        rows: &[AggTrade],
        place: &mut Place<'_>,
    ) -> Result<Progress, String> {
        let gap = place.gaps.first_by_trades().copied().ok_or("no gap is open")?;
        if rows.is_empty() {
            self.misfit(local, &gap, place.gaps);
            return Err("the answer is empty".to_owned());
        }
        let mut progress = Progress { trades: 0, from: Interval::OneSecond.floor(gap.after) };
        let taken = rows.iter().try_for_each(|row| {
            if self.reached.is_none_or(|reached| reached < gap.last) {
                progress.trades += self.take_row(row, &gap, place)?;
            }
            Ok(())
        });
        match taken {
            Ok(()) if self.reached.is_some_and(|reached| reached >= gap.last) => *self = Self::default(),
            Ok(()) => {
                self.next = rows.last().map(|row| row.aggregate_id.saturating_add(1)).or(self.next);
                if rows.len() < LIMIT {
                    self.not_before = local + LAG_MILLIS;
                }
            }
            Err(misfit) => {
                self.misfit(local, &gap, place.gaps);
                return Err(misfit);
            }
        }
        Ok(progress)
    }

    /// A response that could not be read counts as one that does not fit.
    pub fn misread(&mut self, local: UnixMillis, gaps: &mut Gaps) {
        if let Some(gap) = gaps.first_by_trades().copied() {
            self.misfit(local, &gap, gaps);
        }
    }

    fn misfit(&mut self, local: UnixMillis, gap: &Gap, gaps: &mut Gaps) {
        let misfits = self.misfits + 1;
        *self = Self::default();
        if misfits >= MISFITS_MOST {
            gaps.leave_to_bars(gap.first);
        } else {
            self.misfits = misfits;
            self.not_before = local + (LAG_MILLIS << misfits);
        }
    }

    /// Returns how many trades of `row` were missing.
    fn take_row(&mut self, row: &AggTrade, gap: &Gap, place: &mut Place<'_>) -> Result<u64, String> {
        match self.reached {
            Some(reached) if reached.checked_add(1) != Some(row.first) => {
                return Err(format!("trades {reached} to {} are not among the rows", row.first));
            }
            None if row.first > gap.first => {
                return Err(format!("the rows begin with trade {}, behind {}", row.first, gap.first));
            }
            _ => self.reached = Some(row.last),
        }
        let Some(missing) = place.gaps.missing_in(row.first, row.last) else { return Ok(0) };
        let part = part_of(row, missing, place)?;
        let second = Interval::OneSecond.floor(row.time);
        if second >= place.begun {
            place.bars.add_part(second, &part);
        }
        place.gaps.remove(row.first, row.last, (row.time, row.time));
        Ok(missing.count)
    }
}

/// The missing trades of `row`, all together.
fn part_of(row: &AggTrade, missing: MissingIds, place: &Place<'_>) -> Result<Traded, String> {
    let Place { gaps, ticks, .. } = place;
    let mut left = row.size;
    let mut found = 0;
    let whole = (row.last - row.first).checked_add(1) == Some(missing.count);
    let here = ticks.iter().filter(|tick| {
        !whole && (row.first..=row.last).contains(&tick.trade_id) && {
            gaps.missing_in(tick.trade_id, tick.trade_id).is_none()
        }
    });
    for tick in here {
        if tick.price != row.price || tick.trade_time != row.time {
            return Err(format!("trade {} is not of row {} as it came", tick.trade_id, row.aggregate_id));
        }
        left = left.without(DecimalSum::of(tick.size)).ok_or_else(|| {
            format!("row {} is smaller than those of its trades that came", row.aggregate_id)
        })?;
        found += 1;
    }
    if u128::from(row.last - row.first) + 1 != u128::from(missing.count) + found {
        return Err(format!("the other trades of row {} are no longer here", row.aggregate_id));
    }
    Ok(Traded {
        trades: u32::try_from(missing.count).unwrap_or(u32::MAX),
        ..row.part(Ids { first: missing.first, last: missing.last }, left)
    })
}
