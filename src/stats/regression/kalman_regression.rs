//! The moving regression as an estimator, over a whole sample, and with its noise ratio by maximum likelihood.

use crate::estimator::{finite, reading};
use crate::minimise::minimise;
use crate::regression::kalman::{Filter, Frame};
use crate::rolling::bivariate::Bivariate;
use crate::rolling::sliding::Sliding;
use crate::{Estimator, Innovation, KalmanState, NoiseRatio, Observation, OlsFit, Reading, Undefined};
use core::fmt;
use std::collections::VecDeque;

/// Fewest observations for initialisation.
const SHORTEST: usize = 10;
/// Range of the likelihood search, in decimal logarithms of the ratios.
const SEARCHED: (f64, f64) = (-12.0, 6.0);
const SEARCH_STEPS: u32 = 10;

/// The source of the noise ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum KalmanNoise {
    /// [`NoiseRatio::of_memory`] of the warm-up: the default, with nothing to choose.
    Memory,
    /// A given ratio, for instance from a fit to history.
    Ratio(NoiseRatio),
    /// The maximum-likelihood ratio on the observations of the warm-up; costs some 300 passes over them, once.
    Likelihood,
}

/// Why a filter cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum KalmanError {
    /// Too few observations for initialisation.
    WarmUp {
        /// Fewest observations.
        min: usize,
        /// Number given.
        was: usize,
    },
    /// A ratio is negative or not finite.
    Noise {
        /// The ratio given.
        was: NoiseRatio,
    },
}

impl fmt::Display for KalmanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WarmUp { min, was } => write!(formatter, "warm-up must be at least {min}, was {was}"),
            Self::Noise { was: NoiseRatio { level, slope } } => write!(
                formatter,
                "noise ratios must be finite and not negative, were {level} of the level and {slope} of the slope"
            ),
        }
    }
}

impl core::error::Error for KalmanError {}

/// Regression of y on x in which intercept and slope are random walks, by the Kalman filter.
///
/// `y_t = level_t + slope_t (x_t - centre) + e_t`, with independent steps of `level` and `slope`. Centre and
/// scale of x are those of the warm-up observations except the last, so that the noise ratio has no unit; the
/// start is diffuse. The reported intercept is `level - slope centre`. The observation variance is estimated as
/// the mean of the squared innovations over their relative variances.
///
/// Provisional from the third observation on, by least squares on all so far; ready after `warm_up`. Its memory
/// is determined by the noise ratio: no observation is ever dropped. One that is not finite is skipped, and its
/// reading is undefined. Every value depends only on this observation and earlier ones.
///
/// # Source
/// Harvey (1989), "Forecasting, structural time series models and the Kalman filter", section 3.4; de Jong
/// (1991), "The diffuse Kalman filter", for the start. Checked against statsmodels' state space with an exact
/// diffuse start in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{Estimator, KalmanNoise, KalmanRegression, Observation};
/// let mut kalman = KalmanRegression::new(20, KalmanNoise::Memory)?;
/// let mut last = None;
/// for t in 0..60 {
///     let x = (0.7 * f64::from(t)).sin();
///     last = Some(kalman.update(Observation { y: 5.0 + 2.0 * x + 0.01 * f64::from(t % 3), x }));
/// }
/// let now = last.unwrap();
/// assert!(now.is_ready() && (now.value().unwrap().slope - 2.0).abs() < 0.02);
/// # Ok::<(), spreadscope_stats::KalmanError>(())
/// ```
#[derive(Debug, Clone)]
pub struct KalmanRegression {
    warm_up: usize,
    noise: KalmanNoise,
    filter: Option<Filter>,
    sliding: Sliding<Bivariate>,
    /// The last `warm_up - 1` observations, until the filter starts.
    waiting: VecDeque<Observation>,
    line: Option<OlsFit>,
}

