//! Every function and estimator of the crate on numbers made from raw bytes: none may panic, and no result may
//! contain a number that is not finite. Called by the fuzzer and by a property test.

use core::fmt::Debug;
use core::num::NonZeroUsize;
use spreadscope_stats::*;

/// Most pairs of numbers read.
const MOST: usize = 200;

/// Bytes read as choices, then as numbers; missing bytes are 0.
struct Source<'a> {
    bytes: &'a [u8],
}

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        first
    }

    fn bits(&mut self) -> f64 {
        f64::from_bits(u64::from_le_bytes([(); 8].map(|()| self.byte())))
    }

    /// By `kind`: any bits, or ticks of a price, or small whole numbers with many ties.
    fn number(&mut self, kind: u8) -> f64 {
        match kind % 4 {
            0 => self.bits(),
            1 => 60_000.0 + f64::from(self.byte()) / 100.0,
            2 => f64::from(self.byte() % 5) - 2.0,
            _ => f64::from(i16::from_le_bytes([self.byte(), self.byte()])) * 1e-8,
        }
    }
}

/// Runs everything on `bytes`.
///
/// # Panics
/// If a result is not sound, which is what the test looks for.
pub(crate) fn exercise(bytes: &[u8]) {
    let mut source = Source { bytes };
    let [kind_y, kind_x, window, lags, terms, ratio] = [(); 6].map(|()| source.byte());
    let half_life = source.number(ratio);
    let (mut y, mut x) = (Vec::new(), Vec::new());
    while !source.bytes.is_empty() && y.len() < MOST {
        y.push(source.number(kind_y));
        x.push(source.number(kind_x));
    }
    let choices = Choices {
        window: usize::from(window % 32),
        half_life,
        trend: [Trend::None, Trend::Constant, Trend::Linear, Trend::Quadratic][usize::from(terms % 4)],
        lags: match lags % 4 {
            0 => LagChoice::Fixed(usize::from(lags / 16)),
            1 => LagChoice::Aic { max: None },
            2 => LagChoice::Bic { max: Some(usize::from(lags / 16)) },
            _ => LagChoice::TStat { max: None },
        },
        step: usize::from(ratio),
    };
    estimators(&y, &x, &choices);
    hedges(&y, &x, &choices);
    lines(&y, &x, &choices);
    pair(&y, &x, &choices);
    series(&y, &choices);
}

struct Choices {
    window: usize,
    half_life: f64,
    trend: Trend,
    lags: LagChoice,
    step: usize,
}

/// Panics if a result contains NaN or infinity.
fn sound(answer: &impl Debug) {
    let text = format!("{answer:?}");
    let mut words = text.split(|character: char| !character.is_alphanumeric());
    assert!(words.all(|word| word != "NaN" && word != "inf"), "{text}");
}

fn feed<E: Estimator>(estimator: Result<E, impl Debug>, inputs: impl Iterator<Item = E::Input>)
where
    E::Output: Debug,
{
    let Ok(mut estimator) = estimator else { return };
    for input in inputs {
        sound(&estimator.update(input));
    }
    estimator.reset();
    sound(&estimator.window());
}

fn estimators(y: &[f64], x: &[f64], choices: &Choices) {
    let window = choices.window;
    let values = || y.iter().copied();
    let pairs = || y.iter().zip(x).map(|(&y, &x)| Observation { y, x });
    let decay = Decay::half_life(choices.half_life).or_else(|_| Decay::half_life(window as f64));
    feed(RollingMoments::new(window), values());
    feed(RollingZScore::new(window), values());
    feed(RollingShape::new(window), values());
    feed(RollingExtremes::new(window), values());
    feed(RollingVwap::new(window), y.iter().zip(x).map(|(&price, &volume)| Traded { price, volume }));
    feed(RollingCovariance::new(window), pairs());
    feed(RollingCorrelation::new(window), pairs());
    feed(RollingOls::new(window), pairs());
    feed(RollingTls::new(window), pairs());
    feed(decay.map(EwmaMoments::new), values());
    feed(decay.map(EwmaZScore::new), values());
    feed(decay.map(RecursiveOls::new), pairs());
    for noise in [
        KalmanNoise::Memory,
        KalmanNoise::Likelihood,
        KalmanNoise::Ratio(NoiseRatio { level: choices.half_life, slope: 1e-3 }),
    ] {
        feed(KalmanRegression::new(window, noise), pairs());
    }
}

