//! One market's bars for a scan: from the previous scan, the store and REST, in that order.

use super::super::series::{Carried, Series};
use crate::bars::{Bar, Bars, Traded};
use crate::binance::FetchError;
use crate::binance::klines::{self, LIMIT, Span};
use crate::{Interval, Settings, Symbol, UnixMillis};

/// A market's newest bars.
#[derive(Debug)]
pub(super) struct Prices {
    pub(super) bars: Bars,
    /// Whether there are only closes, so that no fill at an open is possible.
    pub(super) closes_alone: bool,
    /// From here up to [`Self::until`], everything is known that can be known.
    from: UnixMillis,
    until: UnixMillis,
    /// Consecutive failed requests.
    failures: u32,
}

/// The effect of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Received {
    /// Taken; more requests may follow.
    Taken,
    /// The request must be repeated.
    Again,
    /// The market has no prices; the reason is a clause.
    Refused(String),
}

impl Prices {
    /// A market with nothing known yet.
    pub(super) fn new(interval: Interval) -> Self {
        let never = UnixMillis(i64::MIN);
        Self { bars: Bars::new(interval), closes_alone: false, from: never, until: never, failures: 0 }
    }

    /// The bars of a file.
    pub(super) fn recorded(bars: Bars, closes_alone: bool) -> Self {
        let (from, until) = (bars.first().unwrap_or_default(), bars.end().unwrap_or_default());
        Self { bars, closes_alone, from, until, failures: 0 }
    }

    /// Takes stored bars, oldest first; only the last run without missing bars counts as known.
    pub(super) fn restore(&mut self, chunks: impl IntoIterator<Item = (UnixMillis, Vec<Bar>)>) {
        let step = self.bars.interval().millis();
        for (first, bars) in chunks {
            for (open_time, bar) in (0_i64..).map(|place| first + place * step).zip(bars) {
                if !bar.known() {
                    continue;
                }
                if open_time != self.until {
                    self.from = open_time;
                }
                self.until = open_time + step;
                self.bars.put(open_time, bar);
            }
        }
    }

    /// The request to `host` for bars missing between `from` and `to`; `None` if nothing is missing.
    pub(super) fn request(
        &mut self,
        host: &str,
        symbol: &Symbol,
        from: UnixMillis,
        to: UnixMillis,
    ) -> Option<String> {
        let interval = self.bars.interval();
        if self.from > from || self.until <= from {
            // the known bars do not reach back far enough
            (self.from, self.until, self.bars) = (from, from, Bars::new(interval));
        }
        let missing = to.since(self.until) / interval.millis();
        let bars = usize::try_from(missing).ok().filter(|missing| *missing > 0)?.min(LIMIT);
        Some(klines::url(host, symbol, interval, Span::From { start: self.until, bars }))
    }

    /// Takes the response to the last request; only bars before `to` are wanted.
    pub(super) fn take_response(
        &mut self,
        response: &Result<String, FetchError>,
        to: UnixMillis,
    ) -> Received {
        let interval = self.bars.interval();
        let body = match response {
            Ok(body) => body,
            Err(FetchError::Status { code, body }) if body.contains("-1121") => {
                return Received::Refused(format!("not traded at this source (HTTP {code})"));
            }
            Err(error @ FetchError::Hidden) => {
                return Received::Refused(format!("{error}, or not traded at this source"));
            }
            // the exchange demands a pause or is overloaded
            Err(FetchError::Status { code: 403 | 418 | 429 | 451, .. }) => return Received::Again,
            Err(_) if self.failures < 2 => {
                self.failures += 1;
                return Received::Again;
            }
            Err(error) => return Received::Refused(error.to_string()),
        };
        self.failures = 0;
        let klines = match klines::parse(body, interval) {
            Ok(klines) => klines,
            Err(error) => return Received::Refused(error.to_string()),
        };
        let is_last = klines.len() < LIMIT;
        for kline in klines.into_iter().filter(|kline| kline.open_time < to) {
            self.bars.put(kline.open_time, kline.bar);
            self.until = self.until.max(kline.open_time + interval.millis());
        }
        if is_last {
            self.until = to;
        }
        Received::Taken
    }

    /// The newest `bars` bars with trades or carried closes.
    pub(super) fn series(&self, bars: usize) -> Series {
        let step = self.bars.interval().millis();
        let traded = self.traded(bars);
        let known = |from: i64, to: i64| {
            let mut open_times = (from..to).step_by(usize::try_from(step).unwrap_or(1));
            open_times.all(|open_time| self.bars.get(UnixMillis(open_time)).known())
        };
        let carried = Carried { known, most_bars: Settings::default().max_carried_bars };
        Series::new(step, traded.iter().map(|(open_time, bar)| (*open_time, bar)), &carried).newest(bars)
    }

