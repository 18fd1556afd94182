//! When a market was last heard, and what its silence means.

use crate::{Interval, UnixMillis};

/// Without a word of a market for this long, though it should speak every second, nothing is known of it.
const UNHEARD_MILLIS: i64 = 5_000;

/// What has been heard of one market, in the exchange's time.
#[derive(Debug, Clone)]
pub(crate) struct Hearing {
    /// Event time of the last frame about it.
    heard: Option<UnixMillis>,
    /// Its first word is awaited from then on.
    awaited: Option<UnixMillis>,
    /// It has a stream that speaks every second, so that silence means something.
    speaks: bool,
    /// REST has given trades of the time since it was last heard.
    has_traded: bool,
    /// Up to where the exchange's own bars have told which trades there are, and when the last of them was sent.
    told: Option<(UnixMillis, UnixMillis)>,
}

impl Hearing {
    /// Nothing heard yet of a market that `speaks` every second or does not.
    pub(crate) fn new(speaks: bool) -> Self {
        Self { heard: None, awaited: None, speaks, has_traded: false, told: None }
    }

    /// The same market on a feed that has nothing to do with the one before.
    pub(crate) fn anew(&self) -> Self {
        Self::new(self.speaks)
    }

    /// Whether it has a stream that speaks every second.
    pub(crate) fn speaks(&self) -> bool {
        self.speaks
    }

    /// Takes note of a frame about it.
    pub(crate) fn hear(&mut self, event_time: UnixMillis) {
        self.heard = self.heard.max(Some(event_time));
        self.has_traded = false;
    }

    /// Takes note of the exchange's own bar of the second from `open_time` on.
    pub(crate) fn hear_bar(&mut self, open_time: UnixMillis, event_time: UnixMillis) {
        self.told = self.told.max(Some((open_time + Interval::OneSecond.millis(), event_time)));
    }

    /// Takes note at `exchange_now` that the connection is live, and the market may be heard on it.
    pub(crate) fn listen(&mut self, exchange_now: UnixMillis) {
        self.awaited.get_or_insert(exchange_now);
    }

    /// Up to where it is known which trades there are, on a market of which the exchange tells at `exchange_now`: as far
    /// as its bars tell, or where those have not come of late, as far as anything of it has. Nothing is known of a
    /// market that has gone silent as a whole, and it is in doubt a moment later.
    pub(crate) fn told_until(&self, exchange_now: UnixMillis) -> Option<UnixMillis> {
        let (until, sent) = self.told?;
        if exchange_now.since(sent) < UNHEARD_MILLIS {
            return Some(until);
        }
        self.heard.filter(|_| self.is_heard(exchange_now))
    }

    /// How long it has been silent at `exchange_now`, if it is one that speaks every second.
    pub(crate) fn unheard_millis(&self, exchange_now: UnixMillis) -> Option<i64> {
        let since = self.heard.or(self.awaited).filter(|_| self.speaks)?;
        Some(exchange_now.since(since))
    }

    /// Whether a frame about it has come of late, or silence would mean nothing.
    pub(crate) fn is_heard(&self, exchange_now: UnixMillis) -> bool {
        self.heard.is_some() && !self.is_unheard(exchange_now)
    }

    /// Whether it should have spoken by `exchange_now` and has not.
    pub(crate) fn is_unheard(&self, exchange_now: UnixMillis) -> bool {
        self.unheard_millis(exchange_now).is_some_and(|millis| millis >= UNHEARD_MILLIS)
    }

    /// Takes note that the second from `open_time` on has trades, as REST tells it.
    pub(crate) fn has_trades_at(&mut self, open_time: UnixMillis) {
        let heard = self.heard.or(self.awaited).map(|heard| Interval::OneSecond.floor(heard));
        self.has_traded |= heard.is_some_and(|heard| open_time > heard);
    }

    /// Whether it has traded since it was last heard, which a market that is merely quiet has not.
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
        // the second in which it was last heard had its trades
        hearing.has_trades_at(at(10));
        assert!(!hearing.has_traded());
        hearing.has_trades_at(at(11));
        assert!(hearing.has_traded());
        hearing.hear(at(20));
        assert!(!hearing.has_traded() && hearing.is_heard(at(24)));
        // where no stream speaks every second, silence means nothing
        let mut other = Hearing::new(false);
        other.hear(at(0));
        assert!(other.is_heard(at(10_000)) && other.unheard_millis(at(10_000)).is_none());
    }
}
