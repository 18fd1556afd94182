//! What each venue offers: one row per venue, and nothing about venues elsewhere.

use crate::Interval;

/// A venue, as its documentation describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Venue {
    /// The name on the page.
    pub label: &'static str,
    /// Hosts for streams, preferred first.
    pub stream_hosts: &'static [&'static str],
    /// Hosts for REST, preferred first.
    pub rest_hosts: &'static [&'static str],
    /// The intervals available for bars.
    pub intervals: &'static [Interval],
    /// The shortest of them that REST serves; `None` if REST serves no bars.
    pub history_from: Option<Interval>,
    /// The stream of each leg beside its trade stream.
    pub beside_trades: &'static str,
    /// Whether that stream sends a bar for every second, so that silence is a sign of trouble.
    pub tells_seconds: bool,
    /// Streams that carry the exchange's clock even when nothing trades; `{y}` stands for the dependent leg.
    pub heartbeat: &'static [&'static str],
    /// How long the connection waits in silence.
    pub patience: Patience,
    /// Query parameters that narrow the request for all markets; without them the response has megabytes of
    /// permissions and of markets that no longer trade.
    pub listing: &'static str,
    /// Query parameters that narrow the request for the last 24 hours of all markets.
    pub days: &'static str,
    /// Most request weight per minute: a fifth of the venue's limit per address, which other programs share.
    pub weight_per_minute: u32,
}

/// How long a connection may be silent, ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Before the first frame; the connection has failed after that.
    pub opening: i64,
    /// Between two frames, before bars may no longer be closed: trades may have been lost.
    pub doubt: i64,
    /// Between two frames, before the connection is given up.
    pub silent: i64,
}

/// For venues that send something every second.
const EVERY_SECOND: Patience = Patience { opening: 10_000, doubt: 5_000, silent: 15_000 };

impl Default for Patience {
    fn default() -> Self {
        EVERY_SECOND
    }
}

/// Prefix of the made-up exchange's addresses.
pub const DEMO_HOST: &str = "demo:";

pub(super) const BINANCE: Venue = Venue {
    label: "Binance",
    stream_hosts: &[
        "wss://data-stream.binance.vision:443",
        "wss://data-stream.binance.vision:9443",
        "wss://stream.binance.com:443",
        "wss://stream.binance.com:9443",
    ],
    rest_hosts: &["https://data-api.binance.vision", "https://api.binance.com"],
    intervals: &Interval::ALL,
    history_from: Some(Interval::OneSecond),
    beside_trades: "@kline_1s",
    tells_seconds: true,
    heartbeat: &["{y}@avgPrice"],
    patience: EVERY_SECOND,
    listing: "?permissions=SPOT&symbolStatus=TRADING&showPermissionSets=false",
    days: "?type=MINI",
    weight_per_minute: 1_200,
};

/// A separate market with its own prices. Its documentation lists neither 1 s bars (REST dropped them in 2023)
/// nor the average price, and its coins can be quiet for minutes. The order book of its busiest market serves
/// as the clock: that book changes every second, and the 24 h ticker fills in while it does not.
pub(super) const BINANCE_US: Venue = Venue {
    label: "Binance.US",
    stream_hosts: &["wss://stream.binance.us:9443"],
    rest_hosts: &["https://api.binance.us"],
    intervals: &Interval::ALL,
    history_from: Some(Interval::OneMinute),
    beside_trades: "@miniTicker",
    tells_seconds: false,
    heartbeat: &["btcusdt@miniTicker", "btcusdt@depth"],
    patience: Patience { opening: 30_000, doubt: 60_000, silent: 60_000 },
    listing: "",
    days: "",
    weight_per_minute: 240,
};

/// A stand-in for Binance; its only host is its own.
pub(super) const LOOPBACK: Venue =
    Venue { label: "Stand-in exchange", stream_hosts: &[], rest_hosts: &[], ..BINANCE };

/// The made-up exchange inside the page.
pub(super) const DEMO: Venue = Venue {
    label: "DEMO, made up",
    stream_hosts: &[DEMO_HOST],
    rest_hosts: &[DEMO_HOST],
    intervals: &Interval::SHORT,
    tells_seconds: false,
    ..BINANCE
};

/// Imported files; no requests are made.
pub(super) const RECORDING: Venue = Venue {
    label: "Recording",
    stream_hosts: &[],
    rest_hosts: &[],
    history_from: None,
    tells_seconds: false,
    ..BINANCE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binance_us_gets_no_request_that_it_does_not_document() {
        let Venue { beside_trades, heartbeat, history_from, patience, .. } = BINANCE_US;
        let streams = [&[beside_trades], heartbeat].concat();
        assert!(streams.iter().all(|stream| !stream.contains("kline_1s") && !stream.contains("avgPrice")));
        assert_eq!(history_from, Some(Interval::OneMinute));
        // it pings every three minutes, and its coins can be quiet for longer
        assert!(patience.silent > EVERY_SECOND.silent && patience.doubt > EVERY_SECOND.doubt);
    }
}
