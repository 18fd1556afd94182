//! Files that are not recognised, set by hand; trades whose ids are in no order.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use spreadscope::view::files::import::dialect;
use spreadscope::view::files::import::plan::with_role;
use spreadscope_engine::Symbol;
use spreadscope_engine::transfer::plan::{Plan, Role};
use spreadscope_engine::transfer::{ImportCommand, Preview};
use std::fmt::Write as _;

/// Opens a file, and shows it again after each of the changes.
fn set(files: &mut Files, name: &str, text: &str, changes: &[&dyn Fn(&Plan) -> Plan]) -> Preview {
    let mut preview = files.open(name, text.as_bytes().to_vec()).unwrap();
    for change in changes {
        let plan = change(&preview.plan);
        files.command_import(ImportCommand::Show { import: files.imports, plan });
        preview = files.preview().unwrap();
    }
    preview
}

#[test]
fn header_separator_and_lines_above_the_rows_are_set_by_hand() {
    // a line of numbers above the header looks like a row, and the separator is unusual
    let mut text = String::from("2023-12-31~7~8\nwhen~what~how\nday~last~many\n");
    for day in 1..=9 {
        writeln!(text, "2024-01-0{day}~{}.5~{day}", 100 + day).unwrap();
    }
    let mut files = Files::new();
    let preview = set(
        &mut files,
        "KO.csv",
        &text,
        &[
            &|plan| dialect::with_separator(plan, "~"),
            &|plan| dialect::with_header_line(plan, 3),
            &|plan| with_role(plan, 1, Some(Role::Close), "last"),
            &|plan| with_role(plan, 2, Some(Role::Volume), "many"),
        ],
    );
    assert_eq!(preview.columns, ["day", "last", "many"]);
    assert_eq!(preview.problems, Vec::<String>::new());
    let report = files.start(preview.plan).unwrap();
    assert_eq!((report.rows, report.refusals.count), (9, 0));
    let (step, held) = bars(&files, "KO");
    assert_eq!((step, held[8].1.close, held[8].1.volume.value()), (86_400_000, 109.5, 9.0));
}

#[test]
fn lines_above_the_rows_can_be_skipped_without_a_header() {
    let text = "2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-04,4\n";
    let mut files = Files::new();
    let preview = set(&mut files, "KO.csv", text, &[&|plan| dialect::with_skipped_lines(plan, 2)]);
    let report = files.start(preview.plan).unwrap();
    assert_eq!((report.rows, bars(&files, "KO").1[0].1.close), (2, 3.0));
}

#[test]
fn times_of_a_named_zone_follow_its_daylight_saving() {
    let mut text = String::from("time,close\n");
    for (day, hours) in [(9, 20..24), (10, 0..6)] {
        for hour in hours.filter(|hour| (day, *hour) != (10, 2)) {
            writeln!(text, "2024-03-{day:02} {hour:02}:00,{}", 100 + hour).unwrap();
        }
    }
    let mut files = Files::new();
    let preview = set(&mut files, "KO.csv", &text, &[&|plan| dialect::with_zone(plan, "America/New_York")]);
    assert_eq!((preview.problems.len(), preview.plan.step_millis), (0, Some(3_600_000)));
    files.start(preview.plan).unwrap();
    let (_, held) = bars(&files, "KO");
    assert!(held.windows(2).all(|pair| pair[1].0 - pair[0].0 == 3_600_000), "{held:?}");
    assert_eq!((date(held[0].0), date(held[8].0)), ("2024-03-10T01:00".into(), "2024-03-10T09:00".into()));
    let preview = set(&mut files, "KO.csv", &text, &[&|plan| dialect::with_zone(plan, "Europe/Atlantis")]);
    assert!(preview.problems[0].contains("was \"Europe/Atlantis\""), "{:?}", preview.problems);
}

#[test]
fn the_order_of_a_date_is_asked_for_and_a_number_is_what_the_user_says() {
    let text = "Date,Close\n01/02/2024,1\n02/02/2024,2\n03/02/2024,3\n";
    let mut files = Files::new();
    assert_eq!(files.open("KO.csv", text.as_bytes().to_vec()).unwrap().problems.len(), 1);
    let preview = set(&mut files, "KO.csv", text, &[&|plan| dialect::with_order(plan, "day")]);
    assert_eq!((preview.problems.len(), preview.plan.step_millis), (0, Some(86_400_000)));
    files.start(preview.plan).unwrap();
    assert_eq!(date(bars(&files, "KO").1[0].0), "2024-02-01T00:00");
    let text = "time,close\n5000,1\n5060,2\n5120,3\n";
    let preview = files.open("KO.csv", text.as_bytes().to_vec()).unwrap();
    let reason = preview.problems.iter().find(|problem| problem.contains("5000 would be 1970-01-01"));
    assert!(reason.is_some(), "{:?}", preview.problems);
    let preview = set(&mut files, "KO.csv", text, &[&|plan| dialect::with_numbers(plan, "1970")]);
    assert_eq!((preview.problems.len(), preview.plan.step_millis), (0, Some(60_000)));
}

