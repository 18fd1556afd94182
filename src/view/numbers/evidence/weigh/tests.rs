//! The sentence for findings of every kind.

use super::*;
use spreadscope_engine::analytics::cointegration::CriticalValues;
use spreadscope_engine::analytics::evidence::{
    Answer, Bounds, EvidenceOptions, HalfLifeFound, PValue, RankFound, RankStep, Reversion, TestFound,
};
use spreadscope_engine::settings::test_options::{FitTerms, LagRule};
use spreadscope_engine::{Interval, UnixMillis};

/// The exponents of unrelated pairs on 900 bars.
pub(crate) const WALK: Bounds = Bounds { low: 0.42, high: Some(0.56) };

fn test(p: f64) -> TestFound {
    let critical = CriticalValues { one_percent: -3.9, five_percent: -3.3, ten_percent: -3.0 };
    TestFound { statistic: -3.0, p_value: PValue::Exactly(p), critical, lags: 1.0 }
}

fn rank(statistic: f64) -> Found {
    of_rank(usize::from(statistic > 15.5))
}

fn of_rank(rank: usize) -> Found {
    let critical = CriticalValues { one_percent: 19.9, five_percent: 15.5, ten_percent: 13.4 };
    let step = |rejects: bool| RankStep { statistic: if rejects { 20.0 } else { 9.0 }, critical };
    Found::Rank(RankFound { none: step(rank > 0), one: step(rank > 1), rank })
}

pub(crate) fn evidence(found: &[(EvidenceKind, Found)]) -> Evidence {
    let finding = |&(kind, found): &(EvidenceKind, Found)| Finding {
        kind,
        bars: 900,
        full_bars: 900,
        put_in: Vec::new(),
        answer: Answer::Found(found),
    };
    let main = Examined {
        direction: FitDirection::YOnX,
        interval: Interval::OneSecond,
        lag_rule: LagRule::Aic,
        fit_terms: FitTerms::Constant,
        open_time: UnixMillis(899_000),
        bars: 900,
        carried_share: 0.1,
        short_because: None,
        findings: found.iter().map(finding).collect(),
    };
    Evidence { options: EvidenceOptions::default(), main, beside: None, traces: Vec::new() }
}

fn said(ps: [f64; 2], johansen: f64, more: &[(EvidenceKind, Found)]) -> String {
    let mut found = vec![
        (EvidenceKind::EngleGrangerYOnX, Found::Test(test(ps[0]))),
        (EvidenceKind::JohansenTrace, rank(johansen)),
        (EvidenceKind::PhillipsOuliaris, Found::Test(test(ps[1]))),
    ];
    found.extend_from_slice(more);
    weigh(Some(&evidence(&found)), &|millis| format!("at{millis}"))
}

#[test]
fn agreement_is_one_clause() {
    assert_eq!(
        said([0.01, 0.02], 20.0, &[]),
        "Engle-Granger, Johansen and Phillips-Ouliaris agree at 5 %: the pair is cointegrated."
    );
    assert_eq!(
        said([0.3, 0.2], 9.0, &[]),
        "Engle-Granger, Johansen and Phillips-Ouliaris agree at 5 %: the pair is not shown to be cointegrated."
    );
}

#[test]
fn dissent_is_named() {
    assert_eq!(
        said([0.01, 0.2], 20.0, &[]),
        "The tests disagree: Engle-Granger and Johansen find the pair cointegrated at 5 %, Phillips-Ouliaris does \
         not."
    );
    let moved = Found::Break { test: test(0.2), at: UnixMillis(5) };
    let kpss = [(EvidenceKind::Kpss, Found::Test(test(0.01))), (EvidenceKind::ZivotAndrews, moved)];
    assert!(said([0.01, 0.01], 20.0, &kpss).ends_with("; KPSS objects: the mean may have moved at at5."));
    let plain = [(EvidenceKind::Adf, Found::Test(test(0.01)))];
    assert!(
        said([0.3, 0.2], 9.0, &plain)
            .ends_with("; ADF says stationary, but on a fitted spread that is too optimistic.")
    );
    let one_way = [(EvidenceKind::EngleGrangerXOnY, Found::Test(test(0.4)))];
    assert!(said([0.01, 0.01], 20.0, &one_way).ends_with("; Engle-Granger finds it for y on x only."));
    let hurst = [(EvidenceKind::Hurst, Found::Hurst { exponent: 0.7, longest_bars: 64, walk: WALK })];
    assert!(said([0.01, 0.01], 20.0, &hurst).contains("Hurst exponent objects"));
}

