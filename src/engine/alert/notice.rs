//! An alert, with the numbers that it is based on.

use super::{Quantity, RuleId, Severity};
use crate::{Interval, Pair, UnixMillis};
use serde::{Deserialize, Serialize};

/// The direction in which a quantity passed its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// It rose to or through a limit; for z, y is expensive relative to x.
    Above,
    /// It fell to or through a limit; for z, y is cheap relative to x.
    Below,
    /// It entered a band.
    Inside,
}

/// Why an alert was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Occasion {
    /// The rule fired.
    Fired,
    /// The user asked for a sample: nothing has happened.
    Test,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Close time of the bar that fired; exchange time of the wakeup for a rule on the state between bars.
    pub time: UnixMillis,
    /// Open time of that bar, or of the bar that contains `time`.
    pub open_time: UnixMillis,
    /// The two legs.
    pub pair: Pair,
    /// Length of the bars.
    pub interval: Interval,
    /// The rule.
    pub rule: RuleId,
    /// The rule's name at that time.
    pub name: String,
    /// The rule's severity at that time.
    pub severity: Severity,
    /// The quantity that it watches.
    pub quantity: Quantity,
    /// The direction in which the quantity moved.
    pub direction: Direction,
    /// The quantity's value; `None` in a test while it is unknown.
    pub value: Option<f64>,
    /// The limit that was passed, in the quantity's unit and with its sign.
    pub threshold: f64,
    /// Whether it really fired.
    pub occasion: Occasion,
    /// The engine's numbers at that bar.
    pub snapshot: Snapshot,
}

/// The engine's numbers at the bar of an alert; `None` if unknown or not from a full window.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// z-score, standard deviations.
    pub z: Option<f64>,
    /// Spread, in y's price or its logarithm.
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
