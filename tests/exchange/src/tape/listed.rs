//! Markets that are listed, and of which nothing else is told.

/// A market in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) symbol: String,
    pub(crate) status: &'static str,
}

impl Listed {
    /// A market that trades.
    pub(crate) fn trading(symbol: String) -> Self {
        Self { symbol, status: "TRADING" }
    }
}

/// So many markets, their names plain, beyond ASCII and longer than any coin's, of every status that there is.
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
