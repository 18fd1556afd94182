//! The example that prints every statistic, on small files, checked against calls of the library.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../examples/evaluate/command.rs"]
mod command;
#[path = "../examples/evaluate/csv.rs"]
mod csv;
#[path = "evaluate/degenerate.rs"]
mod degenerate;
#[path = "../examples/evaluate/live.rs"]
mod live;
#[path = "../examples/evaluate/options.rs"]
mod options;
#[path = "../examples/evaluate/statistics.rs"]
mod statistics;
#[path = "../examples/evaluate/values.rs"]
mod values;

use serde_json::Value;
use spreadscope_stats::random::Congruential;
use spreadscope_stats::{
    AdfSpec, EngleGrangerSpec, Estimator, JohansenSpec, KpssSpec, Observation, RollingOls, VarianceRatioSpec,
    adf, engle_granger, huber, hurst, johansen, kalman_by_likelihood, kpss, ols, theil_sen, tls,
    variance_ratio,
};

/// The keys that callers rely on.
const KEYS: [&str; 44] = [
    "hedge.ols.slope",
    "hedge.ols.intercept",
    "hedge.ols.slope_stderr",
    "hedge.tls.slope",
    "hedge.tls.intercept",
    "hedge.huber.slope",
    "hedge.huber.intercept",
    "hedge.theil_sen.slope",
    "hedge.theil_sen.intercept",
    "hedge.kalman.slope_last",
    "adf.statistic",
    "adf.p_value",
    "adf.lags",
    "kpss.statistic",
    "kpss.p_value",
    "kpss.lags",
    "phillips_perron.statistic",
    "phillips_perron.p_value",
    "df_gls.statistic",
    "df_gls.lags",
    "engle_granger.y_on_x.statistic",
    "engle_granger.y_on_x.p_value",
    "engle_granger.x_on_y.statistic",
    "engle_granger.x_on_y.p_value",
    "johansen.trace",
    "johansen.max_eigenvalue",
    "variance_ratio.ratio",
    "variance_ratio.statistic",
    "variance_ratio.p_value",
    "hurst",
    "half_life.bars",
    "half_life.low",
    "half_life.high",
    "ornstein_uhlenbeck.theta",
    "ornstein_uhlenbeck.mu",
    "ornstein_uhlenbeck.sigma",
    "rolling.z_last",
    "rolling.correlation_last",
    "rolling.slope_last",
    "rolling.skewness_last",
    "zivot_andrews.statistic",
    "phillips_ouliaris.z_t.p_value",
    "ewma.z_last",
    "sampling.stride_5.correlation",
];

fn pair(length: usize) -> (Vec<f64>, Vec<f64>) {
    let mut random = Congruential::new(12_345);
    let (mut level, mut rest) = (2_600.0, 0.0);
    (0..length)
        .map(|_| {
            level += random.centred();
            rest = 0.8 * rest + random.centred();
            (5.0 + 20.0 * level + rest, level)
        })
        .unzip()
}

fn file(y: &[f64], x: &[f64]) -> String {
    let rows: Vec<String> =
        y.iter().zip(x).enumerate().map(|(t, (y, x))| format!("{t},{x},{y}\r\n")).collect();
    format!("\u{feff}time, \"eth\" ,btc\r\n{}", rows.concat())
}

fn run(text: &str, arguments: &[&str]) -> Result<String, String> {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    command::run(&arguments, &mut text.as_bytes())
}

fn json(text: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&run(text, arguments).unwrap()).unwrap()
}

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, name| value.get(name).unwrap_or_else(|| panic!("{path} in {value}")))
}

#[test]
fn each_key_has_the_number_of_the_librarys_call() {
    let (y, x) = pair(400);
    let found = json(&file(&y, &x), &["--y", "btc", "--x", "eth", "--window=50", "--json", "-"]);
    for key in KEYS {
        let value = at(&found, key);
        assert!(value.is_number() || value.is_array(), "{key}: {value}");
    }
    let fit = ols(&y, &x).unwrap();
    let spread: Vec<f64> = y.iter().zip(&x).map(|(y, x)| y - fit.intercept - fit.slope * x).collect();
    let mut rolling = RollingOls::new(50).unwrap();
    let last = y.iter().zip(&x).map(|(&y, &x)| rolling.update(Observation { y, x })).last().unwrap();
    let dickey = adf(&spread, &AdfSpec::default()).unwrap();
    let granger = engle_granger(&y, &x, &EngleGrangerSpec::default()).unwrap();
    let vectors = johansen(&[&y, &x], &JohansenSpec::default()).unwrap();
    for (key, expected) in [
        ("hedge.ols.slope_stderr", fit.slope_std_error),
        ("hedge.tls.slope", tls(&y, &x).unwrap().slope),
        ("hedge.huber.intercept", huber(&y, &x).unwrap().intercept),
        ("hedge.theil_sen.slope", theil_sen(&y, &x).unwrap().slope),
        ("hedge.kalman.slope_last", kalman_by_likelihood(&y, &x).unwrap().last.slope),
        ("adf.statistic", dickey.statistic),
        ("adf.lags", dickey.lags as f64),
        ("kpss.statistic", kpss(&spread, &KpssSpec::default()).unwrap().statistic),
        ("engle_granger.y_on_x.p_value", granger.p_value),
        ("variance_ratio.p_value", variance_ratio(&spread, &VarianceRatioSpec::of(2)).unwrap().p_value),
        ("hurst", hurst(&spread).unwrap().exponent),
        ("rolling.slope_last", last.value().unwrap().slope),
    ] {
        // the test's JSON reader may be off by the last bit
        let got = at(&found, key).as_f64().unwrap();
        assert!((got - expected).abs() <= 4.0 * f64::EPSILON * expected.abs(), "{key}: {got} {expected}");
    }
    assert_eq!(at(&found, "johansen.trace").as_array().unwrap().len(), vectors.trace.len());
}