    fn traded(&self, bars: usize) -> Vec<(UnixMillis, Traded)> {
        let step = self.bars.interval().millis();
        let (Some(first), Some(mut open_time)) = (self.bars.first(), self.bars.end()) else {
            return Vec::new();
        };
        let mut traded = Vec::new();
        while open_time > first && traded.len() < bars {
            open_time = open_time - step;
            traded.extend(self.bars.get(open_time).traded.map(|bar| (open_time, bar)));
        }
        traded.reverse();
        traded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const T0: UnixMillis = UnixMillis(1_700_006_400_000);

    fn row(place: i64) -> String {
        let opens = T0.0 + place * MINUTE;
        format!(r#"[{opens},"1.0","2.0","0.5","1.5","10.0",{},"15.0",3,"5.0","7.5","0"]"#, opens + MINUTE - 1)
    }

    fn body(places: core::ops::Range<i64>) -> String {
        format!("[{}]", places.map(row).collect::<Vec<_>>().join(","))
    }

    #[test]
    fn pages_are_requested_until_all_is_there_and_later_what_is_new_alone() {
        let mut prices = Prices::new(Interval::OneMinute);
        let symbol = Symbol::new("ADAUSDT").unwrap();
        let next =
            |prices: &mut Prices, to: i64| prices.request("https://host", &symbol, T0, T0 + to * MINUTE);
        let first = next(&mut prices, 1_500).unwrap();
        assert!(first.contains(&format!("startTime={}&limit=1000", T0.0)), "{first}");
        let to = T0 + 1_500 * MINUTE;
        assert_eq!(prices.take_response(&Ok(body(0..1_000)), to), Received::Taken);
        let second = next(&mut prices, 1_500).unwrap();
        assert!(second.contains(&format!("startTime={}&limit=500", T0.0 + 1_000 * MINUTE)), "{second}");
        // the bar in progress is left out
        assert_eq!(prices.take_response(&Ok(body(1_000..1_501)), to), Received::Taken);
        assert_eq!((next(&mut prices, 1_500), prices.series(5_000).len()), (None, 1_500));
        assert_eq!(prices.series(300).len(), 300);
        let newer = next(&mut prices, 1_502).unwrap();
        assert!(newer.ends_with("&limit=2"), "{newer}");
        // carried closes count as bars
        let empty = Bar { origin: crate::bars::Origin::History, traded: None };
        for place in [700, 900, 901] {
            prices.bars.put(T0 + place * MINUTE, empty);
        }
        let last = |place: i64| Some((T0 + place * MINUTE, T0 + 1_499 * MINUTE));
        assert_eq!((prices.series(1_000).len(), prices.series(1_000).span()), (1_000, last(500)));
    }

    #[test]
    fn a_market_that_was_listed_later_is_requested_once() {
        let mut prices = Prices::new(Interval::OneMinute);
        let (symbol, to) = (Symbol::new("NEWUSDT").unwrap(), T0 + 500 * MINUTE);
        prices.request("https://host", &symbol, T0, to).unwrap();
        assert_eq!(prices.take_response(&Ok(body(460..500)), to), Received::Taken);
        assert_eq!((prices.request("https://host", &symbol, T0, to), prices.series(500).len()), (None, 40));
    }

    #[test]
    fn refusals_are_reported_and_what_may_pass_is_requested_again() {
        let mut prices = Prices::new(Interval::OneMinute);
        prices.request("https://host", &Symbol::new("XUSDT").unwrap(), T0, T0 + MINUTE).unwrap();
        let status = |code, body: &str| Err(FetchError::Status { code, body: body.to_owned() });
        let mut response = |response| prices.take_response(&response, T0 + MINUTE);
        assert_eq!(response(status(429, "")), Received::Again);
        assert_eq!(response(Err(FetchError::TimedOut)), Received::Again);
        assert_eq!(response(Err(FetchError::TimedOut)), Received::Again);
        let refused = |reason: &str| Received::Refused(reason.to_owned());
        assert_eq!(response(Err(FetchError::TimedOut)), refused("no response in time"));
        assert_eq!(
            response(status(400, r#"{"code":-1121}"#)),
            refused("not traded at this source (HTTP 400)")
        );
        assert_eq!(response(Ok("{}".to_owned())), refused("the response must be a list of bars"));
    }

    #[test]
    fn stored_bars_are_not_requested_again() {
        let bar =
            |place: i64| klines::parse(&format!("[{}]", row(place)), Interval::OneMinute).unwrap()[0].bar;
        let mut prices = Prices::new(Interval::OneMinute);
        prices
            .restore([(T0, (0..90).map(bar).collect()), (T0 + 100 * MINUTE, (100..400).map(bar).collect())]);
        let symbol = Symbol::new("ADAUSDT").unwrap();
        let mut of =
            |from: i64| prices.request("https://host", &symbol, T0 + from * MINUTE, T0 + 420 * MINUTE);
        let newer = of(150).unwrap();
        assert!(newer.contains(&format!("startTime={}&limit=20", T0.0 + 400 * MINUTE)), "{newer}");
        // with a hole in between
        let all = of(50).unwrap();
        assert!(all.contains(&format!("startTime={}&limit=370", T0.0 + 50 * MINUTE)), "{all}");
    }
}
