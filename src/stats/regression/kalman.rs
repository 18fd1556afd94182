//! Regression with moving intercept and slope: the Kalman filter with an exact diffuse start.
//!
//! Everything in the filter is relative to the observation variance and to a least-squares line that is
//! subtracted beforehand. Neither changes the result, and the level of prices costs no digits. The start is not
//! guessed: the unknown initial intercept and slope are carried along as two columns and estimated from the
//! data (de Jong's augmented filter).

use crate::estimator::finite;
use crate::rolling::bivariate::Bivariate;
use crate::{Observation, OlsFit, Undefined};
use core::f64::consts::PI;

/// Variance of the steps of intercept and slope per observation, relative to the observation variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseRatio {
    /// For the level, which is y at the centre of x.
    pub level: f64,
    /// For the slope, times the variance of x.
    pub slope: f64,
}

impl NoiseRatio {
    /// The ratio for a memory of `observations` observations: `1 / observations²`, for both.
    ///
    /// In the steady state, the gain of the level is then about `1 / observations`, as for an exponential mean
    /// with that mean age.
    pub fn of_memory(observations: f64) -> Self {
        let ratio = 1.0 / (observations * observations);
        Self { level: ratio, slope: ratio }
    }

    /// Whether both are finite and not negative.
    pub fn is_valid(&self) -> bool {
        self.level >= 0.0 && self.slope >= 0.0 && self.level.is_finite() && self.slope.is_finite()
    }
}

/// The state of the filter after an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KalmanState {
    /// Units of y per unit of x.
    pub slope: f64,
    /// y at x = 0.
    pub intercept: f64,
    /// Standard error of the current slope.
    pub slope_std_error: f64,
    /// Standard error of the current intercept.
    pub intercept_std_error: f64,
    /// The innovation of this observation; `None` if there was no prediction for it.
    pub innovation: Option<Innovation>,
    /// Estimated standard deviation of an observation about its line, in units of y.
    pub observation_std_dev: f64,
    /// Log-likelihood of all observations, with the observation variance at its estimate and a start that is
    /// diffuse in y at the centre of x and in y per standard deviation of x. `None` during warm-up, and if the
    /// observations lie exactly on a line.
    pub log_likelihood: Option<f64>,
    /// Number of observations.
    pub count: usize,
}

/// The deviation of an observation from its prediction by the previous coefficients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Innovation {
    /// Observation minus prediction, in units of y.
    pub value: f64,
    /// Its predicted standard deviation.
    pub std_dev: f64,
}

/// The filter's units: `z = (x - centre) / scale`, and y minus a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    centre: f64,
    scale: f64,
    line: OlsFit,
    level: f64,
}

impl Frame {
    /// The frame with the least-squares line of a sample.
    pub(crate) fn of(moments: &Bivariate, count: usize) -> Result<Self, Undefined> {
        let line = moments.ols(count)?;
        let scale = (moments.sxx / (moments.n - 1.0)).sqrt();
        Ok(Self { centre: moments.mean_x.value, scale, line, level: moments.mean_y.value })
    }
}

/// The columns of the unknown start, and their normal equations.
#[derive(Debug, Clone, Copy)]
struct Diffuse {
    columns: [[f64; 2]; 2],
    gram: [f64; 3],
    against: [f64; 2],
}

/// The filter; level and slope are deviations from the frame's line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter {
    frame: Frame,
    ratio: NoiseRatio,
    state: [f64; 2],
    /// Covariance relative to the observation variance: of the level, of level and slope, of the slope.
    covariance: [f64; 3],
    diffuse: Option<Diffuse>,
    /// Sum of squared innovations, each over its relative variance.
    squares: f64,
    log_variances: f64,
    count: usize,
    innovation: f64,
    innovation_variance: f64,
    /// Observation variance before the last observation.
    variance_before: f64,
}

impl Filter {
    pub(crate) fn new(frame: Frame, ratio: NoiseRatio) -> Self {
        let identity = [[1.0, 0.0], [0.0, 1.0]];
        Self {
            frame,
            ratio,
            state: [0.0; 2],
            covariance: [0.0; 3],
            diffuse: Some(Diffuse { columns: identity, gram: [0.0; 3], against: [0.0; 2] }),
            squares: 0.0,
            log_variances: 0.0,
            count: 0,
            innovation: 0.0,
            innovation_variance: 1.0,
            variance_before: 0.0,
        }
    }

