//! Request weights, and the penalties for exceeding them.

use std::time::Duration;

/// Number of refused requests after which the address is banned.
const REFUSALS_BEFORE_BAN: u32 = 10;
const MINUTE_MS: i64 = 60_000;
/// The first ban; each later one is twice as long, up to [`LONGEST_BAN_MS`].
const FIRST_BAN_MS: i64 = 2 * MINUTE_MS;
const LONGEST_BAN_MS: i64 = 3 * 86_400_000;

/// The weight used in the current minute. Minutes are the clock's: a count ends at :00.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    minute: i64,
    used: u32,
    refusals: u32,
    bans: u32,
    banned_until_ms: i64,
}

/// Too much was requested.
#[derive(Debug, PartialEq)]
pub(crate) struct TooMuch {
    /// 429, or 418 for clients that continued.
    pub(crate) status: u16,
    pub(crate) retry_after: Duration,
}

impl TooMuch {
    fn until(status: u16, later_ms: i64, now_ms: i64) -> Self {
        Self { status, retry_after: Duration::from_millis((later_ms - now_ms).unsigned_abs()) }
    }
}

impl Weights {
    /// Adds to the weight of the wall-clock minute of `now_ms`, of which `limit` is allowed, and returns it.
    pub(crate) fn charge(&mut self, weight: u32, limit: u32, now_ms: i64) -> Result<u32, TooMuch> {
        if now_ms < self.banned_until_ms {
            return Err(TooMuch::until(418, self.banned_until_ms, now_ms));
        }
        let minute = now_ms.div_euclid(MINUTE_MS);
        if minute != self.minute {
            (self.minute, self.used, self.refusals) = (minute, 0, 0);
        }
        self.used += weight;
        if self.used <= limit {
            return Ok(self.used);
        }
        self.refusals += 1;
        if self.refusals <= REFUSALS_BEFORE_BAN {
            return Err(TooMuch::until(429, (minute + 1) * MINUTE_MS, now_ms));
        }
        let ban_ms = (FIRST_BAN_MS << self.bans.min(12)).min(LONGEST_BAN_MS);
        self.bans += 1;
        self.banned_until_ms = now_ms + ban_ms;
        Err(TooMuch::until(418, self.banned_until_ms, now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exhaust(weights: &mut Weights, now_ms: i64) {
        while weights.charge(25, 6_000, now_ms).is_ok() {}
    }

    #[test]
    fn a_count_ends_with_the_minute_of_the_clock() {
        let (mut weights, minute) = (Weights::default(), 29_000_000 * MINUTE_MS);
        for _ in 0..240 {
            assert!(weights.charge(25, 6_000, minute + 50_000).is_ok());
        }
        let refused = weights.charge(2, 6_000, minute + 50_000).unwrap_err();
        assert_eq!(refused, TooMuch { status: 429, retry_after: Duration::from_secs(10) });
        assert_eq!(weights.charge(2, 6_000, minute + 60_000), Ok(2));
    }

    #[test]
    fn going_on_past_429_is_a_ban_and_the_next_one_is_longer() {
        let (mut weights, start) = (Weights::default(), 29_000_000 * MINUTE_MS);
        exhaust(&mut weights, start);
        for _ in 1..REFUSALS_BEFORE_BAN {
            assert_eq!(weights.charge(2, 6_000, start).unwrap_err().status, 429);
        }
        let banned = weights.charge(2, 6_000, start).unwrap_err();
        assert_eq!(banned, TooMuch { status: 418, retry_after: Duration::from_mins(2) });
        assert_eq!(weights.charge(2, 6_000, start + 119_000).unwrap_err().status, 418);
        let free = start + FIRST_BAN_MS;
        assert_eq!(weights.charge(2, 6_000, free), Ok(2));
        exhaust(&mut weights, free);
        let mut last = weights.charge(2, 6_000, free).unwrap_err();
        while last.status == 429 {
            last = weights.charge(2, 6_000, free).unwrap_err();
        }
        assert_eq!(last.retry_after, Duration::from_mins(4));
    }
}
