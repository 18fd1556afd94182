//! A whole scan checked against statsmodels, by `tests/fixtures/oracle/generate_scan.py`.

use super::pair_test::Spec;
use super::series::tests::series;
use super::{Known, Scan, Scanned, Series};
use crate::Symbol;
use serde::Deserialize;
use spreadscope_stats::random::Congruential;
use std::collections::BTreeMap;

const FIXTURE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/scan.json"));
const BARS: usize = 420;

#[derive(Deserialize)]
struct Fixture {
    scan: Expected,
}

#[derive(Deserialize)]
struct Expected {
    pairs: Vec<Pair>,
    q_bh: Vec<f64>,
    q_by: Vec<f64>,
    selection_q_bh: Vec<f64>,
}

#[derive(Deserialize, Debug)]
struct Pair {
    y: String,
    x: String,
    bars: usize,
    statistic: f64,
    p_value: f64,
    hedge_ratio: f64,
    half_life_bars: Option<f64>,
    correlation: f64,
    z_now: f64,
    selection_p_value: f64,
    confirmed_p_value: f64,
}

fn path(seed: u64, kept: f64) -> impl Iterator<Item = f64> {
    Congruential::new(seed).path(kept, 0.0).take(BARS)
}

/// The markets of the script, with the same missing bars.
pub(super) fn markets() -> BTreeMap<Symbol, Series> {
    let walk = |seed| path(seed, 1.0).map(|value| 100.0 + value).collect::<Vec<f64>>();
    let mut made: Vec<(&str, Vec<f64>)> =
        ["A", "B", "C", "D", "E", "F"].into_iter().zip((11..).map(walk)).collect();
    let (of_a, of_b) = (made[0].1.clone(), made[1].1.clone());
    made.push(("G", of_a.iter().zip(path(31, 0.9)).map(|(a, b)| 5.0 + 2.0 * a + b).collect()));
    made.push(("H", of_b.iter().zip(path(32, 0.97)).map(|(a, b)| 20.0 + 0.5 * a + b).collect()));
    let cents = |value: f64| ((60_000.0 + 0.2 * value) * 100.0 + 0.5).floor() / 100.0;
    made.push(("I", path(33, 1.0).map(cents).collect()));
    made.push(("J", path(34, 1.0).map(|value| 1e-8 * (100.0 + value)).collect()));
    let holes = |seed| {
        let mut random = Congruential::new(seed);
        (0..BARS).map(|_| random.centred() < -0.35).collect::<Vec<bool>>()
    };
    let (of_d, of_h) = (holes(41), holes(42));
    let markets = made.into_iter().map(|(name, closes)| {
        let is_there = |bar: usize| match name {
            "D" => !of_d[bar],
            "H" => !of_h[bar],
            "F" => bar >= 250,
            _ => true,
        };
        let bars = closes.into_iter().enumerate().filter(|(bar, _)| is_there(*bar));
        let minutes = bars.map(|(bar, close)| (i64::try_from(bar).unwrap(), close));
        (Symbol::new(name).unwrap(), series(minutes))
    });
    markets.collect()
}

fn close(got: f64, expected: f64, tolerance: f64, what: &dyn core::fmt::Debug) {
    assert!((got - expected).abs() <= tolerance, "{got} is not {expected}: {what:?}");
}

fn check(scanned: &Scanned, expected: &Pair) {
    let test = &scanned.test;
    let names = (test.pair.y.as_str(), test.pair.x.as_str(), test.bars);
    assert_eq!(names, (expected.y.as_str(), expected.x.as_str(), expected.bars));
    close(test.statistic, expected.statistic, 1e-8, expected);
    close(test.p_value, expected.p_value, 1e-8, expected);
    close(test.hedge_ratio / expected.hedge_ratio, 1.0, 1e-9, expected);
    let number = |known: &Known| known.clone().unwrap_or(f64::NAN);
    close(number(&test.correlation), expected.correlation, 1e-9, expected);
    close(number(&test.z_now), expected.z_now, 1e-8, expected);
    close(number(&test.selection_p_value), expected.selection_p_value, 1e-8, expected);
    close(number(&test.confirmed_p_value), expected.confirmed_p_value, 1e-8, expected);
    match (&test.half_life_bars, expected.half_life_bars) {
        (Ok(got), Some(bars)) => close(got / bars, 1.0, 1e-8, expected),
        (Err(reason), None) => assert!(reason.contains("pull"), "{reason}"),
        other => panic!("{other:?}: {expected:?}"),
    }
}

#[test]
fn every_number_of_a_scan_is_that_of_statsmodels() {
    let Expected { pairs, q_bh, q_by, selection_q_bh } =
        serde_json::from_str::<Fixture>(FIXTURE).unwrap().scan;
    let mut scan = Scan::new(markets(), Spec::default());
    assert!(scan.work(usize::MAX).is_complete());
    let report = scan.report();
    assert_eq!((report.tested(), report.untested.len(), pairs.len()), (45, 0, 45));
    let of_selection = q_bh.iter().zip(&q_by).zip(&selection_q_bh);
    for ((scanned, expected), ((bh, by), selection)) in report.pairs.iter().zip(&pairs).zip(of_selection) {
        check(scanned, expected);
        close(scanned.q_bh, *bh, 1e-7, expected);
        close(scanned.q_by, *by, 1e-7, expected);
        close(scanned.selection_q_bh.clone().unwrap(), *selection, 1e-7, expected);
    }
    let ag = &report.pairs.iter().find(|scanned| scanned.test.pair.x.as_str() == "G").unwrap();
    assert!(ag.q_bh < 0.05 && ag.test.confirmed_p_value.is_ok(), "{ag:?}");
}
