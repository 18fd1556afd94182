//! The connection and the history as shown on the page.

use super::{Engine, Running, reach};
use crate::UnixMillis;
use crate::connection::State;
use crate::connection::{Backfill, FeedStatus, Phase};

impl Engine {
    /// Whether the feed is live at `now`: a socket is open and not silent for longer than it should be.
    pub(super) fn is_fed(&self, now: UnixMillis) -> bool {
        let Some(Running { analysis, .. }) = &self.running else { return false };
        let doubt = analysis.settings().source.offer().patience.doubt;
        matches!(self.connection.state(), State::Live { last_frame, .. } if now.since(last_frame) < doubt)
    }

    pub(super) fn feed_status(&self, now: UnixMillis, running: &Running) -> FeedStatus {
        let refusal = running.schedule.refusal(now);
        let attempt = self.connection.attempt();
        let (phase, connected_millis) = match self.connection.state() {
            State::Idle if running.markets.is_recorded() => (Phase::Recording, None),
            State::Idle => (Phase::Idle, None),
            State::Live { since, last_frame } => {
                let silent_millis = now.since(last_frame);
                let phase = if self.is_fed(now) { Phase::Live } else { Phase::Stale { silent_millis } };
                (phase, Some(now.since(since)))
            }
            State::Opening | State::Waiting { .. } if self.polling.is_on() && refusal.is_none() => {
                (Phase::Polling, None)
            }
            // without data from either, REST's refusal is the better explanation
            State::Opening | State::Waiting { .. } if let Some((refusal, reason, left)) = refusal => {
                (Phase::Blocked { refusal, retry_in_millis: left, reason: reason.to_owned() }, None)
            }
            State::Opening => (Phase::Connecting { attempt }, None),
            State::Waiting { until, reason } => {
                let retry_in_millis = until.since(now).max(0);
                (Phase::Waiting { attempt, retry_in_millis, reason }, None)
            }
        };
        let markets = &running.markets;
        let counts = markets.counts;
        FeedStatus {
            phase,
            backfill: match running.schedule.progress(now, &markets.legs) {
                Backfill::Done if self.filling => Backfill::Loading { done: 0, wanted: 0 },
                Backfill::Done => {
                    let settings = running.analysis.settings();
                    reach::shortage(settings, markets).unwrap_or(Backfill::Done)
                }
                progress => progress,
            },
            is_filling: self.filling,
            host: self.connection.host().to_owned(),
            connected_millis,
            reconnects: self.connection.losses(),
            clock_skew_millis: markets.clock.skew_millis().map(|skew| skew + self.local.ahead_millis()),
            frames_per_sec: self.rate.per_sec(now),
            trades: counts.trades,
            duplicates: counts.duplicates,
            reordered: counts.reordered,
            missing: counts.missing,
            repaired: counts.repaired,
            weight_spent: running.schedule.weight_spent(markets.clock.now(now).unwrap_or(now)),
            ..self.status.clone()
        }
    }
}
