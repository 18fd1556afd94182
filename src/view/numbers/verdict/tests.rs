use super::*;
use crate::view::numbers::series::tests::row;
use spreadscope_engine::analytics::cointegration::CriticalValues;
use spreadscope_engine::settings::test_options::{FitTerms, LagRule};

pub(in crate::view::numbers) fn report(p: f64, half_life: HalfLife) -> Report {
    let critical = CriticalValues { one_percent: -3.9, five_percent: -3.34, ten_percent: -3.05 };
    Report {
        lag_rule: LagRule::Aic,
        fit_terms: FitTerms::Constant,
        hedge_ratio: 16.0,
        hedge_ratio_std_error: 0.1,
        intercept: 5.0,
        statistic: -3.6,
        lags: 1,
        adf_statistic: -3.5,
        adf_lags: 1,
        observations: 898,
        adf_p_value: 0.005,
        adf_critical: critical,
        engle_granger_p_value: p,
        engle_granger_critical: critical,
        half_life,
    }
}

fn tests(p: f64, half_life: HalfLife) -> Tests {
    tests_of(report(p, half_life))
}

pub(in crate::view::numbers) fn tests_of(report: Report) -> Tests {
    Tests {
        open_time: UnixMillis(0),
        bars: 900,
        carried_share: 0.0,
        epps: Vec::new(),
        outcome: Outcome::Done(report),
    }
}

/// Returns a bar whose z is about the line that the tests are about.
fn bar(z: Metric) -> Row {
    Row { z, hedge_ratio: Metric::Ready(16.0), ..row(0, 2.0) }
}

