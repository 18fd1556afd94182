//! Exports survive the import: the same bars, and so the same rows of the desk.

use crate::files::Files;
use crate::imports::{settings, symbol};
use spreadscope::view::files::export::{Job, What};
use spreadscope::view::files::table::Format;
use spreadscope::view::screen::model::Model;
use spreadscope::view::settings::named::as_in_file;
use spreadscope_engine::bars::Bars;
use spreadscope_engine::messages::event::{Inspection, LegTicks};
use spreadscope_engine::settings::HedgeKind;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::recorded::Recorded;
use spreadscope_engine::{Interval, Settings, Trade, UnixMillis};
use std::fmt::Write as _;

const T0: i64 = 1_700_006_400_000;
const LEGS: [&str; 2] = ["BTCUSDT", "ETHUSDT"];

fn shown() -> Settings {
    let [y, x] = LEGS;
    let settings = settings(y, x, Interval::OneSecond);
    Settings {
        hedge_model: HedgeKind::Huber,
        hedge_window_bars: 60,
        z_window_bars: 40,
        z_threshold: 1.0,
        ..settings
    }
}

/// Returns a desk on a recording whose legs begin with bars without a price, and have empty and missing ones.
fn desk() -> Files {
    let mut files = Files::new();
    for (leg, shift, name) in [(0, 0, LEGS[0]), (1, 1, LEGS[1])] {
        let mut text = String::from("time,open,high,low,close,volume,quote_volume,trades\n");
        for at in 0..700_i64 {
            let trades = if at < 3 || (at + 5 * shift) % 17 == 4 { 0 } else { 1 + at % 5 };
            let wave = (at as f64 / [40.0, 33.0][leg]).sin();
            let base = [61_837.63, 2_701.407][leg] * (1.0 + wave / 300.0);
            let (open, close) = (base - 0.1, base * 1.000_1);
            let volume = 0.1 + (at % 7) as f64 * 0.3;
            if (120..123).contains(&(at + shift)) {
                continue;
            }
            let (high, low) = (close + 0.07, open / 1.000_3);
            let time = T0 + at * 1_000;
            writeln!(text, "{time},{open},{high},{low},{close},{volume},{},{trades}", volume * base).unwrap();
        }
        files.import(&format!("{name}.csv"), text.into_bytes()).unwrap();
    }
    files.show(shown());
    assert_eq!((files.refused().len(), files.page().rows.len()), (0, 700));
    files
}

fn model(files: &Files) -> Model {
    let mut model = Model::new(shown());
    for row in files.page().rows.values() {
        model.series.put(row);
    }
    model
}

/// Returns the name and the text of an export.
fn export(model: &Model, what: What, format: Format) -> (String, String) {
    let mut job = Job::new(what, format, None, &model.settings, UnixMillis(T0 + 86_400_000), None);
    let text = core::iter::from_fn(|| job.more(model)).collect();
    (job.name, text)
}

fn recording<'a>(files: &'a Files, name: &str) -> &'a Recorded {
    files.driver.engine.imports().recording(&symbol(name)).unwrap()
}

fn expect_all_taken(report: &Report, rows: u64) {
    assert_eq!((report.rows, report.others, &report.refusals.first[..]), (rows, 0, &[][..]));
}

/// Exports `what` of a desk in every format, and imports each into an empty desk.
fn expect_the_same_desk_from(what: What) {
    let before = desk();
    let model = model(&before);
    for format in Format::ALL {
        let (name, text) = export(&model, what, format);
        let mut after = Files::new();
        let preview = after.open(&name, text.into_bytes()).unwrap();
        // a row of both legs counts once
        expect_all_taken(&after.start(preview.plan).unwrap(), if what == What::Bars { 1_400 } else { 700 });
        for leg in LEGS {
            assert_eq!(recording(&after, leg), recording(&before, leg), "{name} {leg}");
        }
        let [y, x] = LEGS;
        let other = settings(y, x, Interval::OneSecond);
        let (as_before, ignored) = as_in_file(other, &preview.parameters, &shown().pair);
        assert_eq!((&as_before, ignored.len()), (&shown(), 0), "{name}");
        after.show(as_before);
        assert_eq!(after.refused(), Vec::<&str>::new());
        assert!(after.page().rows == before.page().rows, "{name}");
        assert_eq!(after.tests(), before.tests(), "{name}");
    }
}

