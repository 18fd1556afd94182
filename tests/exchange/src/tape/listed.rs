//! Markets that are listed without any data.

/// A market in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) symbol: String,
    pub(crate) status: &'static str,
}

impl Listed {
    /// Returns a market that trades.
    pub(crate) fn trading(symbol: String) -> Self {
        Self { symbol, status: "TRADING" }
    }
}

/// Returns `symbols` markets, with plain names, names beyond ASCII and long names, of every status.
pub(crate) fn many(symbols: usize) -> Vec<Listed> {
    let symbol = |place: usize| match place % 50 {
        0 => format!("币安{place}人生USDT"),
        1 => format!("1000000MO{place}GUSDT"),
        _ => format!("C{place}USDT"),
    };
    let status = |place: usize| match place % 20 {
        0..8 => "TRADING",
        8..18 => "BREAK",
        18 => "HALT",
        _ => "CANCEL_ONLY",
    };
    (0..symbols).map(|place| Listed { symbol: symbol(place), status: status(place) }).collect()
}
