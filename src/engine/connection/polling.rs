//! Bars over REST in place of a websocket: some networks let only requests through.

use crate::UnixMillis;
use crate::base::note::{News, NoteKind};

/// Without a frame for this long, although REST responds, websockets count as blocked, on a network where none
/// has ever worked.
const BLOCKED_MILLIS: i64 = 60_000;
/// Where one has worked, it is more likely that the exchange is away, and that later trades will repair the
/// loss: bars are polled only after this long.
const LOST_MILLIS: i64 = 900_000;

/// Whether bars are polled.
#[derive(Debug, Clone, Copy, Default)]
pub struct Polling {
    /// Since when no socket has brought a frame, local time.
    silent_since: Option<UnixMillis>,
    has_heard: bool,
    is_on: bool,
}

impl Polling {
    /// Takes note at local time `now` of whether sockets bring frames and whether REST responds.
    pub fn observe(&mut self, now: UnixMillis, frames: bool, responds: bool) -> Option<News> {
        if frames {
            (self.silent_since, self.has_heard) = (None, true);
            let was_on = core::mem::take(&mut self.is_on);
            return was_on
                .then(|| News::new(NoteKind::Connected, "trades arrive by websocket again".to_owned()));
        }
        let silent = now.since(*self.silent_since.get_or_insert(now));
        let patience = if self.has_heard { LOST_MILLIS } else { BLOCKED_MILLIS };
        if self.is_on || !responds || silent < patience {
            return None;
        }
        self.is_on = true;
        let words = "polling: no websocket connection is possible, so closed bars are requested over REST";
        Some(News::new(NoteKind::Replaced, words.to_owned()))
    }

    /// The browser is online again, possibly on another network.
    pub fn network_returned(&mut self) {
        (self.silent_since, self.has_heard) = (None, false);
    }

    /// Whether bars are polled.
    pub fn is_on(&self) -> bool {
        self.is_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_after_a_minute_without_a_frame_while_rest_responds_and_ends_with_the_first() {
        let mut polling = Polling::default();
        let at = |polling: &mut Polling, secs: i64, frames, responds| {
            let told = polling.observe(UnixMillis(secs * 1_000), frames, responds).is_some();
            (told, polling.is_on())
        };
        assert_eq!(at(&mut polling, 0, false, true), (false, false));
        assert_eq!(at(&mut polling, 59, false, true), (false, false));
        assert_eq!(at(&mut polling, 60, false, false), (false, false), "no network at all");
        assert_eq!(at(&mut polling, 61, false, true), (true, true));
        assert_eq!(at(&mut polling, 70, false, false), (false, true), "a pause of REST does not end polling");
        assert_eq!(at(&mut polling, 80, true, true), (true, false));
        // frames have come here: the exchange may be away
        assert_eq!(at(&mut polling, 81, false, true), (false, false));
        assert_eq!(at(&mut polling, 980, false, true), (false, false));
        assert_eq!(at(&mut polling, 981, false, true), (true, true));
        // on another network they may be blocked
        assert_eq!(at(&mut polling, 1_000, true, true), (true, false));
        polling.network_returned();
        assert_eq!(at(&mut polling, 1_001, false, true), (false, false));
        assert_eq!(at(&mut polling, 1_061, false, true), (true, true));
    }
}
