//! A made-up exchange for a first visit without a network. It is seeded, so it always gives the same data, and
//! it is addressed like the real ones, so every number comes about in the same way.
//!
//! Its two coins are cointegrated: x is a random walk, and y follows it with a spread whose half-life is twenty
//! seconds.

use crate::bars::{Bars, DecimalSum};
use crate::binance::FetchError;
use crate::{Interval, Trade, UnixMillis};
use spreadscope_stats::random::Random;
use std::collections::VecDeque;
use std::fmt::Write as _;

const SEED: u64 = 0x5eed_0fde_ad00;
/// Length of the history at the start.
const PAST_SECS: i64 = 25 * 3_600;
/// The part of it available as 1 s bars.
const PAST_IN_SECONDS: i64 = 2 * 3_600;
const FIRST_TRADE_ID: u64 = 1_000_000;

/// Share of the spread left after a second: 0.5^(1/20).
const SPREAD_KEPT: f64 = 0.965_936_328_924_846;
/// Standard deviation of the spread's innovations per second, dollars; the spread's own is 7.
const SPREAD_STEP: f64 = 1.811_5;
/// Standard deviation of x's return over a second.
const X_STEP: f64 = 3e-5;
/// Slope of y on x; below, y's dollars at x = 0.
const RATIO: f64 = 19.0;
const INTERCEPT: f64 = 9_000.0;

/// How a market trades: mean trades per second, percentage of seconds without any, smallest size.
const HABITS: [(u64, u64, f64); 2] = [(6, 2, 0.001), (4, 8, 0.01)];

/// The exchange, with its history and the trades about to be sent.
#[derive(Debug)]
pub struct Demo {
    random: Random,
    x: f64,
    spread: f64,
    /// The next second to make.
    next: UnixMillis,
    markets: [Market; 2],
    /// Trades to send at their times, with the index of their market.
    waiting: VecDeque<(usize, Trade)>,
}

#[derive(Debug)]
struct Market {
    next_id: u64,
    last_price: f64,
    bars: [Bars; 3],
}

impl Demo {
    /// The exchange at local time `now`, which is also its own time.
    pub fn new(now: UnixMillis) -> Self {
        let market = || Market {
            next_id: FIRST_TRADE_ID,
            last_price: INTERCEPT,
            bars: Interval::SHORT.map(Bars::new),
        };
        let now = Interval::OneSecond.floor(now);
        let mut demo = Self {
            random: Random::new(SEED),
            x: 2_700.0,
            spread: 0.0,
            next: now - PAST_SECS * 1_000,
            markets: [market(), market()],
            waiting: VecDeque::new(),
        };
        while demo.next < now {
            demo.second(now.since(demo.next) <= PAST_IN_SECONDS * 1_000);
        }
        demo.waiting.clear();
        demo
    }

    /// The frames of all trades up to `now` that have not been sent yet, as a stream of the markets `names`, y
    /// first. After a long pause, as on a real exchange, missed frames are not sent any more.
    pub fn frames(&mut self, now: UnixMillis, names: &[String; 2]) -> Vec<String> {
        while self.next <= now {
            self.second(true);
        }
        let late = now - 2_000;
        let mut frames = Vec::new();
        while let Some((market, trade)) = self.waiting.pop_front_if(|(_, trade)| trade.trade_time <= now) {
            if trade.trade_time > late {
                frames.push(frame(&names[market], &trade));
            }
        }
        frames
    }

