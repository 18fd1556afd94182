//! Columns as found in files: volumes of either coin, words and negative numbers beside prices, JSON, older
//! encodings.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use std::fmt::Write as _;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 2024-01-02.
const BEGIN: i64 = 1_704_153_600_000;

fn day(at: i64) -> String {
    date(BEGIN + at * DAY)[..10].to_owned()
}

/// Returns a table of `count` days.
fn table(header: &str, count: i64, cells: impl Fn(i64) -> String) -> String {
    (0..count).fold(format!("{header}\n"), |mut text, at| {
        writeln!(text, "{},{}", day(at), cells(at)).unwrap();
        text
    })
}

#[test]
fn what_a_volume_is_counted_in_tells_base_from_quote() {
    let volumes = |header: &str, cells: &str| {
        let text =
            table(&format!("date,open,high,low,close,{header}"), 12, |_| format!("10,12,9,11,{cells}"));
        let (files, _) = import("BTCUSDT.csv", text.as_bytes());
        let bar = bars(&files, "BTCUSDT").1[0].1;
        (bar.volume.value(), bar.quote_volume.value())
    };
    for header in [
        "Volume BTC,Volume USDT",
        "volume (BTC),volume (USD)",
        "Volume,volume (USD)",
        "Volume_(BTC),Volume_(Currency)",
        "Volume ETH,Volume BTC",
        "vol,vol_quote",
        "vol,volCcyQuote",
        "volume,volumeUsd",
    ] {
        assert_eq!(volumes(header, "7,77"), (7.0, 77.0), "{header}");
        let (base, quote) = header.split_once(',').unwrap();
        assert_eq!(volumes(&format!("{quote},{base}"), "77,7"), (7.0, 77.0), "{header}");
    }
    for header in ["Volume USD", "volume (USDT)", "Volume EUR", "usdVolume"] {
        assert_eq!(volumes(header, "77"), (0.0, 77.0), "{header}");
    }
    // an average of the volume is not the quote volume
    assert_eq!(volumes("Volume,Volume MA", "7,77"), (7.0, 0.0));
    assert_eq!(volumes("Volume BTC", "7"), (7.0, 0.0));
}

