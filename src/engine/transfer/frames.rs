//! Recorded Binance stream frames, one per line: trades, and the best bid and ask.
//!
//! The one decision: spot books carry no time. Such a book is placed at the event time of the last frame before it that
//! has one, plus the difference of their receive times. Only differences of receive times are used, since the recorder's
//! clock may be off.

use super::json::unquoted;
use super::row::{Content, Row};
use super::times::Times;
use super::timestamp::UnixMicros;
use super::traded;
use crate::base::number;
use crate::binance::book::BookTop;
use crate::binance::wire;
use crate::binance::wire::Frame;
use core::cell::Cell;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Reads lines in file order.
#[derive(Debug, Default)]
pub struct Frames {
    times: Times,
    /// Event time of the newest frame that has one, and its receive time if the line has one.
    newest: Cell<Option<(UnixMicros, Option<UnixMicros>)>>,
}

/// ```json
/// {"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}
/// ```
#[derive(Deserialize)]
struct BookLine<'a> {
    #[serde(borrow)]
    s: &'a RawValue,
    #[serde(borrow)]
    b: &'a RawValue,
    #[serde(borrow, rename = "B")]
    bid_size: &'a RawValue,
    #[serde(borrow)]
    a: &'a RawValue,
    #[serde(borrow, rename = "A")]
    ask_size: &'a RawValue,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: BookLine<'a>,
}

impl Frames {
    /// Reads a line with a frame, with or without a receive time before it; `None` for frames of other kinds.
    ///
    /// # Errors
    /// The frame cannot be read (see [`wire::parse`]), or its book is empty or crossed.
    pub fn read<'a>(&self, line: &'a str) -> Result<Option<Row<'a>>, String> {
        // before the frame: a receive time, or the address of the recording
        let Some(start) = line.find(['{', '[']) else { return Ok(None) };
        let stamp = line[..start].trim_end_matches([' ', '\t', ':', ',', ';']);
        let received = if stamp.is_empty() { None } else { self.times.read(stamp).ok() };
        let received = received.map(|moment| moment.micros);
        let text = line[start..].trim_end();
        let frame = wire::parse(text).map_err(|rejection| rejection.to_string())?;
        let sent = frame.event_time().map(|time| time.0 * 1_000);
        if let Some(sent) = sent {
            self.newest.set(Some((sent, received)));
        }
        match frame {
            Frame::Trade { symbol, trade } => {
                let traded = traded::of_size(trade.price, trade.size, Some(trade.buyer_is_maker));
                let content = Content::Trade { traded, ids: Some((trade.trade_id, trade.trade_id)) };
                Ok(Some(Row { symbol: Some(symbol), time: trade.trade_time.0 * 1_000, content }))
            }
            Frame::Unused => self.book(text, received),
            // futures books carry their time
            Frame::Clock(_) if text.contains(r#""e":"bookTicker""#) => self.book(text, received),
            _ => Ok(None),
        }
    }

    fn book<'a>(&self, text: &'a str, received: Option<UnixMicros>) -> Result<Option<Row<'a>>, String> {
        let line = serde_json::from_str::<Envelope<'a>>(text).map(|envelope| envelope.data);
        let Ok(line) = line.or_else(|_| serde_json::from_str::<BookLine<'a>>(text)) else { return Ok(None) };
        let Some(symbol) = unquoted(line.s.get()) else { return Ok(None) };
        let half_spread_bps = half_spread_bps(&line, &symbol)?;
        // before the first frame with a time, the exchange's clock is unknown
        let Some((sent, sent_received)) = self.newest.get() else { return Ok(None) };
        let later = received.zip(sent_received).map_or(0, |(book, frame)| (book - frame).max(0));
        Ok(Some(Row { symbol: Some(symbol), time: sent + later, content: Content::Book { half_spread_bps } }))
    }
}