    /// The filter after a whole sample, with its start estimated.
    pub(crate) fn over(frame: Frame, ratio: NoiseRatio, y: &[f64], x: &[f64]) -> Result<Self, Undefined> {
        let mut filter = Self::new(frame, ratio);
        for at in 0..y.len() {
            // before the last observation, so that its innovation comes from an estimated start
            if at + 1 == y.len() {
                filter.settle()?;
            }
            filter.observe(Observation { y: y[at], x: x[at] })?;
        }
        Ok(filter)
    }

    pub(crate) fn ratio(&self) -> NoiseRatio {
        self.ratio
    }

    /// Takes an observation; skips one that is not finite or leads to numbers that are not.
    pub(crate) fn observe(&mut self, Observation { y, x }: Observation) -> Result<(), Undefined> {
        let Frame { centre, scale, line, level } = self.frame;
        let z = (x - centre) / scale;
        let target = y - level - line.slope * (x - centre);
        let [mut c11, mut c12, mut c22] = self.covariance;
        c11 += self.ratio.level;
        c22 += self.ratio.slope;
        let (p1, p2) = (c11 + c12 * z, c12 + c22 * z);
        let variance = p1 + p2 * z + 1.0;
        let (k1, k2) = (p1 / variance, p2 / variance);
        let innovation = target - self.state[0] - self.state[1] * z;
        let mut next = *self;
        next.state = [self.state[0] + k1 * innovation, self.state[1] + k2 * innovation];
        c11 -= k1 * p1;
        c12 -= k1 * p2;
        c22 -= k2 * p2;
        next.covariance = [c11, c12, c22];
        if let Some(Diffuse { columns, gram, against }) = &mut next.diffuse {
            let [first, second] = *columns;
            let (w1, w2) = (first[0] + second[0] * z, first[1] + second[1] * z);
            *gram =
                [gram[0] + w1 * w1 / variance, gram[1] + w1 * w2 / variance, gram[2] + w2 * w2 / variance];
            *against = [against[0] + w1 * innovation / variance, against[1] + w2 * innovation / variance];
            *columns = [[first[0] - k1 * w1, first[1] - k1 * w2], [second[0] - k2 * w1, second[1] - k2 * w2]];
        }
        next.variance_before = self.observation_variance();
        next.squares += innovation * innovation / variance;
        next.log_variances += variance.ln();
        next.count += 1;
        next.innovation = innovation;
        next.innovation_variance = variance;
        let sums = [next.state[0], next.state[1], c11, c12, c22, next.squares, next.log_variances];
        if sums.iter().any(|number| !number.is_finite()) {
            return Err(Undefined::NonFinite);
        }
        *self = next;
        Ok(())
    }

    /// Replaces the unknown start by its estimate.
    pub(crate) fn settle(&mut self) -> Result<(), Undefined> {
        let Some(Diffuse { columns: [[a11, a12], [a21, a22]], gram: [g11, g12, g22], against }) =
            self.diffuse
        else {
            return Ok(());
        };
        let determinant = g11 * g22 - g12 * g12;
        if determinant.is_nan() || determinant <= 1e-12 * g11 * g22 {
            return Err(Undefined::Collinear);
        }
        let (i11, i12, i22) = (g22 / determinant, -g12 / determinant, g11 / determinant);
        let start = [i11 * against[0] + i12 * against[1], i12 * against[0] + i22 * against[1]];
        self.state[0] += a11 * start[0] + a12 * start[1];
        self.state[1] += a21 * start[0] + a22 * start[1];
        let quadratic =
            |[l1, l2]: [f64; 2], [r1, r2]: [f64; 2]| l1 * (i11 * r1 + i12 * r2) + l2 * (i12 * r1 + i22 * r2);
        self.covariance[0] += quadratic([a11, a12], [a11, a12]);
        self.covariance[1] += quadratic([a11, a12], [a21, a22]);
        self.covariance[2] += quadratic([a21, a22], [a21, a22]);
        self.squares = (self.squares - against[0] * start[0] - against[1] * start[1]).max(0.0);
        self.log_variances += determinant.ln();
        self.diffuse = None;
        Ok(())
    }

    fn observation_variance(&self) -> f64 {
        self.squares / (self.count as f64 - 2.0).max(1.0)
    }

