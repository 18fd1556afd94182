//! Reads Binance's stream frames into a [`Frame`], or a [`Rejection`] that names field and value.
//!
//! Frames are untrusted: nothing here panics, and a bad frame costs only itself. The common case, a combined
//! trade frame as the exchange writes it today, is read byte by byte. One with its fields in another order is
//! read by serde into borrowed fields. Whatever both decline is read through a JSON tree, which understands it
//! or says what is wrong.

pub use super::field::Rejection;
use super::field::{decimal, time};
pub use super::frame::{Frame, SecondBar};
use super::{fast_trade, slow_frame};
use crate::Trade;
use serde::Deserialize;
use std::borrow::Cow;

/// A combined frame around a trade:
/// ```json
/// {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,
///  "p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}
/// ```
#[derive(Deserialize)]
struct Combined<'a> {
    #[serde(borrow)]
    data: TradeData<'a>,
}

#[derive(Deserialize)]
struct TradeData<'a> {
    #[serde(borrow)]
    e: &'a str,
    #[serde(rename = "E")]
    event_time: i64,
    #[serde(borrow)]
    s: &'a str,
    t: u64,
    #[serde(borrow)]
    p: &'a str,
    #[serde(borrow)]
    q: &'a str,
    #[serde(rename = "T")]
    trade_time: i64,
    m: bool,
}

/// How long after the event a frame may be sent, ms.
const TOLD_WITHIN_MILLIS: core::ops::RangeInclusive<i64> = -1_000..=60_000;

/// Reads one text frame.
///
/// # Errors
/// [`Rejection`] names the field, its requirement, and the value found.
pub fn parse(text: &str) -> Result<Frame<'_>, Rejection> {
    let frame = read(text)?;
    match frame.event_time().zip(frame.told_time()) {
        // trades and bars are sent within a second; a time far from that is a damaged number
        Some((sent, (field, time))) if !TOLD_WITHIN_MILLIS.contains(&sent.since(time)) => {
            Err(Rejection::Field {
                field,
                expected: "a time in the minute before E",
                found: time.0.to_string(),
            })
        }
        _ => Ok(frame),
    }
}

