//! Every statistic of a pair, under its name.

use crate::live::{hedge, rolling_pair, rolling_spread, weighted};
use crate::options::{Hedge, Options};
use crate::values::{Field, Outcome, leaf, number, object, outcome, ready, tree, tree_of, undefined};
use serde_json::Value;
use spreadscope_stats::{
    Adf, AdfSpec, Around, BootstrapSpec, Confidence, DfGlsSpec, EngleGrangerSpec, JohansenSpec, JohansenTest,
    JohansenTrend, KpssSpec, LagChoice, PhillipsOuliaris, PhillipsOuliarisSpec, PhillipsPerronSpec, Prices,
    Series, Spread, Trend, VarianceRatioSpec, ZivotAndrewsSpec, adf, by_stride, df_gls, engle_granger,
    half_life, half_life_bootstrap, huber, hurst, johansen, kpss, mean_crossings, ols, ornstein_uhlenbeck,
    phillips_ouliaris, phillips_perron, theil_sen, tls, variance_ratio, zivot_andrews,
};
use std::num::NonZeroUsize;

const RESAMPLES: NonZeroUsize = NonZeroUsize::new(999).expect("it is not zero");
const STRIDES: [(&str, NonZeroUsize); 4] = [
    ("stride_1", NonZeroUsize::new(1).expect("it is not zero")),
    ("stride_5", NonZeroUsize::new(5).expect("it is not zero")),
    ("stride_15", NonZeroUsize::new(15).expect("it is not zero")),
    ("stride_60", NonZeroUsize::new(60).expect("it is not zero")),
];

/// `y`, `x`: of the same length, finite, on the chosen price scale.
pub(crate) fn all(y: &[f64], x: &[f64], options: &Options) -> Value {
    // the rounding error of a logarithm is that of its price in relative terms, however small the logarithm is
    let behind = if options.prices == Prices::Logs { 1.0 } else { 0.0 };
    let [of_y, of_x] = [y, x].map(|values| Series::computed_from(values, behind));
    let spread = spread(of_y, of_x, options.hedge);
    let of = |statistic: &dyn Fn(Series<'_>) -> Value| match &spread {
        Ok(spread) => statistic(spread.series()),
        // if a series is too short for anything, the keys are the same, each with the regression's reason
        Err(reason) => with_reason(statistic((&[]).into()), reason),
    };
    tree([
        ("observations", Value::from(y.len())),
        ("hedge", hedge(y, x, options)),
        ("adf", of(&|spread| unit_root(spread, options))),
        ("kpss", of(&|spread| stationarity(spread, options))),
        ("phillips_perron", of(&|spread| phillips(spread, options))),
        ("df_gls", of(&|spread| gls(spread, options))),
        ("zivot_andrews", of(&|spread| with_break(spread, options))),
        (
            "engle_granger",
            tree([
                ("y_on_x", cointegration(of_y, of_x, options)),
                ("x_on_y", cointegration(of_x, of_y, options)),
            ]),
        ),
        ("johansen", rank(y, x, options)),
        ("phillips_ouliaris", residual_tests(of_y, of_x, options)),
        ("variance_ratio", of(&|spread| ratio(spread, options))),
        ("hurst", of(&|spread| leaf(outcome(hurst(spread)).map(|found| found.exponent)))),
        ("half_life", of(&reversion)),
        ("half_life_bootstrap", of(&resampled)),
        ("ornstein_uhlenbeck", of(&diffusion)),
        ("mean_crossings", of(&crossings)),
        ("rolling", tree_of([of(&|spread| rolling_spread(spread, options)), rolling_pair(y, x, options)])),
        ("ewma", of(&|spread| weighted(spread, options))),
        ("sampling", sampling(y, x, options)),
    ])
}

/// The same keys, each with this reason.
fn with_reason(value: Value, reason: &str) -> Value {
    match value {
        Value::Object(fields) if !fields.contains_key("undefined") => Value::Object(
            fields.into_iter().map(|(name, value)| (name, with_reason(value, reason))).collect(),
        ),
        _ => undefined(reason),
    }
}