#[test]
fn measures_of_reversion_that_say_otherwise_are_in_the_sentence() {
    let half_life = |t_statistic| {
        let reversion = Reversion { t_statistic, five_percent: -3.35 };
        let interval = Bounds { low: 5.0, high: Some(9.0) };
        Found::HalfLife(HalfLifeFound { bars: 6.6, reversion, interval, resampled: None })
    };
    let ratio = |p_value| Found::VarianceRatio { ratio: 0.8, statistic: -1.0, p_value, bars: 10 };
    let hurst = |exponent| Found::Hurst { exponent, longest_bars: 64, walk: WALK };
    let broken = |p| Found::Break { test: test(p), at: UnixMillis(5) };
    let all = |t, p, exponent, broke| {
        [
            (EvidenceKind::HalfLife, half_life(t)),
            (EvidenceKind::VarianceRatio, ratio(p)),
            (EvidenceKind::Hurst, hurst(exponent)),
            (EvidenceKind::ZivotAndrews, broken(broke)),
        ]
    };
    let agree = "Engle-Granger, Johansen and Phillips-Ouliaris agree at 5 %: the pair is cointegrated";
    assert_eq!(
        said([0.01, 0.01], 20.0, &all(-2.0, 0.4, 0.5, 0.3)),
        format!(
            "{agree}; half-life does not show reversion; variance ratio and Hurst exponent look like that of a random \
             walk; Zivot-Andrews, which allows for a break, does not confirm it."
        )
    );
    assert_eq!(said([0.01, 0.01], 20.0, &all(-4.0, 0.01, 0.3, 0.01)), format!("{agree}."));
    assert!(said([0.3, 0.2], 9.0, &all(-4.0, 0.01, 0.5, 0.01)).ends_with(
        "; yet half-life and variance ratio say that the spread reverts; Zivot-Andrews finds it stationary with a break \
         at at5."
    ));
    assert!(!said([0.3, 0.2], 9.0, &all(-2.0, 0.4, 0.5, 0.3)).contains("half-life"));
}

#[test]
fn two_stationary_legs_are_not_called_a_pair_that_holds_together() {
    let found = |ps: [f64; 2], ranks: [usize; 2]| {
        let [trace, largest] = ranks.map(of_rank);
        let tests = [
            (EvidenceKind::EngleGrangerYOnX, Found::Test(test(ps[0]))),
            (EvidenceKind::JohansenTrace, trace),
            (EvidenceKind::JohansenMaxEigenvalue, largest),
            (EvidenceKind::PhillipsOuliaris, Found::Test(test(ps[1]))),
        ];
        weigh(Some(&evidence(&tests)), &|_| String::new())
    };
    let own = "Johansen finds rank 2: each leg is stationary by itself, which is no relation between them.";
    assert_eq!(
        found([0.01, 0.02], [2, 2]),
        format!("Engle-Granger and Phillips-Ouliaris agree at 5 %: the pair is cointegrated; {own}")
    );
    assert_eq!(weigh(Some(&evidence(&[(EvidenceKind::JohansenTrace, of_rank(2))])), &|_| String::new()), own);
    assert_eq!(
        found([0.01, 0.02], [1, 0]),
        "Engle-Granger, Johansen and Phillips-Ouliaris agree at 5 %: the pair is cointegrated; Johansen's \
         largest eigenvalue gives rank 0, the trace rank 1."
    );
}