impl KalmanRegression {
    /// A regression without data.
    ///
    /// # Errors
    /// [`KalmanError`] if `warm_up` is below 10, or a given ratio is negative or not finite.
    pub fn new(warm_up: usize, noise: KalmanNoise) -> Result<Self, KalmanError> {
        let short = KalmanError::WarmUp { min: SHORTEST, was: warm_up };
        if warm_up < SHORTEST {
            return Err(short);
        }
        if let KalmanNoise::Ratio(was) = noise
            && !was.is_valid()
        {
            return Err(KalmanError::Noise { was });
        }
        let Ok(sliding) = Sliding::new(warm_up - 1, 3) else { return Err(short) };
        Ok(Self { warm_up, noise, filter: None, sliding, waiting: VecDeque::new(), line: None })
    }

    /// The noise ratio in use; `None` during warm-up.
    pub fn noise_ratio(&self) -> Option<NoiseRatio> {
        self.filter.as_ref().map(Filter::ratio)
    }

    /// The filter after the waiting observations.
    fn start(&self) -> Result<Filter, Undefined> {
        let (y, x): (Vec<f64>, Vec<f64>) = self.waiting.iter().map(|o| (o.y, o.x)).unzip();
        let ratio = match self.noise {
            KalmanNoise::Memory => NoiseRatio::of_memory(self.warm_up as f64),
            KalmanNoise::Ratio(ratio) => ratio,
            KalmanNoise::Likelihood => kalman_by_likelihood(&y, &x)?.ratio,
        };
        let mut filter = Filter::over(frame(&y, &x)?, ratio, &y, &x)?;
        filter.settle()?;
        Ok(filter)
    }

    fn wait(&mut self, input: Observation) -> Bivariate {
        if self.waiting.len() == self.warm_up - 1 {
            self.waiting.pop_front();
        }
        self.waiting.push_back(input);
        self.sliding.push(Bivariate::of(input))
    }

    /// The reading by least squares, before there is a filter.
    fn provisional(&mut self, input: Observation, moments: &Bivariate) -> Result<KalmanState, Undefined> {
        let before = self.line.take();
        let line = moments.ols(self.waiting.len())?;
        self.line = Some(line);
        let innovation = before.map(|before| Innovation {
            value: input.y - before.intercept - before.slope * input.x,
            std_dev: before.residual_std_dev,
        });
        if let Some(Innovation { value, .. }) = innovation {
            finite(&[value])?;
        }
        Ok(KalmanState {
            slope: line.slope,
            intercept: line.intercept,
            slope_std_error: line.slope_std_error,
            intercept_std_error: line.intercept_std_error,
            innovation,
            observation_std_dev: line.residual_std_dev,
            log_likelihood: None,
            count: line.count,
        })
    }
}

impl Estimator for KalmanRegression {
    type Input = Observation;
    type Output = KalmanState;

    fn update(&mut self, input: Observation) -> Reading<KalmanState> {
        if !input.y.is_finite() || !input.x.is_finite() {
            return Reading::Undefined(Undefined::NonFinite);
        }
        if self.filter.is_none() && self.waiting.len() + 1 < self.warm_up {
            let moments = self.wait(input);
            return reading(self.waiting.len(), 3, self.warm_up, || self.provisional(input, &moments));
        }
        let started = match self.filter {
            Some(_) => Ok(()),
            None => self.start().map(|filter| self.filter = Some(filter)),
        };
        if let Err(reason) = started {
            self.wait(input);
            return Reading::Undefined(reason);
        }
        self.waiting = VecDeque::new();
        let filter = self.filter.as_mut().expect("Invariant: it has started");
        match filter.observe(input).and_then(|()| filter.reading()) {
            Ok(state) => Reading::Ready(state),
            Err(reason) => Reading::Undefined(reason),
        }
    }

    fn reset(&mut self) {
        self.filter = None;
        self.sliding.clear();
        self.waiting.clear();
        self.line = None;
    }

    fn window(&self) -> usize {
        self.warm_up
    }
}

/// A moving regression over a whole sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KalmanFit {
    /// The noise ratio, given or estimated.
    pub ratio: NoiseRatio,
    /// State after the last observation.
    pub last: KalmanState,
}