fn spread(of_y: Series<'_>, of_x: Series<'_>, hedge: Hedge) -> Outcome<Spread> {
    let (y, x) = (of_y.values(), of_x.values());
    let line = match hedge {
        Hedge::Ols => ols(y, x).map(|fit| (fit.slope, fit.intercept)),
        Hedge::Tls => tls(y, x).map(|fit| (fit.slope, fit.intercept)),
        Hedge::Huber => huber(y, x).map(|fit| (fit.slope, fit.intercept)),
        Hedge::TheilSen => theil_sen(y, x).map(|fit| (fit.slope, fit.intercept)),
    };
    let (slope, intercept) = line.map_err(|reason| format!("there is no spread: {reason}"))?;
    outcome(Spread::new(of_y, of_x, slope, intercept))
}

fn unit_root(spread: Series<'_>, options: &Options) -> Value {
    let fields: [Field<Adf>; 3] = [
        ("statistic", |test| number(test.statistic)),
        ("p_value", |test| number(test.p_value)),
        ("lags", |test| Value::from(test.lags)),
    ];
    let spec = AdfSpec { trend: options.regression, lags: options.lags };
    object(&outcome(adf(spread, &spec)), &fields)
}

/// The deterministic part for tests that have only a level and a trend.
fn around(options: &Options) -> Around {
    if matches!(options.regression, Trend::None | Trend::Constant) { Around::Level } else { Around::Trend }
}

fn stationarity(spread: Series<'_>, options: &Options) -> Value {
    let spec = KpssSpec { around: around(options), ..KpssSpec::default() };
    object(
        &outcome(kpss(spread, &spec)),
        &[
            ("statistic", |test| number(test.statistic)),
            ("p_value", |test| number(test.p_value.number())),
            ("lags", |test| Value::from(test.bandwidth)),
        ],
    )
}

fn phillips(spread: Series<'_>, options: &Options) -> Value {
    let spec = PhillipsPerronSpec { trend: options.regression, ..PhillipsPerronSpec::default() };
    object(
        &outcome(phillips_perron(spread, &spec)),
        &[
            ("statistic", |test| number(test.tau.statistic)),
            ("p_value", |test| number(test.tau.p_value)),
            ("lags", |test| Value::from(test.bandwidth)),
        ],
    )
}

fn gls(spread: Series<'_>, options: &Options) -> Value {
    let spec = DfGlsSpec { around: around(options), lags: options.lags };
    object(
        &outcome(df_gls(spread, &spec)),
        &[
            ("statistic", |test| number(test.statistic)),
            ("p_value", |test| number(test.p_value)),
            ("lags", |test| Value::from(test.lags)),
        ],
    )
}

fn with_break(spread: Series<'_>, options: &Options) -> Value {
    let spec = ZivotAndrewsSpec { lags: options.lags, ..ZivotAndrewsSpec::default() };
    object(
        &outcome(zivot_andrews(spread, &spec)),
        &[
            ("statistic", |test| number(test.statistic)),
            ("p_value", |test| number(test.p_value.number())),
            ("lags", |test| Value::from(test.lags)),
            ("break_after", |test| Value::from(test.break_after)),
        ],
    )
}

/// The trend for tests of the pair, which need at least a constant.
fn with_constant(options: &Options) -> Trend {
    if options.regression == Trend::None { Trend::Constant } else { options.regression }
}

fn cointegration(y: Series<'_>, x: Series<'_>, options: &Options) -> Value {
    let spec = EngleGrangerSpec { trend: with_constant(options), lags: options.lags };
    object(
        &outcome(engle_granger(y, x, &spec)),
        &[
            ("statistic", |test| number(test.statistic)),
            ("p_value", |test| number(test.p_value)),
            ("lags", |test| Value::from(test.lags)),
        ],
    )
}

fn rank(y: &[f64], x: &[f64], options: &Options) -> Value {
    let trend = match options.regression {
        Trend::None => JohansenTrend::None,
        Trend::Constant => JohansenTrend::Constant,
        Trend::Linear | Trend::Quadratic => JohansenTrend::Linear,
    };
    let lagged_changes = if let LagChoice::Fixed(lags) = options.lags { lags } else { 1 };
    let list = |tests: &[JohansenTest]| tests.iter().map(|test| number(test.statistic)).collect::<Value>();
    match johansen(&[y, x], &JohansenSpec { trend, lagged_changes }) {
        Ok(found) => tree([("trace", list(&found.trace)), ("max_eigenvalue", list(&found.max_eigenvalue))]),
        Err(error) => {
            let reason = undefined(&error.to_string());
            tree([("trace", reason.clone()), ("max_eigenvalue", reason)])
        }
    }
}

