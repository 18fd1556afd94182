//! Names of columns that are made from a price, such as averages of it.

/// Words of columns that are made from a price.
const INDICATORS: [&str; 47] = [
    "sma",
    "ema",
    "wma",
    "dema",
    "tema",
    "hma",
    "kama",
    "ma",
    "rsi",
    "macd",
    "atr",
    "adx",
    "cci",
    "obv",
    "vwap",
    "twap",
    "wap",
    "bb",
    "bollinger",
    "band",
    "upper",
    "lower",
    "mid",
    "middle",
    "basis",
    "plot",
    "mean",
    "median",
    "avg",
    "average",
    "std",
    "stdev",
    "sigma",
    "trend",
    "target",
    "forecast",
    "pred",
    "predicted",
    "fitted",
    "previous",
    "prev",
    "bid",
    "ask",
    "typical",
    "fair",
    "mark",
    "stop",
];

/// Whether a name says that its column is made from a price: `SMA20`, `ema_50`, `Bollinger upper`. A market may be
/// called MA.
pub(super) fn is_indicator(name: &str) -> bool {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.map(|word| (word, word.trim_end_matches(|letter: char| letter.is_ascii_digit()))).any(
        |(word, bare)| {
            let is_known = INDICATORS.iter().any(|known| bare.eq_ignore_ascii_case(known));
            is_known && (name.len() > 3 || word.len() > bare.len())
        },
    )
}