    /// The response to a request for bars of one of the markets `names`, or for the list of markets.
    ///
    /// # Errors
    /// HTTP 400 with the exchange's error body if the market or the interval does not exist.
    pub fn respond(&self, url: &str, now: UnixMillis, names: &[String; 2]) -> Result<String, FetchError> {
        let refused = |body: &str| FetchError::Status { code: 400, body: body.to_owned() };
        let query =
            |name: &str| url.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        if url.contains("/ticker/bookTicker") {
            let told = names.iter().zip(&self.markets).map(|(name, market)| booked(name, market.last_price));
            return Ok(format!("[{}]", told.collect::<Vec<_>>().join(",")));
        }
        if url.contains("/exchangeInfo") {
            return Ok(format!(r#"{{"symbols":[{}]}}"#, names.each_ref().map(|name| listed(name)).join(",")));
        }
        if url.contains("/ticker/price") {
            let told = names.iter().zip(&self.markets).map(|(name, market)| priced(name, market.last_price));
            return Ok(format!("[{}]", told.collect::<Vec<_>>().join(",")));
        }
        if url.contains("/ticker/24hr") {
            let told = names.iter().zip(&self.markets).map(|(name, market)| day(name, &market.bars[2], now));
            return Ok(format!("[{}]", told.collect::<Vec<_>>().join(",")));
        }
        if url.contains("/aggTrades") {
            // this exchange has only bars, which repair gaps too
            return Ok("[]".to_owned());
        }
        let number = |name: &str| query(name).and_then(|text| text.parse::<i64>().ok());
        let market = query("symbol").and_then(|symbol| names.iter().position(|name| name == symbol));
        let market = market.ok_or_else(|| refused(r#"{"code":-1121,"msg":"Invalid symbol."}"#))?;
        let interval = query("interval").and_then(Interval::parse);
        let interval = interval.ok_or_else(|| refused(r#"{"code":-1120,"msg":"Invalid interval."}"#))?;
        let bars = self.markets[market].bars.iter().find(|bars| bars.interval() == interval);
        let Some((bars, first)) = bars.and_then(|bars| Some((bars, bars.first()?))) else {
            return Ok("[]".to_owned());
        };
        let step = interval.millis();
        let limit = number("limit").unwrap_or(500).clamp(1, 1_000);
        let to = interval.floor(number("endTime").map_or(now, UnixMillis).min(now));
        let from = number("startTime").map_or(to - (limit - 1) * step, UnixMillis).max(first);
        let most = usize::try_from(limit).unwrap_or(1_000);
        let mut rows = Vec::new();
        let mut open_time = interval.floor(from);
        while open_time <= to && rows.len() < most {
            rows.push(row(bars, open_time));
            open_time = open_time + step;
        }
        Ok(format!("[{}]", rows.join(",")))
    }

    /// Makes the trades of the next second; `in_seconds` says whether its 1 s bar is available.
    fn second(&mut self, in_seconds: bool) {
        self.x *= 1.0 + X_STEP * self.random.nearly_normal();
        self.spread = self.spread * SPREAD_KEPT + SPREAD_STEP * self.random.nearly_normal();
        let prices = [INTERCEPT + RATIO * self.x + self.spread, self.x];
        let mut trades: Vec<(usize, Trade)> = Vec::new();
        for (market, ((pace, silence, lot), price)) in HABITS.into_iter().zip(prices).enumerate() {
            if self.random.below(100) < silence {
                continue;
            }
            let count = 1 + self.random.below(2 * pace);
            for step in 0..count {
                let offset = 1_000 * step / count + self.random.below(1_000 / count);
                let time = self.next + i64::try_from(offset).unwrap_or(0);
                let buyer_is_maker = self.random.below(2) == 0;
                let half_spread = if buyer_is_maker { -0.005 } else { 0.005 };
                let trade = Trade {
                    trade_id: self.markets[market].next_id,
                    trade_time: time,
                    event_time: time,
                    price: ((price + half_spread) * 100.0).round() / 100.0,
                    size: ((1 + self.random.below(400)) as f64 * lot * 1e3).round() / 1e3,
                    buyer_is_maker,
                };
                self.markets[market].next_id += 1;
                self.markets[market].last_price = trade.price;
                for bars in self.markets[market].bars.iter_mut().skip(usize::from(!in_seconds)) {
                    bars.add(&trade);
                }
                // of trades at the same time, the later market's goes last
                let place = trades.partition_point(|(_, known)| known.trade_time <= time);
                trades.insert(place, (market, trade));
            }
        }
        self.waiting.extend(trades);
        self.next = self.next + 1_000;
    }
}

fn frame(name: &str, trade: &Trade) -> String {
    let Trade { trade_id, trade_time, event_time, price, size, buyer_is_maker } = trade;
    let (event, time, stream) = (event_time.0, trade_time.0, name.to_ascii_lowercase());
    format!(
        r#"{{"stream":"{stream}@trade","data":{{"e":"trade","E":{event},"s":"{name}","t":{trade_id},"p":"{price:.2}","q":"{size:.5}","T":{time},"m":{buyer_is_maker},"M":true}}}}"#
    )
}

fn listed(name: &str) -> String {
    let base = name.strip_suffix("USDT").unwrap_or(name);
    format!(
        r#"{{"symbol":"{name}","status":"TRADING","baseAsset":"{base}","quoteAsset":"USDT","filters":[{FILTERS}]}}"#
    )
}

/// The order rules of both markets.
const FILTERS: &str = concat!(
    r#"{"filterType":"PRICE_FILTER","tickSize":"0.01"},"#,
    r#"{"filterType":"LOT_SIZE","minQty":"0.0001","maxQty":"9000","stepSize":"0.0001"},"#,
    r#"{"filterType":"NOTIONAL","minNotional":"5"}"#
);

/// The book: a spread of one cent, with the same size on either side.
fn booked(name: &str, price: f64) -> String {
    let (bid, ask) = (price - 0.005, price + 0.005);
    format!(
        r#"{{"symbol":"{name}","bidPrice":"{bid:.3}","bidQty":"2.5","askPrice":"{ask:.3}","askQty":"2.5"}}"#
    )
}

/// The volume of a market over the last 24 hours, from its 5 m bars.
fn day(name: &str, bars: &Bars, now: UnixMillis) -> String {
    let step = bars.interval().millis();
    let opens = (0..86_400_000 / step).map(|back| bars.interval().floor(now) - back * step);
    let volume: f64 =
        opens.filter_map(|open| bars.get(open).traded).map(|bar| bar.quote_volume.value()).sum();
    format!(r#"{{"symbol":"{name}","quoteVolume":"{volume:.2}"}}"#)
}

fn priced(name: &str, price: f64) -> String {
    format!(r#"{{"symbol":"{name}","price":"{price:.2}"}}"#)
}

/// A bar as REST gives it; an empty one repeats the previous close.
fn row(bars: &Bars, open_time: UnixMillis) -> String {
    let step = bars.interval().millis();
    let traded = bars.get(open_time).traded;
    let mut before = open_time;
    let first = bars.first().unwrap_or(open_time);
    let close = loop {
        match bars.get(before).traded {
            Some(traded) => break traded.close,
            None if before <= first => break INTERCEPT,
            None => before = before - step,
        }
    };
    let prices = traded.map_or([close; 4], |bar| [bar.open, bar.high, bar.low, bar.close]);
    let sums = traded
        .map_or([DecimalSum::ZERO; 4], |bar| [bar.volume, bar.quote_volume, bar.taker_base, bar.taker_quote]);
    let [volume, quote, taker_base, taker_quote] = sums.map(DecimalSum::value);
    let trades = traded.map_or(0, |bar| bar.trades);
    let mut row = format!("[{}", open_time.0);
    for price in prices {
        write!(row, ",\"{price:.2}\"").expect("Invariant: writing to a string cannot fail");
    }
    let end = open_time.0 + step - 1;
    write!(
        row,
        ",\"{volume:.8}\",{end},\"{quote:.8}\",{trades},\"{taker_base:.8}\",\"{taker_quote:.8}\",\"0\"]"
    )
    .expect("Invariant: writing to a string cannot fail");
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binance::{klines, wire};

    const NOW: UnixMillis = UnixMillis(1_700_000_000_400);

    fn names() -> [String; 2] {
        ["BTCUSDT".to_owned(), "ETHUSDT".to_owned()]
    }

    #[test]
    fn it_always_says_the_same() {
        let (mut one, mut other) = (Demo::new(NOW), Demo::new(NOW));
        let request = "demo:/api/v3/klines?symbol=BTCUSDT&interval=1s&limit=1000";
        let response = one.respond(request, NOW, &names()).unwrap();
        assert_eq!(Ok(&response), other.respond(request, NOW, &names()).as_ref());
        let later = NOW + 5_000;
        let frames = one.frames(later, &names());
        assert!(frames.len() > 10, "{}", frames.len());
        assert_eq!(frames, other.frames(later, &names()));
        assert!(one.frames(later, &names()).is_empty(), "each is sent once");
    }

    #[test]
    fn its_responses_and_frames_read_as_an_exchanges() {
        let mut demo = Demo::new(NOW);
        for interval in Interval::SHORT {
            let request =
                format!("demo:/api/v3/klines?symbol=ETHUSDT&interval={}&limit=300", interval.as_str());
            let bars = klines::parse(&demo.respond(&request, NOW, &names()).unwrap(), interval).unwrap();
            assert_eq!(bars.len(), 300);
            assert_eq!(bars.last().unwrap().open_time, interval.floor(NOW));
        }
        let mut ids = [0, 0];
        for text in demo.frames(NOW + 10_000, &names()).iter().rev().take(40).rev() {
            let Ok(wire::Frame::Trade { symbol, trade }) = wire::parse(text) else { panic!("{text}") };
            let last = &mut ids[usize::from(symbol == "ETHUSDT")];
            assert!(*last == 0 || trade.trade_id == *last + 1, "{text}");
            *last = trade.trade_id;
        }
        let markets = demo.respond("demo:/api/v3/exchangeInfo", NOW, &names()).unwrap();
        assert_eq!(crate::binance::listing::parse(&markets).map(|markets| markets.len()), Ok(2));
        let refused = demo.respond("demo:/api/v3/klines?symbol=SOLUSDT&interval=1s", NOW, &names());
        assert!(matches!(refused, Err(FetchError::Status { code: 400, .. })));
    }
}
