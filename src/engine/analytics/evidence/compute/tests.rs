//! The tests as computed, on pairs that have nothing to do with each other.

use super::*;
use crate::UnixMillis;
use crate::analytics::SampleRow;
use crate::analytics::evidence::{PutIn, Stance};
use spreadscope_stats::random::Random;

/// The legs of a pair: two random walks that have nothing to do with each other.
fn unrelated(random: &mut Random, settings: &Settings) -> EvidenceSample {
    let (mut y, mut x) = (1_000.0, 1_000.0);
    let row = |second: i64| {
        y += random.normal();
        x += random.normal();
        SampleRow { open_time: UnixMillis(1_000 * second), y, x, carried: false }
    };
    let bars = i64::try_from(settings.test_lookback_bars).unwrap();
    EvidenceSample::new((0..bars).map(row), settings.interval, settings)
}

#[test]
fn the_terms_of_the_fit_reach_the_tests_of_its_residual() {
    let critical = |test_terms| {
        let settings = Settings { test_terms, ..Settings::default() };
        let mut compute = Compute::new(unrelated(&mut Random::new(7), &settings), &settings);
        [EvidenceKind::DfGls, EvidenceKind::PhillipsPerron, EvidenceKind::Kpss].map(|kind| {
            let Ok(Found::Test(test)) = compute.found(kind) else { panic!("{kind:?}") };
            test.critical.five_percent
        })
    };
    let near = |got: [f64; 3], expected: [f64; 3]| {
        assert!(got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 0.03), "{got:?}");
    };
    // the papers' values at 5 % in large samples, about a level and about a trend
    near(critical(FitTerms::Constant), [-1.95, -2.86, 0.314]);
    near(critical(FitTerms::Linear), [-2.86, -3.41, 0.121]);
}

#[test]
fn hurst_and_crossings_err_on_one_unrelated_pair_in_twenty_at_most_at_every_length() {
    const PAIRS: usize = 600;
    let mut random = Random::new(20_240_229);
    for (bars, test_terms) in [
        (70, FitTerms::Constant),
        (120, FitTerms::Linear),
        (300, FitTerms::Constant),
        (900, FitTerms::Linear),
    ] {
        let settings = Settings { test_lookback_bars: bars, test_terms, ..Settings::default() };
        let (mut hurst, mut crossings) = (0, 0);
        for _ in 0..PAIRS {
            let mut compute = Compute::new(unrelated(&mut random, &settings), &settings);
            let mut stance = |kind| compute.found(kind).unwrap().stance(kind);
            hurst += usize::from(stance(EvidenceKind::Hurst) != Stance::Undecided);
            crossings += usize::from(stance(EvidenceKind::MeanCrossings) == Stance::Against);
        }
        // 5 % with three standard errors of 600 draws, 2.7 %; the margins are those of the worse terms
        assert!((6..=46).contains(&hurst), "{bars}: {hurst} of {PAIRS}");
        assert!((6..=46).contains(&crossings), "{bars}: {crossings} of {PAIRS}");
    }
}

#[test]
fn johansen_errs_as_often_as_its_line_says() {
    const PAIRS: usize = 1_000;
    let mut random = Random::new(20_240_229);
    for (test_terms, share) in [(FitTerms::Constant, 0.12), (FitTerms::Linear, 0.23)] {
        let settings = Settings { test_terms, ..Settings::default() };
        let mut rejects = 0;
        for _ in 0..PAIRS {
            let mut compute = Compute::new(unrelated(&mut random, &settings), &settings);
            let Ok(Found::Rank(found)) = compute.found(EvidenceKind::JohansenTrace) else { panic!() };
            rejects += usize::from(found.rank > 0);
        }
        let found = rejects as f64 / PAIRS as f64;
        assert!((found - share).abs() < 3.0 * (share * (1.0 - share) / PAIRS as f64).sqrt(), "{found}");
    }
}

#[test]
fn one_unrelated_pair_in_twenty_is_said_to_revert() {
    const PAIRS: usize = 1_000;
    let settings = Settings::default();
    let mut random = Random::new(20_240_229);
    let kinds = [EvidenceKind::OrnsteinUhlenbeck, EvidenceKind::HalfLife];
    let mut reverting = [0; 2];
    for _ in 0..PAIRS {
        let mut compute = Compute::new(unrelated(&mut random, &settings), &settings);
        for (kind, count) in kinds.into_iter().zip(&mut reverting) {
            let found = compute.found(kind).ok();
            *count += usize::from(found.is_some_and(|found| found.stance(kind) == Stance::For));
        }
    }
    // 5 % with three standard errors of 1,000 draws, 2.1 %
    for (kind, count) in kinds.into_iter().zip(reverting) {
        assert!((30..=71).contains(&count), "{kind:?}: {count} of {PAIRS}");
    }
}

#[test]
fn the_values_put_in_make_the_number_that_is_shown() {
    for test_terms in [FitTerms::Constant, FitTerms::Linear] {
        let settings = Settings { test_terms, ..Settings::default() };
        let mut compute = Compute::new(unrelated(&mut Random::new(7), &settings), &settings);
        let near = |got: f64, expected: f64| assert!((got / expected - 1.0).abs() < 1e-8, "{got} {expected}");
        let mut values = |kind| {
            let found = compute.found(kind).unwrap();
            let values = compute.put_in(kind, &found);
            let value = move |name| values.iter().find(|(known, _)| *known == name).unwrap().1;
            (found, value)
        };
        for kind in [EvidenceKind::EngleGrangerYOnX, EvidenceKind::EngleGrangerXOnY, EvidenceKind::Adf] {
            let (found, value) = values(kind);
            let Found::Test(test) = found else { panic!("{kind:?}") };
            near(value(PutIn::Slope) / value(PutIn::SlopeStdError), test.statistic);
        }
        let (found, value) = values(EvidenceKind::JohansenTrace);
        let Found::Rank(rank) = found else { panic!() };
        let log = |name| -(1.0 - value(name)).ln();
        near(value(PutIn::Rows) * (log(PutIn::Eigenvalue1) + log(PutIn::Eigenvalue2)), rank.none.statistic);
        near(value(PutIn::Rows) * log(PutIn::Eigenvalue2), rank.one.statistic);
        let (found, value) = values(EvidenceKind::VarianceRatio);
        let Found::VarianceRatio { ratio, .. } = found else { panic!() };
        near(value(PutIn::VariancePerBar) / value(PutIn::VarianceOfOneBar), ratio);
        let (found, value) = values(EvidenceKind::MeanCrossings);
        let Found::MeanCrossings { expected_per_100_bars, .. } = found else { panic!() };
        near(100.0 * value(PutIn::Autocorrelation).acos() / core::f64::consts::PI, expected_per_100_bars);
        let (_, value) = values(EvidenceKind::Kpss);
        assert!(value(PutIn::LongRunVariance) > 0.0);
    }
}