#[test]
fn exported_bars_give_the_desk_that_they_were_taken_from() {
    expect_the_same_desk_from(What::Bars);
}

#[test]
fn exported_analytics_give_the_desk_that_they_were_taken_from() {
    expect_the_same_desk_from(What::Analytics);
}

#[test]
fn exported_ticks_give_the_bars_of_their_trades() {
    let ticks = |leg: usize| LegTicks {
        symbol: symbol(LEGS[leg]),
        kept: 400,
        trades: (0..400)
            .map(|at: i64| Trade {
                trade_id: 1_000 + at.unsigned_abs(),
                trade_time: UnixMillis(T0 + at * 230),
                event_time: UnixMillis(T0 + at * 230 + 3),
                price: [61_837.63, 2_701.407][leg] + ((at * 7) % 31) as f64 * 0.01,
                size: 0.01 + (at % 9) as f64 * 0.1,
                buyer_is_maker: at % 3 == 0,
            })
            .collect(),
    };
    let legs = [ticks(0), ticks(1)];
    let mut model = Model::new(shown());
    model.inspection = Some(Box::new(Inspection { ticks_requested: 1, ticks: legs.clone() }));
    for format in Format::ALL {
        let (name, text) = export(&model, What::Ticks, format);
        let mut files = Files::new();
        expect_all_taken(&files.import(&name, text.into_bytes()).unwrap(), 800);
        for leg in &legs {
            let mut expected = Bars::new(Interval::OneSecond);
            leg.trades.iter().for_each(|trade| expected.add(trade));
            let found = recording(&files, leg.symbol.as_str()).bars(Interval::OneSecond).unwrap();
            // the first and the last second may be cut off
            for open_time in (1..91).map(|second| UnixMillis(T0 + second * 1_000)) {
                let bar = found.get(open_time);
                assert!(bar.known() && bar.traded.is_some());
                assert_eq!(bar.traded, expected.get(open_time).traded, "{name} {open_time:?}");
            }
        }
    }
}

#[test]
fn a_damaged_row_of_an_export_is_refused_with_line_leg_field_and_value() {
    let model = model(&desk());
    let damaged = |format| {
        let (name, text) = export(&model, What::Analytics, format);
        // the 301st row
        let time = format!("{}", T0 + 300_000);
        let line = text.lines().position(|line| line.contains(&time)).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[line] = match format {
            Format::Csv => lines[line].replace(",history,history,", ",history,history,-"),
            _ => lines[line].replace("\"x_close\":", "\"x_close\":{}, \"was\":"),
        };
        let mut files = Files::new();
        let report = files.import(&name, lines.join("\n").into_bytes()).unwrap();
        assert_eq!((report.rows, report.refusals.count), (700, 1), "{name}");
        let refusal = report.refusals.first[0].clone();
        assert_eq!(refusal.line, line as u64 + 1);
        refusal.reason
    };
    let csv = damaged(Format::Csv);
    assert!(csv.starts_with("BTCUSDT: open must be a positive decimal, was \"-6"), "{csv}");
    for format in [Format::Json, Format::Ndjson] {
        assert_eq!(damaged(format), "ETHUSDT: close must be a positive decimal, was \"{}\"");
    }
}

#[test]
fn exported_analytics_without_their_head_are_not_guessed() {
    let (_, text) = export(&model(&desk()), What::Analytics, Format::Csv);
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let preview = Files::new().open("table.csv", rows.join("\n").into_bytes()).unwrap();
    assert_eq!(preview.problems[0], "No column is the close.");
}

#[test]
fn exported_alerts_are_not_taken_for_prices() {
    let files = desk();
    let mut model = model(&files);
    model.alerts.extend(files.driver.page.alerts);
    assert!(model.alerts.len() > 3, "{}", model.alerts.len());
    for format in Format::ALL {
        let (name, text) = export(&model, What::Alerts, format);
        let preview = Files::new().open(&name, text.into_bytes()).unwrap();
        assert!(!preview.rows.is_empty() && !preview.problems.is_empty(), "{name}");
    }
}
