//! Kinds of files that an audit found unread, or misread in silence, each with its correct values.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use spreadscope::view::files::import::dialect;
use spreadscope_engine::transfer::ImportCommand;
use spreadscope_engine::transfer::timestamp;
use std::fmt::Write as _;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// 2024-01-02.
const BEGIN: i64 = 1_704_153_600_000;

/// Returns a table with a close for each of `times`, written by `write`.
fn closes(header: &str, times: impl Iterator<Item = i64>, write: impl Fn(i64) -> String) -> String {
    times.enumerate().fold(header.to_owned(), |mut text, (at, time)| {
        writeln!(text, "{},{}", write(time), close(at)).unwrap();
        text
    })
}

fn close(at: usize) -> f64 {
    100.25 + f64::from(u32::try_from(at * 7 % 11).unwrap())
}

/// Returns the open times and closes that are held of KO.
fn held(files: &Files) -> Vec<(i64, f64)> {
    bars(files, "KO").1.iter().map(|(time, bar)| (*time, bar.close)).collect()
}

fn expected(times: impl Iterator<Item = i64>) -> Vec<(i64, f64)> {
    times.enumerate().map(|(at, time)| (time, close(at))).collect()
}

#[test]
fn series_of_trade_ids_that_take_turns_open_and_close_by_the_time() {
    let row = |id: i64, at: i64| format!("{id},{},{},1\n", BEGIN + at * 100, 10 + at);
    let turns = |at: i64| 1 + at / 2 + at % 2 * 900;
    let text: String = (0..60).map(|at| row(turns(at), at)).collect();
    let (files, report) = import("BTCUSDT.csv", format!("id,time,price,size\n{text}").as_bytes());
    assert_eq!((report.rows, report.refusals.count), (60, 0));
    let seen: Vec<(f64, f64)> =
        bars(&files, "BTCUSDT").1.iter().map(|(_, bar)| (bar.open, bar.close)).collect();
    assert_eq!(seen, [(20.0, 29.0), (30.0, 39.0), (40.0, 49.0), (50.0, 59.0)]);
    // one series after the other in the file, and interleaved in time
    let text: String = (0..60).step_by(2).chain((1..60).step_by(2)).map(|at| row(turns(at), at)).collect();
    let (again, _) = import("BTCUSDT.csv", format!("id,time,price,size\n{text}").as_bytes());
    assert_eq!(bars(&again, "BTCUSDT"), bars(&files, "BTCUSDT"));
}

#[test]
fn days_of_london_are_whole_over_a_change_of_the_clock() {
    let seconds = |time: i64| (time / 1_000).to_string();
    let text = |time: i64| timestamp::format(time)[..19].replace('T', " ");
    // 2024-03-26 and 2024-10-22: the clock changes on the sixth day
    for (first, before, behind) in [(1_711_411_200_000, 0, HOUR), (1_729_555_200_000, HOUR, 0)] {
        let days = || (0..14).map(move |day| first + day * DAY);
        let moved = || days().enumerate().map(move |(at, day)| day - if at < 6 { before } else { behind });
        for write in [&seconds as &dyn Fn(i64) -> String, &text] {
            let (files, report) = import("KO.csv", closes("time,close\n", moved(), write).as_bytes());
            assert_eq!((report.rows, report.repeated, bars(&files, "KO").0), (14, 0, DAY));
            assert_eq!(held(&files), expected(days()));
        }
    }
}

#[test]
fn bars_of_four_hours_are_whole_over_a_change_of_the_clock() {
    // Berlin's clock shows 0, 4, 8 h: 2024-03-29 to 2024-04-01
    let winter = (0..12).map(|at| 1_711_666_800_000 + at * 4 * HOUR);
    let summer = (12..24).map(|at| 1_711_666_800_000 + at * 4 * HOUR - HOUR);
    let times: Vec<i64> = winter.chain(summer).collect();
    let text = closes("time,close\n", times.iter().copied(), |time| {
        let ahead = if time < 1_711_846_800_000 { 1 } else { 2 };
        format!("{}+0{ahead}:00", &timestamp::format(time + ahead * HOUR)[..19])
    });
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!(
        (report.rows, report.refusals.count, report.repeated),
        (24, 0, 0),
        "{:?}",
        report.refusals.first
    );
    let slots = (0..24).map(|at| 1_711_666_800_000 - 3 * HOUR + at * 4 * HOUR);
    assert_eq!(held(&files), expected(slots));
}

