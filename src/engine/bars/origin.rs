//! How a bar came to be.

use serde::{Deserialize, Serialize};

/// How a bar came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Built here from the live trades.
    Live,
    /// Fetched over REST.
    History,
    /// Nothing is known: the feed was away and REST has not filled it.
    Missing,
    /// REST has no bar here either, or the ids of trades go on across it: the exchange itself did not trade.
    Outage,
    /// Trades of it were lost on the way, and REST has given them since.
    Repaired,
    /// Asked for over REST as soon as it had closed, while no websocket could be had.
    Polled,
}

impl Origin {
    const ALL: [Self; 6] =
        [Self::Live, Self::History, Self::Missing, Self::Outage, Self::Repaired, Self::Polled];

    /// The word for it in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::History => "history",
            Self::Missing => "missing",
            Self::Outage => "outage",
            Self::Repaired => "repaired",
            Self::Polled => "polled",
        }
    }

    /// Reads what [`Self::as_str`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }
}
