//! When a market was last heard from, and what its silence means.

use crate::{Interval, UnixMillis};

/// A market that should send every second and has not for this long is in doubt.
const UNHEARD_MILLIS: i64 = 5_000;

/// What has been heard of one market, in exchange time.
#[derive(Debug, Clone)]
pub(crate) struct Hearing {
    /// Event time of the last frame about it.
    heard: Option<UnixMillis>,
    /// The first frame is expected from this time on.
    awaited: Option<UnixMillis>,
    /// Whether it has a stream that sends every second, so that silence means something.
    speaks: bool,
    /// Whether REST has given trades made since it was last heard from.
    has_traded: bool,
    /// The time up to which the exchange's 1 s bars report its trades, and when the last of them was sent.
    told: Option<(UnixMillis, UnixMillis)>,
}

impl Hearing {
    /// A market not heard from yet; `speaks` says whether it has a stream that sends every second.
    pub(crate) fn new(speaks: bool) -> Self {
        Self { heard: None, awaited: None, speaks, has_traded: false, told: None }
    }

    /// The same market on a new feed that has no connection with the old one.
    pub(crate) fn anew(&self) -> Self {
        Self::new(self.speaks)
    }

    /// Whether it has a stream that sends every second.
    pub(crate) fn speaks(&self) -> bool {
        self.speaks
    }

    /// Takes note of a frame about the market.
    pub(crate) fn hear(&mut self, event_time: UnixMillis) {
        self.heard = self.heard.max(Some(event_time));
        self.has_traded = false;
    }

    /// Takes note of the exchange's bar of the second that starts at `open_time`.
    pub(crate) fn hear_bar(&mut self, open_time: UnixMillis, event_time: UnixMillis) {
        self.told = self.told.max(Some((open_time + Interval::OneSecond.millis(), event_time)));
    }

    /// Takes note at `exchange_now` that the connection is live, so that frames are expected.
    pub(crate) fn listen(&mut self, exchange_now: UnixMillis) {
        self.awaited.get_or_insert(exchange_now);
    }

    /// The time up to which the market's trades are known, at `exchange_now`, on a venue that sends 1 s bars.
    /// That is the end of its last bar; if bars have stopped, the last frame of any kind. `None` for a market
    /// that is silent altogether: it will be in doubt a moment later.
    pub(crate) fn told_until(&self, exchange_now: UnixMillis) -> Option<UnixMillis> {
        let (until, sent) = self.told?;
        if exchange_now.since(sent) < UNHEARD_MILLIS {
            return Some(until);
        }
        self.heard.filter(|_| self.is_heard(exchange_now))
    }

    /// How long it has been silent at `exchange_now`, ms; `None` if it has no stream that sends every second.
    pub(crate) fn unheard_millis(&self, exchange_now: UnixMillis) -> Option<i64> {
        let since = self.heard.or(self.awaited).filter(|_| self.speaks)?;
        Some(exchange_now.since(since))
    }

    /// Whether it has been heard from lately, or has no stream whose silence means anything.
    pub(crate) fn is_heard(&self, exchange_now: UnixMillis) -> bool {
        self.heard.is_some() && !self.is_unheard(exchange_now)
    }

    /// Whether it should have sent by `exchange_now` and has not.
    pub(crate) fn is_unheard(&self, exchange_now: UnixMillis) -> bool {
        self.unheard_millis(exchange_now).is_some_and(|millis| millis >= UNHEARD_MILLIS)
    }

    /// Takes note that, according to REST, the second that starts at `open_time` has trades.
    pub(crate) fn has_trades_at(&mut self, open_time: UnixMillis) {
        let heard = self.heard.or(self.awaited).map(|heard| Interval::OneSecond.floor(heard));
        self.has_traded |= heard.is_some_and(|heard| open_time > heard);
    }

    /// Whether it has traded since it was last heard from, and so is not merely quiet.
    pub(crate) fn has_traded(&self) -> bool {
        self.has_traded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_market_is_quiet_until_rest_gives_trades_of_its_silence() {
        let at = |secs: i64| UnixMillis(1_700_000_000_000 + secs * 1_000);
        let mut hearing = Hearing::new(true);
        hearing.listen(at(0));
        hearing.hear(at(10) + 700);
        assert!(!hearing.is_unheard(at(15)) && hearing.is_unheard(at(16)));
        // trades in the second in which it was last heard from do not count
        hearing.has_trades_at(at(10));
        assert!(!hearing.has_traded());
        hearing.has_trades_at(at(11));
        assert!(hearing.has_traded());
        hearing.hear(at(20));
        assert!(!hearing.has_traded() && hearing.is_heard(at(24)));
        // without a stream that sends every second, silence means nothing
        let mut other = Hearing::new(false);
        other.hear(at(0));
        assert!(other.is_heard(at(10_000)) && other.unheard_millis(at(10_000)).is_none());
    }
}
