//! All ways to hedge y with x behind one type, each with a spread that could have been known beforehand.

use crate::hedge::method::Method;
use crate::hedge::spec::{HedgeError, HedgeSpec, Prices};
use crate::regression::theil_sen::{Interval, NORMAL_95};
use crate::{Estimator, Observation, Reading, Undefined};

/// The hedge of y by x, and its residual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HedgeFit {
    /// Units of x sold per unit of y; on logarithms, per cent of x per per cent of y.
    pub hedge_ratio: f64,
    /// Intercept, in units of y or of its logarithm.
    pub intercept: f64,
    /// Standard error of the hedge ratio; `None` for Theil-Sen, which has only an interval.
    pub std_error: Option<f64>,
    /// 95 % interval of the hedge ratio; from the normal distribution if there is a standard error. Too narrow
    /// for cointegrated series, whose observations are not independent.
    pub interval: Interval,
    /// `y - intercept - hedge_ratio x` of this observation with the coefficients known before it; `None` if
    /// there were none.
    pub spread: Option<f64>,
}

/// A line without its uncertainty.
#[derive(Debug, Clone, Copy)]
struct Line {
    hedge_ratio: f64,
    intercept: f64,
}

/// A hedge ratio that follows a pair, by the method of its [`HedgeSpec`].
///
/// Call [`update`](Estimator::update) once per observation. Provisional from the third observation on, ready
/// after [`window`](Estimator::window) of them. The spread of an observation is its residual with the
/// coefficients known *before* it, so that it could have been traded on; an observation never takes part in its
/// own spread.
///
/// A step costs constant time for rolling least squares, total least squares, the exponential regression and
/// the Kalman filter. A refit costs some tens of passes over the window for Huber, and about 3 ns for each pair
/// of observations in the window for Theil-Sen: see [`HedgeMethod`](crate::HedgeMethod) for the limits.
///
/// On logarithms, a price that is not positive is undefined. It enters a window as NaN, and is left out of the
/// exponential regression and the Kalman filter.
///
/// # Source
/// Each method names its own: [`RollingOls`](crate::RollingOls), [`RecursiveOls`](crate::RecursiveOls),
/// [`tls`](crate::tls), [`KalmanRegression`](crate::KalmanRegression), [`huber`](crate::huber),
/// [`theil_sen`](crate::theil_sen). Checked against those functions, which are checked against outside sources
/// in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{Estimator, HedgeMethod, HedgeModel, HedgeSpec, Observation, Prices};
/// let spec = HedgeSpec { method: HedgeMethod::Ols { window: 3 }, prices: Prices::Levels };
/// let mut model = HedgeModel::new(spec)?;
/// for (y, x) in [(3.0, 1.0), (5.0, 2.0), (7.0, 3.0)] {
///     model.update(Observation { y, x });
/// }
/// let now = model.update(Observation { y: 10.0, x: 4.0 });
/// // relative to y = 1 + 2 x, as known before
/// assert_eq!(now.value().unwrap().spread, Some(1.0));
/// # Ok::<(), spreadscope_stats::HedgeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct HedgeModel {
    spec: HedgeSpec,
    method: Method,
    /// The line known before the next observation.
    line: Option<Line>,
}

impl HedgeModel {
    /// A model without data.
    ///
    /// # Errors
    /// [`HedgeError`] names the invalid setting.
    pub fn new(spec: HedgeSpec) -> Result<Self, HedgeError> {
        Ok(Self { spec, method: Method::new(spec.method)?, line: None })
    }

    /// The specification that it was made from.
    pub fn spec(&self) -> HedgeSpec {
        self.spec
    }
}

pub(crate) fn by_std_error(hedge_ratio: f64, intercept: f64, std_error: f64) -> HedgeFit {
    let reach = NORMAL_95 * std_error;
    HedgeFit {
        hedge_ratio,
        intercept,
        std_error: Some(std_error),
        interval: Interval { low: hedge_ratio - reach, high: hedge_ratio + reach },
        spread: None,
    }
}

impl Estimator for HedgeModel {
    type Input = Observation;
    type Output = HedgeFit;

    fn update(&mut self, input: Observation) -> Reading<HedgeFit> {
        let on_logs = self.spec.prices == Prices::Logs;
        let no_logs = on_logs && (input.y <= 0.0 || input.x <= 0.0);
        let input = if on_logs { Observation { y: input.y.ln(), x: input.x.ln() } } else { input };
        let before = self.line;
        let reading = self.method.fit(input);
        if no_logs {
            return Reading::Undefined(Undefined::NonPositive);
        }
        if let Some(fit) = reading.value() {
            self.line = Some(Line { hedge_ratio: fit.hedge_ratio, intercept: fit.intercept });
        }
        reading.map(|fit| HedgeFit {
            spread: before
                .map(|line| input.y - line.intercept - line.hedge_ratio * input.x)
                .filter(|spread| spread.is_finite()),
            ..fit
        })
    }

