//! Pairs with undefined or borderline numbers, from public bug reports on similar tools.

use crate::{at, json, run};
use serde_json::Value;

const COPY: &str = "one series is the other, scaled and shifted";
const DETERMINISTIC: &str = "the values follow their own past without error";
/// Results computed from the spread alone.
const OF_THE_SPREAD: [&str; 11] = [
    "adf",
    "kpss",
    "phillips_perron",
    "df_gls",
    "zivot_andrews",
    "variance_ratio",
    "hurst",
    "half_life",
    "half_life_bootstrap",
    "ornstein_uhlenbeck",
    "mean_crossings",
];

fn text(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/degenerate-pairs");
    std::fs::read_to_string(format!("{folder}/{name}.csv")).unwrap()
}

fn of(name: &str, options: &[&str]) -> Value {
    json(&text(name), &[&["--json", "-"], options].concat())
}

/// The leaves of a tree, each with its path.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) if !fields.contains_key("undefined") => {
            for (name, value) in fields {
                leaves(value, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(values) => {
            values
                .iter()
                .enumerate()
                .for_each(|(place, value)| leaves(value, &format!("{path}.{place}"), found));
        }
        _ => found.push((path.to_owned(), value.clone())),
    }
}

fn reasons(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    leaves(value, "", &mut found);
    let reason = |(path, value): (String, Value)| {
        let reason = value.get("undefined").and_then(Value::as_str);
        reason.unwrap_or_else(|| panic!("{path} is {value}")).to_owned()
    };
    found.into_iter().map(reason).collect()
}

fn expect_reason(found: &Value, branch: &str, expected: &str) {
    for reason in reasons(at(found, branch)) {
        assert!(reason.ends_with(expected), "{branch}: {reason}");
    }
}

fn expect_number(found: &Value, path: &str, expected: f64) {
    let got = at(found, path).as_f64().unwrap_or_else(|| panic!("{path}: {}", at(found, path)));
    assert!((got / expected - 1.0).abs() < 1e-8, "{path}: {got} {expected}");
}

// statsmodels #3190, #4237, #6890
#[test]
fn an_exact_copy_has_a_line_and_no_spread() {
    for hedge in ["ols", "tls", "huber", "theil_sen"] {
        for regression in ["n", "c", "ct", "ctt"] {
            let found = of("exact_copy", &["--hedge", hedge, "--regression", regression]);
            for branch in OF_THE_SPREAD.iter().chain(&["ewma", "engle_granger", "phillips_ouliaris"]) {
                expect_reason(&found, branch, COPY);
            }
            for name in ["z_last", "mean_last", "std_dev_last", "min_last", "skewness_last"] {
                expect_reason(&found, &format!("rolling.{name}"), COPY);
            }
            expect_reason(&found, "johansen", "a series is a combination of the others");
            expect_reason(&found, "sampling.stride_1.half_life_bars", COPY);
            expect_number(&found, "hedge.ols.slope", 3.0);
            expect_number(&found, "hedge.ols.intercept", 1.0);
            expect_number(&found, "hedge.ols.r_squared", 1.0);
        }
    }
}

#[test]
fn a_copy_on_logarithms_has_no_spread_either() {
    // a coin near 1, whose logarithms are near 0, and three times its price
    let rows: Vec<String> = (0..300)
        .map(|t| 10_000 + (t * t) % 23 - (t * 7) % 19)
        .map(|price| {
            format!(
                "{}.{:04},{}.{:04}\n",
                3 * price / 10_000,
                3 * price % 10_000,
                price / 10_000,
                price % 10_000
            )
        })
        .collect();
    let found = json(&format!("y,x\n{}", rows.concat()), &["--json", "--prices", "logs", "-"]);
    for branch in OF_THE_SPREAD.iter().chain(&["engle_granger", "phillips_ouliaris"]) {
        expect_reason(&found, branch, COPY);
    }
}

#[test]
fn a_copy_with_the_noise_of_one_tick_has_every_number() {
    // the highest price relative to its tick: two cents around 3 x + 1 at 240,000
    let mut tick = spreadscope_stats::random::Random::new(7);
    let walk = spreadscope_stats::random::Congruential::new(3).path(1.0, 80_000.0).take(420);
    let rows: Vec<String> = walk
        .map(|x| (x * 100.0).round())
        .map(|x| {
            format!("{:.2},{:.2}\n", (3.0 * x + 100.0 + (3.0 * tick.unit() - 1.5).round()) / 100.0, x / 100.0)
        })
        .collect();
    let found = json(&format!("y,x\n{}", rows.concat()), &["--json", "-"]);
    let mut all = Vec::new();
    leaves(&found, "", &mut all);
    let missing: Vec<_> = all
        .iter()
        .filter(|(path, value)| {
            !value.is_number() && !path.contains("half_life") && !path.contains("ornstein")
        })
        .filter(|(path, _)| !path.contains("stride_15") && !path.contains("stride_60"))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(at(&found, "engle_granger.y_on_x.p_value").as_f64().unwrap() < 1e-6);
    assert!(at(&found, "adf.p_value").as_f64().unwrap() < 1e-6);
}

// statsmodels #8450
#[test]
fn a_straight_line_follows_its_own_past() {
    for lags in ["aic", "0", "2"] {
        let found = of("straight_line", &["--lags", lags]);
        for branch in ["adf", "phillips_perron", "zivot_andrews", "engle_granger.y_on_x", "phillips_ouliaris"]
        {
            expect_reason(&found, branch, DETERMINISTIC);
        }
        expect_reason(&found, "johansen", "a series is a combination of the others");
        expect_reason(&found, "variance_ratio", "the changes do not vary");
        for branch in ["hurst", "half_life", "half_life_bootstrap", "ornstein_uhlenbeck"] {
            reasons(at(&found, branch));
        }
        assert!(at(&found, "hedge.ols.slope").as_f64().unwrap().abs() < 1e-15);
        let with_trend = of("straight_line", &["--lags", lags, "--regression", "ct"]);
        for branch in ["adf", "kpss", "df_gls"] {
            expect_reason(&with_trend, branch, DETERMINISTIC);
        }
    }
}

