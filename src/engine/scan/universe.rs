//! The markets of a scan, and those that tell nothing: a stablecoin moves with its currency, a wrapped coin
//! with the coin behind it, a leveraged token with a coin that is in the universe anyway.

use crate::Symbol;
use crate::base::symbol::DOLLARS;
use serde::{Deserialize, Serialize};

/// The kind of a coin that has no price of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Pegged to a currency, or a currency itself.
    Stable,
    /// Worth the same as another coin.
    Wrapped {
        /// The other coin.
        of: String,
    },
    /// Worth a multiple of a coin's daily change.
    Leveraged {
        /// The coin.
        of: String,
    },
}

impl Mark {
    /// The mark in words, for the page.
    pub fn words(&self) -> String {
        match self {
            Self::Stable => "stable coin".to_owned(),
            Self::Wrapped { of } => format!("wrapped {of}"),
            Self::Leveraged { of } => format!("leveraged {of}"),
        }
    }
}

const STABLE: [&str; 43] = [
    "AEUR", "AUD", "BFUSD", "BRL", "BUSD", "CHF", "DAI", "EUR", "EURC", "EURI", "EURS", "EURT", "FDUSD",
    "FRAX", "GBP", "GHO", "GUSD", "JPY", "LUSD", "MIM", "MXN", "PAX", "PYUSD", "RLUSD", "RUB", "SUSD", "TRY",
    "TUSD", "UAH", "USD", "USD0", "USD1", "USDC", "USDD", "USDE", "USDP", "USDS", "USDT", "USDY", "USTC",
    "VAI", "XUSD", "ZAR",
];

/// Longest name of a coin that is stable because of the `USD` in it.
const LONGEST_STABLE: usize = 6;
/// A coin whose prices of a day in dollars lie within this range is pegged to the dollar.
const PEGGED: core::ops::RangeInclusive<f64> = 0.98..=1.02;

/// Coins, and those worth the same.
const WRAPPED: [(&str, &[&str]); 7] = [
    ("BTC", &["BTCB", "CBBTC", "HBTC", "LBTC", "RENBTC", "SBTC", "TBTC", "WBTC"]),
    (
        "ETH",
        &["BETH", "CBETH", "EZETH", "METH", "RETH", "RSETH", "STETH", "WBETH", "WEETH", "WETH", "WSTETH"],
    ),
    ("BNB", &["ASBNB", "SLISBNB", "WBNB"]),
    ("SOL", &["BNSOL", "JITOSOL", "JUPSOL", "MSOL", "WSOL"]),
    ("AVAX", &["SAVAX", "WAVAX"]),
    ("POL", &["MATIC", "WMATIC", "WPOL"]),
    ("FTM", &["WFTM"]),
];

/// Coins that had leveraged tokens named by UP and DOWN. Other names may end in the same way: JUP is a coin of
/// its own.
const UP_AND_DOWN: [&str; 20] = [
    "1INCH", "AAVE", "ADA", "BCH", "BNB", "BTC", "DOT", "EOS", "ETH", "FIL", "LINK", "LTC", "SUSHI", "SXP",
    "TRX", "UNI", "XLM", "XRP", "XTZ", "YFI",
];

/// The kind of a coin; `None` if it has a price of its own. `base` is the coin's name, in upper case.
pub fn mark(base: &str) -> Option<Mark> {
    // a coin with a dollar in its name is pegged to it, whatever it is called next year
    if STABLE.contains(&base) || base.len() <= LONGEST_STABLE && base.contains("USD") {
        return Some(Mark::Stable);
    }
    if let Some((coin, _)) = WRAPPED.iter().find(|(_, twins)| twins.contains(&base)) {
        return Some(Mark::Wrapped { of: (*coin).to_owned() });
    }
    let leveraged = |of: &str| Mark::Leveraged { of: of.to_owned() };
    for ending in ["UP", "DOWN"] {
        if let Some(coin) = base.strip_suffix(ending).filter(|coin| UP_AND_DOWN.contains(coin)) {
            return Some(leveraged(coin));
        }
    }
    // `BTC3L`, `ETH5S`
    let multiple = base.strip_suffix(['L', 'S']).and_then(|rest| rest.strip_suffix(['2', '3', '4', '5']));
    if let Some(coin) = multiple.filter(|coin| coin.len() >= 2) {
        return Some(leveraged(coin));
    }
    for ending in ["BULL", "BEAR"] {
        match base.strip_suffix(ending) {
            Some("") => return Some(leveraged("BTC")),
            Some(coin) if UP_AND_DOWN.contains(&coin) => return Some(leveraged(coin)),
            _ => {}
        }
    }
    None
}

/// The kind of a market's coin; `None` too if the market's quote currency is unknown.
pub fn mark_of(symbol: &Symbol) -> Option<Mark> {
    symbol.quote().and_then(|_| mark(symbol.base()))
}