#[test]
fn columns_of_words_beside_prices_are_left_out_and_said() {
    let words: [(&str, &dyn Fn(i64) -> &'static str); 4] = [
        ("Source", &|_| "EIA"),
        ("Weekday", &|at| ["Mon", "Tue", "Wed"][usize::try_from(at % 3).unwrap()]),
        ("Holiday", &|at| if at == 4 { "New Year" } else { "" }),
        ("Notes", &|at| if at % 2 == 0 { "revised" } else { "final" }),
    ];
    for (name, word) in words {
        for in_front in [true, false] {
            let prices = |at: i64| format!("8{at},7{at}");
            let (header, text) = if in_front {
                let header = format!("Date,{name},Brent,WTI");
                (header.clone(), table(&header, 9, |at| format!("{},{}", word(at), prices(at))))
            } else {
                let header = format!("Date,Brent,WTI,{name}");
                (header.clone(), table(&header, 9, |at| format!("{},{}", prices(at), word(at))))
            };
            let mut files = Files::new();
            let preview = files.open("oil.csv", text.into_bytes()).unwrap();
            let told = format!("Columns that are not used: {name}.");
            assert!(preview.notes.contains(&told), "{header}: {:?} {:?}", preview.notes, preview.problems);
            assert_eq!(files.start(preview.plan).unwrap().refusals.count, 0);
            assert_eq!(
                (bars(&files, "BRENT").1.len(), bars(&files, "WTI").1[0].1.close),
                (9, 70.0),
                "{header}"
            );
        }
    }
    // words that may name the market of each row
    let long = (0..9).fold("Datum,Aktie,Wert\n".to_owned(), |text, at| {
        format!("{text}{0},KO,5{at}\n{0},PEP,6{at}\n", day(at))
    });
    assert!(!Files::new().open("stocks.csv", long.into_bytes()).unwrap().problems.is_empty());
}

#[test]
fn prices_below_zero_cost_their_rows_and_spreads_their_column() {
    let close = |at: i64, below: &[i64]| {
        if below.contains(&at) { "-37.63".to_owned() } else { format!("{}", 20.0 - at as f64 / 8.0) }
    };
    for below in [&[6][..], &[6, 7]] {
        let text = table("Date,Brent,WTI", 9, |at| format!("2{at},{}", close(at, below)));
        let (files, report) = import("oil.csv", text.as_bytes());
        assert_eq!(bars(&files, "BRENT").1.len(), 9);
        assert_eq!(bars(&files, "WTI").1.len(), 9 - below.len());
        assert_eq!(report.refusals.count, below.len() as u64);
        assert!(
            report.refusals.first[0]
                .reason
                .starts_with("WTI: close must be a positive decimal, was \"-37.63\"")
        );
    }
    let wave = |at: i64| ["-0.3", "0.2", "0.9", "-0.7", "0.1"][usize::try_from(at % 5).unwrap()];
    let text = table("Date,Brent,WTI,BrentWTI", 20, |at| format!("8{0}.5,7{0}.5,{1}", at % 10, wave(at)));
    let mut files = Files::new();
    let preview = files.open("oil.csv", text.into_bytes()).unwrap();
    assert!(
        preview.notes.contains(&"Columns that are not used: BrentWTI.".to_owned()),
        "{:?}",
        preview.notes
    );
    assert_eq!(files.start(preview.plan).unwrap().legs.len(), 2);
    // returns alone are not prices
    let text = table("Date,KO,PEP", 20, |at| format!("{},{}", wave(at), wave(at + 2)));
    assert!(!Files::new().open("returns.csv", text.into_bytes()).unwrap().problems.is_empty());
}

#[test]
fn bars_that_become_longer_behind_the_first_rows_are_said_at_the_import() {
    let minutes = (0..5_000).map(|at| BEGIN + at * MINUTE);
    let hours = (100..140).map(|at| BEGIN + at * HOUR);
    let text = minutes.chain(hours).fold("time,close\n".to_owned(), |text, time| format!("{text}{time},1\n"));
    let (_, report) = import("BTCUSDT.csv", text.as_bytes());
    let told = "40 of the rows of BTCUSDT are 1 h apart: each is kept as a bar of 1 m, and nothing is known of the time between them.";
    assert_eq!(report.notes, [told]);
    let days = (0..5_000).chain((1..60).map(|week| 4_999 + week * 7));
    let text = days.fold("date,close\n".to_owned(), |text, at| {
        format!("{text}{},1\n", &date(BEGIN - (6_000 - at) * DAY)[..10])
    });
    let (_, report) = import("KO.csv", text.as_bytes());
    assert!(report.notes[0].starts_with("60 of the rows of KO are 1 w apart"), "{:?}", report.notes);
}

#[test]
fn lists_of_json_lines_say_whether_they_are_cut_off() {
    let object = |at: i64| format!("{{\"time\":{},\"close\":1{at},\"open\":1{at}}}", BEGIN + at * HOUR);
    let objects: Vec<String> = (0..6).map(object).collect();
    let (lines, list) = (objects.join("\n"), objects.join(",\n"));
    let cut = "The file ends before its list does: it is cut off.";
    let cases = [
        (format!("[{list}]\n"), None),
        (format!("[{list}\n]\n"), None),
        (format!("[\n{list}\n]\n"), None),
        (format!("[{list},\n"), Some(cut)),
        (format!("[{list}"), Some(cut)),
        (format!("[\n{list},\n"), Some("The file ends in the middle of a value: it is cut off.")),
        (lines, None),
    ];
    for (text, told) in cases {
        let (files, report) = import("KO.json", text.as_bytes());
        assert_eq!((bars(&files, "KO").1.len(), report.refusals.count, report.others), (6, 0, 0), "{text}");
        assert_eq!(report.notes.first().map(String::as_str), told, "{text}");
    }
}

#[test]
fn a_member_that_the_first_line_lacks_is_read_from_the_others() {
    let object =
        |at: i64| format!("{{\"time\":{},\"close\":1{at},\"volume\":{at},\"high\":99}}\n", BEGIN + at * HOUR);
    let first = format!("{{\"time\":{BEGIN},\"close\":10}}\n");
    let text = (1..6).fold(first, |text, at| text + &object(at));
    let (files, _) = import("KO.jsonl", text.as_bytes());
    let (_, held) = bars(&files, "KO");
    let seen: Vec<(f64, f64)> = held.iter().map(|(_, bar)| (bar.volume.value(), bar.high)).collect();
    assert_eq!(seen, [(0.0, 10.0), (1.0, 99.0), (2.0, 99.0), (3.0, 99.0), (4.0, 99.0), (5.0, 99.0)]);
}

#[test]
fn headers_in_japanese_and_korean_codings_are_read() {
    let cases: [(&[u8], &str, &str); 3] = [
        (b"\x93\xFA\x95t,\x8En\x92l,\x8D\x82\x92l,\x88\xC0\x92l,\x8FI\x92l,\x8Fo\x97\x88\x8D\x82", "日付,始値,高値,安値,終値,出来高", "Shift_JIS"),
        (b"\xB3\xAF\xC2\xA5,\xBD\xC3\xB0\xA1,\xB0\xED\xB0\xA1,\xC0\xFA\xB0\xA1,\xC1\xBE\xB0\xA1,\xB0\xC5\xB7\xA1\xB7\xAE", "날짜,시가,고가,저가,종가,거래량", "EUC-KR"),
        (b"\xC0\xCF\xC0\xDA,\xBD\xC3\xB0\xA1,\xB0\xED\xB0\xA1,\xC0\xFA\xB0\xA1,\xC1\xBE\xB0\xA1,\xB0\xC5\xB7\xA1\xB7\xAE", "일자,시가,고가,저가,종가,거래량", "EUC-KR"),
    ];
    for (bytes, header, name) in cases {
        let rows = table("", 12, |_| "10,12,9,11,7".to_owned());
        let mut files = Files::new();
        let preview = files.open("7203.csv", [bytes, rows.as_bytes()].concat()).unwrap();
        assert_eq!((preview.plan.coding.name(), preview.problems.len()), (name, 0), "{:?}", preview.problems);
        assert_eq!(preview.columns.join(","), header);
        files.start(preview.plan).unwrap();
        let bar = bars(&files, "7203").1[0].1;
        assert_eq!(
            [bar.open, bar.high, bar.low, bar.close, bar.volume.value()],
            [10.0, 12.0, 9.0, 11.0, 7.0]
        );
    }
}
