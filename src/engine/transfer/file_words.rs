//! Words in the names of files: exchanges, lengths of bars, and what says nothing of a market.

use super::step;

/// Exchanges that stand in names before the market.
pub(super) const EXCHANGES: [&str; 71] = [
    "NASDAQ",
    "NYSE",
    "AMEX",
    "ARCA",
    "BATS",
    "XETR",
    "LSE",
    "TSX",
    "TVC",
    "FX",
    "OANDA",
    "FXCM",
    "BINANCE",
    "COINBASE",
    "KRAKEN",
    "BITSTAMP",
    "BYBIT",
    "OKX",
    "BITFINEX",
    "GEMINI",
    "KUCOIN",
    "CRYPTO",
    "INDEX",
    "CME",
    "COINGECKO",
    "DERIBIT",
    "POLYGON",
    "TIINGO",
    "FINNHUB",
    "STOOQ",
    "HKEX",
    "TSE",
    "NSE",
    "BSE",
    "SSE",
    "SZSE",
    "KRX",
    "TWSE",
    "TPEX",
    "SGX",
    "ASX",
    "NZX",
    "IDX",
    "MYX",
    "SET",
    "HOSE",
    "JSE",
    "TADAWUL",
    "EURONEXT",
    "MIL",
    "BME",
    "SIX",
    "XETRA",
    "FWB",
    "TRADEGATE",
    "GETTEX",
    "OMXSTO",
    "OMXCOP",
    "OMXHEX",
    "OSL",
    "GPW",
    "BIST",
    "MOEX",
    "BMFBOVESPA",
    "NYMEX",
    "COMEX",
    "CBOT",
    "CBOE",
    "EUREX",
    "ICEUS",
    "ICEEUR",
];

/// Whether a word says nothing of the market.
pub(super) fn is_noise(word: &str) -> bool {
    const KNOWN: [&str; 84] = [
        "us",
        "d",
        "w",
        "m",
        "daily",
        "data",
        "prices",
        "price",
        "history",
        "historical",
        "stooq",
        "yahoo",
        "ohlc",
        "ohlcv",
        "historische",
        "daten",
        "dados",
        "históricos",
        "datos",
        "donnees",
        "csv",
        "json",
        "txt",
        "xls",
        "xlsx",
        "records",
        "candles",
        "klines",
        "bars",
        "ticks",
        "trades",
        "quote",
        "quotes",
        "equity",
        "eq",
        "stock",
        "stocks",
        "crypto",
        "forex",
        "api",
        "sheet",
        "tabelle",
        "feuil",
        "hoja",
        "foglio",
        "planilha",
        "arkusz",
        "book",
        "mappe",
        "classeur",
        "table",
        "export",
        "exported",
        "import",
        "download",
        "downloads",
        "downloaded",
        "file",
        "files",
        "output",
        "out",
        "result",
        "results",
        "query",
        "test",
        "untitled",
        "unnamed",
        "new",
        "final",
        "df",
        "chart",
        "market",
        "markets",
        "copy",
        "temp",
        "tmp",
        "sample",
        "example",
        "report",
        "dataset",
        "raw",
        "clean",
        "max",
        "part",
    ];
    // Sheet1, and the year of a file; US30 is a market
    let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_year = word.len() == 4 && word.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year));
    let known = |word: &str| KNOWN.contains(&word.to_lowercase().as_str());
    is_year || known(word) || (word.len() - bare.len() <= 2 && known(bare) && bare.len() > 2)
}

/// The exchange's word for a length of bar: `15m`.
pub(super) fn length(word: &str) -> Option<i64> {
    if word == "1mo" {
        return Some(step::MONTH);
    }
    let unit = match word.chars().last()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        'w' => 604_800_000,
        _ => return None,
    };
    let count: i64 = word.get(..word.len() - 1)?.parse().ok().filter(|count| (1..=60).contains(count))?;
    Some(count * unit)
}

/// Whether a name is that of a length of bars: `1h`, `daily`, `candles_1d`.
pub(super) fn is_length(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["daily", "weekly", "monthly", "hourly", "minutely", "intraday", "minute", "hour", "day"];
    let mut words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.any(|word| {
        let is_known = || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
        length_of(word).is_some() || is_known()
    })
}

/// A word for a length of bar, as exchanges and programs write it.
pub(super) fn length_of(word: &str) -> Option<i64> {
    let lower = word.to_ascii_lowercase();
    let minutes =
        lower.strip_suffix("min").filter(|count| !count.is_empty()).map(|count| format!("{count}m"));
    // MetaTrader writes M1 and H4
    let turned = lower
        .split_at_checked(1)
        .filter(|(unit, _)| word.starts_with(['M', 'H', 'D']) && "mhd".contains(unit));
    let turned = turned.map(|(unit, count)| format!("{count}{unit}"));
    length(&lower).or_else(|| length(&minutes?)).or_else(|| length(&turned?))
}
