//! Times as found in files: of the close, of a clock set back, in several columns, in Excel's notation,
//! damaged.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use std::fmt::Write as _;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 2024-01-02.
const BEGIN: i64 = 1_704_153_600_000;

/// Returns a table of times and closes.
fn closes(header: &str, times: impl IntoIterator<Item = String>) -> String {
    let rows = (100..).zip(times);
    rows.fold(format!("{header}\n"), |mut text, (close, time)| {
        writeln!(text, "{time},{close}").unwrap();
        text
    })
}

/// Returns `count` times, `step` apart, the first at [`BEGIN`] plus `later`.
fn times(count: i64, step: i64, later: i64) -> impl Iterator<Item = i64> {
    (0..count).map(move |at| BEGIN + at * step + later)
}

fn notes(files: &mut Files, text: &str) -> Vec<String> {
    files.open("KO.csv", text.as_bytes().to_vec()).unwrap().notes
}

#[test]
fn a_column_with_the_times_of_closes_alone_has_bars_at_their_openings() {
    let cases = [
        ("close_time", HOUR, HOUR),
        ("Close time", HOUR, HOUR),
        ("end", MINUTE, MINUTE),
        ("end_time", 4 * HOUR, 4 * HOUR),
        ("period_end", DAY, DAY),
        // within the bar already
        ("close_time", HOUR, HOUR - 1),
        ("close_time", MINUTE, MINUTE - 1_000),
        ("close_time", DAY, DAY - 1),
    ];
    for (name, step, later) in cases {
        let text = closes(&format!("{name},close"), times(30, step, later).map(|time| time.to_string()));
        let (files, report) = import("KO.csv", text.as_bytes());
        assert_eq!(report.refusals.count, 0, "{name} {later}");
        let (held_step, held) = bars(&files, "KO");
        assert_eq!(
            (held_step, held.len(), held[0].0, held[0].1.close),
            (step, 30, BEGIN, 100.0),
            "{name} {later}"
        );
    }
    let text = closes("close_time,close", times(30, HOUR, HOUR).map(|time| time.to_string()));
    let told = "The column close_time says when a bar closed: each is kept at the time at which it opened.";
    assert!(notes(&mut Files::new(), &text).contains(&told.to_owned()));
    // a date alone is that of its bar, and a time at which bars open takes precedence
    let text = closes("end_date,close", times(10, DAY, 0).map(|time| date(time)[..10].to_owned()));
    assert_eq!(bars(&import("KO.csv", text.as_bytes()).0, "KO").1[0].0, BEGIN);
    for header in ["open_time,close_time,close", ",close_time,close"] {
        let text = closes(header, times(30, HOUR, 0).map(|time| format!("{time},{}", time + HOUR)));
        let (files, _) = import("KO.csv", text.as_bytes());
        assert_eq!((bars(&files, "KO").1.len(), bars(&files, "KO").1[0].0), (30, BEGIN), "{header}");
    }
    let objects: Vec<String> = times(30, HOUR, HOUR)
        .map(|time| format!("{{\"closeTime\":{time},\"close\":100,\"volume\":1}}"))
        .collect();
    for text in [format!("[{}]", objects.join(",")), objects.join("\n")] {
        let (files, _) = import("KO.json", text.as_bytes());
        assert_eq!((bars(&files, "KO").0, bars(&files, "KO").1[0].0), (HOUR, BEGIN), "{}", &text[..9]);
    }
}

#[test]
fn shorter_bars_behind_closing_times_are_kept_at_their_openings_too() {
    let hours = times(9_000, HOUR, HOUR).map(|time| time.to_string());
    let quarters = (1..9_000).map(|at| (BEGIN + 9_000 * HOUR + at * HOUR / 4).to_string());
    let (files, report) = import("KO.csv", closes("close_time,close", hours.chain(quarters)).as_bytes());
    assert!(report.notes[0].starts_with("The first rows are bars of 1 h"), "{:?}", report.notes);
    assert_eq!(bars(&files, "KO").0, HOUR / 4);
    assert_eq!(bars(&files, "KO").1[0].0, BEGIN + HOUR - HOUR / 4);
}

/// Returns a clock's readings every `step` minutes from midnight of `day` on, with the hour `hour` repeated.
fn put_back(day: &str, hour: i64, step: i64) -> Vec<String> {
    let shown = |hour: i64| (0..60 / step).map(move |at| (hour, at * step));
    let hours = (0..=hour).chain(hour..24);
    hours.flat_map(shown).map(|(hour, minute)| format!("{day} {hour:02}:{minute:02}")).collect()
}

