//! The request weight that this IP address may spend per minute, across all its tabs.

use crate::UnixMillis;

const MINUTE_MILLIS: i64 = 60_000;

/// The weight spent in the current minute. Minutes are the exchange's: a count ends at :00.
#[derive(Debug, Clone)]
pub struct Budget {
    most: u32,
    minute: i64,
    spent: u32,
}

impl Budget {
    /// A budget of `most` per minute, with nothing spent.
    pub fn new(most: u32) -> Self {
        Self { most, minute: 0, spent: 0 }
    }

    /// Spends `weight` at `now` if enough is left.
    ///
    /// # Errors
    /// The time at which the next minute begins, if it is not.
    pub fn spend(&mut self, weight: u32, now: UnixMillis) -> Result<(), UnixMillis> {
        self.turn(now);
        if self.spent + weight > self.most {
            return Err(UnixMillis((self.minute + 1) * MINUTE_MILLIS));
        }
        self.spent += weight;
        Ok(())
    }

    /// Adds what others spent at `time`; ignored if that is not in the minute of `now`.
    pub fn others_spent(&mut self, weight: u32, time: UnixMillis, now: UnixMillis) {
        self.turn(now);
        if time.0.div_euclid(MINUTE_MILLIS) == self.minute {
            self.spent = self.spent.saturating_add(weight);
        }
    }

    /// The weight spent in the minute of `now`.
    pub fn spent(&self, now: UnixMillis) -> u32 {
        if now.0.div_euclid(MINUTE_MILLIS) == self.minute { self.spent } else { 0 }
    }

    fn turn(&mut self, now: UnixMillis) {
        let minute = now.0.div_euclid(MINUTE_MILLIS);
        if minute != self.minute {
            *self = Self { minute, ..Self::new(self.most) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHT_PER_MINUTE: u32 = 1_200;
    const MINUTE: UnixMillis = UnixMillis(29_000_000 * MINUTE_MILLIS);

    #[test]
    fn a_minutes_weight_is_spent_once_and_comes_back_with_the_next_minute() {
        let mut budget = Budget::new(WEIGHT_PER_MINUTE);
        for _ in 0..WEIGHT_PER_MINUTE / 4 {
            assert_eq!(budget.spend(4, MINUTE + 59_000), Ok(()));
        }
        assert_eq!(budget.spend(1, MINUTE + 59_999), Err(MINUTE + 60_000));
        assert_eq!([59_999, 60_000].map(|at| budget.spent(MINUTE + at)), [WEIGHT_PER_MINUTE, 0]);
        assert_eq!(budget.spend(1, MINUTE + 60_000), Ok(()));
    }

    #[test]
    fn what_other_tabs_spend_counts_in_its_minute_alone() {
        let mut budget = Budget::new(WEIGHT_PER_MINUTE);
        budget.others_spent(WEIGHT_PER_MINUTE, MINUTE - 1, MINUTE);
        assert_eq!(budget.spend(2, MINUTE), Ok(()));
        budget.others_spent(WEIGHT_PER_MINUTE - 3, MINUTE + 5_000, MINUTE + 6_000);
        assert_eq!(budget.spend(2, MINUTE + 7_000), Err(MINUTE + 60_000));
        assert_eq!(budget.spend(1, MINUTE + 7_000), Ok(()));
    }
}
