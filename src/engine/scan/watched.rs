//! The watched pairs as they are told.

use crate::analytics::Metric;
use crate::analytics::cointegration::Outcome;
use crate::{Pair, Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

/// All watched pairs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Watching {
    /// The pairs, in the order in which they are watched.
    pub pairs: Vec<Watched>,
    /// Exchange time of the last prices.
    pub priced_at: Option<UnixMillis>,
    /// Why there are none, as a clause.
    pub no_prices: Option<String>,
}

/// A watched pair on bars of one minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The pair.
    pub pair: Pair,
    /// Open time of the last bar that both legs have.
    pub open_time: Option<UnixMillis>,
    /// z-score of that bar.
    pub z: Option<Metric>,
    /// z of the last prices, on the line and by the deviation of that bar.
    pub z_now: Option<f64>,
    /// Cointegration and half-life up to that bar.
    pub tests: Option<Outcome>,
    /// Its markets that have ended. Where there is one, there are no numbers: those of years ago are not the pair's.
    pub ended: Vec<Ended>,
    /// Why the last request was not answered, as a clause.
    pub trouble: Option<String>,
}

/// A market that has had no bars for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The market.
    pub symbol: Symbol,
    /// When its last bar closed.
    pub last_close_time: UnixMillis,
}