/// Returns a verdict on z of such a bar, half a second after its close.
fn verdict(z: &Metric, tests: Option<&Tests>, change: impl FnOnce(&mut Evidence<'_>)) -> Verdict {
    let row = bar(z.clone());
    let settings = Settings::default();
    let now = Some(row.open_time + 1_500);
    let mut evidence = Evidence {
        row: Some(&row),
        settings: &settings,
        tests,
        phase: &Phase::Live,
        is_filling: false,
        history: &Backfill::Done,
        now,
    };
    change(&mut evidence);
    judge(evidence)
}

fn sentence(z: &Metric, tests: Option<&Tests>) -> (Tone, String) {
    let verdict = verdict(z, tests, |_| ());
    (verdict.tone, verdict.sentence)
}

pub(in crate::view::numbers) const HALF_LIFE: HalfLife = HalfLife::Reverting { bars: 85.0, secs: 85.0 };

#[test]
fn a_stretched_cointegrated_pair_is_a_signal() {
    assert_eq!(
        sentence(&Metric::Ready(-2.4), Some(&tests(0.012, HALF_LIFE))),
        (
            Tone::Signal,
            "z \u{2212}2.40, cointegrated (EG p 0.012), half-life 85 s: stretched, reverting".into()
        )
    );
}

#[test]
fn the_same_z_without_cointegration_is_none() {
    assert_eq!(
        sentence(&Metric::Ready(2.3), Some(&tests(0.31, HALF_LIFE))),
        (Tone::Doubt, "z 2.30, but not cointegrated (EG p 0.310): no signal".into())
    );
}

#[test]
fn a_significance_of_exactly_five_percent_does_not_pass() {
    assert_eq!(sentence(&Metric::Ready(2.3), Some(&tests(SIGNIFICANCE, HALF_LIFE))).0, Tone::Doubt);
}

#[test]
fn a_z_on_the_threshold_counts_as_stretched_as_the_alerts_have_it() {
    assert_eq!(sentence(&Metric::Ready(2.0), Some(&tests(0.01, HALF_LIFE))).0, Tone::Signal);
    assert_eq!(sentence(&Metric::Ready(1.999), Some(&tests(0.01, HALF_LIFE))).0, Tone::Quiet);
}

#[test]
fn no_half_life_no_signal() {
    let tests = tests(0.01, HalfLife::None("the slope is not negative".into()));
    let (tone, text) = sentence(&Metric::Ready(3.0), Some(&tests));
    assert_eq!(tone, Tone::Doubt);
    assert!(text.ends_with("but no half-life (the slope is not negative): no signal"), "{text}");
}

#[test]
fn what_is_not_ready_is_said_and_is_no_signal() {
    let evidence = tests(0.01, HALF_LIFE);
    let cases = [
        (Metric::Warming { seen: 12, needed: 300 }, "Warming up: z has 12 of 300 bars"),
        (
            Metric::Provisional { value: 3.0, seen: 30, needed: 300 },
            "z 3.00 on 30 of 300 bars: provisional, no signal",
        ),
        (Metric::Undefined("no variance".into()), "No z-score: no variance"),
    ];
    for (z, text) in cases {
        assert_eq!(sentence(&z, Some(&evidence)), (Tone::Waiting, text.into()));
    }
    assert_eq!(sentence(&Metric::Ready(2.5), None).0, Tone::Doubt);
}

#[test]
fn there_is_no_verdict_from_a_part_of_the_history_or_of_the_sample() {
    let full = tests(0.001, HALF_LIFE);
    let filling = verdict(&Metric::Ready(4.0), Some(&full), |evidence| evidence.is_filling = true);
    assert_eq!((filling.tone, filling.sentence.as_str()), (Tone::Waiting, FILLING));
    let coming = verdict(&Metric::Ready(4.0), Some(&full), |evidence| {
        evidence.is_filling = true;
        evidence.history = &Backfill::Loading { done: 3_000, wanted: 42_000 };
    });
    assert_eq!(coming.sentence, "History is coming in: 3,000 of 42,000 bars");
    let part = Tests { bars: 60, ..tests(0.001, HALF_LIFE) };
    assert_eq!(
        sentence(&Metric::Ready(4.0), Some(&part)),
        (Tone::Doubt, "z 4.00; the tests have 60 of 900 bars: no verdict yet".into())
    );
    assert_eq!(
        of_sample(Some(&part), &Settings::default()),
        "The tests have 60 of 900 bars: too early to say."
    );
}

#[test]
fn a_signal_lasts_no_longer_than_its_half_life() {
    let tests = tests(0.001, HALF_LIFE);
    let at = |millis: i64| {
        verdict(&Metric::Ready(4.0), Some(&tests), |evidence| {
            evidence.now = evidence.row.map(|row| row.open_time + 1_000 + millis);
        })
    };
    assert_eq!(at(85_000).tone, Tone::Signal);
    let late = at(85_001);
    assert_eq!(late.tone, Tone::Doubt);
    assert!(late.sentence.ends_with("closed 85 s ago, longer than the half-life: no signal"), "{late:?}");
    assert!(late.reasons.iter().any(|reason| reason.contains("longer than the half-life")), "{late:?}");
}

#[test]
fn a_half_life_below_one_bar_and_a_ratio_that_cannot_be_held_are_no_signal() {
    let fast = tests(0.001, HalfLife::Reverting { bars: 0.2, secs: 63.0 });
    let (tone, text) = sentence(&Metric::Ready(4.0), Some(&fast));
    assert!(tone == Tone::Doubt && text.contains("faster than the bars can show"), "{text}");
    let negative = Row { hedge_ratio: Metric::Ready(-1.0), ..row(0, 2.0) };
    let settled = tests(0.001, HALF_LIFE);
    let verdict = judge(Evidence {
        row: Some(&negative),
        settings: &Settings::default(),
        tests: Some(&settled),
        phase: &Phase::Live,
        is_filling: false,
        history: &Backfill::Done,
        now: None,
    });
    assert!(verdict.sentence.contains("no pair trade"), "{verdict:?}");
}

#[test]
fn a_z_about_another_line_than_the_tests_is_no_signal_and_inside_its_band_only_a_reason() {
    let settled = tests(0.001, HALF_LIFE);
    let of = |z: f64| {
        let rolling = Row { hedge_ratio: Metric::Ready(8.8), ..bar(Metric::Ready(z)) };
        let settings = Settings::default();
        judge(Evidence {
            row: Some(&rolling),
            settings: &settings,
            tests: Some(&settled),
            phase: &Phase::Live,
            is_filling: false,
            history: &Backfill::Done,
            now: None,
        })
    };
    let far = of(4.0);
    assert_eq!(far.tone, Tone::Doubt);
    assert_eq!(
        far.sentence,
        "z 4.00, cointegrated (EG p 0.0010), half-life 85 s; z is about another line than the tests: no signal"
    );
    let inside = of(1.0);
    assert_eq!(inside.tone, Tone::Quiet);
    assert!(inside.sentence.ends_with("inside its band, no signal"), "{inside:?}");
    for verdict in [far, inside] {
        let named = verdict.reasons.iter().filter(|reason| reason.contains("(ratio 8.8000 ± 0.10)"));
        assert_eq!(named.count(), 1, "{:?}", verdict.reasons);
    }
}

#[test]
fn a_cost_is_said_of_a_signal_alone_and_takes_its_loudness() {
    let tests = tests(0.012, HALF_LIFE);
    let clause = || Some("a round trip costs 1.4 × the distance to the mean".to_owned());
    let signal = verdict(&Metric::Ready(-2.4), Some(&tests), |_| ()).at_a_cost(clause());
    assert_eq!((signal.tone, signal.tone.word()), (Tone::Unpaid, "Does not pay"));
    assert_eq!(
        signal.sentence,
        "z \u{2212}2.40, cointegrated (EG p 0.012), half-life 85 s: stretched, reverting, but a round trip \
         costs 1.4 × the distance to the mean"
    );
    assert_eq!(
        signal.reasons.last().map(String::as_str),
        Some("At the costs of the trade panel a round trip costs 1.4 × the distance to the mean.")
    );
    let quiet = verdict(&Metric::Ready(1.0), Some(&tests), |_| ());
    assert_eq!(quiet.clone().at_a_cost(clause()), quiet);
    let free = verdict(&Metric::Ready(-2.4), Some(&tests), |_| ());
    assert_eq!((free.clone().at_a_cost(None), free.tone), (free, Tone::Signal));
}

#[test]
fn a_dead_feed_gives_no_signal_whatever_the_numbers_say() {
    let tests = tests(0.001, HALF_LIFE);
    let phase = Phase::Stale { silent_millis: 20_000 };
    let settings = Settings::default();
    let row = bar(Metric::Ready(4.0));
    let verdict = judge(Evidence {
        row: Some(&row),
        settings: &settings,
        tests: Some(&tests),
        phase: &phase,
        is_filling: false,
        history: &Backfill::Done,
        now: None,
    });
    assert_eq!(verdict.tone, Tone::NotLive);
    assert!(verdict.reasons[0].contains("not live"), "{:?}", verdict.reasons);
}

#[test]
fn before_the_first_bar_it_says_what_is_being_waited_for() {
    let phases = [Phase::Idle, Phase::Connecting { attempt: 1 }, Phase::Live];
    let settings = Settings::default();
    let sentences = phases.map(|phase| {
        let evidence = Evidence {
            row: None,
            settings: &settings,
            tests: None,
            phase: &phase,
            is_filling: false,
            history: &Backfill::Done,
            now: None,
        };
        judge(evidence).sentence
    });
    assert_eq!(
        sentences,
        ["Starting the engine", "Connecting to the exchange", "Waiting for the first bars"]
    );
}

#[test]
fn the_panel_says_it_without_z() {
    let settings = Settings::default();
    assert_eq!(of_sample(None, &settings), "The tests have not run yet.");
    assert!(
        of_sample(Some(&tests(0.2, HALF_LIFE)), &settings).starts_with("Not cointegrated at 5 % (p 0.200)")
    );
    let mut filling = Model::new(settings);
    filling.filling = true;
    assert_eq!(of_tests(&filling), "History is coming in: the tests run when it is here.");
}

#[test]
fn the_tests_own_sentence_names_a_half_life_that_the_bars_cannot_show() {
    let minutes = Settings { interval: spreadscope_engine::Interval::OneMinute, ..Settings::default() };
    let fast = tests(0.01, HalfLife::Reverting { bars: 0.2, secs: 12.0 });
    assert_eq!(
        of_sample(Some(&fast), &minutes),
        "Cointegrated at 5 % (p 0.010), half-life 12 s, faster than the bars can show: look at a shorter interval."
    );
}

#[test]
fn windows_longer_than_the_market_is_old_are_said_to_stay_unfilled() {
    let warming = Metric::Warming { seen: 1_204, needed: 20_000 };
    let young = verdict(&warming, None, |evidence| {
        evidence.history = &Backfill::Short { exist: 1_204, needed: 20_300 };
    });
    let sentence = "Warming up: z has 1,204 of 20,000 bars, and the exchange has no older ones";
    assert_eq!((young.tone, young.sentence.as_str()), (Tone::Waiting, sentence));
    assert!(young.reasons.iter().any(|reason| reason.contains("1,204 of 20,300 bars exist")), "{young:?}");
    // what does not wait for bars does not blame their number
    let full = tests(0.001, HALF_LIFE);
    let old = verdict(&Metric::Ready(1.0), Some(&full), |_| {});
    assert!(old.reasons.iter().all(|reason| !reason.contains("exist")), "{old:?}");
}
