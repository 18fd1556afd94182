//! The numbers that rules can watch between bars: the feed's silence, and changes by a scan.

use super::Quantity;
use crate::UnixMillis;
use crate::analytics::Metric;

/// Pairs that entered and left the results of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// Pairs that survive this scan and did not survive the previous one.
    pub entered: usize,
    /// Pairs that survived the previous scan and do not survive this one.
    pub left: usize,
}

/// The state at a wakeup.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    /// Milliseconds since the last frame.
    pub silent_millis: i64,
    /// Changes by the newest scan; `None` before the second one.
    pub turnover: Option<Turnover>,
    /// Exchange time, or local time if that is unknown.
    pub time: UnixMillis,
    /// Open time of the bar that contains `time`.
    pub open_time: UnixMillis,
}

impl Between {
    /// The number, or why there is none; always undefined for a number of a bar.
    pub fn reading(&self, quantity: Quantity) -> Metric {
        let of_scans = |count: fn(&Turnover) -> usize| {
            self.turnover.as_ref().map_or_else(
                || Metric::Undefined("the same markets have not been scanned twice".to_owned()),
                |turnover| Metric::Ready(count(turnover) as f64),
            )
        };
        match quantity {
            Quantity::FeedSilenceSecs => Metric::Ready(self.silent_millis as f64 / 1_000.0),
            Quantity::ScanEntered => of_scans(|turnover| turnover.entered),
            Quantity::ScanLeft => of_scans(|turnover| turnover.left),
            _ => Metric::Undefined("it is a number of a bar".to_owned()),
        }
    }
}
