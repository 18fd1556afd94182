//! Where the market data comes from, and under which addresses.

use crate::Interval;
use serde::{Deserialize, Serialize};

/// What the addresses of the made-up exchange begin with.
pub const DEMO_HOST: &str = "demo:";

/// Where the market data comes from. Never taken from the page's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Binance's public market data.
    Binance,
    /// Binance.US: another market with other prices; no 1 s history.
    BinanceUs,
    /// A stand-in exchange on this machine, for development: its origin, `http://127.0.0.1:9443`.
    Loopback {
        /// Scheme, host and port.
        origin: String,
    },
    /// The [made-up exchange](crate::demo) inside the page. Never stored, and never the page's own choice.
    Demo,
    /// What files have brought in; see [`transfer`](crate::transfer).
    Recording,
}

impl Source {
    /// Reads the page's stamped source: `binance`, `binance-us` or `loopback:http://127.0.0.1:PORT`.
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

    /// The name for the eye.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Binance => "Binance",
            Self::BinanceUs => "Binance.US",
            Self::Loopback { .. } => "Stand-in exchange",
            Self::Demo => "DEMO, made up",
            Self::Recording => "Recording",
        }
    }

    /// Hosts for streams, the preferred first; none of a recording.
    pub fn stream_hosts(&self) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Binance => &[
                "wss://data-stream.binance.vision:443",
                "wss://data-stream.binance.vision:9443",
                "wss://stream.binance.com:443",
                "wss://stream.binance.com:9443",
            ],
            Self::BinanceUs => &["wss://stream.binance.us:9443"],
            Self::Loopback { origin } => return vec![origin.replacen("http", "ws", 1)],
            Self::Demo => &[DEMO_HOST],
            Self::Recording => &[],
        };
        fixed.iter().map(|&host| host.to_owned()).collect()
    }

    /// Hosts for REST, the preferred first; none of a recording.
    pub fn rest_hosts(&self) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Binance => &["https://data-api.binance.vision", "https://api.binance.com"],
            Self::BinanceUs => &["https://api.binance.us"],
            Self::Loopback { origin } => return vec![origin.clone()],
            Self::Demo => &[DEMO_HOST],
            Self::Recording => &[],
        };
        fixed.iter().map(|&host| host.to_owned()).collect()
    }

    /// The intervals that its bars can have.
    pub const fn intervals(&self) -> &'static [Interval] {
        match self {
            Self::Demo => &Interval::SHORT,
            Self::Binance | Self::BinanceUs | Self::Loopback { .. } | Self::Recording => &Interval::ALL,
        }
    }

    /// Whether each of its markets speaks every second, by the bar of it.
    pub(crate) const fn tells_seconds(&self) -> bool {
        matches!(self, Self::Binance | Self::Loopback { .. })
    }

    /// Whether REST serves bars of `interval`: Binance.US gave up 1 s klines in 2023.
    pub const fn has_history(&self, interval: Interval) -> bool {
        !matches!((self, interval), (Self::BinanceUs, Interval::OneSecond) | (Self::Recording, _))
    }
}

fn is_loopback(origin: &str) -> bool {
    let host = origin.strip_prefix("http://127.0.0.1:").or_else(|| origin.strip_prefix("http://localhost:"));
    host.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
