//! The Phillips-Ouliaris tests of cointegration, which need a long-run variance rather than a choice of lags.

use crate::Undefined;
use crate::cointegration::cointegrating_regression::{
    CointegratingRegression, CointegrationError, cointegrating_regression, detrend, time_terms,
};
use crate::cointegration::phillips_ouliaris_tables::{P_U, P_Z, Z_ALPHA, Z_T};
use crate::regression::ols::least_squares;
use crate::series::{Series, is_rounding};
use crate::sums::dot;
use crate::unit_root::bartlett::{automatic_bandwidth, weighted_products};
use crate::unit_root::error::UnitRootError;
use crate::unit_root::mackinnon::{CriticalValues, Trend};
use crate::unit_root::table::Surface;

/// What to test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhillipsOuliarisSpec {
    /// Deterministic terms of the regression of one series on the other; at least a constant.
    pub trend: Trend,
    /// Bandwidth of the Bartlett kernel, at least 0; `None` chooses it from the data by Andrews' rule.
    pub bandwidth: Option<f64>,
}

impl Default for PhillipsOuliarisSpec {
    fn default() -> Self {
        Self { trend: Trend::Constant, bandwidth: None }
    }
}

/// One of the statistics, with its p-value and critical values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhillipsOuliarisTest {
    /// Dimensionless.
    pub statistic: f64,
    /// Asymptotic p-value of the null of no cointegration, in `[0, 1]`.
    pub p_value: f64,
    /// Critical values for this number of observations; valid from 25 observations (30 with a trend) upwards.
    pub critical_values: CriticalValues,
}

/// The four tests of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhillipsOuliaris {
    /// t-statistic of the residual's autoregression, corrected for serial correlation; low values reject.
    pub z_t: PhillipsOuliarisTest,
    /// Normalised bias of the same autoregression; low values reject.
    pub z_alpha: PhillipsOuliarisTest,
    /// Ratio of the long-run variance of y's innovations given x's to the residual's variance; **high** values
    /// reject.
    pub p_u: PhillipsOuliarisTest,
    /// The same idea without choosing a y: the trace of the long-run covariance of both innovations over the
    /// covariance of both levels; **high** values reject.
    pub p_z: PhillipsOuliarisTest,
    /// Slope of y on x.
    pub hedge_ratio: f64,
    /// Bandwidth in `z_t` and `z_alpha`, in observations.
    pub bandwidth_z: f64,
    /// Bandwidth in `p_u` and `p_z`, in observations.
    pub bandwidth_p: f64,
}

/// Tests `y` and `x` for cointegration through the residual of y on x and through the innovations of both.
///
/// `y`, `x`: levels of the same length, evenly spaced, oldest first, finite.
///
/// At 5 %, unrelated walks are called cointegrated by `z_t` in 6.2 % of samples of 300 and 5.3 % of 1,000, by
/// `p_z` in 4.7 % and 5.0 % (`examples/size.rs`).
///
/// # Errors
/// [`CointegrationError`].
///
/// # Source
/// Phillips, Ouliaris (1990). Checked against arch 8.0 `phillips_ouliaris` to 1e-8 in `tests/oracle`; p-values
/// and critical values are arch's surfaces.
///
/// ```
/// use spreadscope_stats::{PhillipsOuliarisSpec, phillips_ouliaris, random::Congruential};
/// // a random walk, and twice that walk plus a stationary error
/// let x: Vec<f64> = Congruential::new(1).path(1.0, 100.0).take(500).collect();
/// let mut error = Congruential::new(2);
/// let y: Vec<f64> = x.iter().map(|x| 3.0 + 2.0 * x + error.centred()).collect();
/// let found = phillips_ouliaris(&y, &x, &PhillipsOuliarisSpec::default())?;
/// assert!(found.z_t.p_value < 0.01 && found.p_z.p_value < 0.01);
/// # Ok::<(), spreadscope_stats::CointegrationError>(())
/// ```
pub fn phillips_ouliaris<'a, 'b>(
    y: impl Into<Series<'a>>,
    x: impl Into<Series<'b>>,
    spec: &PhillipsOuliarisSpec,
) -> Result<PhillipsOuliaris, CointegrationError> {
    let (y, x) = (y.into(), x.into());
    let fit = checked_fit(y, x, spec)?;
    let (z_alpha, z_t, bandwidth_z) = by_residual(&fit, spec)?;
    let (p_u, p_z, bandwidth_p) = by_innovations(&fit, x, spec)?;
    let test = |statistic, surfaces, tail| against(surfaces, statistic, tail, &fit, spec);
    Ok(PhillipsOuliaris {
        z_t: test(z_t, &Z_T, 1.0),
        z_alpha: test(z_alpha, &Z_ALPHA, 1.0),
        p_u: test(p_u, &P_U, -1.0),
        p_z: test(p_z, &P_Z, -1.0),
        hedge_ratio: fit.slope,
        bandwidth_z,
        bandwidth_p,
    })
}

