//! JSON with a list for each of several markets, and other things that stand around rows.

use crate::files::Files;
use crate::vendors::{bars, date, import};

const DAY: i64 = 86_400_000;
/// 2024-01-08.
const BEGIN: i64 = 1_704_672_000_000;

/// Fourteen bars of a market that costs about `level`.
fn days(level: f64) -> impl Iterator<Item = (i64, [f64; 5])> {
    (0..14_i64).map(move |at| {
        let close = level + (at * 7 % 11) as f64;
        (BEGIN + at * DAY, [close - 1.0, close + 2.0, close - 2.0, close, 8_000.0 + at as f64])
    })
}

fn list(level: f64, row: impl Fn(i64, [f64; 5]) -> String) -> String {
    let rows: Vec<String> = days(level).map(|(time, prices)| row(time, prices)).collect();
    format!("[{}]", rows.join(","))
}

fn objects(level: f64) -> String {
    list(level, |time, [o, h, l, c, v]| {
        let day = &date(time)[..10];
        format!(r#"{{"date":"{day}","open":{o},"high":{h},"low":{l},"close":{c},"volume":{v}}}"#)
    })
}

fn arrays(level: f64) -> String {
    list(level, |time, prices| format!("[{time},{}]", prices.map(|price| price.to_string()).join(",")))
}

fn by_columns(level: f64) -> String {
    let of = |at: usize| list(level, move |_, prices| prices[at].to_string());
    let times = list(level, |time, _| (time / 1_000).to_string());
    format!(
        r#""timestamp":{times},"open":{},"high":{},"low":{},"close":{},"volume":{}"#,
        of(0),
        of(1),
        of(2),
        of(3),
        of(4)
    )
}

fn expect(files: &Files, symbol: &str, level: f64, what: &str) {
    let (step, held) = bars(files, symbol);
    let seen: Vec<(i64, [f64; 5])> = held
        .iter()
        .map(|(time, bar)| (*time, [bar.open, bar.high, bar.low, bar.close, bar.volume.value()]))
        .collect();
    assert_eq!((step, seen), (DAY, days(level).collect()), "{what}: {symbol}");
}

#[test]
fn a_block_for_each_market_is_a_market() {
    let (one, other) = (objects(100.0), objects(60.0));
    let map = |around: &str| around.replace("ONE", &arrays(100.0)).replace("OTHER", &arrays(60.0));
    let texts = [
        format!(r#"[{{"symbol":"KO","bars":{one}}},{{"symbol":"PEP","bars":{other}}}]"#),
        format!(r#"{{"KO":{one},"PEP":{other}}}"#),
        format!(r#"{{"ko":{one},"pep":{other}}}"#),
        map(r#"{"KO":ONE,"PEP":OTHER}"#),
        map(r#"{"exchange":{"KO":ONE,"PEP":OTHER}}"#),
        format!(r#"{{"data":{{"KO":{{"bars":{one}}},"PEP":{{"bars":{other}}}}}}}"#),
        format!(r#"{{"bars":{{"KO":{one},"PEP":{other}}},"next_page_token":null}}"#),
        format!(
            "{{\"ticker\":\"KO\",\"status\":\"OK\",\"results\":{one}}}\n{{\"ticker\":\"PEP\",\"status\":\"OK\",\"results\":{other}}}\n"
        ),
        format!(
            r#"{{"KO":{{"meta":{{"symbol":"KO","interval":"1day"}},"values":{one}}},"PEP":{{"meta":{{"symbol":"PEP"}},"values":{other}}}}}"#
        ),
        format!(
            r#"{{"historicalStockList":[{{"symbol":"KO","historical":{one}}},{{"symbol":"PEP","historical":{other}}}]}}"#
        ),
        format!("[{{{},\"symbol\":\"KO\"}},{{{},\"symbol\":\"PEP\"}}]", by_columns(100.0), by_columns(60.0)),
        format!("{{\"KO\":{{{}}},\"PEP\":{{{}}}}}", by_columns(100.0), by_columns(60.0)),
    ];
    for text in texts {
        let what = &text[..70];
        let (files, report) = import("bars.json", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count, report.legs.len()), (28, 0, 2), "{what}");
        expect(&files, "KO", 100.0, what);
        expect(&files, "PEP", 60.0, what);
    }
}

#[test]
fn a_market_that_begins_behind_the_first_rows_is_one_of_its_own() {
    let many = |level: f64| {
        let row = |at: i64| {
            format!("[{},{},{},{},{},7]", BEGIN + at * 60_000, level, level + 1.0, level - 1.0, level)
        };
        (0..3_000).map(row).collect::<Vec<_>>().join(",")
    };
    let (first, second) = (many(100.0), many(60.0));
    for around in
        [r#"{"KO":[ONE],"PEP":[TWO]}"#, r#"[{"symbol":"KO","bars":[ONE]},{"symbol":"PEP","bars":[TWO]}]"#]
    {
        let text = around.replace("ONE", &first).replace("TWO", &second);
        let (files, report) = import("bars.json", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count), (6_000, 0), "{around}");
        assert_eq!(
            (bars(&files, "KO").1[9].1.close, bars(&files, "PEP").1[9].1.close),
            (100.0, 60.0),
            "{around}"
        );
    }
    // names that may be of anything are not mixed under the name of the file
    let text =
        r#"{"one":{"bars":[ONE]},"two":{"bars":[TWO]}}"#.replace("ONE", &first).replace("TWO", &second);
    let (files, report) = import("KO.json", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count, bars(&files, "KO").1.len()), (3_000, 3_000, 3_000));
    assert!(
        report.refusals.first[0].reason.starts_with("it stands under \"two\""),
        "{:?}",
        report.refusals.first[0]
    );
}

#[test]
fn lists_of_several_lengths_are_no_markets() {
    let hours = list(100.0, |time, prices| {
        let time = BEGIN + (time - BEGIN) / 24;
        format!("[{time},{}]", prices.map(|price| price.to_string()).join(","))
    });
    for text in [
        format!(r#"{{"1h":{hours},"1d":{}}}"#, arrays(60.0)),
        format!(r#"{{"symbol":"KO","candles_1h":{hours},"candles_1d":{}}}"#, arrays(60.0)),
    ] {
        let mut files = Files::new();
        let preview = files.open("KO.json", text.into_bytes()).unwrap();
        assert!(
            preview.notes.iter().any(|note| note.ends_with("other lists are left out.")),
            "{:?}",
            preview.notes
        );
        let report = files.start(preview.plan).unwrap();
        assert_eq!((report.rows, report.others, report.legs.len()), (14, 14, 1));
        assert_eq!((bars(&files, "KO").0, bars(&files, "KO").1[3].1.close), (3_600_000, 110.0));
    }
}

#[test]
fn prices_within_an_object_of_each_row_are_its_prices() {
    let candle = |sides: &[&str]| {
        list(100.0, |time, [o, h, l, c, v]| {
            let prices = |shift: f64| {
                let [o, h, l, c] = [o, h, l, c].map(|price| price + shift);
                format!(r#"{{"o":"{o}","h":"{h}","l":"{l}","c":"{c}"}}"#)
            };
            let shifts = [("bid", -0.5), ("mid", 0.0), ("ask", 0.5)];
            let sides = sides.iter().map(|side| {
                let (_, shift) = shifts.iter().find(|(known, _)| known == side).unwrap();
                format!(r#","{side}":{}"#, prices(*shift))
            });
            let sides: String = sides.collect();
            format!(r#"{{"complete":true,"volume":{v},"time":"{}:00.000000000Z"{sides}}}"#, date(time))
        })
    };
    for sides in [&["mid"][..], &["bid", "mid", "ask"]] {
        let text = format!(r#"{{"instrument":"EUR_USD","granularity":"D","candles":{}}}"#, candle(sides));
        let (files, report) = import("candles.json", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count), (14, 0), "{sides:?}");
        expect(&files, "EURUSD", 100.0, "candles");
    }
    let lines = days(100.0).map(|(time, [o, h, l, c, v])| {
        format!(
            "{{\"_id\":{{\"$oid\":\"65a\"}},\"date\":{{\"$date\":\"{}:00Z\"}},\"open\":{o},\"high\":{h},\"low\":{l},\"close\":{c},\"volume\":{v}}}\n",
            date(time)
        )
    });
    let (files, _) = import("KO.json", lines.collect::<String>().as_bytes());
    expect(&files, "KO", 100.0, "exported documents");
}

#[test]
fn json_without_rows_is_no_trade() {
    for text in [
        r#"{"first":{"second":[1,2,3]},"note":"x"}"#,
        r#"{"symbol":"KO","bars":[{"date":"2024-01-08","open":1,"hi"#,
    ] {
        let preview = Files::new().open("KO.json", text.as_bytes().to_vec()).unwrap();
        assert!(preview.problems[0].starts_with("No list in its JSON holds rows"), "{:?}", preview.problems);
    }
}
