//! The exchange that the stand-in imitates, according to its documentation.

/// An exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Venue {
    /// Binance.
    #[default]
    Binance,
    /// Binance.US: no 1 s bars, no average price, other weights, order ids in trades.
    Us,
}

impl Venue {
    /// Returns the permitted request weight per minute.
    pub(crate) const fn weight_limit(self) -> u32 {
        match self {
            Self::Binance => 6_000,
            Self::Us => 1_200,
        }
    }

    /// Returns the weight of a request.
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

    /// Returns whether there are bars of `interval`, on a stream or over REST.
    pub(crate) fn has_bars_of(self, interval: &str) -> bool {
        self == Self::Binance || interval != "1s"
    }

    /// Returns whether `endpoint` accepts the parameter `name`, which Binance does.
    pub(crate) fn reads(self, endpoint: &str, name: &str) -> bool {
        let unknown = match endpoint {
            "exchangeInfo" => &["permissions", "showPermissionSets", "symbolStatus"][..],
            "ticker/24hr" => &["type"],
            _ => &[],
        };
        self == Self::Binance || !unknown.contains(&name)
    }

    /// Returns whether there are average prices and times in microseconds.
    pub(crate) fn is_modern(self) -> bool {
        self == Self::Binance
    }
}

/// What happens to a socket whose address names an unknown stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownStream {
    /// It stays open, and that stream stays silent.
    #[default]
    Silent,
    /// It is closed with 1008.
    Closed,
}
