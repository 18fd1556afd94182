//! Files that an audit found misread in silence, each with its correct values or its refusal.

use crate::files::Files;
use crate::vendors::{bars, import};
use spreadscope_engine::transfer::timestamp;
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;
/// 2024-01-02.
const BEGIN: i64 = 1_704_153_600_000;

fn date(millis: i64) -> String {
    timestamp::format(millis)[..10].to_owned()
}

/// Returns `count` days of open, high, low, close and volume.
fn days(count: i64) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        let open = 100 + at;
        writeln!(text, "{},{open},{},{},{open}.5,7", date(BEGIN + at * DAY), open + 2, open - 2).unwrap();
        text
    })
}

#[test]
fn a_row_near_the_top_whose_time_cannot_be_read_is_refused_and_names_no_market() {
    let header = "Date,Open,High,Low,Close,Volume\n";
    let damaged = [
        "Total,1,2,0.5,1,1",
        ",120,121,119,120.5,9",
        "0,0,0,0,0,0",
        "0000-00-00,0,0,0,0,0",
        "2023-02-30,1,1,1,1,1",
        "N/A,N/A,N/A,N/A,N/A,N/A",
        "-,-,-,-,-,-",
        "date,float64,float64,float64,float64,int64",
    ];
    for header in [header, ""] {
        for row in damaged {
            for times in [1, 3] {
                let above = format!("{row}\n").repeat(times);
                // words above rows without a header would be taken for names
                if header.is_empty() && !row.contains('0') {
                    continue;
                }
                let (files, report) = import("KO.csv", format!("{header}{above}{}", days(20)).as_bytes());
                let (step, held) = bars(&files, "KO");
                assert_eq!((step, held.len(), report.legs.len()), (DAY, 20, 1), "{row}");
                assert_eq!(report.refusals.count, times as u64, "{row}");
                let (time, first) = held[0];
                assert_eq!(
                    (time, first.open, first.high, first.low, first.close, first.volume.value()),
                    (BEGIN, 100.0, 102.0, 98.0, 100.5, 7.0),
                    "{row}"
                );
            }
        }
    }
    let (files, report) = import("KO.csv", format!("{header}{header}{}", days(20)).as_bytes());
    assert_eq!((bars(&files, "KO").1.len(), report.legs.len(), report.refusals.count), (20, 1, 0));
}

/// Returns a table of dates with closes.
fn closes(dates: &[&str]) -> String {
    let rows = dates.iter().map(|date| format!("{date},100,102,98,101,7\n"));
    format!("Date,Open,High,Low,Close,Volume\n{}", rows.collect::<String>())
}

#[test]
fn bars_that_are_longer_than_days_are_refused_with_their_length() {
    let months: Vec<String> = (1..=12).map(|month| format!("2023-{month:02}-01")).collect();
    let months: Vec<&str> = months.iter().map(String::as_str).collect();
    let quarters = ["2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01"];
    // Good Friday is a holiday
    let weeks =
        ["2024-03-08", "2024-03-15", "2024-03-22", "2024-03-28", "2024-04-05", "2024-04-12", "2024-04-19"];
    let month = "Its rows are about a month apart: bars longer than 1 d cannot be shown.";
    let cases: [(&str, &[&str], &str); 5] = [
        ("KO.csv", &months, month),
        ("KO.csv", &months[..3], month),
        ("ETHUSDT-1mo-2023-12.csv", &months[..1], month),
        ("KO.csv", &quarters, "Its rows are about a quarter apart: bars longer than 1 d cannot be shown."),
        ("KO.csv", &weeks, "Bars of 1 w cannot be shown"),
    ];
    for (name, dates, told) in cases {
        let preview = Files::new().open(name, closes(dates).into_bytes()).unwrap();
        assert!(preview.problems[0].starts_with(told), "{name}: {:?}", preview.problems);
        assert!(!preview.notes.iter().any(|note| note.contains("do not fit")), "{:?}", preview.notes);
    }
}

#[test]
fn bars_that_become_longer_are_told_before_the_import() {
    let row = |minute: i64| format!("{},1\n", BEGIN + minute * 60_000);
    let rows = (0..60).chain((2..40).map(|hour| hour * 60)).map(row).collect::<String>();
    let mut files = Files::new();
    let preview = files.open("BTCUSDT.csv", format!("time,close\n{rows}").into_bytes()).unwrap();
    let told = "38 of its first rows are 1 h apart: each is kept as a bar of 1 m, and nothing is known of the time between them.";
    assert!(preview.notes.iter().any(|note| note == told), "{:?}", preview.notes);
    assert_eq!(files.start(preview.plan).unwrap().rows, 98);
}

#[test]
fn trades_newest_first_without_ids_open_and_close_by_their_order_within_a_time() {
    let rows: Vec<String> =
        (0..60).map(|at| format!("{},{},1\n", (BEGIN + at / 20 * 20 * 100) / 1_000, 10 + at)).collect();
    let oldest_first: String = rows.iter().map(String::as_str).collect();
    let newest_first: String = rows.iter().rev().map(String::as_str).collect();
    for rows in [oldest_first, newest_first] {
        let (files, report) = import("BTCUSDT.csv", format!("time,price,size\n{rows}").as_bytes());
        assert_eq!(report.rows, 60);
        let (_, held) = bars(&files, "BTCUSDT");
        let middle = held.iter().find(|(time, _)| *time == BEGIN + 2_000).unwrap().1;
        assert_eq!((middle.open, middle.close, middle.high, middle.low), (30.0, 49.0, 49.0, 30.0));
    }
}