/// Runs the filter over the whole sample with the given noise ratio.
///
/// `y`, `x`: of the same length, evenly spaced, oldest first, finite, at least 10. Centre and scale of x are
/// those of the sample; see [`KalmanRegression`] for the model.
///
/// # Errors
/// [`Undefined::TooShort`], [`Undefined::NonFinite`], [`Undefined::Collinear`] if x does not vary.
///
/// # Panics
/// If `y` and `x` differ in length, or a ratio is negative or not finite.
///
/// # Source
/// As [`KalmanRegression`].
///
/// ```
/// use spreadscope_stats::{NoiseRatio, kalman};
/// let x: Vec<f64> = (0..50).map(|t| (0.7 * f64::from(t)).sin()).collect();
/// let y: Vec<f64> = x.iter().enumerate().map(|(t, x)| 2.0 * x + 0.01 * (t % 3) as f64).collect();
/// let fit = kalman(&y, &x, NoiseRatio::of_memory(20.0))?;
/// assert!((fit.last.slope - 2.0).abs() < 0.02);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn kalman(y: &[f64], x: &[f64], ratio: NoiseRatio) -> Result<KalmanFit, Undefined> {
    assert!(ratio.is_valid(), "noise ratios must be finite and not negative, were {ratio:?}");
    let filter = Filter::over(frame(y, x)?, ratio, y, x)?;
    Ok(KalmanFit { ratio, last: filter.reading()? })
}

/// Runs the filter over the whole sample with the maximum-likelihood noise ratio.
///
/// The likelihood is for a diffuse start, with the observation variance at its best for each ratio. Both ratios
/// are searched over 1e-12 ..= 1e6 on a logarithmic scale, and 0 is tried for each. The search is deterministic
/// and takes some 300 passes over the sample.
///
/// # Errors
/// As [`kalman`], and [`Undefined::NoScale`] if the observations lie exactly on a line.
///
/// # Panics
/// If `y` and `x` differ in length.
///
/// # Source
/// As [`KalmanRegression`]; the search is that of Nelder, Mead (1965) from the best point of a grid. Checked
/// against scipy's minimisation of statsmodels' likelihood in `tests/oracle`.
pub fn kalman_by_likelihood(y: &[f64], x: &[f64]) -> Result<KalmanFit, Undefined> {
    let frame = frame(y, x)?;
    let still = Filter::over(frame, NoiseRatio { level: 0.0, slope: 0.0 }, y, x)?;
    if still.log_likelihood().is_none() {
        return Err(Undefined::NoScale);
    }
    let likelihood =
        |ratio: NoiseRatio| Filter::over(frame, ratio, y, x).ok().and_then(|filter| filter.log_likelihood());
    let moved =
        |[level, slope]: [f64; 2]| NoiseRatio { level: 10.0_f64.powf(level), slope: 10.0_f64.powf(slope) };
    let lowest =
        minimise(SEARCHED, SEARCH_STEPS, |at| likelihood(moved(at)).map_or(f64::INFINITY, |log| -log));
    let inside = moved(lowest.at);
    let edges = [
        NoiseRatio { level: 0.0, ..inside },
        NoiseRatio { slope: 0.0, ..inside },
        NoiseRatio { level: 0.0, slope: 0.0 },
    ];
    let (ratio, _) = edges.into_iter().fold((inside, -lowest.value), |best, ratio| {
        let log = likelihood(ratio).unwrap_or(f64::NEG_INFINITY);
        if log >= best.1 { (ratio, log) } else { best }
    });
    kalman(y, x, ratio)
}