/// `Z_t` of [`phillips_ouliaris`] and its bandwidth, at a fifth of the cost: leaves out the other statistics.
///
/// # Errors
/// [`CointegrationError`], as [`phillips_ouliaris`].
pub fn phillips_ouliaris_z_t<'a, 'b>(
    y: impl Into<Series<'a>>,
    x: impl Into<Series<'b>>,
    spec: &PhillipsOuliarisSpec,
) -> Result<(PhillipsOuliarisTest, f64), CointegrationError> {
    let fit = checked_fit(y.into(), x.into(), spec)?;
    let (_, statistic, bandwidth) = by_residual(&fit, spec)?;
    Ok((against(&Z_T, statistic, 1.0, &fit, spec), bandwidth))
}

/// The regression of y on x, after checks of the sample and the bandwidth.
fn checked_fit(
    y: Series<'_>,
    x: Series<'_>,
    spec: &PhillipsOuliarisSpec,
) -> Result<CointegratingRegression, CointegrationError> {
    if let Some(was) = spec.bandwidth.filter(|bandwidth| !bandwidth.is_finite() || *bandwidth < 0.0) {
        return Err(CointegrationError::Bandwidth { was });
    }
    let fit = cointegrating_regression(y, x, spec.trend)?;
    let (needed, got) = (spec.trend.terms() + 4, y.values().len());
    if got < needed {
        return Err(CointegrationError::Regression(Undefined::TooShort { needed, got }));
    }
    Ok(fit)
}

/// A statistic with its p-value and critical values; `tail` is -1 if large values reject.
fn against(
    surfaces: &[Surface; 3],
    statistic: f64,
    tail: f64,
    fit: &CointegratingRegression,
    spec: &PhillipsOuliarisSpec,
) -> PhillipsOuliarisTest {
    let surface = &surfaces[spec.trend.terms() - 1];
    PhillipsOuliarisTest {
        statistic,
        p_value: surface.p_value(tail * statistic),
        critical_values: surface.critical_values(fit.residuals.len()),
    }
}

/// Both Z statistics and their bandwidth, from `u_t = α u_{t-1} + k_t`.
fn by_residual(
    fit: &CointegratingRegression,
    spec: &PhillipsOuliarisSpec,
) -> Result<(f64, f64, f64), CointegrationError> {
    let residuals = &fit.residuals;
    let n = residuals.len() as f64;
    let (before, after) = (&residuals[..residuals.len() - 1], &residuals[1..]);
    let squares = dot(before, before);
    let deterministic = CointegrationError::Residual(UnitRootError::DETERMINISTIC);
    if squares <= 0.0 {
        return Err(deterministic);
    }
    // α - 1 from the changes, so that a root near one keeps its digits
    let changes: Vec<f64> = residuals.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let pull = dot(before, &changes) / squares;
    let errors: Vec<f64> =
        after.iter().zip(before).map(|(after, before)| after - (pull + 1.0) * before).collect();
    if is_rounding(&errors, fit.scale) {
        return Err(deterministic);
    }
    let bandwidth = spec.bandwidth.unwrap_or_else(|| automatic_bandwidth(&errors));
    let one_sided = weighted_products(&errors, &errors, bandwidth) / n;
    let long_run = dot(&errors, &errors) / n + 2.0 * one_sided;
    let z = pull - n * one_sided / squares;
    let z_t = z / (long_run / squares).sqrt();
    if z_t.is_finite() { Ok((n * z, z_t, bandwidth)) } else { Err(deterministic) }
}

