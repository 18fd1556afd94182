//! An alert as it is told, with the numbers that it rests on.

use super::{Quantity, RuleId, Severity};
use crate::{Interval, Pair, UnixMillis};
use serde::{Deserialize, Serialize};

/// The way a quantity went through its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// It rose to or through a limit; for z, y is dear against x.
    Above,
    /// It fell to or through a limit; for z, y is cheap against x.
    Below,
    /// It came into a band.
    Inside,
}

/// Why an alert was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Occasion {
    /// The rule fired.
    Fired,
    /// The user asked how it would look: nothing has happened.
    Test,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Close of the bar that fired; exchange time of the wakeup for a rule on what is known between bars.
    pub time: UnixMillis,
    /// Open of that bar, or of the bar that holds `time`.
    pub open_time: UnixMillis,
    /// The two legs.
    pub pair: Pair,
    /// The bars' length.
    pub interval: Interval,
    /// The rule.
    pub rule: RuleId,
    /// Its name at that time.
    pub name: String,
    /// Its severity at that time.
    pub severity: Severity,
    /// What it watches.
    pub quantity: Quantity,
    /// Which way the quantity went.
    pub direction: Direction,
    /// The quantity; `None` in a test while it is not known.
    pub value: Option<f64>,
    /// The limit that was passed, in the quantity's unit and with its sign.
    pub threshold: f64,
    /// Whether it happened.
    pub occasion: Occasion,
    /// The desk at that bar.
    pub snapshot: Snapshot,
}

/// The desk's numbers at the bar of an alert; `None` is not known or not on a full window.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// z-score, standard deviations.
    pub z: Option<f64>,
    /// Spread, in y's price.
    pub spread: Option<f64>,
    /// Slope of y on x.
    pub hedge_ratio: Option<f64>,
    /// Correlation of log returns.
    pub correlation: Option<f64>,
    /// Engle-Granger p-value.
    pub engle_granger_p: Option<f64>,
    /// Half-life, seconds.
    pub half_life_secs: Option<f64>,
    /// Close of y, quote currency.
    pub price_y: Option<f64>,
    /// Close of x, quote currency.
    pub price_x: Option<f64>,
    /// Base volume of y in the bar.
    pub volume_y: Option<f64>,
    /// Base volume of x in the bar.
    pub volume_x: Option<f64>,
}