fn hedges(y: &[f64], x: &[f64], choices: &Choices) {
    let window = choices.window;
    let robust = Robust { window, refit_every: choices.step % 4 };
    for method in [
        HedgeMethod::Ols { window },
        HedgeMethod::Tls { window },
        HedgeMethod::Huber(robust),
        HedgeMethod::TheilSen(robust),
        HedgeMethod::Exponential { half_life: choices.half_life },
        HedgeMethod::Kalman { warm_up: window, noise: KalmanNoise::Memory },
    ] {
        for prices in [Prices::Levels, Prices::Logs] {
            let pairs = y.iter().zip(x).map(|(&y, &x)| Observation { y, x });
            feed(HedgeModel::new(HedgeSpec { method, prices }), pairs);
        }
    }
}

fn lines(y: &[f64], x: &[f64], choices: &Choices) {
    sound(&ols(y, x));
    sound(&tls(y, x));
    sound(&huber(y, x));
    sound(&theil_sen(y, x));
    sound(&kalman_by_likelihood(y, x));
    let ratio = NoiseRatio { level: choices.half_life, slope: choices.half_life };
    if ratio.is_valid() {
        sound(&kalman(y, x, ratio).map(|fit| fit.last));
    }
    sound(&least_squares(y, &[x, &vec![1.0; x.len()]]));
}

fn pair(y: &[f64], x: &[f64], choices: &Choices) {
    let spec = EngleGrangerSpec { trend: choices.trend, lags: choices.lags };
    sound(&engle_granger_with_adf(y, x, &spec));
    sound(&engle_granger_both(y, x, &spec));
    sound(&phillips_ouliaris(y, x, &PhillipsOuliarisSpec { trend: choices.trend, bandwidth: None }));
    for trend in [JohansenTrend::None, JohansenTrend::Constant, JohansenTrend::Linear] {
        sound(&johansen(&[y, x], &JohansenSpec { trend, lagged_changes: choices.step % 8 }));
    }
    let strides = [1, 2, 5, 100].map(|stride| NonZeroUsize::new(stride).expect("it is not zero"));
    sound(&by_stride(y, x, &strides, &VarianceRatioSpec::of(choices.step)));
    let step = NonZeroUsize::new(1 + choices.step % 8).expect("it is not zero");
    if let Ok(mut rolling) = RollingEngleGranger::new(choices.window, step, spec) {
        for (&y, &x) in y.iter().zip(x) {
            sound(&rolling.update(Observation { y, x }));
        }
    }
}

fn series(y: &[f64], choices: &Choices) {
    let Choices { trend, lags, step, .. } = *choices;
    sound(&adf(y, &AdfSpec { trend, lags }));
    sound(&phillips_perron(y, &PhillipsPerronSpec { trend, bandwidth: None }));
    for around in [Around::Level, Around::Trend] {
        sound(&df_gls(y, &DfGlsSpec { around, lags }));
        sound(&kpss(y, &KpssSpec { around, bandwidth: Bandwidth::Automatic }));
    }
    sound(&zivot_andrews(y, &ZivotAndrewsSpec { lags, ..ZivotAndrewsSpec::default() }));
    sound(&variance_ratio(y, &VarianceRatioSpec::of(step)));
    sound(&hurst(y));
    sound(&mean_crossings(y));
    sound(&ornstein_uhlenbeck(y));
    if let Reading::Ready(found) = half_life(y) {
        sound(&found.interval(Confidence::PERCENT_95));
    }
    let resamples = NonZeroUsize::new(9).expect("it is not zero");
    sound(&half_life_bootstrap(y, &BootstrapSpec { resamples, seed: 7, confidence: Confidence::PERCENT_95 }));
    sound(&bonferroni(&y.iter().map(|y| y.clamp(0.0, 1.0)).filter(|p| p.is_finite()).collect::<Vec<_>>()));
}
