//! What a stream sends between two moments of the tape.

use crate::agg::Aggregate;
use crate::frames::{self, Format};
use crate::klines::{Steps, klines_on};
use crate::tape::{Market, Tape, TapeTrade};

/// Delay of a bar's closing frame after its end, even if the bar is empty.
const CLOSES_AFTER_MS: i64 = 4;
/// Interval of updates for bars longer than a second while they trade.
const OPEN_BAR_EVERY_MS: i64 = 2_000;
/// Span of the average price.
const AVERAGE_OVER_MS: i64 = 300_000;

/// Span of the tickers.
const DAY_MS: i64 = 86_400_000;

/// A stream that is followed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Topic {
    Trade,
    Aggregate,
    Average,
    MiniTicker,
    Depth,
    Kline { interval: String, step_ms: i64 },
}

/// Returns the market's place and the kind of a stream from its lower-case name; unknown streams stay silent.
pub(crate) fn topic(tape: &Tape, stream: &str) -> Option<(usize, Topic)> {
    let (symbol, kind) = stream.split_once('@')?;
    let place = tape.markets.iter().position(|market| market.symbol.to_lowercase() == symbol)?;
    let topic = match kind {
        "trade" => Topic::Trade,
        "aggTrade" => Topic::Aggregate,
        "avgPrice" if tape.venue.is_modern() => Topic::Average,
        "miniTicker" => Topic::MiniTicker,
        "depth" => Topic::Depth,
        _ => {
            let interval = kind.strip_prefix("kline_").filter(|interval| tape.venue.has_bars_of(interval))?;
            Topic::Kline { interval: interval.to_owned(), step_ms: interval_millis(interval)? }
        }
    };
    Some((place, topic))
}

/// Returns the length of an interval from the exchange's name for it.
pub(crate) fn interval_millis(name: &str) -> Option<i64> {
    Some(match name {
        "1s" => 1_000,
        "1m" => 60_000,
        "3m" => 180_000,
        "5m" => 300_000,
        "15m" => 900_000,
        "30m" => 1_800_000,
        "1h" => 3_600_000,
        "2h" => 7_200_000,
        "4h" => 14_400_000,
        "6h" => 21_600_000,
        "8h" => 28_800_000,
        "12h" => 43_200_000,
        "1d" => 86_400_000,
        _ => return None,
    })
}

/// Returns the payloads of a market's topic that are due after `from` and up to `to`, each with its moment.
pub(crate) fn payloads(
    market: &Market,
    topic: &Topic,
    from: i64,
    to: i64,
    format: Format,
) -> Vec<(i64, String)> {
    match topic {
        Topic::Trade => pushed_between(&market.trades, from, to)
            .iter()
            .map(|trade| (trade.event_ms, frames::trade_payload(&market.symbol, trade, format)))
            .collect(),
        Topic::Aggregate => aggregates_between(market, from, to)
            .iter()
            .map(|run| (market.trades[run.last].event_ms, frames::aggregate_payload(market, run, format)))
            .collect(),
        Topic::Average => {
            let steps = Steps { step_ms: 1_000, shift_ms: format.shift_ms };
            steps.between(from, to).filter_map(|at| Some((at, average(market, at, format)?))).collect()
        }
        Topic::MiniTicker => {
            let steps = Steps { step_ms: 1_000, shift_ms: format.shift_ms };
            steps.between(from, to).filter_map(|at| Some((at, mini_ticker(market, at, format)?))).collect()
        }
        Topic::Depth => {
            let steps = Steps { step_ms: 1_000, shift_ms: format.shift_ms };
            let change = |at| {
                let last = market.pushed_by(at).last()?;
                Some((at, frames::depth_payload(&market.symbol, at, last.price_e8, format)))
            };
            steps.between(from, to).filter_map(change).collect()
        }
        Topic::Kline { interval, step_ms } => bars(market, interval, *step_ms, from, to, format),
    }
}

/// Returns the trades pushed after `from` and up to `to`.
fn pushed_between(trades: &[TapeTrade], from: i64, to: i64) -> &[TapeTrade] {
    let place = |time: i64| trades.partition_point(|trade| trade.event_ms <= time);
    &trades[place(from)..place(to).max(place(from))]
}

fn aggregates_between(market: &Market, from: i64, to: i64) -> &[Aggregate] {
    let place = |time: i64| market.aggregates.partition_point(|run| market.trades[run.last].event_ms <= time);
    &market.aggregates[place(from)..place(to).max(place(from))]
}

/// Returns the five-minute average weighted by size, or the last price if nothing traded in that time.
fn average(market: &Market, at: i64, format: Format) -> Option<String> {
    let pushed = market.pushed_by(at);
    let last = pushed.last()?;
    let recent = &pushed[pushed.partition_point(|trade| trade.time_ms <= at - AVERAGE_OVER_MS)..];
    let size: u128 = recent.iter().map(|trade| u128::from(trade.size_e8)).sum();
    let paid: u128 = recent.iter().map(|trade| u128::from(trade.price_e8) * u128::from(trade.size_e8)).sum();
    let average_e8 = paid.checked_div(size).unwrap_or_else(|| u128::from(last.price_e8));
    Some(frames::average_payload(&market.symbol, at, average_e8, last.time_ms, format))
}