#[test]
fn weeks_over_a_change_of_the_clock_are_weeks_and_are_said_to_be_too_long() {
    let weeks = (0..40).map(|week| BEGIN - 7 * DAY + week * 7 * DAY - if week > 12 { HOUR } else { 0 });
    let text = closes("time,close\n", weeks, |time| (time / 1_000).to_string());
    let preview = Files::new().open("KO.csv", text.into_bytes()).unwrap();
    assert_eq!(preview.plan.step_millis, Some(7 * DAY));
    assert!(preview.problems[0].starts_with("Bars of 1 w cannot be shown"), "{:?}", preview.problems);
}

#[test]
fn bars_that_become_shorter_are_all_there_however_late_they_do() {
    // within the part that a file is judged by, and beyond it
    for many in [210, 900, 8_000] {
        let long = (0..many).map(|at| BEGIN + at * 2 * HOUR);
        let short = (0..many / 2).map(|at| BEGIN + many * 2 * HOUR + at * HOUR);
        let times: Vec<i64> = long.chain(short).collect();
        let text = closes("time,close\n", times.iter().copied(), |time| time.to_string());
        let (files, report) = import("KO.csv", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count), (times.len() as u64, 0), "{many}");
        assert_eq!((bars(&files, "KO").0, held(&files)), (HOUR, expected(times.iter().copied())), "{many}");
        let of_long =
            report.notes.iter().filter(|note| note.contains("2 h apart: each is kept as a bar of 1 h"));
        assert_eq!(of_long.count(), 1, "{:?}", report.notes);
    }
    // weeks, then days
    let weeks = (0..210).map(|week| BEGIN - 1_512 * DAY + week * 7 * DAY);
    let days = (0..100).map(|day| BEGIN - 42 * DAY + day * DAY);
    let times: Vec<i64> = weeks.chain(days).collect();
    let text = closes("date,close\n", times.iter().copied(), |time| timestamp::format(time)[..10].to_owned());
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count, bars(&files, "KO").0), (310, 0, DAY));
    // days, then hours
    let days = (0..3_000).map(|day| BEGIN - 3_000 * DAY + day * DAY);
    let times: Vec<i64> = days.chain((0..600).map(|hour| BEGIN + hour * HOUR)).collect();
    let text =
        closes("time,close\n", times.iter().copied(), |time| format!("{}Z", &timestamp::format(time)[..19]));
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!(
        (bars(&files, "KO").0, held(&files).len(), report.repeated),
        (HOUR, 3_600, 0),
        "{:?}",
        report.notes
    );
}

#[test]
fn few_rows_that_do_not_fit_are_told_before_the_import() {
    let times = (0..400).map(|at| BEGIN + at * 2 * HOUR).chain((0..6).map(|at| BEGIN + (800 + at) * HOUR));
    let text = closes("time,close\n", times, |time| time.to_string());
    let mut files = Files::new();
    let preview = files.open("KO.csv", text.into_bytes()).unwrap();
    let told = "3 of the first 406 rows do not fit bars of 2 h and will be refused, the first in line 403.";
    assert!(preview.notes.iter().any(|note| note == told), "{:?}", preview.notes);
    assert_eq!(files.start(preview.plan).unwrap().refusals.count, 3);
}

#[test]
fn days_since_1970_are_not_excels_and_are_taken_when_the_user_says_so() {
    let days = || (0..14).map(|day| BEGIN + day * DAY);
    let text = closes("date,close\n", days(), |time| (time / DAY).to_string());
    let mut files = Files::new();
    let preview = files.open("KO.csv", text.into_bytes()).unwrap();
    let reason =
        "time 19724 would be 1970-01-01, as days since 1970 2024-01-02, as a day of Excel's 1953-12-31";
    assert!(preview.problems.iter().any(|problem| problem.contains(reason)), "{:?}", preview.problems);
    files.command_import(ImportCommand::Show {
        import: files.imports,
        plan: dialect::with_numbers(&preview.plan, "days"),
    });
    let preview = files.preview().unwrap();
    assert_eq!((preview.problems.len(), preview.plan.step_millis), (0, Some(DAY)), "{:?}", preview.problems);
    files.start(preview.plan).unwrap();
    assert_eq!(held(&files), expected(days()));
    // Excel day numbers of 1953 are not taken for dates; those of a history that reaches recent years are
    let old = closes("date,close\n", (0..14).map(|day| BEGIN - (26_000 - day) * DAY), |time| {
        (time / DAY + 25_569).to_string()
    });
    assert!(!Files::new().open("KO.csv", old.into_bytes()).unwrap().problems.is_empty());
    // 1999-09-01
    let long = || (0..190).map(|day| 936_144_000_000 + day * DAY);
    let (files, _) =
        import("KO.csv", closes("date,close\n", long(), |time| (time / DAY + 25_569).to_string()).as_bytes());
    assert_eq!((date(held(&files)[0].0), held(&files)), ("1999-09-01T00:00".to_owned(), expected(long())));
}

