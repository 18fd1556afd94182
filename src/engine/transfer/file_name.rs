//! What a file's name tells of its contents.

use super::file_words::{EXCHANGES, is_noise, length, length_of};
use super::listed_names::{listed, of_exchange, of_site, stooq};
use super::market_name;
use super::step;
use super::timestamp;
use super::timestamp::UnixMicros;
use crate::{Symbol, UnixMillis};

/// What a name tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameFacts {
    /// The market.
    pub symbol: Option<Symbol>,
    /// Length of a bar, milliseconds.
    pub step_millis: Option<i64>,
    /// Times in it are milliseconds since this midnight.
    pub day: Option<UnixMicros>,
    /// It holds all trades from one time up to another.
    pub covers: Option<(UnixMillis, UnixMillis)>,
}

/// Reads the names of a file and of the archive around it, the inner first.
pub fn read(names: &[&str]) -> NameFacts {
    let stems: Vec<&str> = names.iter().map(|name| stem(name)).collect();
    let known =
        stems.iter().find_map(|stem| binance(stem).or_else(|| lean(stem)).or_else(|| tradingview(stem)));
    known.unwrap_or_else(|| NameFacts {
        symbol: stems.iter().find_map(|stem| somewhere(stem)),
        step_millis: stems.iter().find_map(|stem| length_somewhere(stem)),
        ..NameFacts::default()
    })
}

/// The name without its folder and its endings.
fn stem(name: &str) -> &str {
    let mut stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    while let Some((start, ending)) = stem.rsplit_once('.') {
        let known = ["zip", "gz", "csv", "tsv", "txt", "md", "dat", "json", "jsonl", "ndjson", "last"];
        if !known.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            break;
        }
        stem = start;
    }
    stem
}

/// Binance's archive: `BTCUSDT-1m-2024-08`, `BTCUSDT-aggTrades-2024-08-09`.
fn binance(stem: &str) -> Option<NameFacts> {
    let parts: Vec<&str> = stem.split('-').collect();
    let [symbol, what, year, month, ref day @ ..] = parts[..] else { return None };
    let symbol = Symbol::new(symbol).ok().filter(|symbol| symbol.as_str().len() > 1)?;
    let (year, month): (i64, i64) = (year.parse().ok()?, month.parse().ok()?);
    let (from, to) = match day {
        [] => {
            let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            (timestamp::midnight(year, month, 1)?, timestamp::midnight(next.0, next.1, 1)?)
        }
        [day] => {
            let from = timestamp::midnight(year, month, day.parse().ok()?)?;
            (from, from + 86_400_000_000)
        }
        _ => return None,
    };
    if matches!(what, "trades" | "aggTrades") {
        let covers = Some((UnixMillis(from / 1_000), UnixMillis(to / 1_000)));
        return Some(NameFacts { symbol: Some(symbol), covers, ..NameFacts::default() });
    }
    Some(NameFacts { symbol: Some(symbol), step_millis: Some(length(what)?), ..NameFacts::default() })
}

/// Files of `TradingView`: an exchange, a market and a length of bars, `HKEX_DLY_700, 1D`, `CME_MINI_ES1!, 60_1a2b3`.
fn tradingview(stem: &str) -> Option<NameFacts> {
    let (name, behind) = stem.rsplit_once(", ")?;
    let length = behind.split(['_', ' ', '(']).next().unwrap_or_default();
    // minutes, or a number with a letter; a day may stand alone
    let minutes = length.parse::<i64>().ok().filter(|minutes| (1..=1_440).contains(minutes));
    let unit = match length.strip_prefix(|digit: char| digit.is_ascii_digit()).unwrap_or(length) {
        "S" => Some(1_000),
        "D" => Some(86_400_000),
        "W" => Some(604_800_000),
        "M" => Some(step::MONTH),
        _ => None,
    };
    let step_millis =
        minutes.map(|minutes| minutes * 60_000).or(unit.filter(|_| !length.contains(char::is_whitespace)))?;
    let market = name.rsplit('_').next().filter(|market| !market.is_empty())?;
    let is_length_told = minutes.is_none();
    Some(NameFacts {
        symbol: Some(market_name::symbol(market).ok()?),
        step_millis: is_length_told.then_some(step_millis),
        ..NameFacts::default()
    })
}