fn residual_tests(y: Series<'_>, x: Series<'_>, options: &Options) -> Value {
    let spec = PhillipsOuliarisSpec { trend: with_constant(options), ..PhillipsOuliarisSpec::default() };
    let found = outcome(phillips_ouliaris(y, x, &spec));
    let test = |fields: [Field<PhillipsOuliaris>; 2]| object(&found, &fields);
    tree([
        (
            "z_t",
            test([
                ("statistic", |all| number(all.z_t.statistic)),
                ("p_value", |all| number(all.z_t.p_value)),
            ]),
        ),
        (
            "z_alpha",
            test([
                ("statistic", |all| number(all.z_alpha.statistic)),
                ("p_value", |all| number(all.z_alpha.p_value)),
            ]),
        ),
        (
            "p_u",
            test([
                ("statistic", |all| number(all.p_u.statistic)),
                ("p_value", |all| number(all.p_u.p_value)),
            ]),
        ),
        (
            "p_z",
            test([
                ("statistic", |all| number(all.p_z.statistic)),
                ("p_value", |all| number(all.p_z.p_value)),
            ]),
        ),
    ])
}

fn ratio(spread: Series<'_>, options: &Options) -> Value {
    object(
        &outcome(variance_ratio(spread, &VarianceRatioSpec::of(options.ratio_lags))),
        &[
            ("ratio", |found| number(found.ratio)),
            ("statistic", |found| number(found.statistic)),
            ("p_value", |found| number(found.p_value)),
        ],
    )
}

fn reversion(spread: Series<'_>) -> Value {
    object(
        &ready(half_life(spread)),
        &[
            ("bars", |found| number(found.bars)),
            ("low", |found| number(found.interval(Confidence::PERCENT_95).low)),
            ("high", |found| number(found.interval(Confidence::PERCENT_95).high)),
        ],
    )
}

fn resampled(spread: Series<'_>) -> Value {
    let spec = BootstrapSpec { resamples: RESAMPLES, seed: 1, confidence: Confidence::PERCENT_95 };
    object(
        &outcome(half_life_bootstrap(spread, &spec)),
        &[
            ("low", |found| number(found.low)),
            ("high", |found| {
                found.high.map_or_else(|| undefined("too many resamples do not revert"), number)
            }),
        ],
    )
}

fn diffusion(spread: Series<'_>) -> Value {
    object(
        &outcome(ornstein_uhlenbeck(spread)),
        &[
            ("theta", |found| number(found.theta)),
            ("mu", |found| number(found.mu)),
            ("sigma", |found| number(found.sigma)),
        ],
    )
}

fn crossings(spread: Series<'_>) -> Value {
    object(
        &outcome(mean_crossings(spread)),
        &[
            ("count", |found| Value::from(found.crossings)),
            ("rate", |found| number(found.rate)),
            ("expected_rate", |found| number(found.expected_rate)),
        ],
    )
}

fn sampling(y: &[f64], x: &[f64], options: &Options) -> Value {
    let strides = STRIDES.map(|(_, stride)| stride);
    let found = by_stride(y, x, &strides, &VarianceRatioSpec::of(options.ratio_lags));
    let at = |place: usize| {
        let one = match &found {
            Ok(all) => Ok(all[place]),
            Err(error) => Err(error.to_string()),
        };
        object(
            &one,
            &[
                ("observations", |found| Value::from(found.observations)),
                ("correlation", |found| leaf(outcome(found.correlation))),
                ("half_life_bars", |found| leaf(ready(found.half_life).map(|half| half.bars))),
                ("variance_ratio", |found| leaf(outcome(found.variance_ratio).map(|found| found.ratio))),
            ],
        )
    };
    tree([0, 1, 2, 3].map(|place| (STRIDES[place].0, at(place))))
}
