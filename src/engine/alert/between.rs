//! The numbers that rules see between bars: the feed's silence, and what a scan has changed.

use super::Quantity;
use crate::UnixMillis;
use crate::analytics::Metric;

/// How many pairs a scan has brought and taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// Pairs that survive it and did not survive the scan before.
    pub entered: usize,
    /// Pairs that survived the scan before and do not survive it.
    pub left: usize,
}

/// What is known at a wakeup.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    /// Milliseconds since the last frame.
    pub silent_millis: i64,
    /// What the newest scan has changed; `None` before there was a second one.
    pub turnover: Option<Turnover>,
    /// Exchange time, or local time where that is not known.
    pub time: UnixMillis,
    /// Open of the bar that holds `time`.
    pub open_time: UnixMillis,
}

impl Between {
    /// The number, or why there is none; a number of a bar is none of these.
    pub fn reading(&self, quantity: Quantity) -> Metric {
        let of_scans = |count: fn(&Turnover) -> usize| {
            self.turnover.as_ref().map_or_else(
                || Metric::Undefined("the scanner has not scanned the same markets twice".to_owned()),
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
