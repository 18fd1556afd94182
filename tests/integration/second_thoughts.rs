//! What later rows say of a file against its first ones, and what a spreadsheet has made of it.

use crate::files::Files;
use crate::vendors::{bars, date, import};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
/// 2023-01-01.
const BEGIN: i64 = 1_672_531_200_000;

#[test]
fn a_later_row_may_tell_the_decimal_sign() {
    type Write<'a> = &'a dyn Fn(i64) -> String;
    let cases: [(&str, Write<'_>, Write<'_>, f64, f64); 6] = [
        (";", &|at| format!("{}", 60 + at % 3), &|_| "60,129".to_owned(), 60.0, 60.129),
        (";", &|at| format!("{}", 60 + at % 3), &|_| "60,5".to_owned(), 60.0, 60.5),
        (";", &|_| "1,234".to_owned(), &|_| "1,234.5".to_owned(), 1_234.0, 1_234.5),
        (";", &|_| "1.234".to_owned(), &|_| "1.234,50".to_owned(), 1_234.0, 1_234.5),
        ("\t", &|_| "60,129".to_owned(), &|_| "60,5".to_owned(), 60.129, 60.5),
        (",", &|_| "\"60,129\"".to_owned(), &|_| "\"60,5\"".to_owned(), 60.129, 60.5),
    ];
    for (sign, first, later, expected, last) in cases {
        // more first rows than a file is judged by, and than are looked at before it is read
        for (count, more) in [(250, 40), (7_000, 1_000)] {
            let row = |at: i64| {
                let price = if at < count { first(at) } else { later(at) };
                format!("{}{sign}{price}\n", &date(BEGIN - (8_000 - at) * DAY)[..10])
            };
            let text = (0..count + more).fold(format!("Date{sign}Close\n"), |text, at| text + &row(at));
            let (files, report) = import("KO.csv", text.as_bytes());
            let what = first(0) + " and " + &later(0);
            assert_eq!(report.refusals.count, 0, "{what}: {:?}", report.refusals.first.first());
            let (_, held) = bars(&files, "KO");
            assert_eq!((held[0].1.close, held.last().unwrap().1.close), (expected, last), "{what}");
            assert!(
                report.notes[0].starts_with("Numbers of later rows have a decimal"),
                "{:?}",
                report.notes
            );
        }
    }
    // a thousand that comes later is one where nothing says that commas are decimal
    let row = |at: i64| {
        let price = if at < 250 { "990".to_owned() } else { "\"1,129\"".to_owned() };
        format!("{},{price}\n", &date(BEGIN + at * DAY)[..10])
    };
    let text = (0..290).fold("Date,Close\n".to_owned(), |text, at| text + &row(at));
    let (files, _) = import("KO.csv", text.as_bytes());
    assert_eq!(bars(&files, "KO").1.last().unwrap().1.close, 1_129.0);
}

#[test]
fn a_sign_that_was_set_by_hand_stands() {
    let row = |at: i64| {
        let price = if at < 250 { "60" } else { "60,129" };
        format!("{};{price}\n", &date(BEGIN + at * DAY)[..10])
    };
    let text = (0..290).fold("Date;Close\n".to_owned(), |text, at| text + &row(at));
    let mut files = Files::new();
    let mut plan = files.open("KO.csv", text.into_bytes()).unwrap().plan;
    let found = plan.clone();
    if let spreadscope_engine::transfer::plan::Form::Table(table) = &mut plan.form {
        table.decimal = spreadscope_engine::transfer::number::Decimal::Comma;
    }
    assert_ne!(plan, found);
    files.start(plan).unwrap();
    assert_eq!(bars(&files, "KO").1.last().unwrap().1.close, 60.129);
}

