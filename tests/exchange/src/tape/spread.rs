//! The spread of a coin that follows another: an autoregression from minute to minute that is known at any time without
//! its past.

use spreadscope_stats::random::Random;

const MINUTE_MS: i64 = 60_000;
/// What remains of a deviation after a minute: half of it after five.
const KEPT: f64 = 0.870_550_563;
/// Standard deviation of the innovations, as a share of the price.
const STEP: f64 = 0.002;
/// Minutes after which an innovation is forgotten: less than 1 % of it would be left.
const REMEMBERED: i64 = 36;
/// Bars up to this length have room for the spread of each of their minutes, longer ones for [`FARTHEST`].
const EXACT_MS: i64 = 15 * MINUTE_MS;
/// Four standard deviations of the spread.
const FARTHEST: f64 = 4.0 * STEP * 2.032;

/// A spread, as a share of the follower's price.
#[derive(Debug)]
pub(super) struct Spread {
    seed: u64,
}

impl Spread {
    /// Returns the spread that the letters of `name` choose.
    pub(super) fn new(name: &str) -> Self {
        let letters =
            name.bytes().fold(1_u64, |sum, byte| sum.wrapping_mul(263).wrapping_add(u64::from(byte)));
        Self { seed: Random::new(letters).bits() }
    }

    /// Returns the spread at a time in milliseconds; between two minutes it is on a straight line.
    pub(super) fn at(&self, time: i64) -> f64 {
        let (minute, within) = (time.div_euclid(MINUTE_MS), time.rem_euclid(MINUTE_MS));
        let before = self.of_minute(minute);
        if within == 0 {
            return before;
        }
        let share = within as f64 / MINUTE_MS as f64;
        before + share * (self.of_minute(minute + 1) - before)
    }

    /// Returns the least and the most spread in the time of a bar.
    pub(super) fn range(&self, open_ms: i64, step_ms: i64) -> [f64; 2] {
        if step_ms > EXACT_MS {
            return [-FARTHEST, FARTHEST];
        }
        let end = open_ms + step_ms;
        let minutes = (open_ms.div_euclid(MINUTE_MS) + 1..end.div_euclid(MINUTE_MS))
            .map(|minute| self.of_minute(minute));
        let ends = [self.at(open_ms), self.at(end)];
        minutes.chain(ends).fold([f64::INFINITY, f64::NEG_INFINITY], |[least, most], spread| {
            [least.min(spread), most.max(spread)]
        })
    }

    fn of_minute(&self, minute: i64) -> f64 {
        let innovation = |minute: i64| Random::new(self.seed ^ minute.unsigned_abs()).nearly_normal();
        (minute - REMEMBERED..=minute).fold(0.0, |spread, minute| KEPT * spread + STEP * innovation(minute))
    }
}