#[test]
fn json_that_is_cut_off_or_goes_on_says_so() {
    let row = |at: i64| format!("{{\"time\":{},\"close\":1{at},\"open\":1{at}}}", BEGIN + at * DAY);
    let rows = (0..5).map(row).collect::<Vec<_>>().join(",");
    let cut = "The file ends in the middle of a value: it is cut off.";
    let cases = [
        (format!("[{rows}]\n"), 0, None),
        (format!("[{rows}"), 0, Some(cut)),
        (format!("[{rows},"), 0, Some(cut)),
        (format!("[{rows},{{\"time\":17"), 1, Some(cut)),
        (
            format!("[{rows}]garbage"),
            0,
            Some("Behind the end of its JSON the file goes on with \"garbage\": that is no row."),
        ),
        (
            format!("[{rows}]]"),
            0,
            Some("Behind the end of its JSON the file goes on with \"]\": that is no row."),
        ),
    ];
    for (text, refused, told) in cases {
        let (files, report) = import("KO.json", text.as_bytes());
        assert_eq!((bars(&files, "KO").1.len(), report.refusals.count), (5, refused), "{text}");
        assert_eq!(report.notes.first().map(String::as_str), told, "{text}");
    }
}

#[test]
fn a_member_that_the_first_object_lacks_is_read_from_the_others() {
    let row = |at: i64| format!("{{\"time\":{},\"close\":1{at},\"volume\":{at}}}", BEGIN + at * DAY);
    let first = format!("{{\"time\":{BEGIN},\"close\":10}}");
    let rows = core::iter::once(first).chain((1..5).map(row)).collect::<Vec<_>>().join(",");
    let (files, _) = import("KO.json", format!("[{rows}]").as_bytes());
    let volumes: Vec<f64> = bars(&files, "KO").1.iter().map(|(_, bar)| bar.volume.value()).collect();
    assert_eq!(volumes, [0.0, 1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn two_digits_of_a_year_are_of_no_year_to_come() {
    let cases = [
        ["01/02/65", "01/13/65", "01/14/65"],
        ["650102", "650113", "650114"],
        ["2-Jan-65", "13-Jan-65", "14-Jan-65"],
    ];
    for dates in cases {
        let (files, report) = import("KO.csv", closes(&dates).as_bytes());
        assert_eq!(report.refusals.count, 0, "{dates:?}");
        let held: Vec<String> = bars(&files, "KO").1.iter().map(|(time, _)| date(*time)).collect();
        assert_eq!(held, ["1965-01-02", "1965-01-13", "1965-01-14"], "{dates:?}");
    }
}

#[test]
fn what_is_left_out_of_bars_is_said_once() {
    let text =
        "Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,1,2,\n2024-01-03,,2,1,2,5\n2024-01-04,1,2,1,2,5\n";
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!(
        report.notes,
        [
            "2 bars lack an open, high, low or volume: the other prices of the bar stand for a missing price, and a missing \
             volume is shown as 0."
        ]
    );
    let (_, held) = bars(&files, "KO");
    assert_eq!((held[0].1.volume.value(), held[1].1.open), (0.0, 2.0));
}

#[test]
fn of_two_lengths_of_bar_the_shorter_are_held_in_either_order() {
    let rows = |step: i64| {
        (0..6).fold("time,close\n".to_owned(), |text, at| format!("{text}{},1\n", BEGIN + at * step))
    };
    let (hours, minutes) = (rows(3_600_000), rows(60_000));
    let told = "KO is held with bars of 1 m, of which longer ones are made, and not with those of 1 h: to hold these, \
                drop its recording";
    let (mut files, _) = import("KO.csv", hours.as_bytes());
    let report = files.import("KO.csv", minutes.clone().into_bytes()).unwrap();
    assert_eq!((bars(&files, "KO").0, &report.notes[..]), (60_000, &[told.to_owned()][..]));
    let (mut files, _) = import("KO.csv", minutes.as_bytes());
    assert_eq!(files.import("KO.csv", hours.into_bytes()).unwrap_err(), told);
    assert_eq!((bars(&files, "KO").0, bars(&files, "KO").1.len()), (60_000, 6));
}

#[test]
fn a_market_in_brackets_behind_a_field_is_its_market_and_a_currency_is_none() {
    let rows = "2024-01-02,10,20\n2024-01-03,11,21\n2024-01-04,12,22\n";
    let (files, _) = import("a.csv", format!("Date,Close (KO),Close (PEP)\n{rows}").as_bytes());
    for (name, close) in [("KO", 10.0), ("PEP", 20.0)] {
        assert_eq!(bars(&files, name).1[0].1.close, close);
    }
    let (files, _) = import("a.csv", format!("Date,Close (KO),Volume (KO)\n{rows}").as_bytes());
    assert_eq!(bars(&files, "KO").1[0].1.volume.value(), 20.0);
    let (files, report) = import("KO.csv", format!("Date,Close (USD),Volume (BTC)\n{rows}").as_bytes());
    assert_eq!((bars(&files, "KO").1[0].1.volume.value(), report.legs.len()), (20.0, 1));
}

#[test]
fn what_is_no_table_says_what_it_is() {
    let cases: [(&[u8], &str); 3] = [
        (b"<!DOCTYPE html><html><body>Rate limited</body></html>", "it is a web page"),
        (b"\x89PNG\r\n\x1a\n", "its form is a PNG picture"),
        (
            br#"{"code":-1121,"msg":"Invalid symbol."}"#,
            "It holds a message in place of rows: \"Invalid symbol.\".",
        ),
    ];
    for (bytes, told) in cases {
        let reason = match Files::new().open("BTCUSDT.csv", bytes.to_vec()) {
            Ok(preview) => preview.problems[0].clone(),
            Err(reason) => reason,
        };
        assert!(reason.starts_with(told), "{reason}");
    }
}