#[test]
fn excels_days_may_have_a_decimal_comma() {
    let hours = || (0..24).map(|hour| BEGIN + hour * HOUR);
    let day = |time: i64| format!("{:.6}", time as f64 / DAY as f64 + 25_569.0).replace('.', ",");
    let text = hours().enumerate().fold(String::from("Date;Close\n"), |mut text, (at, time)| {
        writeln!(text, "{};{}", day(time), close(at).to_string().replace('.', ",")).unwrap();
        text
    });
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!((report.refusals.count, bars(&files, "KO").0, held(&files)), (0, HOUR, expected(hours())));
}

#[test]
fn a_market_may_be_called_last_price_rate_or_close() {
    for (one, other) in [("LAST", "KO"), ("KO", "LAST"), ("Gold", "Price"), ("RATE", "KO"), ("CLOSE", "KO")] {
        let text = (0..14_u32).fold(format!("Date,{one},{other}\n"), |mut text, day| {
            writeln!(text, "2024-01-{:02},{},{}", day + 8, 100 + day % 3, 60 + day % 2).unwrap();
            text
        });
        let (_, report) = import("p.csv", text.as_bytes());
        let names: Vec<&str> = report.legs.iter().map(|leg| leg.summary.symbol.as_str()).collect();
        assert_eq!(names, [one.to_uppercase(), other.to_uppercase()]);
    }
    // an average is not a market; the report says that it is not used
    let text = (0..14_u32).fold(String::from("Date,Close,SMA20\n"), |mut text, day| {
        writeln!(text, "2024-01-{:02},{},{}", day + 8, 100 + day % 3, 100).unwrap();
        text
    });
    let preview = Files::new().open("KO.csv", text.into_bytes()).unwrap();
    assert!(preview.plan.markets.is_empty() && preview.problems.is_empty());
    assert!(
        preview.notes.iter().any(|note| note == "Columns that are not used: SMA20."),
        "{:?}",
        preview.notes
    );
}

#[test]
fn json_of_python_may_have_numbers_that_are_none() {
    let row = |at: i64, close: &str, volume: &str| {
        format!(
            r#"{{"time":{},"open":100,"high":120,"low":90,"close":{close},"volume":{volume}}}"#,
            BEGIN + at * HOUR
        )
    };
    let rows = |close: &str| -> Vec<String> {
        (0..9)
            .map(|at| row(at, if at == 4 { close } else { "101.5" }, if at == 2 { "NaN" } else { "7" }))
            .collect()
    };
    for none in ["NaN", "Infinity", "-Infinity"] {
        for text in [format!("[{}]", rows(none).join(", ")), rows(none).join("\n")] {
            let (files, report) = import("KO.json", text.as_bytes());
            assert_eq!((report.rows, report.refusals.count, report.unpriced), (8, 0, 1), "{text}");
            assert!(report.notes[0].contains("in line 5 has no price"), "{:?}", report.notes);
            let volumes: Vec<f64> = bars(&files, "KO").1.iter().map(|(_, bar)| bar.volume.value()).collect();
            assert_eq!(volumes, [7.0, 7.0, 0.0, 7.0, 7.0, 7.0, 7.0, 7.0]);
        }
    }
    let arrays: Vec<String> = (0..9)
        .map(|at| {
            format!("[{}, 100, 120, 90, {}, 7]", BEGIN + at * HOUR, if at == 4 { "NaN" } else { "101.5" })
        })
        .collect();
    // as one value, and one per line
    for text in [format!("[{}]", arrays.join(", ")), arrays.join("\n")] {
        let (files, report) = import("KO.json", text.as_bytes());
        assert_eq!((report.rows, report.unpriced, held(&files).len()), (8, 1, 8), "{text}");
    }
    let trades: Vec<String> = (0..9)
        .map(|at| {
            let price = if at == 4 { "NaN" } else { "101.5" };
            format!("{{\"symbol\":\"KO\",\"ts\":{},\"price\":{price},\"size\":1}}\n", BEGIN + at * 700)
        })
        .collect();
    let (_, report) = import("KO.ndjson", trades.concat().as_bytes());
    assert_eq!(
        (report.rows, report.refusals.first[0].line, report.refusals.first[0].reason.as_str()),
        (8, 5, "price is absent")
    );
}

