//! Pairs whose spread does not exist, or hardly, from the file to the alert.

use crate::files::Files;
use crate::imports::symbol;
use spreadscope_engine::analytics::cointegration::Outcome;
use spreadscope_engine::analytics::evidence::{Answer, EvidenceKind, EvidenceOptions, EvidenceSample, Job};
use spreadscope_engine::analytics::{Metric, SampleRow};
use spreadscope_engine::{Interval, Settings};
use spreadscope_stats::random::Congruential;
use std::fmt::Write as _;

const COPY: &str = "one series is the other, scaled and shifted";

fn settings(y: &str, x: &str) -> Settings {
    Settings {
        hedge_window_bars: 60,
        z_window_bars: 60,
        z_threshold: 2.0,
        ..crate::imports::settings(y, x, Interval::OneMinute)
    }
}

/// Returns each test's result on the rows of the desk.
fn answers(files: &Files, settings: &Settings) -> Vec<(EvidenceKind, Answer)> {
    let rows = files.page().rows.values().filter_map(|row| {
        let (y, x) = (row.y.close?, row.x.close?);
        Some(SampleRow { open_time: row.open_time, y, x, carried: false })
    });
    let sample = EvidenceSample::new(rows, settings.interval, settings);
    let mut job = Job::new(EvidenceOptions::default(), sample, None, settings);
    let evidence = loop {
        if let Some(evidence) = job.work() {
            break evidence;
        }
    };
    evidence.main.findings.into_iter().map(|finding| (finding.kind, finding.answer)).collect()
}

// statsmodels #3190, #4237, #6890
#[test]
fn an_exact_copy_has_no_statistic_of_a_spread_and_no_alert() {
    let mut files = Files::new();
    let file = include_bytes!("../fixtures/degenerate-pairs/exact_copy_desk_1m.csv");
    let report = files.import("exact_copy_desk_1m.csv", file.to_vec()).unwrap();
    assert_eq!((report.rows, report.refusals.count, report.legs.len()), (840, 0, 2));
    let settings = settings("TWINUSDT", "BASEUSDT");
    files.show(settings.clone());
    assert_eq!((files.refused().len(), files.page().rows.len(), files.page().alerts.len()), (0, 420, 0));
    let mut slopes = 0;
    for (at, row) in files.page().rows.values().enumerate() {
        let spread = [row.spread, row.spread_mean, row.spread_std_dev];
        assert_eq!(spread, [None; 3], "{:?}", row.open_time);
        match &row.z {
            Metric::Warming { .. } => {}
            // two or three bars do not vary independently yet
            Metric::Undefined(reason) => assert!(reason == COPY || at < 10, "{at}: {reason}"),
            other => panic!("{other:?}"),
        }
        if let Metric::Ready(slope) = row.hedge_ratio {
            assert!((slope - 3.0).abs() < 1e-9, "{slope}");
            slopes += 1;
        }
    }
    assert_eq!(slopes, 361);
    let last = files.page().rows.values().last().unwrap();
    assert_eq!(last.z, Metric::Undefined(COPY.to_owned()));
    let tests = files.tests();
    assert_eq!(tests.outcome, Outcome::Undefined(COPY.to_owned()));
    for (kind, answer) in answers(&files, &settings) {
        let Answer::Undefined(reason) = answer else { panic!("{kind:?}: {answer:?}") };
        let expected = match kind {
            EvidenceKind::JohansenTrace | EvidenceKind::JohansenMaxEigenvalue => {
                "a series is a combination of the others"
            }
            EvidenceKind::PastShare => continue,
            _ => COPY,
        };
        assert!(reason.contains(expected), "{kind:?}: {reason}");
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is small")]
fn cents_of(number: f64) -> i64 {
    (number * 10.0).round() as i64
}

#[test]
fn a_copy_with_noise_of_one_tick_has_every_number() {
    let mut text = String::from("time,Y1,X1\n");
    let (walk, noise) = (Congruential::new(7).path(1.0, 0.0), Congruential::new(11).path(0.0, 0.0));
    for (at, (level, error)) in (0..420_i64).zip(walk.zip(noise)) {
        let x = 10_000 + cents_of(level * 20.0);
        // 3 x + 1 in cents, plus or minus a tick
        let y = 3 * x + 100 + cents_of(error).signum();
        let cents = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        writeln!(text, "{},{},{}", 1_700_006_400 + at * 60, cents(y), cents(x)).unwrap();
    }
    let mut files = Files::new();
    files.import("near.csv", text.into_bytes()).unwrap();
    let settings = settings("Y1", "X1");
    files.show(settings.clone());
    let last = files.page().rows.values().last().unwrap();
    assert!(matches!(last.z, Metric::Ready(_)) && last.spread.is_some(), "{:?}", last.z);
    assert!(matches!(files.tests().outcome, Outcome::Done(_)));
    for (kind, answer) in answers(&files, &settings) {
        let may_be_none = matches!(
            kind,
            EvidenceKind::PastShare | EvidenceKind::HalfLife | EvidenceKind::OrnsteinUhlenbeck
        );
        assert!(may_be_none || matches!(answer, Answer::Found(_)), "{kind:?}: {answer:?}");
    }
}

#[test]
fn a_straight_line_and_a_constant_have_no_test() {
    let row = |at: i64| {
        format!(
            "{},{}.{:02},{},7\n",
            1_700_006_400 + at * 60,
            100 + at / 100,
            at % 100,
            2_500 + (at - 150) * (at - 150)
        )
    };
    let text: String = (0..300).map(row).collect();
    let mut files = Files::new();
    files.import("line.csv", format!("time,LINE,CURVE,FLAT\n{text}").into_bytes()).unwrap();
    for (y, x) in [("LINE", "FLAT"), ("FLAT", "LINE")] {
        files.show(settings(y, x));
        assert_eq!((files.page().rows.len(), files.page().alerts.len()), (300, 0), "{y} {x}");
        let outcome = &files.tests().outcome;
        assert!(matches!(outcome, Outcome::Undefined(_)), "{y} {x}: {outcome:?}");
        let last = files.page().rows.values().last().unwrap();
        assert!(last.z.value().is_none(), "{y} {x}: {:?}", last.z);
    }
}

#[test]
fn a_quote_volume_of_tiny_prices_is_exact() {
    // trades at 2.5e-7 with eleven decimals
    let price = |at: i64| format!("0.00000025{:03}", at % 997);
    let rows: Vec<String> = (0..200)
        .map(|at| format!("{},{},{}.5,{at},true", 1_700_006_400_000 + at * 400, price(at), 1_000_000 + at))
        .collect();
    let rows = rows.join("\n");
    let mut files = Files::new();
    files.import("PEPEBTC.csv", format!("time,price,size,id,is_buyer_maker\n{rows}").into_bytes()).unwrap();
    let recording = files.driver.engine.imports().recording(&symbol("PEPEBTC")).unwrap();
    let (first, bar) = recording.traded().next().unwrap();
    // in units of 1e-12: price in 1e-11, size in 0.1
    let of_second = (0..200).filter(|at| (1_700_006_400_000 + at * 400) / 1_000 == first.0 / 1_000);
    let exact: i64 = of_second.map(|at| (25_000 + at % 997) * ((1_000_000 + at) * 10 + 5)).sum();
    let got = bar.quote_volume.value();
    assert!((got / (exact as f64 * 1e-12) - 1.0).abs() < 1e-15, "{got} {exact}");
}
