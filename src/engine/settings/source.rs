//! Where the market data comes from, and at which addresses.

use super::venue::{self, Venue};
use crate::Interval;
use serde::{Deserialize, Serialize};

/// Where the market data comes from. Never taken from the page's address bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Binance's public market data.
    Binance,
    /// Binance.US: a separate market with its own prices; no 1 s history.
    BinanceUs,
    /// A stand-in exchange on this machine, for development, such as `http://127.0.0.1:9443`.
    Loopback {
        /// Scheme, host and port.
        origin: String,
    },
    /// The [made-up exchange](crate::demo) inside the page. Never stored, and never the page's own choice.
    Demo,
    /// Data from imported files; see [`transfer`](crate::transfer).
    Recording,
}

impl Source {
    /// Reads the source stamped into the page: `binance`, `binance-us` or `loopback:http://127.0.0.1:PORT`.
    ///
    /// # Errors
    /// The sentence to show when the text is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "binance" => Ok(Self::Binance),
            None if text == "binance-us" => Ok(Self::BinanceUs),
            Some(("loopback", origin)) if is_loopback(origin) => {
                Ok(Self::Loopback { origin: origin.to_owned() })
            }
            _ => Err(format!(
                "source must be binance, binance-us or loopback:http://127.0.0.1:PORT, was {text:?}"
            )),
        }
    }

    /// What the venue offers.
    pub const fn offer(&self) -> &'static Venue {
        match self {
            Self::Binance => &venue::BINANCE,
            Self::BinanceUs => &venue::BINANCE_US,
            Self::Loopback { .. } => &venue::LOOPBACK,
            Self::Demo => &venue::DEMO,
            Self::Recording => &venue::RECORDING,
        }
    }

    /// The name on the page.
    pub const fn label(&self) -> &'static str {
        self.offer().label
    }

    /// Hosts for streams, preferred first; none for a recording.
    pub fn stream_hosts(&self) -> Vec<String> {
        match self {
            Self::Loopback { origin } => vec![origin.replacen("http", "ws", 1)],
            _ => self.offer().stream_hosts.iter().map(|&host| host.to_owned()).collect(),
        }
    }

    /// Hosts for REST, preferred first; none for a recording.
    pub fn rest_hosts(&self) -> Vec<String> {
        match self {
            Self::Loopback { origin } => vec![origin.clone()],
            _ => self.offer().rest_hosts.iter().map(|&host| host.to_owned()).collect(),
        }
    }

    /// Whether its prices are those of a market now, rather than recorded or made up.
    pub const fn is_live(&self) -> bool {
        !matches!(self, Self::Demo | Self::Recording)
    }

    /// The intervals available for its bars.
    pub const fn intervals(&self) -> &'static [Interval] {
        self.offer().intervals
    }

    /// Whether REST serves bars of `interval`.
    pub fn has_history(&self, interval: Interval) -> bool {
        self.offer().history_from.is_some_and(|from| interval.millis() >= from.millis())
    }
}

fn is_loopback(origin: &str) -> bool {
    let host = origin.strip_prefix("http://127.0.0.1:").or_else(|| origin.strip_prefix("http://localhost:"));
    host.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
