//! Repairs a market's gaps trade by trade: which aggregate trades to request, and what to take from them.
//!
//! A response is taken row by row. From each row, the trades that had arrived already are subtracted; the rest
//! is added to the bar of its second. The bar is then the one that a feed without the gap would have built, as
//! long as price times size has at most eight decimal places, which the exchange's filters ensure.

use super::gaps::{Gap, Gaps, MissingIds};
use crate::bars::Ids;
use crate::bars::ticks::Ticks;
use crate::bars::{Bars, DecimalSum, Traded};
use crate::binance::agg_trades::{AggTrade, Cursor, LIMIT};
use crate::{Interval, UnixMillis};

/// REST lags the stream: a gap is requested this long after its end, and requested again this long after an
/// incomplete response.
const LAG_MILLIS: i64 = 2_000;
/// After this many responses that do not fit, whole bars are requested instead.
const MISFITS_MOST: u32 = 3;

/// The repair in progress.
#[derive(Debug, Clone, Default)]
pub struct Repair {
    /// Where the next response must start; `None` to start at the gap's time.
    next: Option<u64>,
    /// Last trade id of the rows so far, which are consecutive.
    reached: Option<u64>,
    misfits: u32,
    not_before: UnixMillis,
}

/// Where the trades of a response go.
#[derive(Debug)]
pub struct Place<'a> {
    /// The missing trades.
    pub gaps: &'a mut Gaps,
    /// The trades that have arrived.
    pub ticks: &'a Ticks,
    /// The 1 s bars.
    pub bars: &'a mut Bars,
    /// Earlier seconds take no part: their bars come whole.
    pub begun: UnixMillis,
}

/// The effect of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Missing trades that have been filled in.
    pub trades: u64,
    /// The earliest second that may be complete now.
    pub from: UnixMillis,
}

impl Repair {
    /// Where to request from next at `exchange_now`, if a gap is old enough.
    pub fn due(&self, local: UnixMillis, exchange_now: UnixMillis, gaps: &Gaps) -> Option<Cursor> {
        let gap = gaps.first_by_trades()?;
        if local < self.not_before || exchange_now.since(gap.before) < LAG_MILLIS {
            return None;
        }
        Some(self.next.map_or(Cursor::Time(gap.after), Cursor::AggregateId))
    }

    /// Takes the rows of a response.
    ///
    /// # Errors
    /// What does not fit, in words; rows before it are kept. After several such responses the gap is left to
    /// whole bars.
    pub fn take(
        &mut self,
        local: UnixMillis,
        rows: &[AggTrade],
        place: &mut Place<'_>,
    ) -> Result<Progress, String> {
        let gap = place.gaps.first_by_trades().copied().ok_or("no gap is open")?;
        if rows.is_empty() {
            self.misfit(local, &gap, place.gaps);
            return Err("the response is empty".to_owned());
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

    /// Counts a response that could not be read as one that does not fit.
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
                return Err(format!("the rows begin with trade {}, after {}", row.first, gap.first));
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

/// The missing trades of `row`, combined.
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
            return Err(format!(
                "trade {} as received does not match row {}",
                tick.trade_id, row.aggregate_id
            ));
        }
        left = left
            .without(DecimalSum::of(tick.size))
            .ok_or_else(|| format!("row {} is smaller than its trades already received", row.aggregate_id))?;
        found += 1;
    }
    if u128::from(row.last - row.first) + 1 != u128::from(missing.count) + found {
        return Err(format!("the other trades of row {} are no longer kept", row.aggregate_id));
    }
    Ok(Traded {
        trades: u32::try_from(missing.count).unwrap_or(u32::MAX),
        ..row.part(Ids { first: missing.first, last: missing.last }, left)
    })
}
