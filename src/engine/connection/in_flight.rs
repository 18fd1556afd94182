//! One request at a time, given up if its response does not come.

use crate::UnixMillis;

/// The request under way, with its subject; given up `PATIENCE_MILLIS` after it was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InFlight<T, const PATIENCE_MILLIS: i64>(Option<Sent<T>>);

/// A request that was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent<T> {
    id: u64,
    /// When it was sent.
    pub(crate) at: UnixMillis,
    /// Its subject.
    pub(crate) about: T,
}

impl<T, const PATIENCE_MILLIS: i64> Default for InFlight<T, PATIENCE_MILLIS> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T, const PATIENCE_MILLIS: i64> InFlight<T, PATIENCE_MILLIS> {
    /// Whether the next request must wait at `now`.
    pub(crate) fn holds_up(&self, now: UnixMillis) -> bool {
        self.0.as_ref().is_some_and(|sent| now.since(sent.at) < PATIENCE_MILLIS)
    }

    /// Whether there is neither a request under way nor one given up and not replaced.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Notes that request `id` is sent at `now`, in place of one given up.
    pub(crate) fn send(&mut self, now: UnixMillis, id: u64, about: T) {
        self.0 = Some(Sent { id, at: now, about });
    }

    /// Takes out the request of response `id`; `None` if the response is to another one.
    pub(crate) fn take(&mut self, id: u64) -> Option<Sent<T>> {
        self.0.take_if(|sent| sent.id == id)
    }

    /// Takes back the request, which is not sent after all; returns its subject.
    pub(crate) fn take_back(&mut self) -> Option<T> {
        self.0.take().map(|sent| sent.about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_request_waits_for_a_response_or_until_patience_ends() {
        let mut request = InFlight::<&str, 1_000>::default();
        assert!(!request.holds_up(UnixMillis(0)) && request.is_none());
        request.send(UnixMillis(100), 7, "prices");
        assert!(request.holds_up(UnixMillis(1_099)) && !request.holds_up(UnixMillis(1_100)));
        assert!(request.take(6).is_none() && !request.is_none());
        // a late response counts as long as no other request was sent
        let sent = request.take(7).map(|sent| (sent.at, sent.about));
        assert_eq!((sent, request.take_back()), (Some((UnixMillis(100), "prices")), None));
        request.send(UnixMillis(2_000), 8, "rules");
        assert_eq!((request.take_back(), request.holds_up(UnixMillis(2_000))), (Some("rules"), false));
    }
}