/// Lean's files: `20180404_btcusd_minute_trade`.
fn lean(stem: &str) -> Option<NameFacts> {
    let parts: Vec<&str> = stem.split('_').collect();
    let [date, symbol, resolution, "trade"] = parts[..] else { return None };
    let step_millis = match resolution {
        "second" => 1_000,
        "minute" => 60_000,
        _ => return None,
    };
    let digits = |from: usize, to: usize| date.get(from..to)?.parse::<i64>().ok();
    let day =
        (date.len() == 8).then(|| timestamp::midnight(digits(0, 4)?, digits(4, 6)?, digits(6, 8)?))??;
    Some(NameFacts {
        symbol: Symbol::new(symbol).ok(),
        step_millis: Some(step_millis),
        day: Some(day),
        covers: None,
    })
}

/// A market among the words of a name: one that ends in a usual quote currency, two words of which the second is one, a
/// word in capitals among others, or a name that is one short word.
fn somewhere(stem: &str) -> Option<Symbol> {
    // a browser numbers files of the same name: `KO (1)`
    let stem = match stem.rsplit_once(" (") {
        Some((name, number)) if number.trim_end_matches(')').bytes().all(|byte| byte.is_ascii_digit()) => {
            name
        }
        _ => stem,
    };
    // "historical data" behind the market, without a space
    let stem =
        ["历史数据", "歷史數據"].iter().find_map(|words| stem.strip_suffix(words)).unwrap_or(stem).trim();
    if let Some(symbol) = whole(stem)
        .or_else(|| listed(stem))
        .or_else(|| of_site(stem))
        .or_else(|| stooq(stem))
        .or_else(|| of_exchange(stem))
    {
        return Some(symbol);
    }
    let words = stem.split(|letter: char| !letter.is_alphanumeric() && letter != '.' && letter != '^');
    // TradingView puts an exchange in front, Bitfinex a t
    let words =
        words.filter(|word| !EXCHANGES.iter().any(|known| known.eq_ignore_ascii_case(word))).map(|word| {
            match word.strip_prefix('t') {
                Some(rest) if rest.len() >= 6 && rest.chars().all(|letter| letter.is_ascii_uppercase()) => {
                    rest
                }
                _ => word,
            }
        });
    let words: Vec<&str> = words.collect();
    let is_pair = |symbol: &Symbol| {
        let letters = symbol.as_str().bytes().filter(u8::is_ascii_alphabetic).count();
        symbol.base() != symbol.as_str() && symbol.base().len() >= 2 && letters >= 5
    };
    // MetaTrader puts the length of a bar behind, Bybit the date
    let bare = |word: &str| {
        let lengths = ["Daily", "Weekly", "Monthly"];
        let word = lengths.iter().find_map(|length| word.strip_suffix(length)).unwrap_or(word);
        let word = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        word.to_owned()
    };
    let whole = words.iter().filter_map(|word| Symbol::new(word).ok()).find(is_pair);
    let bare = || words.iter().filter_map(|word| Symbol::new(&bare(word)).ok()).find(is_pair);
    // EURUSDH1
    let of_hours = || {
        let ends = words.iter().filter_map(|word| {
            let start = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let symbol = start.strip_suffix(['M', 'H', 'D', 'W']).filter(|symbol| symbol.len() >= 6)?;
            Symbol::new(symbol).ok()
        });
        ends.into_iter().find(is_pair)
    };
    // TradingView marks a perpetual contract
    let perpetual = || {
        let of = |word: &&str| Symbol::new(word.strip_suffix(".P")?).ok().filter(is_pair);
        words.iter().find(|word| of(word).is_some()).and_then(|word| Symbol::new(word).ok())
    };
    let pair = whole.or_else(perpetual).or_else(bare).or_else(of_hours);
    let joined = || {
        let two = words
            .windows(2)
            .filter(|two| !is_noise(two[0]))
            .filter_map(|two| market_name::symbol(&format!("{}-{}", two[0], two[1])).ok());
        let pairs: Vec<Symbol> = two.filter(|symbol| !symbol.as_str().contains('-')).collect();
        // a coin may be the quote, and more often it is the base
        let of_coins = |symbol: &&Symbol| {
            ["BTC", "XBT", "ETH", "BNB"].iter().any(|coin| symbol.as_str().ends_with(coin))
        };
        pairs.iter().find(|symbol| !of_coins(symbol)).or(pairs.first()).cloned()
    };
    let capital = || {
        let is_capital = |word: &&&str| {
            word.len() <= 10
                && word.starts_with(|letter: char| letter.is_ascii_uppercase())
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '.')
                && length_of(word).is_none()
        };
        let mut capitals = words.iter().filter(is_capital).filter(|word| !is_noise(word));
        capitals.next().filter(|_| capitals.next().is_none()).and_then(|word| Symbol::new(word).ok())
    };
    let alone = || {
        // numbers beside a word are those of a date or of a part
        let is_number = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_digit());
        let tells = |word: &&&str| !word.is_empty() && !is_noise(word) && length(word).is_none();
        let telling: Vec<&&str> = words.iter().filter(tells).collect();
        let has_word = telling.iter().any(|word| !is_number(word));
        let mut left = telling.iter().filter(|word| !has_word || !is_number(word));
        let only = left.next().filter(|_| left.next().is_none())?;
        Symbol::new(only).ok().filter(|symbol| symbol.as_str().chars().count() <= 10)
    };
    pair.or_else(joined).or_else(capital).or_else(alone)
}

