//! Every number of the evidence against statsmodels, arch, scipy and numpy.

use crate::life::made_up_klines;
use crate::virtual_time::{Run, trade_frame};
use core::cell::Cell;
use serde_json::{Map, Value};
use spreadscope_engine::analytics::SampleRow;
use spreadscope_engine::analytics::cointegration::Outcome;
use spreadscope_engine::analytics::evidence::{
    Beside, Evidence, EvidenceKind, EvidenceOptions, EvidenceSample, Examine, Examined, FitDirection, Found,
    Group, Job, PValue, figures,
};
use spreadscope_engine::settings::test_options::FitTerms;
use spreadscope_engine::{Command, Settings, UnixMillis};
use spreadscope_stats::random::Congruential;
use std::rc::Rc;

/// The libraries' values, made by `generate_evidence.py`.
const ORACLE: &str = include_str!("../fixtures/oracle/evidence.json");

/// Relative error allowed; very small p-values lose digits to the exponential of their response surfaces.
const CLOSE: f64 = 1e-8;
const CLOSE_P: f64 = 1e-6;

/// Returns the pair of `generate_cointegration.py`, in the same order of floating-point operations.
fn pair(kind: &str, seed: u64, length: usize) -> impl Iterator<Item = SampleRow> {
    let (kept, slope) = match kind {
        "cointegrated" => (0.9, 20.0),
        "broken" => (0.8, 20.0),
        "near_unit" => (0.995, 2.0),
        other => panic!("no pair of kind {other}"),
    };
    let jump = if kind == "broken" { 4.0 } else { 0.0 };
    let walk = Congruential::new(seed).path(1.0, 0.0);
    let spread = Congruential::new(seed + 7).path(kept, 0.0);
    let half = i64::try_from(length / 2).unwrap();
    walk.zip(spread).take(length).zip(0..).map(move |((level, error), second)| {
        let x = 2_600.0 + level;
        let y = 5.0 + slope * x + error + if second < half { 0.0 } else { jump };
        SampleRow { open_time: UnixMillis(1_000 * second), y, x, carried: false }
    })
}

fn evidence(options: EvidenceOptions, sample: EvidenceSample, beside: Option<EvidenceSample>) -> Evidence {
    with_terms(FitTerms::Constant, options, sample, beside)
}

fn with_terms(
    test_terms: FitTerms,
    options: EvidenceOptions,
    sample: EvidenceSample,
    beside: Option<EvidenceSample>,
) -> Evidence {
    let mut job = Job::new(options, sample, beside, &Settings { test_terms, ..Settings::default() });
    loop {
        if let Some(evidence) = job.work() {
            return evidence;
        }
    }
}

fn sample(kind: &str, seed: u64, length: usize) -> EvidenceSample {
    let settings = Settings::default();
    EvidenceSample::new(pair(kind, seed, length), settings.interval, &settings)
}

fn compare(examined: &Examined, kind: EvidenceKind, expected: &Map<String, Value>) {
    let found = examined.found(kind).unwrap_or_else(|| panic!("{kind:?} was not found"));
    let got = figures(found);
    assert_eq!(got.len(), expected.len(), "{kind:?}: {got:?}");
    for (name, value) in got {
        let expected = &expected[name];
        let Some(value) = value else {
            assert!(expected.is_null(), "{kind:?} {name} is {expected}, and is undefined here");
            continue;
        };
        let expected = expected.as_f64().unwrap_or_else(|| panic!("{kind:?} {name} is {expected}"));
        let allowed = if name == "p_value" { CLOSE_P } else { CLOSE };
        let error = (value - expected).abs() / expected.abs().max(1e-9);
        assert!(error <= allowed, "{kind:?} {name}: {value} is not {expected} ({error:e})");
    }
}

#[test]
fn every_number_of_the_evidence_is_the_libraries() {
    let oracle: Value = serde_json::from_str(ORACLE).unwrap();
    let cases = oracle["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let word = case["kind"].as_str().unwrap();
        let number = |name: &str| case[name].as_u64().unwrap();
        let sample = sample(word, number("seed"), usize::try_from(number("length")).unwrap());
        let options = EvidenceOptions { bootstrap: true, ..EvidenceOptions::default() };
        let terms = match case["terms"].as_str() {
            Some("c") => FitTerms::Constant,
            Some("ct") => FitTerms::Linear,
            other => panic!("{other:?}"),
        };
        let examined = with_terms(terms, options, sample, None).main;
        for kind in EvidenceKind::ALL {
            match &case["findings"][kind.name()] {
                Value::Object(expected) => compare(&examined, kind, expected),
                // no reversion can be measured, or there is no past to count
                Value::Null => assert_eq!(examined.found(kind), None, "{word} {kind:?}"),
                other => panic!("{kind:?}: {other}"),
            }
        }
    }
}