    /// Log-likelihood of a settled filter.
    pub(crate) fn log_likelihood(&self) -> Option<f64> {
        let freedom = self.count as f64 - 2.0;
        let log =
            -0.5 * (freedom * ((2.0 * PI * self.observation_variance()).ln() + 1.0) + self.log_variances);
        log.is_finite().then_some(log)
    }

    /// State of a settled filter.
    pub(crate) fn reading(&self) -> Result<KalmanState, Undefined> {
        let Frame { centre, scale, line, level } = self.frame;
        let variance = self.observation_variance();
        let slope = line.slope + self.state[1] / scale;
        let [c11, c12, c22] = self.covariance;
        let lever = centre / scale;
        let of_intercept = c11 - 2.0 * lever * c12 + lever * lever * c22;
        let innovation = Innovation {
            value: self.innovation,
            std_dev: (self.variance_before * self.innovation_variance).sqrt(),
        };
        let state = KalmanState {
            slope,
            intercept: level + self.state[0] - slope * centre,
            slope_std_error: (variance * c22.max(0.0)).sqrt() / scale,
            intercept_std_error: (variance * of_intercept.max(0.0)).sqrt(),
            innovation: Some(innovation),
            observation_std_dev: variance.sqrt(),
            log_likelihood: self.log_likelihood(),
            count: self.count,
        };
        finite(&[state.slope, state.intercept, state.slope_std_error, state.intercept_std_error])?;
        finite(&[innovation.value, innovation.std_dev, state.observation_std_dev])?;
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contract, ols};

    fn sample() -> (Vec<f64>, Vec<f64>) {
        let walk = contract::walk(600);
        let x: Vec<f64> = walk[..300].iter().map(|x| 2_600.0 + x).collect();
        (x.iter().zip(&walk[300..]).map(|(x, e)| 60_000.0 + 20.0 * (x - 2_600.0) + e).collect(), x)
    }

    fn frame(y: &[f64], x: &[f64]) -> Frame {
        Frame::of(&Bivariate::of_sample(y, x), y.len()).unwrap()
    }

    #[test]
    fn what_does_not_move_is_least_squares() {
        let (y, x) = sample();
        let still = NoiseRatio { level: 0.0, slope: 0.0 };
        let got = Filter::over(frame(&y, &x), still, &y, &x).unwrap().reading().unwrap();
        let fit = ols(&y, &x).unwrap();
        for (got, expected) in [
            (got.slope, fit.slope),
            (got.intercept, fit.intercept),
            (got.slope_std_error, fit.slope_std_error),
            (got.intercept_std_error, fit.intercept_std_error),
            (got.observation_std_dev, fit.residual_std_dev),
        ] {
            assert!((got / expected - 1.0).abs() < 1e-10, "{got} {expected}");
        }
    }

    #[test]
    fn the_frame_and_the_moment_of_settling_change_nothing() {
        let (y, x) = sample();
        let ratio = NoiseRatio { level: 1e-2, slope: 0.0 };
        let late = Filter::over(frame(&y, &x), ratio, &y, &x).unwrap().reading().unwrap();
        let mut early = Filter::new(frame(&y[..40], &x[..40]), ratio);
        for (at, (&y, &x)) in y.iter().zip(&x).enumerate() {
            if at == 40 {
                early.settle().unwrap();
            }
            early.observe(Observation { y, x }).unwrap();
        }
        let early = early.reading().unwrap();
        let innovations = (early.innovation.unwrap().value, late.innovation.unwrap().value);
        assert!((innovations.0 - innovations.1).abs() < 1e-9, "{innovations:?}");
        for (early, late) in [
            (early.slope, late.slope),
            (early.intercept, late.intercept),
            (early.slope_std_error, late.slope_std_error),
            (early.intercept_std_error, late.intercept_std_error),
            (early.observation_std_dev, late.observation_std_dev),
        ] {
            assert!((early / late - 1.0).abs() < 1e-8, "{early} {late}");
        }
    }

    #[test]
    fn a_bad_observation_is_left_out() {
        let (y, x) = sample();
        let mut filter = Filter::new(frame(&y, &x), NoiseRatio::of_memory(30.0));
        for (&y, &x) in y.iter().zip(&x) {
            filter.observe(Observation { y, x }).unwrap();
        }
        let before = format!("{filter:?}");
        for bad in [f64::NAN, f64::INFINITY, f64::MAX] {
            assert_eq!(filter.observe(Observation { y: bad, x: bad }), Err(Undefined::NonFinite));
        }
        assert_eq!(format!("{filter:?}"), before);
    }
}
