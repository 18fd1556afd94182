//! Request weights, and what comes of too many.

use std::time::{Duration, Instant};

/// Request weight in a minute.
pub(super) const WEIGHT_LIMIT: u32 = 6_000;
/// Refused questions after which the address is banned.
const REFUSALS_BEFORE_BAN: u32 = 10;
const BAN: Duration = Duration::from_mins(2);

/// The weight used in the minute under way.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    minute: Option<Instant>,
    used: u32,
    refusals: u32,
    banned_until: Option<Instant>,
}

/// Too much was asked.
#[derive(Debug, PartialEq)]
pub(super) struct TooMuch {
    /// 429, or 418 for whoever went on.
    pub(super) status: u16,
    pub(super) retry_after: Duration,
}

pub(super) fn weight_of(endpoint: &str) -> u32 {
    match endpoint {
        "exchangeInfo" => 20,
        "klines" => 2,
        "aggTrades" => 4,
        "trades" | "historicalTrades" => 25,
        _ => 1,
    }
}

impl Weights {
    /// Adds to the minute's weight and returns it.
    pub(super) fn charge(&mut self, weight: u32, now: Instant) -> Result<u32, TooMuch> {
        if let Some(until) = self.banned_until.filter(|&until| now < until) {
            return Err(TooMuch { status: 418, retry_after: until - now });
        }
        let began = *self.minute.get_or_insert(now);
        if now - began >= Duration::from_mins(1) {
            *self = Self { minute: Some(now), ..Self::default() };
        }
        self.used += weight;
        if self.used <= WEIGHT_LIMIT {
            return Ok(self.used);
        }
        self.refusals += 1;
        if self.refusals > REFUSALS_BEFORE_BAN {
            self.banned_until = Some(now + BAN);
            return Err(TooMuch { status: 418, retry_after: BAN });
        }
        let left = Duration::from_mins(1).saturating_sub(now - began);
        Err(TooMuch { status: 429, retry_after: left })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_limit_comes_429_then_a_ban_then_a_new_minute() {
        let (mut weights, start) = (Weights::default(), Instant::now());
        for _ in 0..240 {
            assert!(weights.charge(25, start).is_ok());
        }
        let later = start + Duration::from_secs(20);
        let refused = weights.charge(2, later).unwrap_err();
        assert_eq!(refused, TooMuch { status: 429, retry_after: Duration::from_secs(40) });
        for _ in 1..REFUSALS_BEFORE_BAN {
            assert_eq!(weights.charge(2, later).unwrap_err().status, 429);
        }
        assert_eq!(weights.charge(2, later).unwrap_err().status, 418);
        assert_eq!(weights.charge(2, later + Duration::from_secs(119)).unwrap_err().status, 418);
        assert_eq!(weights.charge(2, later + BAN), Ok(2));
    }
}
