//! What each venue offers: one row of a table for each, and nothing about venues elsewhere.

use crate::Interval;

/// A venue as its documentation describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Venue {
    /// The name for the eye.
    pub label: &'static str,
    /// Hosts for streams, the preferred first.
    pub stream_hosts: &'static [&'static str],
    /// Hosts for REST, the preferred first.
    pub rest_hosts: &'static [&'static str],
    /// The intervals that the desk's bars can have.
    pub intervals: &'static [Interval],
    /// The shortest of them that REST serves; none where it serves no bars.
    pub history_from: Option<Interval>,
    /// The stream of each leg beside its trades.
    pub beside_trades: &'static str,
    /// That stream is the bar of a second, of every second: silence means something.
    pub tells_seconds: bool,
    /// Streams that tell the exchange's clock whatever trades; `{y}` stands for the dependent leg.
    pub heartbeat: &'static [&'static str],
    /// How patient the connection is.
    pub patience: Patience,
    /// What the question for all markets is narrowed by: megabytes of permissions and of what no longer trades
    /// otherwise.
    pub listing: &'static str,
    /// What the question for the last day of all markets is narrowed by.
    pub days: &'static str,
    /// Request weight in a minute at most, a fifth of what the venue allows an address, which others share.
    pub weight_per_minute: u32,
}

/// How long a connection may be silent, ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Before its first frame; it has failed then.
    pub opening: i64,
    /// Between two frames, as long as bars are closed by them: trades may be lost after a longer silence.
    pub doubt: i64,
    /// Between two frames, until it is given up.
    pub silent: i64,
}

/// Where something comes every second.
const EVERY_SECOND: Patience = Patience { opening: 10_000, doubt: 5_000, silent: 15_000 };

impl Default for Patience {
    fn default() -> Self {
        EVERY_SECOND
    }
}

/// What the addresses of the made-up exchange begin with.
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

/// Another market with other prices. Its documentation knows neither bars of a second (REST gave them up in 2023) nor
/// the average price, and its coins are quiet for minutes. The book of its busiest market changes every second; the
/// ticker of that one stands in for the book while nobody moves it.
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

/// A stand-in for Binance; its one host is its own.
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

/// What files have brought in: nobody is asked.
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
    fn binance_us_is_asked_for_nothing_that_it_does_not_document() {
        let Venue { beside_trades, heartbeat, history_from, patience, .. } = BINANCE_US;
        let streams = [&[beside_trades], heartbeat].concat();
        assert!(streams.iter().all(|stream| !stream.contains("kline_1s") && !stream.contains("avgPrice")));
        assert_eq!(history_from, Some(Interval::OneMinute));
        // it pings every three minutes, and its coins are quiet for longer
        assert!(patience.silent > EVERY_SECOND.silent && patience.doubt > EVERY_SECOND.doubt);
    }
}
