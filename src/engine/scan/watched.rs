//! The watched pairs, as sent to the page.

use crate::analytics::Metric;
use crate::analytics::cointegration::Outcome;
use crate::{Pair, Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

/// All watched pairs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Watching {
    /// The pairs, in the user's order.
    pub pairs: Vec<Watched>,
    /// Exchange time of the last prices.
    pub priced_at: Option<UnixMillis>,
    /// Why there are no last prices, as a clause.
    pub no_prices: Option<String>,
}

/// A watched pair on 1 m bars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The pair.
    pub pair: Pair,
    /// Open time of the last bar that both legs have.
    pub open_time: Option<UnixMillis>,
    /// z-score of that bar.
    pub z: Option<Metric>,
    /// z of the last prices, by the line and the deviation of that bar.
    pub z_now: Option<f64>,
    /// Cointegration and half-life up to that bar.
    pub tests: Option<Outcome>,
    /// Those of its markets that have ended. If there are any, the pair has no numbers: those of long ago would
    /// not be its own.
    pub ended: Vec<Ended>,
    /// Why the last request failed, as a clause.
    pub trouble: Option<String>,
}

/// A market without bars for a long time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The market.
    pub symbol: Symbol,
    /// When its last bar closed.
    pub last_close_time: UnixMillis,
}