/// Both P statistics and their bandwidth, from the first-order vector autoregression with the trend.
///
/// Uses the residual u and x in place of y and x. They span the same space, u is orthogonal to x, and neither
/// statistic depends on the choice; only the bandwidth is that of the sum of the innovations of y and x.
fn by_innovations(
    fit: &CointegratingRegression,
    x: Series<'_>,
    spec: &PhillipsOuliarisSpec,
) -> Result<(f64, f64, f64), CointegrationError> {
    let deterministic = CointegrationError::Residual(UnitRootError::DETERMINISTIC);
    let (x, scale_x) = (x.values(), x.scale());
    let (rows, n) = (x.len() - 1, x.len() as f64);
    let u = &fit.residuals;
    let mut dx = x.to_vec();
    detrend(&mut dx, &time_terms(x.len(), spec.trend));
    let times = time_terms(rows, spec.trend);
    let ones = vec![1.0; rows];
    let mut columns: Vec<&[f64]> = vec![&u[..rows], &dx[..rows], &ones];
    columns.extend(times.iter().map(Vec::as_slice));
    let innovations = |target: &[f64]| {
        let fit = least_squares(&target[1..], &columns).map_err(|_singular| deterministic)?;
        let mut rest = target[1..].to_vec();
        for (column, weight) in columns.iter().zip(&fit.coefficients) {
            rest.iter_mut().zip(*column).for_each(|(rest, value)| *rest -= weight * value);
        }
        Ok(rest)
    };
    let (of_u, of_x) = (innovations(u)?, innovations(&dx)?);
    if is_rounding(&of_u, fit.scale) || is_rounding(&of_x, scale_x) {
        return Err(deterministic);
    }
    let both: Vec<f64> = of_u.iter().zip(&of_x).map(|(u, x)| u + (fit.slope + 1.0) * x).collect();
    let bandwidth = spec.bandwidth.unwrap_or_else(|| automatic_bandwidth(&both));
    let long_run = |a: &[f64], b: &[f64]| {
        (dot(a, b) + weighted_products(a, b, bandwidth) + weighted_products(b, a, bandwidth)) / n
    };
    let (uu, ux, xx) = (long_run(&of_u, &of_u), long_run(&of_u, &of_x), long_run(&of_x, &of_x));
    let (var_u, var_x) = (dot(u, u) / n, dot(&dx, &dx) / n);
    let p_u = n * (uu - ux * ux / xx) / var_u;
    let p_z = n * (uu / var_u + xx / var_x);
    if p_u.is_finite() && p_z.is_finite() { Ok((p_u, p_z, bandwidth)) } else { Err(deterministic) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn z_t_alone_is_that_of_the_whole_test() {
        let walk = contract::walk(800);
        for trend in [Trend::Constant, Trend::Linear] {
            let spec = PhillipsOuliarisSpec { trend, bandwidth: None };
            let whole = phillips_ouliaris(&walk[..400], &walk[400..], &spec).unwrap();
            let alone = phillips_ouliaris_z_t(&walk[..400], &walk[400..], &spec).unwrap();
            assert_eq!(alone, (whole.z_t, whole.bandwidth_z));
        }
        let short = phillips_ouliaris_z_t(&walk[..3], &walk[400..403], &PhillipsOuliarisSpec::default());
        assert!(short.is_err(), "{short:?}");
    }

    #[test]
    fn neither_scale_nor_shift_of_x_nor_direction_of_the_trace_matter() {
        let walk = contract::walk(800);
        let (y, x) = (&walk[..400], &walk[400..]);
        let spec = PhillipsOuliarisSpec { bandwidth: Some(4.0), ..PhillipsOuliarisSpec::default() };
        let found = phillips_ouliaris(y, x, &spec).unwrap();
        let moved: Vec<f64> = x.iter().map(|x| 1000.0 - 0.25 * x).collect();
        let other = phillips_ouliaris(y, &moved, &spec).unwrap();
        let turned = phillips_ouliaris(x, y, &spec).unwrap();
        let pairs = [
            (found.z_t, other.z_t),
            (found.z_alpha, other.z_alpha),
            (found.p_u, other.p_u),
            (found.p_z, other.p_z),
            (found.p_z, turned.p_z),
        ];
        for (a, b) in pairs {
            assert!((a.statistic / b.statistic - 1.0).abs() < 1e-8, "{a:?} {b:?}");
        }
    }

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let walk = contract::walk(60);
        let other: Vec<f64> = contract::walk(120)[60..].to_vec();
        let spec = PhillipsOuliarisSpec::default();
        assert_eq!(phillips_ouliaris(&walk, &walk, &spec), Err(CointegrationError::Collinear));
        let short = CointegrationError::Regression(Undefined::TooShort { needed: 5, got: 4 });
        assert_eq!(phillips_ouliaris(&walk[..4], &other[..4], &spec), Err(short));
        for was in [-1.0, f64::INFINITY] {
            let spec = PhillipsOuliarisSpec { bandwidth: Some(was), ..spec };
            let refused = phillips_ouliaris(&walk, &other, &spec);
            assert_eq!(refused, Err(CointegrationError::Bandwidth { was }));
        }
        let wide = PhillipsOuliarisSpec { bandwidth: Some(1e300), ..spec };
        assert!(phillips_ouliaris(&walk, &other, &wide).is_ok());
    }
}