#[test]
fn dates_that_a_spreadsheet_has_turned_are_refused() {
    let days = |write: &dyn Fn(i64, i64) -> String, count: i64| {
        (0..count).fold("Date,Close\n".to_owned(), |text, at| {
            let day = date(BEGIN + at * DAY);
            let (month, day) = (day[5..7].parse().unwrap(), day[8..10].parse().unwrap());
            // what holds with the month in front has become a date, and the rest is text still
            let cell = if day <= 12 { write(day, month) } else { format!("{day:02}/{month:02}/2023") };
            format!("{text}{cell},{}\n", 100 + at % 3)
        })
    };
    let number = |month: i64, day: i64| {
        let since =
            spreadscope_engine::transfer::timestamp::midnight(2023, month, day).unwrap() / 86_400_000_000;
        (since + 25_569).to_string()
    };
    for text in [days(&number, 16), days(&|month, day| format!("2023-{month:02}-{day:02}"), 59)] {
        let reason = Files::new().import("KO.csv", text.into_bytes()).unwrap_err();
        assert!(reason.contains("a spreadsheet has turned day and month"), "{reason}");
    }
    let right = days(&|month, day| format!("{month}/{day}/2023"), 59);
    let (files, report) = import("KO.csv", right.as_bytes());
    assert_eq!((report.rows, report.refusals.count, bars(&files, "KO").1.len()), (59, 0, 59));
    let last = bars(&files, "KO").1.last().unwrap().0;
    assert_eq!(date(last), "2023-02-28T00:00", "the same in the order of the rest is read");
}

#[test]
fn a_clock_of_twelve_hours_without_its_halves_is_refused() {
    let rows = |step_minutes: i64, count: i64, halves: bool| {
        (0..count).fold("time,close\n".to_owned(), |text, at| {
            let minute = at * step_minutes;
            let (hour, day) = (minute / 60 % 24, &date(BEGIN + minute * 60_000)[..10]);
            let half = if halves { ["", " AM", " PM"][1 + usize::from(hour > 11)] } else { "" };
            format!("{text}{day} {:02}:{:02}{half},{}\n", (hour + 11) % 12 + 1, minute % 60, 100 + at % 11)
        })
    };
    for (step, count) in [(60, 48), (5, 2_000), (240, 60)] {
        let reason = Files::new().import("KO.csv", rows(step, count, false).into_bytes()).unwrap_err();
        assert!(reason.contains("AM and PM are left out"), "{step} m: {reason}");
        let (_, report) = import("KO.csv", rows(step, count, true).as_bytes());
        assert_eq!((report.rows, report.repeated), (u64::try_from(count).unwrap(), 0), "{step} m");
    }
}

#[test]
fn one_damaged_time_makes_no_short_bars() {
    let hours = |count: i64, at: i64, clock: &str| {
        (0..count).fold("time,close\n".to_owned(), |text, hour| {
            let day = date(BEGIN);
            let clock = if hour == at { clock.to_owned() } else { format!("{hour:02}:00") };
            format!("{text}{} {clock},{}\n", &day[..10], 100 + hour)
        })
    };
    for (count, at, clock) in
        [(8, 3, "03:07"), (6, 2, "02:13"), (8, 3, "03:15"), (20, 7, "07:11"), (8, 7, "07:07")]
    {
        let (files, report) = import("KO.csv", hours(count, at, clock).as_bytes());
        let (step, held) = bars(&files, "KO");
        let expected = (HOUR, usize::try_from(count - 1).unwrap(), 1);
        assert_eq!((step, held.len(), report.refusals.count), expected, "{clock} of {count}");
        assert_eq!(report.refusals.first[0].line, u64::try_from(at + 2).unwrap(), "{clock}");
    }
}

#[test]
fn rows_that_are_less_than_a_second_apart_are_no_bars() {
    let text = (0..60)
        .fold("time,price\n".to_owned(), |text, at| format!("{text}{},{}\n", BEGIN + at * 730, 100 + at % 3));
    let preview = Files::new().open("KO.csv", text.into_bytes()).unwrap();
    assert!(
        preview.problems[0].starts_with("Its rows are 730 ms apart: they are no bars"),
        "{:?}",
        preview.problems
    );
}
