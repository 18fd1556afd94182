//! What a file's name tells of its contents.

use super::timestamp;
use super::timestamp::UnixMicros;
use crate::{Symbol, UnixMillis};

/// What a name tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
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
pub fn read(names: &[&str]) -> Told {
    let stems: Vec<&str> = names.iter().map(|name| stem(name)).collect();
    let known = stems.iter().find_map(|stem| binance(stem).or_else(|| lean(stem)));
    known.unwrap_or_else(|| Told { symbol: stems.iter().find_map(|stem| somewhere(stem)), ..Told::default() })
}

/// The name without its folder and its endings.
fn stem(name: &str) -> &str {
    let mut stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    while let Some((start, ending)) = stem.rsplit_once('.') {
        let known = ["zip", "gz", "csv", "tsv", "txt", "json", "jsonl", "ndjson"];
        if !known.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            break;
        }
        stem = start;
    }
    stem
}

/// Binance's archive: `BTCUSDT-1m-2024-08`, `BTCUSDT-aggTrades-2024-08-09`.
fn binance(stem: &str) -> Option<Told> {
    let parts: Vec<&str> = stem.split('-').collect();
    let [symbol, what, year, month, ref day @ ..] = parts[..] else { return None };
    let symbol = Symbol::new(symbol).ok()?;
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
        return Some(Told { symbol: Some(symbol), covers, ..Told::default() });
    }
    Some(Told { symbol: Some(symbol), step_millis: Some(length(what)?), ..Told::default() })
}

/// The exchange's word for a length of bar: `15m`.
fn length(word: &str) -> Option<i64> {
    let unit = match word.chars().last()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        'w' => 604_800_000,
        _ => return None,
    };
    let count: i64 = word[..word.len() - 1].parse().ok().filter(|count| (1..=60).contains(count))?;
    Some(count * unit)
}

/// Lean's files: `20180404_btcusd_minute_trade`.
fn lean(stem: &str) -> Option<Told> {
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
    Some(Told {
        symbol: Symbol::new(symbol).ok(),
        step_millis: Some(step_millis),
        day: Some(day),
        covers: None,
    })
}

/// A word that ends in a usual quote currency, or a name that is one short word.
fn somewhere(stem: &str) -> Option<Symbol> {
    let words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    let pair = words.filter_map(|word| Symbol::new(word).ok()).find(|symbol| {
        let letters = symbol.as_str().bytes().filter(u8::is_ascii_alphabetic).count();
        symbol.base() != symbol.as_str() && symbol.base().len() >= 2 && letters >= 5
    });
    pair.or_else(|| Symbol::new(stem).ok().filter(|symbol| symbol.as_str().len() <= 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> (String, Option<i64>) {
        let Told { symbol, step_millis, .. } = read(&[name]);
        (symbol.map_or_else(String::new, String::from), step_millis)
    }

    #[test]
    fn names_of_archives_tell_symbol_and_length() {
        assert_eq!(told("BTCUSDT-1m-2024-08-09.zip"), ("BTCUSDT".into(), Some(60_000)));
        assert_eq!(told("folder/1000PEPEUSDT-4h-2024-08.csv"), ("1000PEPEUSDT".into(), Some(14_400_000)));
        assert_eq!(told("20180404_btcusd_minute_trade.csv"), ("BTCUSD".into(), Some(60_000)));
        assert_eq!(told("spot_1s_BTCUSDT.csv"), ("BTCUSDT".into(), None));
        assert_eq!(told("binance_BTCUSDT_24h-trades_2020_11_16.csv"), ("BTCUSDT".into(), None));
        assert_eq!(told("spot_trxusdt_04-03-2025.csv.gz"), ("TRXUSDT".into(), None));
        assert_eq!(told("KO.csv"), ("KO".into(), None));
        assert_eq!(told("my prices of last year.csv"), (String::new(), None));
        assert_eq!(told("BTCUSDT-1m-2024-13.zip"), ("BTCUSDT".into(), None));
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