#[test]
fn the_other_direction_is_the_same_pair_turned() {
    let sample = sample("cointegrated", 4_711, 600);
    let options = EvidenceOptions { beside: Beside::OtherDirection, ..EvidenceOptions::default() };
    let both = evidence(options, sample.clone(), Some(sample.turned()));
    let beside = both.beside.unwrap();
    assert_eq!((both.main.direction, beside.direction), (FitDirection::YOnX, FitDirection::XOnY));
    for kind in [EvidenceKind::EngleGrangerYOnX, EvidenceKind::EngleGrangerXOnY] {
        assert_eq!(both.main.found(kind), beside.found(kind), "the two ways are of the pair: {kind:?}");
    }
    let residual = EvidenceKind::Hurst;
    assert_ne!(both.main.found(residual), beside.found(residual), "the residual is another");
}

#[test]
fn each_group_looks_at_bars_of_its_own_where_it_has_been_told_so() {
    let settings = Settings {
        test_lookback_bars: 600,
        reversion_bars: Some(300),
        break_bars: Some(450),
        ..Settings::default()
    };
    let sample = |length: usize| {
        let rows: Vec<SampleRow> = pair("broken", 4_711, 600).collect();
        EvidenceSample::new(rows[600 - length..].iter().copied(), settings.interval, &settings)
    };
    let run = |length: usize, settings: &Settings| {
        let mut job = Job::new(EvidenceOptions::default(), sample(length), None, settings);
        core::iter::from_fn(|| Some(job.work())).flatten().next().unwrap().main
    };
    let own = run(600, &settings);
    let plain = Settings { reversion_bars: None, break_bars: None, ..settings.clone() };
    for (group, bars) in
        [(Group::Together, 600), (Group::Stationary, 600), (Group::Reversion, 300), (Group::Break, 450)]
    {
        let expected = run(bars, &plain);
        for kind in group.kinds() {
            assert_eq!(own.found(kind), expected.found(kind), "{kind:?}");
        }
        let told = own.findings.iter().filter(|finding| finding.kind.group() == group);
        assert!(told.into_iter().all(|finding| finding.bars == bars), "{group:?}");
    }
}

#[test]
fn engle_granger_is_one_number_in_the_tests_and_in_the_evidence() {
    let settings = Settings { test_lookback_bars: 120, ..Settings::default() };
    let t0 = 1_700_000_000_000;
    let clock = Rc::new(Cell::new(t0));
    let answered = Rc::clone(&clock);
    let mut run =
        Run::start_with(&settings, t0, Box::new(move |url: &str| made_up_klines(answered.get())(url)));
    run.driver.engine.examine_with(Examine::all());
    let mut samples = Vec::new();
    for (id, millis) in (1..).zip((700..45_000).step_by(250)) {
        let now = t0 + millis;
        clock.set(now);
        let cents = id * id % 97;
        run.text(now, trade_frame("BTCUSDT", id, &format!("60000.{cents:02}"), now));
        run.text(now, trade_frame("ETHUSDT", id, &format!("2600.{:02}", (cents + id) % 97), now));
        // as the panel does, at seconds that are not those of the tests
        if (id + 7) % 20 == 0 {
            run.command(Command::Examine(EvidenceOptions::default()));
        }
        let (Some(evidence), Some(tests)) = (run.evidence.take(), run.tests.last()) else { continue };
        let Outcome::Done(report) = &tests.outcome else { panic!("{tests:?}") };
        let Some(Found::Test(test)) = evidence.main.found(EvidenceKind::EngleGrangerYOnX) else {
            panic!("{evidence:?}")
        };
        assert_eq!(evidence.main.open_time, tests.open_time, "at {millis} ms");
        assert_eq!(test.p_value, PValue::Exactly(report.engle_granger_p_value), "at {millis} ms");
        samples.push(tests.open_time);
    }
    samples.dedup();
    let tested: Vec<UnixMillis> = run.tests.iter().map(|tests| tests.open_time).collect();
    assert!(samples.len() >= 3 && tested.ends_with(&samples), "{samples:?} of {tested:?}");
}

#[test]
fn the_engine_tells_the_traces_of_the_past_from_when_they_are_wanted() {
    let settings = Settings { test_lookback_bars: 120, together_bars: Some(240), ..Settings::default() };
    let now = 1_700_000_000_000;
    let mut run = Run::start_with(&settings, now, made_up_klines(now));
    run.driver.engine.examine_with(Examine::all());
    run.command(Command::Examine(EvidenceOptions::default()));
    // the feed has not started by then
    run.until(UnixMillis(now + 11_000));
    let evidence = run.evidence.take().expect("the evidence was asked for");
    assert!(evidence.traces.is_empty() && evidence.main.bars == 240);
    run.until(UnixMillis(now + 20_000));
    run.command(Command::Examine(EvidenceOptions { traces: true, ..EvidenceOptions::default() }));
    run.until(UnixMillis(now + 30_000));
    let evidence = run.evidence.take().expect("the evidence was asked for again");
    let past = &run.past_tests[run.past_tests.len() - evidence.traces.len()..];
    assert!(evidence.traces.len() >= 200, "{}", evidence.traces.len());
    for (trace, test) in evidence.traces.iter().zip(past) {
        assert_eq!(trace.open_time, test.open_time);
        assert!(trace.statistic.is_none_or(|statistic| statistic > 0.0), "{trace:?}");
    }
    let known = evidence.traces.iter().filter(|trace| trace.statistic.is_some()).count();
    assert!(known > evidence.traces.len() - 20, "the first lookbacks alone are too short: {known}");
}