#[test]
fn text_has_a_line_for_each_number() {
    let (y, x) = pair(400);
    let text = run(&file(&y, &x), &["-", "--y=3", "--x=2", "--prices", "logs", "--hedge", "tls"]).unwrap();
    for key in KEYS {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(key));
        assert!(line.is_some_and(|line| !line.contains("undefined")), "{key}: {line:?}");
    }
    assert!(run("", &["--help"]).unwrap().contains("{\"undefined\": \"the reason\"}"));
}

#[test]
fn what_does_not_exist_keeps_its_key_and_says_why() {
    for (name, text) in [
        ("no rows", "y,x\n".to_owned()),
        ("two rows", "y,x\n1,2\n2,1\n".to_owned()),
        ("x stands still", file(&pair(300).0, &[7.0; 300])),
        ("both stand still", file(&[3.0; 300], &[7.0; 300])),
        ("one is the other", file(&pair(300).1, &pair(300).1)),
    ] {
        let found = json(&text, &["-", "--json"]);
        for key in KEYS {
            let value = at(&found, key);
            let says =
                value.get("undefined").and_then(Value::as_str).is_some_and(|reason| !reason.is_empty());
            assert!(says || value.is_number() || value.is_array(), "{name}: {key}: {value}");
        }
    }
    let still = json(&file(&pair(300).0, &[7.0; 300]), &["-", "--json", "--y=btc", "--x=eth"]);
    let reason = at(&still, "adf.statistic.undefined").as_str().unwrap();
    assert!(reason.starts_with("there is no spread"), "{reason}");
}

#[test]
fn bad_input_is_one_sentence_with_line_and_column() {
    for (text, arguments, expected) in [
        ("", vec!["-"], "line 1, column 1: a header is needed, the file is empty"),
        ("1,2\n3,4\n", vec!["-"], "line 1, column 1: a header is needed, found the number 1"),
        ("y,x\n1,2\n3,four\n", vec!["-"], "line 3, column 2 (x): \"four\" is not a number"),
        ("y,x\n\n1,2\n3,nan\n", vec!["-"], "line 4, column 2 (x): \"nan\" is not a finite number"),
        ("y,x\n1,2\n3\n", vec!["-"], "line 3, column 2 (x): a number is missing, the line has 1 fields"),
        ("y,x\n1,0\n", vec!["-", "--prices=logs"], "line 2, column 2 (x): 0 has no logarithm"),
        ("y,x\n1,\"2\n", vec!["-"], "line 2, column 2: a quote is not closed"),
        ("y,x\n", vec!["-", "--x", "z"], "line 1, column 1: no column is named \"z\", there are y, x"),
        ("y,x\n", vec!["-", "--x", "3"], "line 1, column 3: there is no such column, there are 2"),
        ("y,y\n", vec!["-", "--x", "y"], "line 1, column 2: a second column is named \"y\""),
        ("", vec![], "a file is needed, or - for standard input; --help says more"),
        ("", vec!["-", "more"], "one file is taken, more is a second"),
        ("", vec!["--what"], "there is no option --what; --help lists them"),
        ("", vec!["--window", "3"], "--window must be a whole number of at least 4, was \"3\""),
        ("", vec!["--lags", "many"], "--lags is \"many\", not one of aic, bic, t-stat, or a number"),
        ("", vec!["--y"], "--y needs a value; --help says which"),
    ] {
        assert_eq!(run(text, &arguments), Err(expected.to_owned()), "{arguments:?}");
    }
    let missing = run("", &["no such file.csv"]).unwrap_err();
    assert!(missing.starts_with("no such file.csv cannot be read: "), "{missing}");
    let mut bytes: &[u8] = b"y,x\n1,\xff\n";
    let wrong = command::run(&["-".to_owned()], &mut bytes).unwrap_err();
    assert_eq!(wrong, "line 2, column 2: the text is not UTF-8");
}