#[test]
fn an_hour_that_comes_twice_costs_no_bar_and_tells_the_zone() {
    let cases = [
        ("2023-11-05", 1, "America/New_York", "2023-11-05T04:00"),
        ("2023-10-29", 1, "Europe/London", "2023-10-28T23:00"),
        ("2023-10-29", 2, "Europe/Berlin", "2023-10-28T22:00"),
    ];
    for (day, hour, zone, first) in cases {
        for step in [60, 15, 1] {
            for newest_first in [false, true] {
                let mut shown = put_back(day, hour, step);
                if newest_first {
                    shown.reverse();
                }
                let mut files = Files::new();
                let preview =
                    files.open("BTCUSD.csv", closes("time,close", shown.clone()).into_bytes()).unwrap();
                assert_eq!((preview.plan.times.zone.words(), preview.problems.len()), (zone.to_owned(), 0));
                let told = format!("The hour from {day} {hour:02}:00 comes twice");
                assert!(preview.notes.iter().any(|note| note.starts_with(&told)), "{:?}", preview.notes);
                let report = files.start(preview.plan).unwrap();
                assert_eq!((report.repeated, report.refusals.count), (0, 0));
                let (_, held) = bars(&files, "BTCUSD");
                assert_eq!((held.len(), date(held[0].0)), (shown.len(), first.to_owned()), "{zone} {step}");
                assert!(held.windows(2).all(|pair| pair[1].0 - pair[0].0 == step * MINUTE));
            }
        }
    }
    // rows that come twice on another day are duplicates
    let shown = put_back("2023-11-07", 1, 60);
    let (_, report) = import("BTCUSD.csv", closes("time,close", shown).as_bytes());
    assert_eq!(report.repeated, 1);
}

#[test]
fn an_hour_that_comes_twice_behind_the_first_rows_tells_the_zone_too() {
    // 2023-10-29
    let midnight = 1_698_537_600_000;
    let before = (1..=12_000).rev().map(|at| date(midnight - at * MINUTE).replace('T', " "));
    let shown: Vec<String> = before.chain(put_back("2023-10-29", 2, 1)).collect();
    let (files, report) = import("BTCUSD.csv", closes("time,close", shown.clone()).as_bytes());
    assert!(report.notes[0].contains("read as those of Europe/Berlin"), "{:?}", report.notes);
    let (_, held) = bars(&files, "BTCUSD");
    assert_eq!((held.len(), report.repeated), (shown.len(), 0));
    assert!(held.windows(2).all(|pair| pair[1].0 - pair[0].0 == MINUTE));
}

#[test]
fn each_market_of_a_long_table_goes_through_the_hour_twice() {
    use spreadscope::view::files::import::dialect;
    let shown = put_back("2023-11-05", 1, 60);
    let text = shown
        .iter()
        .fold("time,symbol,close\n".to_owned(), |text, time| format!("{text}{time},KO,1\n{time},PEP,2\n"));
    let mut files = Files::new();
    let preview = files.open("stocks.csv", text.into_bytes()).unwrap();
    files.start(dialect::with_zone(&preview.plan, "America/New_York")).unwrap();
    for name in ["KO", "PEP"] {
        let (_, held) = bars(&files, name);
        assert_eq!(held.len(), 25, "{name}");
        assert!(held.windows(2).all(|pair| pair[1].0 - pair[0].0 == HOUR), "{name}");
    }
}

/// The cells of a row as a function of its time.
type Cells<'a> = &'a dyn Fn(&str) -> String;

