//! No series, however odd, makes a test panic or return a number that is not finite.

use core::fmt::Debug;
use core::num::NonZeroUsize;
use proptest::prelude::*;
use spreadscope_stats::{
    AdfSpec, Around, Bandwidth, BootstrapSpec, BreakIn, Confidence, DfGlsSpec, EngleGrangerSpec,
    JohansenSpec, JohansenTrend, KpssSpec, LagChoice, Observation, PhillipsOuliarisSpec, PhillipsPerronSpec,
    Reading, RollingEngleGranger, Trend, VarianceRatioSpec, ZivotAndrewsSpec, adf, benjamini_hochberg,
    benjamini_yekutieli, bonferroni, by_stride, df_gls, engle_granger, engle_granger_both,
    engle_granger_with_adf, half_life, half_life_bootstrap, holm, huber, hurst, johansen,
    kalman_by_likelihood, kpss, least_squares, mean_crossings, ols, ornstein_uhlenbeck, phillips_ouliaris,
    phillips_perron, theil_sen, tls, variance_ratio, zivot_andrews,
};

/// Values of every kind: with ties, price-like, of any size, and not finite.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-3_i8..4).prop_map(f64::from),
        4 => (0_i32..200).prop_map(|cents| 60_000.0 + f64::from(cents) / 100.0),
        4 => -1.0..1.0_f64,
        1 => prop::num::f64::NORMAL,
        1 => prop::num::f64::SUBNORMAL,
    ]
}

fn series(length: core::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    let free = prop::collection::vec(value(), length.clone());
    let walk = prop::collection::vec(-1.0..1.0_f64, length.clone()).prop_map(|steps| {
        let mut level = 100.0;
        steps
            .into_iter()
            .map(|step| {
                level += step;
                level
            })
            .collect()
    });
    let still = (value(), length.clone()).prop_map(|(value, length)| vec![value; length]);
    let line = (value(), value(), length.clone())
        .prop_map(|(from, step, length)| (0..length).map(|at| from + step * at as f64).collect());
    let decay = (0.1..1.2_f64, length.clone()).prop_map(|(kept, length): (f64, usize)| {
        core::iter::successors(Some(1.0), |value| Some(value * kept)).take(length).collect()
    });
    let broken = (prop::collection::vec(value(), length), any::<prop::sample::Index>(), 0_usize..3).prop_map(
        |(mut values, at, which)| {
            if !values.is_empty() {
                let at = at.index(values.len());
                values[at] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY][which];
            }
            values
        },
    );
    prop_oneof![4 => free, 6 => walk, 1 => still, 1 => line, 1 => decay, 2 => broken]
}

/// y and x of the same length; sometimes x is y, scaled and shifted.
fn pair() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let free = (series(0..90), series(0..90)).prop_map(|(mut y, mut x)| {
        let length = y.len().min(x.len());
        y.truncate(length);
        x.truncate(length);
        (y, x)
    });
    let copies = (series(0..90), value(), value()).prop_map(|(y, times, more)| {
        let x = y.iter().map(|y| times * y + more).collect();
        (y, x)
    });
    prop_oneof![5 => free, 1 => copies]
}

fn lags() -> impl Strategy<Value = LagChoice> {
    let max = prop::option::of(0_usize..50);
    prop_oneof![
        (0_usize..50).prop_map(LagChoice::Fixed),
        max.clone().prop_map(|max| LagChoice::Aic { max }),
        max.clone().prop_map(|max| LagChoice::Bic { max }),
        max.prop_map(|max| LagChoice::TStat { max }),
    ]
}

fn trend() -> impl Strategy<Value = Trend> {
    prop::sample::select(vec![Trend::None, Trend::Constant, Trend::Linear, Trend::Quadratic])
}

/// Checks that every number in an answer is finite.
fn is_sound(answer: &impl Debug) -> Result<(), TestCaseError> {
    let text = format!("{answer:?}");
    let words = text.split(|character: char| !character.is_alphanumeric());
    let odd = words.into_iter().any(|word| word == "NaN" || word == "inf");
    prop_assert!(!odd, "{text}");
    Ok(())
}

