//! The names of stored records. Within a series, alphabetical order is chronological.
//!
//! ```text
//! bars/binance/BTCUSDT/1s/1700000000000   an hour of bars from that time on
//! bars/binance/BTCUSDT/1s/tail            the bars since the newest of those
//! ticks/binance/BTCUSDT/1700000000000     a minute of trades
//! ticks/binance/BTCUSDT/1700000000000+42  more trades of that minute, of which trade 42 came first
//! alerts/binance/BTCUSDT/ETHUSDT          the alerts of a pair
//! imports/BTCUSDT/0000                    the first part of a market's imported bars
//! choices                                 the user's choices on the page
//! scans                                   the pairs that survived the last scans
//! repeated                                the scan that is repeated
//! ```

use crate::settings::Source;
use crate::{Interval, Pair, Symbol, UnixMillis};

/// The record of the user's choices.
pub const CHOICES: &str = "choices";
/// The record of the last scans.
pub const SCANS: &str = "scans";
/// The record of the scan that is repeated.
pub const REPEATED: &str = "repeated";
/// Prefixes of all records of market data, by kind.
pub const HISTORY: [&str; 2] = ["bars/", "ticks/"];

/// Prefix of all records of imported recordings.
pub const IMPORTS: &str = "imports/";

const ALERTS: &str = "alerts/";
const TAIL: &str = "tail";

/// The bars of one market at one interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// [`Source::venue`].
    pub venue: String,
    /// The market.
    pub symbol: Symbol,
    /// Length of a bar.
    pub interval: Interval,
}

impl Series {
    /// Prefix of all its records.
    pub fn prefix(&self) -> String {
        format!("bars/{}/{}/{}/", self.venue, self.symbol, self.interval.as_str())
    }

    /// The record of the span that starts at `start`.
    pub fn chunk(&self, start: UnixMillis) -> String {
        format!("{}{:013}", self.prefix(), start.0)
    }

    /// The record of the newest bars.
    pub fn tail(&self) -> String {
        format!("{}{TAIL}", self.prefix())
    }
}

/// Whether `key` is the record of a series' newest bars.
pub fn is_tail(key: &str) -> bool {
    key.starts_with("bars/") && key.ends_with("/tail")
}

/// Prefix of a market's trade records.
pub fn ticks_prefix(venue: &str, symbol: &Symbol) -> String {
    format!("ticks/{venue}/{symbol}/")
}

/// The record of the minute of trades that starts at `start`.
pub fn ticks(venue: &str, symbol: &Symbol, start: UnixMillis) -> String {
    format!("{}{:013}", ticks_prefix(venue, symbol), start.0)
}

/// Another record of the minute of trades that starts at `start`, named after a trade that no other record has.
pub fn more_ticks(venue: &str, symbol: &Symbol, start: UnixMillis, trade_id: u64) -> String {
    format!("{}+{trade_id}", ticks(venue, symbol, start))
}

/// The record of a pair's alerts.
pub fn alerts(venue: &str, pair: &Pair) -> String {
    format!("{ALERTS}{venue}/{}/{}", pair.y, pair.x)
}

/// Prefix of the records of a market's recording.
pub fn import_prefix(symbol: &Symbol) -> String {
    format!("{IMPORTS}{symbol}/")
}

/// The market to whose recording the record `key` belongs.
pub fn import_of(key: &str) -> Option<Symbol> {
    let (symbol, _) = key.strip_prefix(IMPORTS)?.split_once('/')?;
    Symbol::new(symbol).ok()
}

/// Whether this version knows records with such a name.
pub fn is_known(key: &str) -> bool {
    let prefixes = [ALERTS, IMPORTS].into_iter().chain(HISTORY);
    [CHOICES, SCANS, REPEATED].contains(&key) || prefixes.into_iter().any(|prefix| key.starts_with(prefix))
}

/// The contents of a record of market data, from its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Bars from a time on.
    Bars {
        /// Length of a bar.
        interval: Interval,
        /// Open time of the first bar.
        start: UnixMillis,
    },
    /// Trades from a time on.
    Ticks {
        /// Start of the minute.
        start: UnixMillis,
    },
}

/// Parses the name of a record of market data; `None` for any other record, and for a series' newest bars.
pub fn parse(key: &str) -> Option<Span> {
    let (rest, name) = key.rsplit_once('/')?;
    let start = |text: &str| text.parse().ok().map(UnixMillis);
    let mut parts = rest.split('/');
    match parts.next()? {
        "bars" => Some(Span::Bars { interval: Interval::parse(parts.nth(2)?)?, start: start(name)? }),
        "ticks" => Some(Span::Ticks { start: start(name.split('+').next()?)? }),
        _ => None,
    }
}

impl Source {
    /// The source's name in record names; `None` if nothing of it is stored.
    pub fn venue(&self) -> Option<String> {
        match self {
            Self::Binance => Some("binance".to_owned()),
            Self::BinanceUs => Some("binance-us".to_owned()),
            // each stand-in exchange has its own data
            Self::Loopback { origin } => {
                let port = origin.rsplit(':').next().unwrap_or_default();
                Some(format!("loopback-{port}"))
            }
            Self::Demo | Self::Recording => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_time_with_the_tail_last() {
        let series = Series {
            venue: Source::Binance.venue().unwrap(),
            symbol: Symbol::new("BTCUSDT").unwrap(),
            interval: Interval::OneSecond,
        };
        let [early, late] = [999_999_999_999, 1_700_000_000_000].map(|start| series.chunk(UnixMillis(start)));
        assert_eq!(late, "bars/binance/BTCUSDT/1s/1700000000000");
        assert!(early < late && late < series.tail());
        let start = UnixMillis(1_700_000_000_000);
        assert_eq!(parse(&late), Some(Span::Bars { interval: Interval::OneSecond, start }));
        let [first, next] = [0, 60_000].map(|millis| ticks("binance", &series.symbol, start + millis));
        let more = more_ticks("binance", &series.symbol, start, 42);
        assert!(first < more && more < next);
        for key in [first, more] {
            assert_eq!(parse(&key), Some(Span::Ticks { start }), "{key}");
        }
        assert_eq!((parse(&series.tail()), parse(CHOICES)), (None, None));
        assert!(is_tail(&series.tail()) && !is_tail(&late));
    }
}
