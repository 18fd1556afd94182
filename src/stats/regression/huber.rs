//! Huber's robust regression, scaled by the median absolute deviation.

use crate::Undefined;
use crate::estimator::finite;
use crate::rolling::bivariate::Bivariate;
use crate::rolling::order::median;

/// Residuals beyond this many scales get less weight; gives 95 % efficiency for normal errors.
const TUNING: f64 = 1.345;
/// The normal distribution's median absolute deviation, in standard deviations: `Φ⁻¹(3/4)`.
const NORMAL_MAD: f64 = 0.674_489_750_196_081_7;
/// Convergence tolerance, relative to the scale of the residuals.
const SETTLED: f64 = 1e-12;
const NEARLY_SETTLED: f64 = 1e-6;
const MOST_ITERATIONS: usize = 500;

/// `y = intercept + slope x + e`, with less weight on large e.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HuberFit {
    /// Units of y per unit of x.
    pub slope: f64,
    /// Intercept, in units of y.
    pub intercept: f64,
    /// Standard error of the slope.
    pub slope_std_error: f64,
    /// Standard error of the intercept.
    pub intercept_std_error: f64,
    /// `median(|e|) / 0.6745`: the standard deviation of e if it were normal.
    pub scale: f64,
    /// Number of reweighted regressions until convergence.
    pub iterations: usize,
    /// Number of observations.
    pub count: usize,
}

impl HuberFit {
    /// The fit, if all its numbers are finite.
    fn sound(self) -> Result<Self, Undefined> {
        let Self { slope, intercept, slope_std_error, intercept_std_error, scale, .. } = self;
        finite(&[slope, intercept, slope_std_error, intercept_std_error, scale])?;
        Ok(self)
    }
}

/// Fits `y` on `x` with intercept by Huber's function with constant 1.345, over the whole sample.
///
/// `y`, `x`: of the same length, finite, at least 3. Starting from least squares, the regression is repeated
/// with weights `min(1, 1.345 s / |e|)`, where `s = median(|e|) / 0.6745`, until no residual moves by more than
/// 1e-12 of `s`: some tens of passes over the sample. Standard errors are Huber's first:
/// `K² sum(ψ²) s² / (n - 2) / mean(ψ')² (X'X)⁻¹`.
///
/// # Errors
/// [`Undefined::TooShort`] below 3 observations, [`Undefined::NonFinite`], [`Undefined::Collinear`] if x does
/// not vary, [`Undefined::NoScale`] if half of the residuals are zero and others are not,
/// [`Undefined::NotConverged`].
///
/// # Panics
/// If `y` and `x` differ in length.
///
/// # Source
/// Huber (1981), "Robust statistics", sections 7.6 and 7.8. Checked against statsmodels `RLM` with `HuberT` and
/// its scale in `tests/oracle`.
///
/// ```
/// let x: Vec<f64> = (0..20).map(f64::from).collect();
/// let mut y: Vec<f64> = x.iter().map(|x| 1.0 + 2.0 * x + 0.1 * (7.0 * x).sin()).collect();
/// y[3] += 1_000.0;
/// let fit = spreadscope_stats::huber(&y, &x)?;
/// assert!((fit.slope - 2.0).abs() < 0.02);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn huber(y: &[f64], x: &[f64]) -> Result<HuberFit, Undefined> {
    assert_eq!(y.len(), x.len(), "y and x must be of the same length");
    if y.len() < 3 {
        return Err(Undefined::TooShort { needed: 3, got: y.len() });
    }
    let all = Bivariate::of_sample(y, x);
    let slope = all.ols(y.len())?.slope;
    let centre = median(&mut x.to_vec());
    let start = Line { slope, level: all.mean_y.value + slope * all.mean_x.below(centre) };
    let rounding = 4.0 * f64::EPSILON * (all.mean_y.value.abs() + (slope * all.mean_x.value).abs());
    let Settled { line: near, scale, iterations: first, .. } =
        Anchored::new(y, x, centre, start).settle(NEARLY_SETTLED, rounding)?;
    if scale <= 0.0 {
        return fit(near, centre, scale, first, y.len()).sound();
    }
    // again from there: an outlier may have moved the first line far from the points, which costs digits
    let Settled { line, scale, iterations: second, residuals } =
        Anchored::new(y, x, centre, near).settle(SETTLED, rounding)?;
    with_errors(fit(line, centre, scale, first + second, y.len()), &residuals, &all).sound()
}

/// A line through `(centre, level)`.
#[derive(Clone, Copy)]
struct Line {
    slope: f64,
    level: f64,
}

/// The sample as deviations from a nearby line: small numbers, so that the level of prices costs no digits.
struct Anchored {
    anchor: Line,
    rest: Vec<f64>,
    centred: Vec<f64>,
}

/// The state at convergence.
struct Settled {
    line: Line,
    scale: f64,
    iterations: usize,
    residuals: Vec<f64>,
}

impl Anchored {
    fn new(y: &[f64], x: &[f64], centre: f64, anchor: Line) -> Self {
        let centred: Vec<f64> = x.iter().map(|x| x - centre).collect();
        let rest = y.iter().zip(&centred).map(|(y, x)| y - anchor.level - anchor.slope * x).collect();
        Self { anchor, rest, centred }
    }