#[test]
fn a_market_may_be_one_letter_and_rows_that_do_not_fit_are_told_before() {
    let mut text = String::from("time,close\n");
    for minute in 0..50 {
        writeln!(text, "2024-01-02 00:{minute:02}:{:02},5", if minute == 20 { 13 } else { 0 }).unwrap();
    }
    let mut files = Files::new();
    let name = |plan: &Plan| Plan { symbol: Symbol::new("c").ok(), ..plan.clone() };
    let preview = set(&mut files, "my prices of last year.csv", &text, &[&name]);
    assert_eq!(preview.problems, Vec::<String>::new());
    let told = "1 of the first 50 rows does not fit bars of 1 m and will be refused: line 22.";
    assert!(preview.notes.iter().any(|note| note == told), "{:?}", preview.notes);
    let report = files.start(preview.plan).unwrap();
    assert_eq!((report.rows, report.refusals.first[0].line), (49, 22));
    assert_eq!(bars(&files, "C").1.len(), 49);
}

#[test]
fn the_decimal_sign_is_set_by_hand() {
    // three digits after a point may be thousands or thousandths
    let mut text = String::from("Date;Close\n");
    for day in 1..=9 {
        writeln!(text, "2024-01-0{day};1.{day}85").unwrap();
    }
    let mut files = Files::new();
    let close = |files: &Files| bars(files, "N225").1[8].1.close;
    let preview = set(&mut files, "N225.csv", &text, &[]);
    assert_eq!(dialect::decimal(&preview.plan), ".");
    let doubt = "Its prices may be read in two ways: 1.185 is taken for 1.185. The decimal sign can be set.";
    assert!(preview.notes.iter().any(|note| note == doubt), "{:?}", preview.notes);
    files.start(preview.plan).unwrap();
    assert!((close(&files) - 1.985).abs() < 1e-12);
    let preview = set(&mut files, "N225.csv", &text, &[&|plan| dialect::with_decimal(plan, ",")]);
    assert_eq!(preview.rows[8].read.as_ref().unwrap().prices, Some([1_985.0; 4]));
    files.start(preview.plan).unwrap();
    assert!((close(&files) - 1_985.0).abs() < 1e-12);
}

#[test]
fn the_length_of_a_bar_is_set_by_hand() {
    // weeks are too long for the desk: as days they have holes
    let mut text = String::from("time,close\n");
    for week in 0..9 {
        writeln!(text, "{},{}", 1_704_067_200 + week * 604_800, 100 + week).unwrap();
    }
    let set_to =
        |step_millis: i64| move |plan: &Plan| Plan { step_millis: Some(step_millis), ..plan.clone() };
    let mut files = Files::new();
    let preview = set(&mut files, "KO.csv", &text, &[]);
    assert!(preview.problems[0].starts_with("Bars of 1 w cannot be shown"), "{:?}", preview.problems);
    let preview = set(&mut files, "KO.csv", &text, &[&set_to(86_400_000)]);
    assert_eq!((preview.problems.len(), preview.plan.step_millis), (0, Some(86_400_000)));
    let report = files.start(preview.plan).unwrap();
    assert_eq!((report.rows, report.legs[0].summary.holes, bars(&files, "KO").0), (9, 8, 86_400_000));
    // and it stays as the user has set it when something else is changed
    let preview = set(
        &mut files,
        "KO.csv",
        &text,
        &[&set_to(3_600_000), &|plan| dialect::with_zone(plan, "Asia/Tokyo")],
    );
    assert_eq!(preview.plan.step_millis, Some(3_600_000));
}

#[test]
fn trades_are_taken_in_any_order_of_their_ids() {
    let header = "id,time,price,size\n";
    let row = |id: i64, at: i64| format!("{id},{},{},0.5\n", 1_704_067_200_000 + at * 700, 42_000 + at);
    let oldest_first: String = (0..60).map(|at| row(at + 1, at)).collect();
    let newest_first: String = (0..60).rev().map(|at| row(at + 1, at)).collect();
    let (files, report) = import("BTCUSDT.csv", format!("{header}{oldest_first}").as_bytes());
    let (turned, again) = import("BTCUSDT.csv", format!("{header}{newest_first}").as_bytes());
    assert_eq!((report.rows, again.rows, again.refusals.count, again.legs[0].missing_ids), (60, 60, 0, 0));
    assert_eq!(bars(&files, "BTCUSDT"), bars(&turned, "BTCUSDT"));
    let two_series: String = (0..60).map(|at| row(at / 2 + 1 + at % 2 * 1_000_000, at)).collect();
    let (files, report) = import("BTCUSDT.csv", format!("{header}{two_series}").as_bytes());
    assert_eq!((report.rows, report.refusals.count, report.legs[0].missing_ids), (60, 0, 0));
    let volume: f64 = bars(&files, "BTCUSDT").1.iter().map(|(_, bar)| bar.volume.value()).sum();
    assert_eq!((bars(&files, "BTCUSDT").1.len(), volume), (40, 28.5));
}