#[test]
fn what_is_not_sound_is_seen() {
    let infinite = f64::INFINITY;
    assert!(
        is_sound(&Some(1.0)).is_ok() && is_sound(&Some(f64::NAN)).is_err() && is_sound(&-infinite).is_err()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn tests_of_a_pair_answer_or_say_why_not(
        (y, x) in pair(), lags in lags(), trend in trend(), bandwidth in prop::option::of(0.0..200.0_f64),
    ) {
        let spec = EngleGrangerSpec { trend, lags };
        is_sound(&engle_granger(&y, &x, &spec))?;
        is_sound(&engle_granger_with_adf(&y, &x, &spec))?;
        is_sound(&engle_granger_both(&y, &x, &spec))?;
        is_sound(&phillips_ouliaris(&y, &x, &PhillipsOuliarisSpec { trend, bandwidth }))?;
        let strides = [1, 2, 5, 100].map(|stride| NonZeroUsize::new(stride).unwrap());
        is_sound(&by_stride(&y, &x, &strides, &VarianceRatioSpec::of(2)))?;
    }

    #[test]
    fn regressions_answer_or_say_why_not((y, x) in pair()) {
        is_sound(&ols(&y, &x))?;
        is_sound(&tls(&y, &x))?;
        is_sound(&huber(&y, &x))?;
        is_sound(&theil_sen(&y, &x))?;
        is_sound(&kalman_by_likelihood(&y, &x))?;
        is_sound(&least_squares(&y, &[&x, &vec![1.0; x.len()]]))?;
    }

    #[test]
    fn unit_root_tests_answer_or_say_why_not(
        y in series(0..120), lags in lags(), trend in trend(), width in prop::option::of(0_usize..130),
        trim in -0.1..0.5_f64,
    ) {
        is_sound(&adf(&y, &AdfSpec { trend, lags }))?;
        is_sound(&phillips_perron(&y, &PhillipsPerronSpec { trend, bandwidth: width }))?;
        let fixed = width.map_or(Bandwidth::Automatic, Bandwidth::Fixed);
        for around in [Around::Level, Around::Trend] {
            is_sound(&df_gls(&y, &DfGlsSpec { around, lags }))?;
            for bandwidth in [fixed, Bandwidth::Schwert] {
                is_sound(&kpss(&y, &KpssSpec { around, bandwidth }))?;
            }
        }
        for break_in in [BreakIn::Level, BreakIn::Trend, BreakIn::Both] {
            is_sound(&zivot_andrews(&y, &ZivotAndrewsSpec { break_in, lags, trim }))?;
        }
    }

    #[test]
    fn johansen_answers_or_says_why_not(
        series in prop::collection::vec(series(40..41), 0..5), lagged_changes in 0_usize..20, order in 0_usize..3,
    ) {
        let trend = [JohansenTrend::None, JohansenTrend::Constant, JohansenTrend::Linear][order];
        let series: Vec<&[f64]> = series.iter().map(Vec::as_slice).collect();
        let found = johansen(&series, &JohansenSpec { trend, lagged_changes });
        is_sound(&found)?;
        if let Ok(found) = found {
            prop_assert!(found.eigenvalues.iter().all(|value| (0.0..1.0).contains(value)), "{:?}", found);
        }
    }

    #[test]
    fn a_rolling_test_answers_or_says_why_not(
        (y, x) in pair(), lags in lags(), trend in trend(), window in 0_usize..60, step in 1_usize..9,
    ) {
        let step = NonZeroUsize::new(step).unwrap();
        if let Ok(mut rolling) = RollingEngleGranger::new(window, step, EngleGrangerSpec { trend, lags }) {
            for (&y, &x) in y.iter().zip(&x) {
                let reading = rolling.update(Observation { y, x });
                is_sound(&reading)?;
                let provisional = matches!(reading, Some(Reading::Provisional { .. }));
                prop_assert!(!provisional);
            }
        }
    }

    #[test]
    fn measures_of_reversion_answer_or_say_why_not(
        spread in series(0..120), lags in 0_usize..130, seed in any::<u64>(), flags in 0_u8..8,
    ) {
        is_sound(&half_life(&spread))?;
        if let Reading::Ready(found) = half_life(&spread) {
            is_sound(&found.interval(Confidence::PERCENT_95))?;
        }
        let resamples = NonZeroUsize::new(19).unwrap();
        let spec = BootstrapSpec { resamples, seed, confidence: Confidence::PERCENT_95 };
        is_sound(&half_life_bootstrap(&spread, &spec))?;
        is_sound(&ornstein_uhlenbeck(&spread))?;
        is_sound(&hurst(&spread))?;
        is_sound(&mean_crossings(&spread))?;
        let [drift, unbiased, robust] = [1, 2, 4].map(|bit| flags & bit != 0);
        is_sound(&variance_ratio(&spread, &VarianceRatioSpec { lags, drift, unbiased, robust }))?;
    }

    #[test]
    fn adjusted_p_values_are_p_values_in_the_order_of_the_raw_ones(
        p_values in prop::collection::vec(0.0..=1.0_f64, 0..60),
    ) {
        for correct in [bonferroni, benjamini_hochberg, benjamini_yekutieli, holm] {
            let adjusted = correct(&p_values).unwrap();
            prop_assert_eq!(adjusted.len(), p_values.len());
            for (a, raw_a) in adjusted.iter().zip(&p_values) {
                prop_assert!(a >= raw_a && *a <= 1.0);
                for (b, raw_b) in adjusted.iter().zip(&p_values) {
                    prop_assert!(raw_a > raw_b || a <= b);
                }
            }
        }
    }
}
