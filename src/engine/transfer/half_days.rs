//! Clocks of twelve hours whose halves of the day are left out: hours from 1 to 12, each twice a day.

use super::plan::{Kind, Plan};
use super::times::{DAY_MILLIS as DAY, HOUR_MILLIS as HOUR};
use super::zone::Zone;

/// Rows by which a file is judged.
const FEWEST: u64 = 20;

/// The hours of the rows so far.
#[derive(Debug, Default)]
pub(super) struct HalfDays {
    rows: u64,
    hours: u32,
    /// Rows behind 12 whose hour is less than the one before, on the same day.
    returns: u64,
    before: Option<i64>,
}

impl HalfDays {
    /// None yet; `None` for days, and where the zone is another than UTC.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let is_within_day =
            plan.kind == Kind::Trades || plan.step_millis.is_some_and(|step| step <= 6 * HOUR);
        (is_within_day && plan.times.zone == Zone::Utc).then(Self::default)
    }

    /// Takes the time of the next row, milliseconds.
    pub(super) fn take(&mut self, local: i64) {
        let hour = |millis: i64| millis.rem_euclid(DAY) / HOUR;
        self.rows += 1;
        self.hours |= 1 << hour(local);
        if let Some(before) = self.before.replace(local) {
            let is_same_day = before.div_euclid(DAY) == local.div_euclid(DAY);
            let (earlier, later) = (before.min(local), before.max(local));
            let is_return = hour(later) == 12 && hour(earlier) < 12 && later - earlier >= 5 * HOUR;
            self.returns += u64::from(is_same_day && is_return);
        }
    }

    /// Why the times cannot be read; `None` where they can.
    pub(super) fn refusal(&self) -> Option<String> {
        // bit 0 is midnight; all of 1 to 12 must be there, unless bars are longer than an hour
        let (from_1_to_12, others) = (self.hours & 0x1FFE, self.hours & !0x1FFE);
        let is_clock = self.hours & (1 << 12) != 0 && from_1_to_12.count_ones() >= 3 && others == 0;
        (is_clock && self.returns > 1 && self.rows >= FEWEST).then(|| {
            "the hours of its times go from 1 to 12 and come twice a day: AM and PM are left out, so that a time may be \
             of either half. Save the file again with hours from 0 to 23, or with AM and PM"
                .to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(hours: impl Iterator<Item = i64>) -> bool {
        let mut found = HalfDays::default();
        hours.for_each(|hour| found.take(hour * HOUR));
        found.refusal().is_some()
    }

    #[test]
    fn a_clock_that_starts_again_at_noon_is_told_from_one_that_does_not() {
        let shown = |hour: i64| hour / 24 * 24 + (hour % 12 + 11) % 12 + 1;
        assert!(refused((0..48).map(shown)), "oldest first");
        assert!(refused((0..48).rev().map(shown)), "newest first");
        assert!(!refused(0..48));
        assert!(!refused((0..48).filter(|hour| (1..=12).contains(&(hour % 24)))), "a session of a morning");
        assert!(!refused((0..10).map(shown)));
    }
}