    fn reset(&mut self) {
        self.line = None;
        self.method.reset();
    }

    fn window(&self) -> usize {
        self.method.window()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HedgeMethod, KalmanNoise, Robust, contract, huber, ols, theil_sen, tls};

    fn inputs(length: usize) -> Vec<Observation> {
        let walk = contract::walk(2 * length);
        (0..length)
            .map(|at| Observation { y: 60.0 + 2.0 * walk[at] + 0.3 * walk[length + at], x: 30.0 + walk[at] })
            .collect()
    }

    fn methods(window: usize) -> Vec<HedgeMethod> {
        let robust = Robust { window, refit_every: 1 };
        vec![
            HedgeMethod::Ols { window },
            HedgeMethod::Tls { window },
            HedgeMethod::Huber(robust),
            HedgeMethod::TheilSen(robust),
            HedgeMethod::Exponential { half_life: window as f64 / 5.0 },
            HedgeMethod::Kalman { warm_up: window, noise: KalmanNoise::Memory },
        ]
    }

    fn model(method: HedgeMethod, prices: Prices) -> HedgeModel {
        HedgeModel::new(HedgeSpec { method, prices }).unwrap()
    }

    #[test]
    fn the_laws_hold_for_each_method() {
        for method in methods(12) {
            let new = || Ok(model(method, Prices::Levels));
            if matches!(method, HedgeMethod::Exponential { .. } | HedgeMethod::Kalman { .. }) {
                contract::check_recursive(&new, &inputs(60), &|fit: &HedgeFit| fit.hedge_ratio);
                contract::check_recursive(&new, &inputs(60), &|fit: &HedgeFit| fit.spread.unwrap_or(0.0));
            } else {
                contract::check(new, &inputs(60), |fit| fit.hedge_ratio);
                contract::check(new, &inputs(60), |fit| fit.spread.unwrap_or(0.0));
            }
        }
    }

    #[test]
    fn a_window_has_the_fit_of_its_method() {
        let inputs = inputs(100);
        let (y, x): (Vec<f64>, Vec<f64>) = inputs[60..].iter().map(|input| (input.y, input.x)).unzip();
        let expected = [
            ols(&y, &x).unwrap().slope,
            tls(&y, &x).unwrap().slope,
            huber(&y, &x).unwrap().slope,
            theil_sen(&y, &x).unwrap().slope,
        ];
        for (method, expected) in methods(40).into_iter().zip(expected) {
            let mut model = model(method, Prices::Levels);
            let last = inputs.iter().map(|&input| model.update(input)).last().unwrap();
            let got = last.value().unwrap();
            assert!((got.hedge_ratio - expected).abs() < 1e-10, "{method:?} {got:?} {expected}");
            assert!(got.interval.low < got.hedge_ratio && got.hedge_ratio < got.interval.high);
        }
    }

    #[test]
    fn an_observation_takes_no_part_in_its_own_spread() {
        for method in methods(20) {
            for prices in [Prices::Levels, Prices::Logs] {
                let mut one = model(method, prices);
                for input in inputs(50) {
                    one.update(input);
                }
                let mut other = one.clone();
                let spread = |model: &mut HedgeModel, y: f64| {
                    model.update(Observation { y, x: 30.0 }).value().unwrap().spread.unwrap()
                };
                let moved = match prices {
                    Prices::Levels => 7.0,
                    Prices::Logs => (67.0_f64 / 60.0).ln(),
                };
                let apart = spread(&mut other, 67.0) - spread(&mut one, 60.0);
                assert!((apart - moved).abs() < 1e-12, "{method:?} {apart}");
            }
        }
    }

    #[test]
    fn a_price_without_logarithm_is_said() {
        for method in methods(12) {
            let mut model = model(method, Prices::Logs);
            for bad in [0.0, -1.0, f64::NAN] {
                let now = model.update(Observation { y: bad, x: 2.0 });
                let reason = if bad.is_nan() { Undefined::NonFinite } else { Undefined::NonPositive };
                assert!(
                    now == Reading::Undefined(reason) || matches!(now, Reading::Warming { .. }),
                    "{now:?}"
                );
            }
            let last = inputs(40).into_iter().map(|input| model.update(input)).last().unwrap();
            assert!(last.is_ready(), "{method:?} {last:?}");
        }
    }
}