/// Returns the last 24 hours; `None` after a second without a trade, in which nothing has changed.
fn mini_ticker(market: &Market, at: i64, format: Format) -> Option<String> {
    if pushed_between(&market.trades, at - 1_000, at).is_empty() {
        return None;
    }
    let (first, last, day) = market.summary(at - DAY_MS, at)?;
    Some(frames::mini_ticker_payload(&market.symbol, at, first.price_e8, last.price_e8, &day, format))
}

/// Returns closing frames, and those of the open bar.
fn bars(
    market: &Market,
    interval: &str,
    step_ms: i64,
    from: i64,
    to: i64,
    format: Format,
) -> Vec<(i64, String)> {
    let steps = Steps { step_ms, shift_ms: format.shift_ms };
    let bar = |trades: &[TapeTrade], open_ms, at, closed| {
        let bar = *klines_on(trades, steps, open_ms, open_ms).first()?;
        Some((at, frames::kline_payload(&market.symbol, interval, step_ms, &bar, closed, at, format)))
    };
    // a bar contains what was matched in it, even if it is pushed later
    let closing = steps
        .between(from - CLOSES_AFTER_MS, to - CLOSES_AFTER_MS)
        .filter_map(|end| bar(&market.trades, end - step_ms, end + CLOSES_AFTER_MS, true));
    let mut due: Vec<_> = closing.collect();
    if step_ms > 1_000 {
        let pushes = Steps { step_ms: OPEN_BAR_EVERY_MS, shift_ms: format.shift_ms };
        due.extend(pushes.between(from, to).filter_map(|at| {
            let open_ms = steps.floor(at);
            let opens = at - open_ms == OPEN_BAR_EVERY_MS;
            let trades = !pushed_between(&market.trades, at - OPEN_BAR_EVERY_MS, at).is_empty();
            let speaks = at > open_ms && (opens || trades);
            speaks.then(|| bar(market.pushed_by(at), open_ms, at, false)).flatten()
        }));
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::synthetic;
    use crate::venue::Venue;

    fn tape() -> Tape {
        synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 1, live_hours: 0 })
    }

    #[test]
    fn any_cut_of_a_span_gives_the_same_payloads() {
        let tape = tape();
        let format = Format { shift_ms: 777, micros: false, venue: tape.venue };
        let start = synthetic::START_MS - 200_000;
        for stream in [
            "btcusdt@trade",
            "ethusdt@aggTrade",
            "btcusdt@avgPrice",
            "solusdt@miniTicker",
            "btcusdt@depth",
            "ethusdt@kline_1s",
            "btcusdt@kline_1m",
        ] {
            let (place, topic) = topic(&tape, stream).unwrap();
            let market = &tape.markets[place];
            let whole = payloads(market, &topic, start, start + 130_000, format);
            let mut cut = Vec::new();
            for from in (0..130_000).step_by(13) {
                cut.extend(payloads(market, &topic, start + from, start + from + 13, format));
            }
            let sorted = |mut payloads: Vec<(i64, String)>| {
                payloads.sort_by_key(|(at, _)| *at);
                payloads
            };
            assert_eq!(sorted(whole), sorted(cut), "{stream}");
        }
    }

    #[test]
    fn each_second_closes_one_bar_even_an_empty_one() {
        let tape = tape();
        let (place, topic) = topic(&tape, "solusdt@kline_1s").unwrap();
        let format = Format { shift_ms: 0, micros: false, venue: tape.venue };
        let bars = payloads(
            &tape.markets[place],
            &topic,
            synthetic::START_MS - 100_000,
            synthetic::START_MS,
            format,
        );
        assert_eq!(bars.len(), 100);
        assert!(
            bars.iter().any(|(_, bar)| bar.contains(r#""f":-1,"L":-1"#) && bar.contains(r#""n":0,"x":true"#))
        );
    }

    #[test]
    fn names_are_lower_case_and_unknown_ones_silent() {
        let tape = tape();
        for stream in ["BTCUSDT@trade", "btcusdt@Trade", "dogeusdt@trade", "btcusdt", "btcusdt@kline_7s"] {
            assert_eq!(topic(&tape, stream), None, "{stream}");
        }
        let us = tape.of_venue(Venue::Us);
        for stream in ["btcusdt@kline_1s", "btcusdt@avgPrice"] {
            assert_eq!(topic(&us, stream), None, "{stream}");
        }
        assert!(topic(&us, "btcusdt@kline_1m").is_some() && topic(&us, "btcusdt@depth").is_some());
    }
}