fn read(text: &str) -> Result<Frame<'_>, Rejection> {
    if let Some((symbol, trade)) = fast_trade::read(text) {
        return Ok(Frame::Trade { symbol: Cow::Borrowed(symbol), trade });
    }
    match serde_json::from_str::<Combined<'_>>(text) {
        Ok(Combined { data }) if data.e == "trade" => {
            let trade = Trade {
                trade_id: data.t,
                trade_time: time("T", data.trade_time)?,
                event_time: time("E", data.event_time)?,
                price: decimal("p", data.p)?,
                size: decimal("q", data.q)?,
                buyer_is_maker: data.m,
            };
            Ok(Frame::Trade { symbol: Cow::Borrowed(data.s), trade })
        }
        _ => slow_frame::read(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMillis;
    use crate::bars::Ids;
    use proptest::prelude::*;

    const TRADE: &str = r#"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}"#;

    fn trade(text: &str) -> Trade {
        match parse(text) {
            Ok(Frame::Trade { trade, .. }) => trade,
            other => panic!("not a trade: {other:?}"),
        }
    }

    fn parse_error(text: &str) -> Option<String> {
        parse(text).err().map(|rejection| rejection.to_string())
    }

    #[test]
    fn a_trade_frame_is_read_field_by_field() {
        assert_eq!(
            trade(TRADE),
            Trade {
                trade_id: 3_735_683_259,
                trade_time: UnixMillis(1_723_161_255_342),
                event_time: UnixMillis(1_723_161_255_343),
                price: 61_837.63,
                size: 0.02,
                buyer_is_maker: true,
            }
        );
    }

    #[test]
    fn microseconds_extra_fields_and_a_bare_frame_mean_the_same_trade() {
        let micros =
            TRADE.replace("1723161255343", "1723161255343999").replace("1723161255342", "1723161255342001");
        let extra = TRADE.replace(r#""M":true"#, r#""M":true,"X":{"new":[1]}"#);
        let bare =
            TRADE.trim_start_matches(r#"{"stream":"btcusdt@trade","data":"#).trim_end_matches('}').to_owned()
                + "}";
        for text in [micros, extra, bare] {
            assert_eq!(trade(&text), trade(TRADE), "{text}");
        }
    }

    #[test]
    fn a_bad_field_is_named_with_its_value() {
        let cases = [
            (r#""p":"61837.63000000""#, r#""p":61837.63"#, "field p must be a decimal string, was 61837.63"),
            (r#""p":"61837.63000000""#, r#""p":"-1""#, "field p must be a positive decimal, was -1"),
            (r#""q":"0.02000000""#, r#""q":"NaN""#, "field q must be a positive decimal, was NaN"),
            (r#""t":3735683259"#, r#""t":-5"#, "field t must be a trade id, was -5"),
            (r#","m":true"#, "", "field m must be true or false, was absent"),
            (
                r#""T":1723161255342"#,
                r#""T":17"#,
                "field T must be a time between 2009 and 2100 in ms or us, was 17",
            ),
        ];
        for (good, bad, message) in cases {
            assert_eq!(parse(&TRADE.replace(good, bad)).unwrap_err().to_string(), message);
        }
        assert!(parse("{\"stream\":").unwrap_err().to_string().starts_with("not JSON"));
        assert!(parse("[1,2]").is_err());
    }

    #[test]
    fn a_trade_far_from_the_time_at_which_it_is_told_is_refused() {
        let at = |millis: i64| {
            parse_error(&TRADE.replace("1723161255342", &(1_723_161_255_343 + millis).to_string()))
        };
        assert_eq!([at(-60_000), at(1_000)], [None, None]);
        assert_eq!(at(-60_001).unwrap(), "field T must be a time in the minute before E, was 1723161195342");
        assert!(at(1_001).is_some() && at(31_536_000_000).is_some());
    }

    #[test]
    fn frames_that_are_not_trades_are_told_apart() {
        let average = r#"{"stream":"btcusdt@avgPrice","data":{"e":"avgPrice","E":1693907033000,"s":"BTCUSDT","i":"5m","w":"25776.86000000","T":1693907032213}}"#;
        assert_eq!(parse(average), Ok(Frame::Clock(UnixMillis(1_693_907_033_000))));
        let shutdown = r#"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}"#;
        assert_eq!(parse(shutdown), Ok(Frame::ServerShutdown));
        assert_eq!(parse(r#"{"result":null,"id":1}"#), Ok(Frame::Reply));
        assert_eq!(parse(r#"{"lastUpdateId":1,"bids":[]}"#), Ok(Frame::Unused));
        for text in [r#"{"error":{"code":2,"msg":"bad"},"id":2}"#, r#"{"code":2,"msg":"bad"}"#] {
            assert_eq!(parse(text), Ok(Frame::Error { code: 2, message: "bad".into() }));
        }
    }

    #[test]
    fn trades_told_together_keep_their_ids_apart_from_the_number_of_the_frame() {
        let text = r#"{"stream":"nknusdt@aggTrade","data":{"e":"aggTrade","E":1633998523963,"s":"NKNUSDT","a":15683430,"p":"0.35280000","q":"58.00000000","f":19862790,"l":19862792,"T":1633998523962,"m":false,"M":true}}"#;
        let Ok(Frame::Aggregate { symbol, event_time, row }) = parse(text) else { panic!("{text}") };
        assert_eq!((symbol.as_str(), event_time), ("NKNUSDT", UnixMillis(1_633_998_523_963)));
        assert_eq!((row.aggregate_id, row.first, row.last), (15_683_430, 19_862_790, 19_862_792));
        let odd = text.replace("\"l\":19862792", "\"l\":1");
        assert_eq!(
            parse(&odd).unwrap_err().to_string(),
            "aggregate trade: l must not be below f 19862790, was 1"
        );
    }

    #[test]
    fn a_second_that_is_over_tells_its_ids_and_one_in_progress_its_clock_alone() {
        let text = r#"{"stream":"btcusdt@kline_1s","data":{"e":"kline","E":1681154040004,"s":"BTCUSDT","k":{"t":1681154039000,"T":1681154039999,"s":"BTCUSDT","i":"1s","f":100,"L":104,"o":"1.0","c":"1.0","h":"1.0","l":"1.0","v":"5.0","n":5,"x":true,"q":"5.0","V":"0.0","Q":"0.0","B":"0"}}}"#;
        let times = (UnixMillis(1_681_154_039_000), UnixMillis(1_681_154_040_004));
        let expect = |text: &str, trade_ids| {
            let bar = SecondBar { open_time: times.0, event_time: times.1, trade_ids };
            assert_eq!(parse(text), Ok(Frame::SecondBar { symbol: "BTCUSDT".into(), bar }));
        };
        expect(text, Some(Ids { first: 100, last: 104 }));
        let empty = text.replace(r#""f":100,"L":104"#, r#""f":-1,"L":-1"#).replace(r#""n":5"#, r#""n":0"#);
        expect(&empty, None);
        for other in [text.replace("true", "false"), text.replace(r#""i":"1s""#, r#""i":"1m""#)] {
            assert_eq!(parse(&other), Ok(Frame::Clock(times.1)));
        }
        let odd = text.replace(r#""n":5"#, r#""n":0"#);
        assert_eq!(
            parse(&odd).unwrap_err().to_string(),
            "field n must be as many trades as there are ids, was 0"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), cut in 0..TRADE.len(), with in any::<char>()) {
            prop_assert_eq!(parse(&text).is_ok(), parse(&text).is_ok());
            let damaged = format!("{}{with}{}", &TRADE[..cut], &TRADE[cut + 1..]);
            if let Ok(Frame::Trade { trade, .. }) = parse(&damaged) {
                prop_assert!(trade.price > 0.0 && trade.size > 0.0);
            }
        }
    }
}