    /// Reweights until line and residuals move by less than `enough` of the scale. The scale is 0 if all
    /// residuals are within `rounding`.
    fn settle(&self, enough: f64, rounding: f64) -> Result<Settled, Undefined> {
        let mut residuals = self.rest.clone();
        let mut scratch = Vec::with_capacity(residuals.len());
        let mut scale = scale_of(&residuals, &mut scratch);
        if residuals.iter().all(|e| e.abs() <= rounding) {
            return Ok(Settled { line: self.anchor, scale: 0.0, iterations: 0, residuals });
        }
        for iterations in 1..=MOST_ITERATIONS {
            if scale <= rounding {
                return Err(Undefined::NoScale);
            }
            let next = self.reweighted(&residuals, TUNING * scale)?;
            let mut moved = 0.0_f64;
            for ((residual, e), x) in residuals.iter_mut().zip(&self.rest).zip(&self.centred) {
                let now = e - next.level - next.slope * x;
                if residual.abs() <= TUNING * scale {
                    moved = moved.max((now - *residual).abs());
                }
                *residual = now;
            }
            let settled = moved <= enough * scale;
            scale = scale_of(&residuals, &mut scratch);
            if settled {
                let Line { slope, level } = self.anchor;
                let line = Line { slope: slope + next.slope, level: level + next.level };
                return Ok(Settled { line, scale, iterations, residuals });
            }
        }
        Err(Undefined::NotConverged { iterations: MOST_ITERATIONS })
    }

    /// Least squares with the weights of these residuals.
    fn reweighted(&self, residuals: &[f64], cut: f64) -> Result<Line, Undefined> {
        let weight = |at: usize| cut / residuals[at].abs().max(cut);
        let moments = Bivariate::weighted(&self.rest, &self.centred, weight);
        if !moments.is_finite() {
            return Err(Undefined::NonFinite);
        }
        if !moments.x_varies() {
            return Err(Undefined::Collinear);
        }
        let slope = moments.sxy / moments.sxx;
        Ok(Line { slope, level: moments.mean_y.value - slope * moments.mean_x.value })
    }
}

fn fit(line: Line, centre: f64, scale: f64, iterations: usize, count: usize) -> HuberFit {
    HuberFit {
        slope: line.slope,
        intercept: line.level - line.slope * centre,
        slope_std_error: 0.0,
        intercept_std_error: 0.0,
        scale,
        iterations,
        count,
    }
}

fn scale_of(residuals: &[f64], scratch: &mut Vec<f64>) -> f64 {
    scratch.clear();
    scratch.extend(residuals.iter().map(|e| e.abs()));
    median(scratch) / NORMAL_MAD
}

/// Standard errors from the standardised residuals.
fn with_errors(fit: HuberFit, residuals: &[f64], all: &Bivariate) -> HuberFit {
    let n = all.n;
    let cut = TUNING * fit.scale;
    let inside = residuals.iter().filter(|e| e.abs() <= cut).count() as f64 / n;
    let squares: f64 = residuals.iter().map(|e| e.abs().min(cut).powi(2)).sum();
    let correction = 1.0 + 2.0 / n * (1.0 - inside) / inside;
    let variance = correction * correction * squares / (n - 2.0) / (inside * inside);
    HuberFit {
        slope_std_error: variance.sqrt() / all.sxx.sqrt(),
        intercept_std_error: (variance * (1.0 / n + all.mean_x.value.powi(2) / all.sxx)).sqrt(),
        ..fit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn one_wild_print_moves_it_by_little() {
        let walk = contract::walk(400);
        let x = &walk[..200];
        let mut y: Vec<f64> = x.iter().zip(&walk[200..]).map(|(x, e)| 3.0 + 2.0 * x + 0.01 * e).collect();
        let clean = huber(&y, x).unwrap();
        y[17] += 1e9;
        let wild = huber(&y, x).unwrap();
        assert!((wild.slope - clean.slope).abs() < 2.0 * clean.slope_std_error, "{wild:?} {clean:?}");
    }

    #[test]
    fn what_has_no_fit_says_why() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        let line = huber(&[2.0, 4.0, 6.0, 8.0, 10.0], &x).unwrap();
        assert_eq!((line.slope, line.scale, line.slope_std_error), (2.0, 0.0, 0.0));
        assert_eq!(huber(&x, &[3.0; 5]), Err(Undefined::Collinear));
        assert_eq!(huber(&[f64::INFINITY; 5], &x), Err(Undefined::NonFinite));
        assert_eq!(huber(&[1.0; 2], &x[..2]), Err(Undefined::TooShort { needed: 3, got: 2 }));
        // half of the points are on one line, so nothing shows how large a residual is
        let flat: Vec<f64> = (0..40).map(|at| if at == 20 { 1.0 } else { 0.0 }).collect();
        let time: Vec<f64> = (0..40).map(|at| f64::from(at - 20)).collect();
        let fitted = huber(&flat, &time);
        assert!(matches!(fitted, Err(Undefined::NoScale | Undefined::NotConverged { .. })), "{fitted:?}");
    }
}