#[test]
fn past_lookbacks_that_disagree_are_named() {
    let past =
        |cointegrated| (EvidenceKind::PastShare, Found::PastShare { cointegrated, tested: 240, apart: 4 });
    assert!(
        said([0.01, 0.01], 20.0, &[past(60)]).ends_with("; only 60 of 240 past lookbacks were cointegrated.")
    );
    assert!(
        said([0.3, 0.2], 9.0, &[past(200)]).ends_with("; yet 200 of 240 past lookbacks were cointegrated.")
    );
    let young = (EvidenceKind::PastShare, Found::PastShare { cointegrated: 0, tested: 4, apart: 1 });
    assert!(!said([0.01, 0.01], 20.0, &[young]).contains("lookbacks"), "four looks at the same bars");
    for quiet in [said([0.01, 0.01], 20.0, &[past(200)]), said([0.3, 0.2], 9.0, &[past(60)])] {
        assert!(!quiet.contains("lookbacks"), "{quiet}");
    }
}

#[test]
fn part_of_a_sample_says_nothing_about_the_pair() {
    let both = |bars| {
        let mut found = evidence(&[
            (EvidenceKind::EngleGrangerYOnX, Found::Test(test(0.01))),
            (EvidenceKind::JohansenTrace, rank(20.0)),
            (EvidenceKind::PhillipsOuliaris, Found::Test(test(0.01))),
            (EvidenceKind::Kpss, Found::Test(test(0.01))),
        ]);
        found.main.findings.iter_mut().for_each(|finding| finding.bars = bars);
        found
    };
    let said = |found: &Evidence| weigh(Some(found), &|_| String::new());
    assert_eq!(said(&both(90)), "The tests of cointegration have 90 of 900 bars: too early to say.");
    let slower = Examined { interval: Interval::OneMinute, ..both(60).main };
    let waits = Examined { short_because: Some("older ones are being loaded".to_owned()), ..slower.clone() };
    let waits = Evidence { beside: Some(waits), ..both(900) };
    assert!(
        said(&waits).ends_with("too early to say (60 of 900 bars: older ones are being loaded)."),
        "{}",
        said(&waits)
    );
    let compared = Evidence { beside: Some(slower), ..both(900) };
    assert!(
        said(&compared).ends_with("; on 1m bars, y on x it is too early to say (60 of 900 bars)."),
        "{}",
        said(&compared)
    );
}

#[test]
fn what_stands_beside_is_named_where_it_answers_otherwise() {
    let both = |p: f64| evidence(&[(EvidenceKind::EngleGrangerYOnX, Found::Test(test(p)))]);
    let slower = Examined { interval: Interval::OneMinute, ..both(0.6).main };
    let compared = Evidence { beside: Some(slower), ..both(0.01) };
    assert_eq!(
        weigh(Some(&compared), &|_| String::new()),
        "Engle-Granger finds the pair cointegrated at 5 %; on 1m bars, y on x none of the tests finds it."
    );
    let two_ways = |p_x_on_y, kpss| {
        evidence(&[
            (EvidenceKind::EngleGrangerYOnX, Found::Test(test(0.01))),
            (EvidenceKind::EngleGrangerXOnY, Found::Test(test(p_x_on_y))),
            (EvidenceKind::Kpss, Found::Test(test(kpss))),
        ])
    };
    let other = |p_x_on_y, kpss| {
        let other = Examined { direction: FitDirection::XOnY, ..two_ways(p_x_on_y, kpss).main };
        weigh(Some(&Evidence { beside: Some(other), ..two_ways(p_x_on_y, 0.4) }), &|_| String::new())
    };
    assert!(other(0.01, 0.02).ends_with("cointegrated at 5 %; on 1s bars, x on y KPSS objects."));
    assert!(other(0.6, 0.4).ends_with("; on 1s bars, x on y none of the tests finds it."));
    assert_eq!(weigh(None, &|_| String::new()), "The tests have not been run yet.");
    let none = weigh(Some(&evidence(&[])), &|_| String::new());
    assert_eq!(none, "No test of cointegration can be computed on this sample.");
}