#[test]
fn a_date_may_stand_in_several_columns() {
    let part = |format: Cells<'_>, step: i64| -> Vec<String> {
        times(30, step, 0).map(|time| format(&date(time))).collect()
    };
    let cases: [(&str, i64, Cells<'_>); 7] = [
        ("Year,Month,Day,Close", DAY, &|at| format!("{},{},{}", &at[..4], &at[5..7], &at[8..10])),
        ("day,month,year,close", DAY, &|at| {
            let month = ["Jan", "February"][usize::from(&at[5..7] == "02")];
            format!("{},{month},{}", at[8..10].trim_start_matches('0'), &at[..4])
        }),
        ("Year,Month,Day,Hour,Close", HOUR, &|at| {
            format!("{},{},{},{}", &at[..4], &at[5..7], &at[8..10], &at[11..13])
        }),
        ("YYYY,MM,DD,HH,Min,Close", MINUTE, &|at| {
            format!("{},{},{},{},{}", &at[..4], &at[5..7], &at[8..10], &at[11..13], &at[14..])
        }),
        ("year,month,day,time,close", MINUTE, &|at| {
            format!("{},{},{},{}", &at[..4], &at[5..7], &at[8..10], &at[11..])
        }),
        ("Date,Hour,Close", HOUR, &|at| format!("{},{}", &at[..10], at[11..13].parse::<u8>().unwrap())),
        ("Date,Year,Month,Day,Close", DAY, &|at| {
            format!("{},{},{},{}", &at[..10], &at[..4], &at[5..7], &at[8..10])
        }),
    ];
    for (header, step, format) in cases {
        let (files, report) = import("KO.csv", closes(header, part(format, step)).as_bytes());
        let (held_step, held) = bars(&files, "KO");
        assert_eq!(
            (report.refusals.count, held_step, held.len(), held[0].0),
            (0, step, 30, BEGIN),
            "{header}"
        );
        assert_eq!(held[29].1.close, 129.0, "{header}");
    }
    // hours that count from 1 to 24 are ends of hours
    let hours = (0..48).map(|at| format!("{},{}", &date(BEGIN + at * HOUR)[..10], at % 24 + 1));
    let (files, _) = import("KO.csv", closes("Date,Hour,Close", hours).as_bytes());
    let (_, held) = bars(&files, "KO");
    assert_eq!((held.len(), held[0].0, held[47].0), (48, BEGIN, BEGIN + 47 * HOUR));
    let wide = part(&|at| format!("{},{},{},5", &at[..4], &at[5..7], &at[8..10]), DAY);
    let wide = closes("YEAR,MONTH,DAY,KO,PEP", wide);
    let (files, report) = import("stocks.csv", wide.as_bytes());
    assert_eq!((report.legs.len(), bars(&files, "PEP").1[0].1.close), (2, 100.0));
    let damaged = "Year,Month,Day,Close\n2024,1,2,1\n2024,13,3,1\n2024,1,4,1\n2024,1,5,1\n";
    let (_, report) = import("KO.csv", damaged.as_bytes());
    assert_eq!((report.rows, &report.refusals.first[0].reason[..]), (3, "month must be 1 to 12, was \"13\""));
}

/// A spreadsheet drops the zeros in front of a time of day without signs.
#[test]
fn a_time_of_day_may_lack_the_zeros_in_front() {
    for (step, with_seconds) in [(15 * MINUTE, false), (15 * MINUTE, true), (MINUTE, true), (HOUR, false)] {
        let of_day = |time: i64| {
            let minutes = time.rem_euclid(DAY) / MINUTE;
            let clock = minutes / 60 * 100 + minutes % 60;
            if with_seconds { clock * 100 } else { clock }
        };
        let written =
            times(300, step, 0).map(|time| format!("{},{}", date(time)[..10].replace('-', ""), of_day(time)));
        let (files, report) = import("KO.csv", closes("date,time,close", written).as_bytes());
        assert_eq!(report.refusals.count, 0, "{step} {with_seconds}");
        let (held_step, held) = bars(&files, "KO");
        let open_times: Vec<i64> = held.iter().map(|(time, _)| *time).collect();
        assert_eq!((held_step, open_times), (step, times(300, step, 0).collect()), "{step} {with_seconds}");
    }
}

#[test]
fn days_of_excel_before_2000_are_read_under_the_name_of_a_time_and_said() {
    for (first, name) in [(32_874, "1990-01-01"), (36_500, "1999-12-06")] {
        let text = closes("Date,Close", (0..24).map(|day| (first + day).to_string()));
        let mut files = Files::new();
        let preview = files.open("KO.csv", text.into_bytes()).unwrap();
        let told = format!("Its times are read as Excel's days: {first} is {name}.");
        assert!(preview.notes.contains(&told), "{:?} {:?}", preview.notes, preview.problems);
        files.start(preview.plan).unwrap();
        assert_eq!((bars(&files, "KO").0, &date(bars(&files, "KO").1[0].0)[..10]), (DAY, name));
    }
    // row numbers are not days
    let text = closes("id,close", (0..24).map(|at| (32_874 + at).to_string()));
    assert!(!Files::new().open("KO.csv", text.into_bytes()).unwrap().problems.is_empty());
}