fn frame(y: &[f64], x: &[f64]) -> Result<Frame, Undefined> {
    assert_eq!(y.len(), x.len(), "y and x must be of the same length");
    if y.len() < SHORTEST - 1 {
        return Err(Undefined::TooShort { needed: SHORTEST - 1, got: y.len() });
    }
    Frame::of(&Bivariate::of_sample(y, x), y.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn inputs(length: usize) -> Vec<Observation> {
        let walk = contract::walk(3 * length);
        (0..length)
            .map(|at| {
                let (x, moved) = (walk[at], walk[length + at]);
                Observation { y: 3.0 + (2.0 + 0.05 * moved) * x + 0.1 * (walk[2 * length + at] - moved), x }
            })
            .collect()
    }

    fn split(inputs: &[Observation]) -> (Vec<f64>, Vec<f64>) {
        inputs.iter().map(|input| (input.y, input.x)).unzip()
    }

    #[test]
    fn the_laws_without_a_window_hold() {
        for noise in [KalmanNoise::Memory, KalmanNoise::Likelihood] {
            let new = || Ok(KalmanRegression::new(15, noise).unwrap());
            contract::check_recursive(&new, &inputs(60), &|state: &KalmanState| state.slope);
            contract::check_recursive(&new, &inputs(60), &|state: &KalmanState| state.observation_std_dev);
        }
    }

    #[test]
    fn it_goes_on_from_its_history_as_one_pass_over_it() {
        let inputs = inputs(300);
        let mut kalman_stream = KalmanRegression::new(101, KalmanNoise::Memory).unwrap();
        let last = inputs[..101].iter().map(|&input| kalman_stream.update(input)).last().unwrap();
        let (y, x) = split(&inputs[..101]);
        let history = frame(&y[..100], &x[..100]).unwrap();
        let batch = Filter::over(history, NoiseRatio::of_memory(101.0), &y, &x).unwrap().reading().unwrap();
        let stream = last.value().unwrap();
        assert!((stream.slope - batch.slope).abs() < 1e-10 && last.is_ready(), "{stream:?} {batch:?}");
        let innovations = (stream.innovation.unwrap().value, batch.innovation.unwrap().value);
        assert!((innovations.0 - innovations.1).abs() < 1e-10, "{innovations:?}");
    }

    #[test]
    fn the_likelihood_is_greatest_where_it_says() {
        let (y, x) = split(&inputs(400));
        let best = kalman_by_likelihood(&y, &x).unwrap();
        let top = best.last.log_likelihood.unwrap();
        for factor in [0.5, 0.9, 1.1, 2.0] {
            for ratio in [
                NoiseRatio { level: best.ratio.level * factor, ..best.ratio },
                NoiseRatio { slope: best.ratio.slope * factor, ..best.ratio },
            ] {
                assert!(
                    kalman(&y, &x, ratio).unwrap().last.log_likelihood.unwrap() <= top + 1e-9,
                    "{ratio:?}"
                );
            }
        }
        assert!(best.ratio.slope > 0.0, "{best:?}");
    }

    #[test]
    fn what_cannot_be_filtered_says_why() {
        let error = KalmanRegression::new(5, KalmanNoise::Memory).unwrap_err();
        assert_eq!(error.to_string(), "warm-up must be at least 10, was 5");
        let negative = KalmanNoise::Ratio(NoiseRatio { level: -1.0, slope: 0.0 });
        assert!(matches!(KalmanRegression::new(50, negative), Err(KalmanError::Noise { .. })));
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(kalman_by_likelihood(&[2.0; 20], &x), Err(Undefined::NoScale));
        assert_eq!(kalman(&x, &[2.0; 20], NoiseRatio::of_memory(9.0)), Err(Undefined::Collinear));
        assert_eq!(kalman_by_likelihood(&[], &[]), Err(Undefined::TooShort { needed: 9, got: 0 }));

        let mut stream = KalmanRegression::new(10, KalmanNoise::Memory).unwrap();
        let still: Vec<_> = (0..12).map(|_| stream.update(Observation { y: 1.0, x: 4.0 })).collect();
        assert_eq!(still[11], Reading::Undefined(Undefined::Collinear));
        assert_eq!(
            stream.update(Observation { y: f64::NAN, x: 4.0 }),
            Reading::Undefined(Undefined::NonFinite)
        );
        let moving = inputs(20).into_iter().map(|input| stream.update(input)).last().unwrap();
        assert!(moving.is_ready(), "it starts once x has varied: {moving:?}");
    }
}