// TA-Lib-python #151, #239, freqtrade PR #1128, pandas #40448
#[test]
fn eight_decimals_further_right_every_dimensionless_number_is_the_same() {
    let (large, small) = (of("scale_1", &[]), of("scale_1e-8", &[]));
    for found in [&large, &small] {
        for (path, expected) in [
            ("hedge.ols.slope", 0.429_907_280_503_48),
            ("hedge.ols.r_squared", 0.745_060_896_695),
            ("adf.statistic", -6.882_130_034_2),
            ("adf.p_value", 1.424_555_51e-9),
            ("engle_granger.y_on_x.statistic", -6.890_934_030_0),
            ("engle_granger.y_on_x.p_value", 1.556_512_7e-8),
            ("half_life.bars", 2.089_000_527_0),
            ("rolling.z_last", 1.087_678_629_4),
        ] {
            let got = at(found, path).as_f64().unwrap();
            assert!((got / expected - 1.0).abs() < 5e-8, "{path}: {got} {expected}");
        }
        for (at_most, expected) in [70.255_707_3, 8.837_112_0].into_iter().enumerate() {
            let got = at(found, "johansen.trace")[at_most].as_f64().unwrap();
            assert!((got - expected).abs() < 1e-7, "{at_most}: {got} {expected}");
        }
        assert_eq!(at(found, "adf.lags"), 2);
    }
    expect_number(&large, "hedge.ols.intercept", 319.355_515_02);
    expect_number(&small, "hedge.ols.intercept", 3.193_555_150_2e-6);
    let (mut larges, mut smalls) = (Vec::new(), Vec::new());
    leaves(&large, "", &mut larges);
    leaves(&small, "", &mut smalls);
    let in_price_units =
        ["intercept", "mean_last", "std_dev", "max_last", "min_last", ".mu", "sigma", "log_likelihood"];
    for ((path, large), (_, small)) in larges.iter().zip(&smalls) {
        if in_price_units.iter().any(|unit| path.contains(unit)) {
            continue;
        }
        let Some((large, small)) = large.as_f64().zip(small.as_f64()) else {
            assert_eq!(large, small, "{path}");
            continue;
        };
        // a maximum of the likelihood is only determined to the square root of the rounding error
        let tolerance = if path.contains("kalman") { 1e-6 } else { 1e-9 };
        assert!((large - small).abs() <= tolerance * large.abs(), "{path}: {large} {small}");
    }
}

// statsmodels #5731
#[test]
fn johansen_without_lagged_changes_takes_the_level_before_the_change() {
    for (lags, expected) in
        [("0", [81.803_396_099_4, 3.457_872_550_8]), ("1", [52.759_515_657_4, 3.313_330_652_7])]
    {
        let found = of("johansen_no_lags", &["--lags", lags]);
        let [first, second] = expected;
        for (path, expected) in [("trace", expected), ("max_eigenvalue", [first - second, second])] {
            for (place, expected) in expected.into_iter().enumerate() {
                let got = at(&found, &format!("johansen.{path}"))[place].as_f64().unwrap();
                assert!((got - expected).abs() < 1e-8, "{lags} {path} {place}: {got} {expected}");
            }
        }
    }
}

// statsmodels #5432, #3330, arch PR #263
#[test]
fn a_short_sample_says_what_it_lacks() {
    let eight = of("eight_rows", &[]);
    expect_number(&eight, "hedge.ols.slope", 27.0 / 22.0);
    expect_number(&eight, "hedge.ols.r_squared", 0.788_961_038_96);
    expect_number(&eight, "adf.statistic", -2.188_039_250_4);
    expect_number(&eight, "adf.p_value", 0.210_615_123_3);
    assert_eq!(at(&eight, "adf.lags"), 2);
    expect_reason(&eight, "half_life", "8 of 10 observations");
    expect_reason(&eight, "johansen", "8 of 10 observations");
    expect_reason(&eight, "rolling", "8 of 60 observations");
    let twenty = of("twenty_rows", &["--lags", "8"]);
    expect_number(&twenty, "adf.statistic", -5.887_067_381_8);
    let p_value = at(&twenty, "adf.p_value").as_f64().unwrap();
    assert!((p_value - 2.984_29e-7).abs() < 1e-12, "{p_value}");
    expect_reason(&of("twenty_rows", &["--lags", "12"]), "adf", "lags must be at most 8, were 12");
    assert!(run(&text("twenty_rows"), &["-", "--lags", "12"]).is_ok());
}

// ninjabot #72
#[test]
fn prices_that_are_all_one_have_a_line_and_no_number_of_the_spread() {
    let found = of("six_decimals_constant", &[]);
    assert_eq!(at(&found, "hedge.ols.slope"), 0.0);
    assert_eq!(at(&found, "hedge.ols.intercept"), 0.000_007);
    for branch in OF_THE_SPREAD.iter().chain(&["engle_granger", "phillips_ouliaris", "johansen"]) {
        reasons(at(&found, branch));
    }
    for branch in [
        "adf",
        "kpss",
        "half_life",
        "hurst",
        "rolling.z_last",
        "rolling.correlation_last",
        "engle_granger.y_on_x",
    ] {
        expect_reason(&found, branch, "the values do not vary");
    }
}