#[test]
fn a_header_of_r_has_no_name_for_the_names_of_rows() {
    let days = || (0..14).map(|day| BEGIN + day * DAY);
    let day = |time: i64| timestamp::format(time)[..10].to_owned();
    for (sign, header) in [(' ', "\"Date\" \"Close\""), (',', "\"Date\",\"Close\""), ('\t', "\"Close\"")] {
        let text = days().enumerate().fold(format!("{header}\n"), |mut text, (at, time)| {
            let names = if sign == '\t' { String::new() } else { format!("\"{}\"{sign}", at + 1) };
            writeln!(text, "{names}{}{sign}{}", day(time), close(at)).unwrap();
            text
        });
        let (files, report) = import("KO.csv", text.as_bytes());
        assert_eq!((report.refusals.count, held(&files)), (0, expected(days())), "{header}");
    }
}

#[test]
fn times_may_be_parted_by_hyphens_and_underscores_alone() {
    let hours = || (0..30).map(|hour| BEGIN + hour * HOUR);
    let iso = |time: i64| timestamp::format(time);
    let writings: [&dyn Fn(i64) -> String; 3] = [
        &|time| iso(time)[..16].replace(['T', ':'], "-"),
        &|time| iso(time)[..19].replace('T', "_").replace(':', "-"),
        &|time| iso(time)[..19].replace('T', " ").replace(':', "."),
    ];
    for write in writings {
        let (files, report) = import("KO.csv", closes("time,close\n", hours(), write).as_bytes());
        assert_eq!((report.refusals.count, held(&files)), (0, expected(hours())));
    }
}

#[test]
fn counts_may_have_an_exponent_or_signs_between_thousands() {
    for (written, count) in [("3.08e+02", 308), ("\"1,234\"", 1_234), ("308.0", 308)] {
        let text = (0..5).fold(String::from("time,close,trades\n"), |mut text, hour| {
            writeln!(text, "2024-01-02T0{hour}:00Z,5,{written}").unwrap();
            text
        });
        let (files, report) = import("KO.csv", text.as_bytes());
        assert_eq!((report.refusals.count, bars(&files, "KO").1[0].1.trades), (0, count), "{written}");
    }
}

#[test]
fn a_coding_that_is_not_known_makes_no_markets() {
    // bytes of no known encoding
    let header = b"\x81\xff\xfd,\xa0\xff,\xff\xf5\n";
    let rows: Vec<String> = (1..9).map(|day| format!("2024-01-0{day},5{day},5{day}\n")).collect();
    let rows = rows.concat();
    let preview = Files::new().open("005930.csv", [header, rows.as_bytes()].concat()).unwrap();
    assert_eq!(preview.problems[0], "No column is the close.");
}

#[test]
fn candles_whose_letters_differ_in_size_alone_are_read() {
    let text: Vec<String> = (0..5)
        .map(|at| {
            let time = BEGIN + at * HOUR;
            format!(
                "{{\"e\":\"kline\",\"s\":\"KO\",\"k\":{{\"t\":{time},\"T\":{},\"L\":2,\"o\":\"100\",\"c\":\"102\",\"h\":\"103\",\"l\":\"99\",\"v\":\"7\",\"V\":\"3\"}}}}\n",
                time + HOUR - 1
            )
        })
        .collect();
    let (files, report) = import("KO.jsonl", text.concat().as_bytes());
    let bar = bars(&files, "KO").1[0].1;
    assert_eq!((report.refusals.count, bar.low, bar.close, bar.volume.value()), (0, 99.0, 102.0, 7.0));
}

