//! Which exchange the stand-in stands in for, as their documentations differ.

/// An exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Venue {
    /// Binance.
    #[default]
    Binance,
    /// Binance.US: no bars of a second, no average price, other weights, order ids in trades.
    Us,
}

impl Venue {
    /// Request weight in a minute.
    pub(crate) const fn weight_limit(self) -> u32 {
        match self {
            Self::Binance => 6_000,
            Self::Us => 1_200,
        }
    }

    /// Request weight of a request.
    pub(crate) fn weight_of(self, endpoint: &str) -> u32 {
        match (self, endpoint) {
            (Self::Us, "exchangeInfo") => 10,
            (Self::Us, "ticker/24hr") => 40,
            (Self::Us, _) | (_, "ping" | "time") => 1,
            (_, "exchangeInfo") => 20,
            (_, "ticker/24hr") => 80,
            (_, "klines") => 2,
            (_, "ticker/price" | "ticker/bookTicker" | "aggTrades") => 4,
            (_, "trades" | "historicalTrades") => 25,
            _ => 1,
        }
    }

    /// Whether there are bars of `interval`, on a stream or over REST.
    pub(crate) fn has_bars_of(self, interval: &str) -> bool {
        self == Self::Binance || interval != "1s"
    }

    /// Whether requests to `endpoint` may have the parameter `name` that Binance reads there.
    pub(crate) fn reads(self, endpoint: &str, name: &str) -> bool {
        let unknown = match endpoint {
            "exchangeInfo" => &["permissions", "showPermissionSets", "symbolStatus"][..],
            "ticker/24hr" => &["type"],
            _ => &[],
        };
        self == Self::Binance || !unknown.contains(&name)
    }

    /// Whether there is an average price, and times in microseconds.
    pub(crate) fn is_modern(self) -> bool {
        self == Self::Binance
    }
}

/// What becomes of a socket whose address names a stream that there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownStream {
    /// It stays open, and nothing comes of that stream.
    #[default]
    Silent,
    /// It is closed with 1008.
    Closed,
}
