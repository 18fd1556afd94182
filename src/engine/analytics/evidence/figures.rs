//! Every number of a finding under its own name, for tables, exports and checks.

use super::{Bounds, Estimate, Found, PValue, RankStep, TestFound};
use crate::analytics::cointegration::CriticalValues;

/// A name and its number; `None` if the number does not exist.
pub type Figure = (&'static str, Option<f64>);

/// The numbers of `found`, with the same names in the same order every time.
pub fn figures(found: &Found) -> Vec<Figure> {
    let number = |name, value: f64| (name, Some(value));
    match *found {
        Found::Test(test) => test_figures(test),
        Found::Rank(rank) => {
            let mut figures = vec![number("rank", rank.rank as f64)];
            figures.extend(step_figures(["statistic", "critical_1", "critical_5", "critical_10"], rank.none));
            figures.extend(step_figures(
                ["one_statistic", "one_critical_1", "one_critical_5", "one_critical_10"],
                rank.one,
            ));
            figures
        }
        Found::HalfLife(half_life) => {
            let Bounds { low, high } = half_life.interval;
            let resampled = half_life.resampled;
            vec![
                number("bars", half_life.bars),
                number("low", low),
                ("high", high),
                ("resampled_low", resampled.map(|bounds| bounds.low)),
                ("resampled_high", resampled.and_then(|bounds| bounds.high)),
            ]
        }
        Found::OrnsteinUhlenbeck { theta, mu, sigma, .. } => {
            let named = |[name, error]: [&'static str; 2], estimate: Estimate| {
                [number(name, estimate.value), number(error, estimate.std_error)]
            };
            [
                named(["theta", "theta_std_error"], theta),
                named(["mu", "mu_std_error"], mu),
                named(["sigma", "sigma_std_error"], sigma),
            ]
            .concat()
        }
        Found::VarianceRatio { ratio, statistic, p_value, bars } => vec![
            number("ratio", ratio),
            number("statistic", statistic),
            number("p_value", p_value),
            number("bars", bars as f64),
        ],
        Found::Hurst { exponent, longest_bars, .. } => {
            vec![number("exponent", exponent), number("longest_bars", longest_bars as f64)]
        }
        Found::MeanCrossings { crossings, per_100_bars, expected_per_100_bars, .. } => vec![
            number("crossings", crossings as f64),
            number("per_100_bars", per_100_bars),
            number("expected_per_100_bars", expected_per_100_bars),
        ],
        Found::Break { test, at } => {
            let mut figures = test_figures(test);
            figures.push(number("at", at.as_f64()));
            figures
        }
        Found::PastShare { cointegrated, tested, .. } => vec![
            number("share", cointegrated as f64 / tested as f64),
            number("cointegrated", cointegrated as f64),
            number("tested", tested as f64),
        ],
    }
}

fn test_figures(test: TestFound) -> Vec<Figure> {
    let step = RankStep { statistic: test.statistic, critical: test.critical };
    let mut figures = step_figures(["statistic", "critical_1", "critical_5", "critical_10"], step).to_vec();
    let p_value = match test.p_value {
        // the critical values say between which levels it lies
        PValue::Between { .. } => None,
        PValue::Exactly(p) | PValue::AtMost(p) | PValue::AtLeast(p) => Some(p),
    };
    figures.insert(1, ("p_value", p_value));
    figures.push(("lags", Some(test.lags)));
    figures
}

fn step_figures(names: [&'static str; 4], step: RankStep) -> [Figure; 4] {
    let CriticalValues { one_percent, five_percent, ten_percent } = step.critical;
    let [statistic, one, five, ten] = names;
    [
        (statistic, Some(step.statistic)),
        (one, Some(one_percent)),
        (five, Some(five_percent)),
        (ten, Some(ten_percent)),
    ]
}