/// The last 24 hours of a market.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// The market.
    pub symbol: Symbol,
    /// The coin.
    pub base: String,
    /// The quote currency.
    pub quote: String,
    /// Quote volume of the last 24 hours.
    pub quote_volume: f64,
    /// Lowest and highest price of the last 24 hours, if known.
    pub range: Option<(f64, f64)>,
}

impl Day {
    /// The kind of its coin, by name and by prices.
    fn mark(&self) -> Option<Mark> {
        let is_pegged = DOLLARS.contains(&self.quote.as_str())
            && self.range.is_some_and(|(low, high)| PEGGED.contains(&low) && PEGGED.contains(&high));
        mark(&self.base).or_else(|| is_pegged.then_some(Mark::Stable))
    }
}

/// The markets of a scan, and those left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Universe {
    /// Most traded first.
    pub taken: Vec<Symbol>,
    /// Markets left out that would otherwise be among them.
    pub left_out: Vec<(Symbol, Mark)>,
}

/// The `count` most traded markets priced in `quote`. Marked ones make room for the next, unless they are
/// wanted too. Markets with equal volume are in alphabetical order.
pub fn most_traded(days: &[Day], quote: &str, count: usize, with_marked: bool) -> Universe {
    let mut traded: Vec<&Day> =
        days.iter().filter(|day| day.quote == quote && day.quote_volume > 0.0).collect();
    traded.sort_by(|a, b| b.quote_volume.total_cmp(&a.quote_volume).then_with(|| a.symbol.cmp(&b.symbol)));
    let mut universe = Universe::default();
    for day in traded {
        if universe.taken.len() == count {
            break;
        }
        match day.mark().filter(|_| !with_marked) {
            Some(mark) => universe.left_out.push((day.symbol.clone(), mark)),
            None => universe.taken.push(day.symbol.clone()),
        }
    }
    universe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coins_that_are_none_of_their_own_are_marked_and_look_alikes_are_not() {
        let words = |base: &str| mark(base).map(|mark| mark.words());
        let marked = [
            ("FDUSD", "stable coin"),
            ("EUR", "stable coin"),
            ("USDX", "stable coin"),
            ("CRVUSD", "stable coin"),
            ("WBTC", "wrapped BTC"),
            ("WBETH", "wrapped ETH"),
            ("BTCUP", "leveraged BTC"),
            ("ETHDOWN", "leveraged ETH"),
            ("XRP3S", "leveraged XRP"),
            ("BULL", "leveraged BTC"),
            ("ETHBEAR", "leveraged ETH"),
        ];
        for (base, expected) in marked {
            assert_eq!(words(base).as_deref(), Some(expected), "{base}");
        }
        for base in [
            "PAXG", "XAUT", "BTC", "ETH", "JUP", "SYRUP", "WIF", "WLD", "SOL", "FIL", "STEEM", "DOGS",
            "1INCH",
        ] {
            assert_eq!(words(base), None, "{base}");
        }
        let symbol = |name: &str| Symbol::new(name).unwrap();
        assert_eq!(mark_of(&symbol("USDCUSDT")), Some(Mark::Stable));
        assert_eq!((mark_of(&symbol("DAI")), mark_of(&symbol("BTCUSDT"))), (None, None));
    }

    #[test]
    fn the_most_traded_are_taken_and_marked_ones_make_room() {
        let day = |base: &str, quote: &str, quote_volume: f64| Day {
            symbol: Symbol::new(&format!("{base}{quote}")).unwrap(),
            base: base.to_owned(),
            quote: quote.to_owned(),
            quote_volume,
            range: None,
        };
        let pegged = Day { range: Some((0.999, 1.001)), ..day("NEWPEG", "USDT", 7.0) };
        let moving = Day { range: Some((0.97, 1.001)), ..day("DOGE", "USDT", 0.5) };
        let days = [
            day("SOL", "USDT", 5.0),
            day("USDC", "USDT", 9.0),
            day("BTC", "USDT", 8.0),
            day("BTC", "USDC", 99.0),
            day("ADA", "USDT", 5.0),
            day("XRP", "USDT", 1.0),
            day("OLD", "USDT", 0.0),
            pegged,
            moving,
        ];
        let names = |symbols: &[Symbol]| symbols.iter().map(Symbol::to_string).collect::<Vec<String>>();
        let universe = most_traded(&days, "USDT", 3, false);
        assert_eq!(names(&universe.taken), ["BTCUSDT", "ADAUSDT", "SOLUSDT"]);
        let left_out = ["USDCUSDT", "NEWPEGUSDT"].map(|name| (Symbol::new(name).unwrap(), Mark::Stable));
        assert_eq!(universe.left_out, left_out);
        let all = most_traded(&days, "USDT", 99, true);
        assert_eq!((all.taken.len(), all.left_out.len()), (7, 0));
        assert!(names(&most_traded(&days, "USDT", 9, false).taken).contains(&"DOGEUSDT".to_owned()));
    }
}