#[test]
fn the_order_of_day_and_month_is_found_in_a_later_row_or_asked() {
    let begin = 1_706_745_600_000;
    let minutes = |days: i64, day_first: bool| {
        let times = (0..days * 1_440).map(move |at| date(begin + at * MINUTE));
        times.map(move |at| {
            let (month, day) = (&at[5..7], &at[8..10]);
            let (first, second) = if day_first { (day, month) } else { (month, day) };
            format!("{first}/{second}/2024 {}", &at[11..])
        })
    };
    for day_first in [true, false] {
        let text = closes("Date,Close", minutes(14, day_first));
        assert!(text.len() > 256 * 1_024);
        let (files, report) = import("BTCUSD.csv", text.as_bytes());
        let (_, held) = bars(&files, "BTCUSD");
        assert_eq!((report.refusals.count, held.len(), held[0].0), (0, 14 * 1_440, begin), "{day_first}");
    }
    let asked = "The dates do not tell which of their numbers is the day: choose the order of day and month.";
    let open = |text: String| Files::new().open("BTCUSD.csv", text.into_bytes()).unwrap().problems;
    assert_eq!(open(closes("Date,Close", minutes(5, true))), [asked]);
    // JSON is checked as well
    let object = |at: i64| format!("{{\"date\":\"0{at}/02/2024\",\"close\":{at}}}");
    let objects: Vec<String> = (1..9).map(object).collect();
    assert_eq!(open(objects.join("\n")), [asked]);
    assert_eq!(open(format!("[{}]", objects.join(","))), [asked]);
    let told = objects.join("\n") + "\n{\"date\":\"13/02/2024\",\"close\":9}\n";
    assert_eq!(date(bars(&import("KO.json", told.as_bytes()).0, "KO").1[0].0), "2024-02-01T00:00");
}

#[test]
fn an_order_that_a_later_date_forbids_is_put_right_and_said() {
    use spreadscope::view::files::import::dialect;
    let begin = 1_706_745_600_000;
    let shown = (0..14 * 24 * 6).map(|at| date(begin + at * 10 * MINUTE));
    let shown = shown.map(|at| format!("{}/{}/2024 {}", &at[8..10], &at[5..7], &at[11..]));
    let mut files = Files::new();
    let preview = files.open("BTCUSD.csv", closes("Date,Close", shown).into_bytes()).unwrap();
    let report = files.start(dialect::with_order(&preview.plan, "month")).unwrap();
    assert_eq!(
        (report.refusals.count, &report.notes[0][..]),
        (0, "In 13/02/2024 00:00 the day stands before the month: all dates were read in this order.")
    );
    let (_, held) = bars(&files, "BTCUSD");
    assert_eq!((held.len(), held[0].0), (14 * 24 * 6, begin));
}

#[test]
fn a_damaged_time_makes_no_bars_of_a_millisecond() {
    let cases = [
        (10, HOUR, 4, 1),
        (10, HOUR, 4, -1),
        (10, HOUR, 4, 1_000),
        (5, MINUTE, 2, 1),
        (3, HOUR, 2, 1),
        (3, HOUR, 1, 1),
        (25, MINUTE, 0, 1),
    ];
    for (count, step, at, off) in cases {
        let moved = |(place, time): (i64, i64)| (time + if place == at { off } else { 0 }).to_string();
        let text = closes("time,close", (0..).zip(times(count, step, 0)).map(moved));
        let mut files = Files::new();
        let preview = files.open("KO.csv", text.into_bytes()).unwrap();
        assert_eq!(preview.plan.step_millis, Some(step), "{count} {step} {off}");
        let report = files.start(preview.plan).unwrap();
        assert_eq!((report.refusals.count, bars(&files, "KO").0), (1, step), "{count} {step} {off}");
        assert!(report.refusals.first[0].reason.contains("is not on a boundary"));
    }
    // 30 s bars with some missing are not damage
    let text = closes("time,close", [0, 60, 120, 150, 180].map(|at| (BEGIN + at * 1_000).to_string()));
    assert_eq!(bars(&import("KO.csv", text.as_bytes()).0, "KO").0, 30_000);
}