fn half_spread_bps(line: &BookLine<'_>, symbol: &str) -> Result<f64, String> {
    let positive = |side: &str, part: &str, raw: &RawValue| {
        let text = unquoted(raw.get()).unwrap_or(Cow::Borrowed(raw.get()));
        number::parse(&text).filter(|number| *number > 0.0).ok_or_else(|| {
            format!(
                "the book of {symbol} has no {side}: its {part} must be a positive decimal, was {}",
                super::refusal::quoted(&text)
            )
        })
    };
    let book = BookTop {
        bid: positive("bid", "price", line.b)?,
        bid_size: positive("bid", "size", line.bid_size)?,
        ask: positive("ask", "price", line.a)?,
        ask_size: positive("ask", "size", line.ask_size)?,
    };
    if book.bid > book.ask {
        return Err(format!("the book of {symbol} is crossed: bid {} above ask {}", book.bid, book.ask));
    }
    Ok(book.half_spread_bps())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TRADE: &str = r#"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":5,"p":"61837.63","q":"0.02","T":1723161255342,"m":true,"M":true}}"#;

    fn book(bid: &str, bid_size: &str, ask: &str, ask_size: &str) -> String {
        format!(
            r#"{{"stream":"btcusdt@bookTicker","data":{{"u":7,"s":"BTCUSDT","b":"{bid}","B":"{bid_size}","a":"{ask}","A":"{ask_size}"}}}}"#
        )
    }

    fn found(read: Result<Option<Row<'_>>, String>) -> Option<(UnixMicros, f64)> {
        match read.unwrap()? {
            Row { symbol, time, content: Content::Book { half_spread_bps } } => {
                assert_eq!(symbol.as_deref(), Some("BTCUSDT"));
                Some((time, half_spread_bps))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn trades_are_read_with_and_without_the_time_of_their_receipt() {
        for line in
            [TRADE.to_owned(), format!("1723161253937085768 {TRADE}"), format!("1633998512.06: {TRADE}")]
        {
            let Ok(Some(row)) = Frames::default().read(&line) else { panic!("{line}") };
            assert_eq!((row.symbol.as_deref(), row.time), (Some("BTCUSDT"), 1_723_161_255_342_000));
        }
        let read = |line| Frames::default().read(line);
        assert_eq!(read(r#"1723161253937085768 {"lastUpdateId":1,"bids":[]}"#), Ok(None));
        assert_eq!(read("wss://stream.binance.com:9443/stream <-> 1633998511.1"), Ok(None));
        assert!(read("1723161253937085768 {\"stream\":").is_err());
    }

    #[test]
    fn a_book_came_as_long_after_the_last_frame_with_a_time_as_the_recorder_says() {
        let quote = book("99.9", "1", "100.1", "2");
        // before any frame with a time it has no place
        let frames = Frames::default();
        assert_eq!(found(frames.read(&quote)), None);
        // 0.2 of 200 is 10 bps; the recorder's clock is behind
        frames.read(&format!("1723161254000000000 {TRADE}")).unwrap();
        let half_spread = 1e4 * (100.1 - 99.9) / (100.1 + 99.9);
        assert!((half_spread - 10.0_f64).abs() < 1e-9);
        let line = format!("1723161254087891268 {quote}");
        assert_eq!(found(frames.read(&line)), Some((1_723_161_255_430_891, half_spread)));
        // without receive times it came with that frame, and no book came before it
        for line in [quote.clone(), format!("1723161250000000000 {quote}")] {
            assert_eq!(found(frames.read(&line)), Some((1_723_161_255_343_000, half_spread)));
        }
        let bare = r#"{"u":7,"s":"BTCUSDT","b":"100","B":"1","a":"100","A":"2"}"#;
        assert_eq!(
            found(frames.read(bare)),
            Some((1_723_161_255_343_000, 0.0)),
            "a locked book costs nothing"
        );
        // one of futures has its own time
        let own = r#"{"e":"bookTicker","u":7,"E":1723161256000,"T":1723161255999,"s":"BTCUSDT","b":"100","B":"1","a":"102","A":"2"}"#;
        assert_eq!(found(frames.read(own)), Some((1_723_161_256_000_000, 1e4 * 2.0 / 202.0)));
    }

    #[test]
    fn an_empty_and_a_crossed_book_are_refused_with_what_is_wrong() {
        let frames = Frames::default();
        frames.read(TRADE).unwrap();
        let refused = |bid, bid_size, ask, ask_size| {
            let line = book(bid, bid_size, ask, ask_size);
            frames.read(&line).unwrap_err()
        };
        assert_eq!(
            refused("0.00000000", "0.00000000", "100.1", "1"),
            "the book of BTCUSDT has no bid: its price must be a positive decimal, was \"0.00000000\""
        );
        assert_eq!(
            refused("99.9", "1", "100.1", "0"),
            "the book of BTCUSDT has no ask: its size must be a positive decimal, was \"0\""
        );
        assert_eq!(
            refused("99.9", "1", "NaN", "1"),
            "the book of BTCUSDT has no ask: its price must be a positive decimal, was \"NaN\""
        );
        assert_eq!(
            refused("100.2", "1", "100.1", "1"),
            "the book of BTCUSDT is crossed: bid 100.2 above ask 100.1"
        );
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(
            line in any::<String>(),
            json in r#"[0-9. ]{0,8}[\[\]{}":,0-9a-zAB\\.-]{0,60}"#,
            number in "[-0-9.eE]{0,12}",
        ) {
            let quote = book(&number, "1", "2", &number);
            for line in [line, json, quote] {
                let frames = Frames::default();
                frames.read(TRADE).unwrap();
                prop_assert_eq!(frames.read(&line).is_ok(), frames.read(&line).is_ok());
            }
        }
    }
}
