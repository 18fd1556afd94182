//! Where a bar comes from.

use serde::{Deserialize, Serialize};

/// Where a bar comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Built here from the live trades.
    Live,
    /// Fetched over REST.
    History,
    /// Unknown: the feed was away, and REST has not filled it.
    Missing,
    /// The exchange itself did not trade: REST has no bar either, or trade ids continue across it.
    Outage,
    /// Some of its trades were lost on the way, and REST has supplied them since.
    Repaired,
    /// Requested over REST as soon as it closed, while no websocket connection was possible.
    Polled,
}

impl Origin {
    const ALL: [Self; 6] =
        [Self::Live, Self::History, Self::Missing, Self::Outage, Self::Repaired, Self::Polled];

    /// Its word in tables.
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

    /// Parses the word that [`Self::as_str`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }
}