/// A name that is a market and nothing else, as Yahoo spells them: `BRK-B`, `^GSPC`, `EURUSD=X`, `BTC-USD`.
fn whole(stem: &str) -> Option<Symbol> {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '.')
    };
    let name = stem.strip_prefix('^').unwrap_or(stem);
    let mut parts = name.split(['-', '=']);
    let (first, second) = (parts.next()?, parts.next());
    let has_sign = name.len() < stem.len() || second.is_some();
    // a number behind it is that of a part
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_part(first)
        && second.is_none_or(|second| is_part(second) && !is_number(second) && length_of(second).is_none());
    let is_one = has_sign
        && fits
        && parts.next().is_none()
        && stem.len() <= 16
        && stem.bytes().any(|byte| byte.is_ascii_uppercase());
    is_one.then(|| market_name::symbol(stem).ok())?
}

/// A length of a bar among the words of a name.
fn length_somewhere(stem: &str) -> Option<i64> {
    let words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| word.len() >= 2).find_map(length_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market_and_step(name: &str) -> (String, Option<i64>) {
        let NameFacts { symbol, step_millis, .. } = read(&[name]);
        (symbol.map_or_else(String::new, String::from), step_millis)
    }

    #[test]
    fn names_of_archives_tell_symbol_and_length() {
        assert_eq!(market_and_step("BTCUSDT-1m-2024-08-09.zip"), ("BTCUSDT".into(), Some(60_000)));
        assert_eq!(
            market_and_step("folder/1000PEPEUSDT-4h-2024-08.csv"),
            ("1000PEPEUSDT".into(), Some(14_400_000))
        );
        assert_eq!(market_and_step("20180404_btcusd_minute_trade.csv"), ("BTCUSD".into(), Some(60_000)));
        assert_eq!(market_and_step("spot_1s_BTCUSDT.csv"), ("BTCUSDT".into(), Some(1_000)));
        assert_eq!(market_and_step("BTC_USDT-1h.json"), ("BTCUSDT".into(), Some(3_600_000)));
        assert_eq!(market_and_step("BTC-USD.csv"), ("BTCUSD".into(), None));
        assert_eq!(market_and_step("BTC-USDT-trades-2025-10-01.csv"), ("BTCUSDT".into(), None));
        assert_eq!(market_and_step("BTCUSDT2024-01-01.csv.gz"), ("BTCUSDT".into(), None));
        assert_eq!(market_and_step("EURUSD_M1_metatrader.csv"), ("EURUSD".into(), Some(60_000)));
        assert_eq!(market_and_step("KO_excel_days.csv"), ("KO".into(), None));
        assert_eq!(market_and_step("ko_us_d.csv"), ("KO".into(), None));
        assert_eq!(market_and_step("BRK.B.csv"), ("BRK.B".into(), None));
        assert_eq!(market_and_step("brk-b_us_d.csv"), ("BRK-B".into(), None));
        assert_eq!(market_and_step("^spx_d.csv"), ("^SPX".into(), None));
        assert_eq!(market_and_step("cl.f_d.csv"), ("CL.F".into(), None));
        assert_eq!(market_and_step("EURUSDDaily.csv"), ("EURUSD".into(), None));
        assert_eq!(market_and_step("XAUUSDWeekly.csv"), ("XAUUSD".into(), None));
        assert_eq!(market_and_step("EURUSDH4.csv"), ("EURUSD".into(), None));
        assert_eq!(market_and_step("EURUSD60.csv"), ("EURUSD".into(), None));
        assert_eq!(market_and_step("BINANCE_BTCUSDT.P, 60.csv"), ("BTCUSDT.P".into(), None));
        assert_eq!(market_and_step("BTCUSDT.P, 1D.csv"), ("BTCUSDT.P".into(), Some(86_400_000)));
        assert_eq!(market_and_step("KO-1.csv"), ("KO".into(), None));
        assert_eq!(market_and_step("KO.Last.txt"), ("KO".into(), None));
        assert_eq!(market_and_step("BTC-PERPETUAL.json"), ("BTC-PERPETUAL".into(), None));
        assert_eq!(market_and_step("Quote-Equity-TCS-EQ-01-01-2024.csv"), ("TCS".into(), None));
        assert_eq!(market_and_step("币安人生USDT-1m-2025-10-09.csv"), ("币安人生USDT".into(), Some(60_000)));
        assert_eq!(
            market_and_step("binance_BTCUSDT_24h-trades_2020_11_16.csv"),
            ("BTCUSDT".into(), Some(86_400_000))
        );
        assert_eq!(market_and_step("spot_trxusdt_04-03-2025.csv.gz"), ("TRXUSDT".into(), None));
        assert_eq!(market_and_step("KO.csv"), ("KO".into(), None));
        for (name, market) in [
            ("HKEX_700.csv", "700"),
            ("HKEX_DLY_9988, 1D.csv", "9988"),
            ("CME_MINI_ES1!, 60_1a2b3.csv", "ES1!"),
            ("NSE_RELIANCE, 1D (2).csv", "RELIANCE"),
            ("CME_MINI_NQ1!.csv", "NQ1!"),
            ("RELIANCE.NS.csv", "RELIANCE.NS"),
            ("0700.HK.csv", "0700.HK"),
            ("daily_BTC.json", "BTC"),
            ("D.csv", "D"),
            ("STOCK_US_XNYS_KO.csv", "KO"),
            ("STOCK_US_XNAS_PEP (1).csv", "PEP"),
            ("FUND_US_ARCX_SPY.csv", "SPY"),
            ("STOCK_UK_XLON_BARC.csv", "BARC"),
            ("INDEX_US_S&P US_SPX.csv", "SPX"),
            ("ko_daily_historical-data-03-01-2024.csv", "KO"),
            ("Quote-Equity-RELIANCE-EQ-01-01-2024-to-29-02-2024.csv", "RELIANCE"),
            ("KO历史数据.csv", "KO"),
            ("700.csv", "700"),
            ("KO (1).csv", "KO"),
        ] {
            assert_eq!(market_and_step(name).0, market, "{name}");
        }
        for name in
            ["API.csv", "SHEET1.csv", "Book1.csv", "export (3).csv", "prices_2024.csv", "DF.csv", "d.csv"]
        {
            assert_eq!(market_and_step(name).0, "", "{name}");
        }
        assert_eq!(market_and_step("my prices of last year.csv"), (String::new(), None));
        assert_eq!(market_and_step("BTCUSDT-1m-2024-13.zip"), ("BTCUSDT".into(), Some(60_000)));
    }

    #[test]
    fn archives_of_trades_tell_what_they_cover() {
        let day = read(&["BTCUSDT-trades-2024-02-29.csv"]).covers.unwrap();
        assert_eq!(day, (UnixMillis(1_709_164_800_000), UnixMillis(1_709_251_200_000)));
        let month = read(&["x.csv", "BTCUSDT-aggTrades-2024-12.zip"]).covers.unwrap();
        assert_eq!((month.1.0 - month.0.0) / 86_400_000, 31);
        assert_eq!(read(&["20180404_btcusd_minute_trade.csv"]).day, Some(1_522_800_000_000_000));
    }
}