#[test]
fn rows_of_several_markets_that_no_column_parts_are_not_taken_for_one() {
    let days = |many: usize| (1..=many).map(|day| format!("2024-01-{day:02}"));
    let shares = days(20).map(|day| format!("{day},SAP,100\n{day},BMW,50\n")).collect::<Vec<_>>().concat();
    let refused =
        Files::new().import("DAX.csv", format!("Date,Aktie,Close\n{shares}").into_bytes()).unwrap_err();
    assert!(refused.contains("20 rows of DAX") && refused.contains("of several markets"), "{refused}");
    // two files joined
    let of = |close: u32| days(20).map(move |day| format!("{day},{close}\n")).collect::<Vec<_>>().concat();
    let joined = format!("Date,Close\n{}Date,Close\n{}", of(60), of(160));
    assert!(Files::new().import("KO.csv", joined.into_bytes()).unwrap_err().contains("of several markets"));
    // a bar that is reported while it grows
    let grows =
        days(20).map(|day| format!("{day},60,1\n{day},61,2\n{day},62,3\n")).collect::<Vec<_>>().concat();
    let (files, report) = import("KO.csv", format!("Date,Close,Volume\n{grows}").as_bytes());
    assert_eq!((report.repeated, bars(&files, "KO").1[0].1.close), (40, 62.0));
}

#[test]
fn a_number_that_a_comma_cuts_in_two_is_refused_and_never_halved() {
    for row in ["60,58", "42,404.69", "42,404"] {
        let text = (1..20).map(|day| format!("2024-01-{day:02},{row}\n")).collect::<Vec<_>>().concat();
        let preview = Files::new().open("KO.csv", format!("Date,Close\n{text}").into_bytes()).unwrap();
        let problems = preview.problems.join(" ");
        assert!(problems.contains("it has 3 cells and the header 2 names"), "{row}: {problems}");
    }
    // one odd row among others, and an empty cell at the end
    let text = "Date,Close\n2024-01-02,60\n2024-01-03,60,58\n2024-01-04,61,\n2024-01-05,62\n";
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!((report.refusals.count, report.rows, held(&files).len()), (1, 3, 3));
}

#[test]
fn the_zone_that_a_column_names_is_that_of_its_times() {
    for (name, first) in [("Time (EST)", 14), ("Time (UTC+8)", 1), ("Time (UTC)", 9), ("Time", 9)] {
        let text = (9..16).map(|hour| format!("2024-01-02 {hour:02}:00,60\n")).collect::<Vec<_>>().concat();
        let (files, _) = import("KO.csv", format!("{name},Close\n{text}").as_bytes());
        assert_eq!(held(&files)[0].0, 1_704_153_600_000 + first * HOUR, "{name}");
    }
}

#[test]
fn a_second_file_of_one_name_with_other_prices_is_said() {
    let of = |close: u32| {
        let days = (1..=20).map(|day| format!("2024-01-{day:02},{close}\n")).collect::<Vec<_>>().concat();
        format!("Date,Close\n{days}").into_bytes()
    };
    let mut files = Files::new();
    files.import("KO.csv", of(60)).unwrap();
    let same = files.import("KO (3).csv", of(60)).unwrap();
    assert!(!same.notes.iter().any(|note| note.contains("was here already")), "{:?}", same.notes);
    let alike = files.import("KO (2).csv", of(61)).unwrap();
    let said = "KO was here already: 20 of its bars have another close in this file, up to 1.64 % away; that of this file counts.";
    assert!(alike.notes.iter().any(|note| note == said), "{:?}", alike.notes);
    let other = files.import("KO (1).csv", of(160)).unwrap();
    let said = "KO was here already: 20 of its bars now have a price more than 5 % away";
    assert!(other.notes.iter().any(|note| note.starts_with(said)), "{:?}", other.notes);
}

#[test]
fn a_size_with_a_minus_is_a_sale() {
    // in Bitfinex's format
    let rows = (0..40).map(|at| {
        let size = if at % 2 == 0 { "0.5" } else { "-0.25" };
        format!("{},{},{size},{}\n", 1_000 + at, BEGIN + at * 500, 60_000 + at)
    });
    let text = format!("id,mts,amount,price\n{}", rows.collect::<Vec<_>>().concat());
    let (files, report) = import("BTCUSD.csv", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (40, 0));
    // parts of the first and the last second may be cut off
    assert_eq!(bars(&files, "BTCUSD").1[0].1.volume.value(), 0.75);
}
