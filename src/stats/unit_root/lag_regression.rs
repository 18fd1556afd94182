//! The regression behind Dickey-Fuller tests: the change on the previous level and on lagged changes.
//!
//! All lag lengths and trends on one series share their products. Each entry of a Gram matrix is a sum over a
//! range of rows that moves with the lag. The rows common to all ranges are summed once, and each entry adds
//! its own few rows at either end (nothing is subtracted). The level's products follow from those of the
//! changes, because a level is an earlier level plus the changes since. All lag lengths on one sample are then
//! solved with one factorisation: the first `k` pivots are those of the regression on the first `k` columns.

use crate::gram::Gram;
use crate::regression::ols::{LeastSquaresError, least_squares};
use crate::sums::{dot, dot_four, sum};
use crate::unit_root::mackinnon::Trend;
use nalgebra::DMatrix;

/// `Δx_t` on trend terms, `x_{t-1}` and `Δx_{t-1} … Δx_{t-lags}`, over all rows with that many lags.
#[derive(Debug)]
pub(crate) struct LagRegression<'a> {
    /// Levels; their mean should be subtracted if the regression has a constant anyway.
    levels: &'a [f64],
    changes: &'a [f64],
    /// Most lags.
    most: usize,
    /// Over the common rows: products of the changes at each lag.
    core: Vec<f64>,
    /// Over the common rows: level times the change after it.
    core_level: f64,
    core_change: f64,
}

/// Sums of squares of nested regressions.
#[derive(Debug)]
pub(crate) struct Nested {
    /// `residual[k]`: sum of squared residuals on trend terms, level and `k` lags.
    pub(crate) residual: Vec<f64>,
    /// `last_t[k]`: t-statistic of the last column of that regression.
    pub(crate) last_t: Vec<f64>,
    /// Number of rows.
    pub(crate) rows: usize,
    /// Columns of the regression without lags.
    pub(crate) base: usize,
}

/// The level's coefficient.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LevelFit {
    pub(crate) t: f64,
    /// Sum of squared residuals.
    pub(crate) residual: f64,
    pub(crate) rows: usize,
}

impl<'a> LagRegression<'a> {
    /// `changes[i] = levels[i + 1] - levels[i]`; more than `2 * most` changes. `known`: [`Self::products`] of a
    /// regression on the same changes, which are reused if its maximum lags were the same.
    pub(crate) fn new(levels: &'a [f64], changes: &'a [f64], most: usize, known: Option<&[f64]>) -> Self {
        debug_assert_eq!(changes.len() + 1, levels.len(), "Invariant: one change between two levels");
        debug_assert!(changes.len() > 2 * most, "Invariant: more than two changes a lag");
        let common = most..changes.len() - most;
        let target = &changes[common.clone()];
        let core = match known {
            Some(known) if known.len() == most + 1 => known.to_vec(),
            _ => products(changes, most),
        };
        let core_level = dot(target, &levels[common]);
        Self { levels, changes, most, core, core_level, core_change: sum(target) }
    }

    /// Products of the changes at each lag, over the rows common to all lags.
    pub(crate) fn products(&self) -> &[f64] {
        &self.core
    }

    fn rows(&self, lags: usize) -> usize {
        self.changes.len() - lags
    }

    fn target(&self, lags: usize) -> &'a [f64] {
        &self.changes[lags..]
    }

    fn lagged(&self, lags: usize, lag: usize) -> &'a [f64] {
        &self.changes[lags - lag..][..self.rows(lags)]
    }

    fn level(&self, lags: usize) -> &'a [f64] {
        &self.levels[lags..][..self.rows(lags)]
    }

    /// Sums of `term` over the rows of the lags `0..=last` of a regression with `lags`, given the sum over the
    /// common rows.
    fn stretches(&self, lags: usize, last: usize, core: f64, term: impl Fn(usize) -> f64) -> Vec<f64> {
        let (first, end) = (self.most, self.changes.len() - self.most);
        let mut sums = vec![0.0; last + 1];
        let mut after: f64 = (end..self.changes.len() - last).map(&term).sum();
        for lag in (0..=last).rev() {
            sums[lag] = after;
            if lag > 0 {
                after += term(self.changes.len() - lag);
            }
        }
        let mut before: f64 = (lags..first).map(&term).sum();
        for (lag, total) in sums.iter_mut().enumerate() {
            if lag > 0 {
                before += term(lags - lag);
            }
            *total += core + before;
        }
        sums
    }

    /// Trend terms other than the constant, centred and scaled to be nearly orthogonal.
    fn slopes(&self, trend: Trend, lags: usize) -> Vec<Vec<f64>> {
        let rows = self.rows(lags);
        let place = |row: usize| (2.0 * row as f64 - (rows - 1) as f64) / rows as f64;
        let terms: [fn(f64) -> f64; 2] = [|u| u, |u| u * u - 1.0 / 3.0];
        terms[..trend.terms().saturating_sub(1)]
            .iter()
            .map(|term| (0..rows).map(|row| term(place(row))).collect())
            .collect()
    }

    /// Gram matrix of constant, slopes, level, lagged changes and the target, in this order.
    fn gram(&self, trend: Trend, lags: usize) -> Gram {
        let terms = trend.terms();
        let (rows, changes) = (self.rows(lags), self.changes);
        let size = terms + lags + 2;
        let mut gram = Gram::new(size);
        // the target is lag 0; its column comes last
        let place = |lag: usize| if lag == 0 { size - 1 } else { terms + lag };
        for apart in 0..=lags {
            let product = |at: usize| changes[at] * changes[at - apart];
            let sums = self.stretches(lags, lags - apart, self.core[apart], product);
            for (lag, product) in sums.into_iter().enumerate() {
                gram.set(place(lag), place(lag + apart), product);
            }
        }
        let level = self.level(lags);
        gram.set(terms, terms, dot(level, level));
        let follows = self.stretches(lags, lags, self.core_level, |at| self.levels[at] * changes[at]);
        for (lag, follows) in follows.into_iter().enumerate() {
            let since: f64 = (1..=lag).map(|between| gram.at(place(between), place(lag))).sum();
            gram.set(terms, place(lag), follows + since);
        }
        if terms > 0 {
            gram.set(0, 0, rows as f64);
            gram.set(0, terms, sum(level));
            let sums = self.stretches(lags, lags, self.core_change, |at| changes[at]);
            for (lag, total) in sums.into_iter().enumerate() {
                gram.set(0, place(lag), total);
            }
        }
        let slopes = self.slopes(trend, lags);
        for (i, slope) in slopes.iter().enumerate() {
            gram.set(0, i + 1, sum(slope));
            for (j, other) in slopes.iter().enumerate().skip(i) {
                gram.set(i + 1, j + 1, dot(slope, other));
            }
            gram.set(i + 1, terms, dot(slope, level));
            if i == 0 {
                // on a line, a row one lag earlier differs by one step, so sums of the changes give the
                // difference
                let common = &slope[self.most - lags..][..changes.len() - 2 * self.most];
                let core = dot(common, &changes[self.most..changes.len() - self.most]);
                let line = |at: usize| (2.0 * at as f64 - (rows - 1 + 2 * lags) as f64) / rows as f64;
                let sums = self.stretches(lags, lags, core, |at| line(at) * changes[at]);
                for (lag, product) in sums.into_iter().enumerate() {
                    let step = 2.0 * lag as f64 / rows as f64;
                    gram.set(1, place(lag), product + step * gram.at(0, place(lag)));
                }
                continue;
            }
            for lag in 0..=lags {
                gram.set(i + 1, place(lag), dot(slope, self.lagged(lags, lag)));
            }
        }
        gram
    }

    /// All columns except the target, in the order of the Gram matrix.
    fn columns(&self, trend: Trend, lags: usize) -> Vec<Vec<f64>> {
        let mut columns = Vec::with_capacity(trend.terms() + lags + 1);
        if trend.terms() > 0 {
            columns.push(vec![1.0; self.rows(lags)]);
        }
        columns.extend(self.slopes(trend, lags));
        columns.push(self.level(lags).to_vec());
        columns.extend((1..=lags).map(|lag| self.lagged(lags, lag).to_vec()));
        columns
    }

    /// The regressions on 0 to `lags` lags, on the rows that `lags` lags leave; `None` if columns are
    /// dependent.
    pub(crate) fn nested(&self, trend: Trend, lags: usize) -> Option<Nested> {
        let (rows, base) = (self.rows(lags), trend.terms() + 1);
        let (projections, rest) =
            self.nested_by_gram(trend, lags).or_else(|| self.nested_by_qr(trend, lags))?;
        let mut residual = rest;
        let mut sums = Vec::with_capacity(lags + 1);
        let mut last_t = Vec::with_capacity(lags + 1);
        for column in (base - 1..base + lags).rev() {
            sums.push(residual);
            let freedom = rows as f64 - (column + 1) as f64;
            last_t.push(projections[column] / (residual / freedom).sqrt());
            residual += projections[column] * projections[column];
        }
        sums.reverse();
        last_t.reverse();
        Some(Nested { residual: sums, last_t, rows, base })
    }

    /// The target's projections on the columns, and its squared residual.
    fn nested_by_gram(&self, trend: Trend, lags: usize) -> Option<(Vec<f64>, f64)> {
        let gram = self.gram(trend, lags);
        let size = gram.size();
        let order: Vec<usize> = (0..size).collect();
        let factor = gram.factor(&order, 1)?;
        let length = gram.at(size - 1, size - 1).sqrt();
        let mut projections: Vec<f64> = (0..size).map(|at| factor[at * size + size - 1] * length).collect();
        let rest = projections.pop()?;
        Some((projections, rest * rest))
    }

    fn nested_by_qr(&self, trend: Trend, lags: usize) -> Option<(Vec<f64>, f64)> {
        let columns = self.columns(trend, lags);
        let count = columns.len();
        let norms: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
        if self.rows(lags) <= count || norms.iter().any(|&norm| norm <= 0.0 || !norm.is_finite()) {
            return None;
        }
        let target = self.target(lags);
        let matrix = DMatrix::from_fn(self.rows(lags), count + 1, |row, column| {
            if column == count { target[row] } else { columns[column][row] / norms[column] }
        });
        let r = matrix.qr().unpack_r();
        if (0..count).any(|at| r[(at, at)].abs() < 1e-13) {
            return None;
        }
        let projections = (0..count).map(|at| r[(at, count)] * r[(at, at)].signum()).collect();
        Some((projections, r[(count, count)] * r[(count, count)]))
    }

    /// t-statistic of the level with `lags` lags in the regression, on all rows that they leave.
    pub(crate) fn level_t(&self, trend: Trend, lags: usize) -> Result<LevelFit, LeastSquaresError> {
        let rows = self.rows(lags);
        let count = trend.terms() + 1 + lags;
        if rows <= count {
            return Err(LeastSquaresError::TooShort { needed: count + 1, got: rows });
        }
        let (t, residual) = match self.level_t_by_gram(trend, lags) {
            Some(found) => found,
            None => self.level_t_by_qr(trend, lags)?,
        };
        Ok(LevelFit { t, residual, rows })
    }

    /// The level's coefficient with `lags` lags in the regression, its standard error, and the rows.
    pub(crate) fn level_slope(
        &self,
        trend: Trend,
        lags: usize,
    ) -> Result<(f64, f64, usize), LeastSquaresError> {
        let LevelFit { t, rows, .. } = self.level_t(trend, lags)?;
        let gram = self.gram(trend, lags);
        let (size, level) = (gram.size(), trend.terms());
        let others = (0..size - 1).filter(|&at| at != level);
        let order: Vec<usize> = others.chain([level, size - 1]).collect();
        if let Some(factor) = gram.factor(&order, 1) {
            // columns are scaled to length 1
            let scale = (gram.at(size - 1, size - 1) / gram.at(level, level)).sqrt();
            let slope = factor[(size - 1) * size - 1] / factor[(size - 1) * size - 2] * scale;
            return Ok((slope, slope / t, rows));
        }
        let columns = self.columns(trend, lags);
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let fit = least_squares(self.target(lags), &slices)?;
        Ok((fit.coefficients[level], fit.std_errors[level], rows))
    }

    /// The level's t-statistic and the target's squared residual: with the level as the last column, both
    /// follow from its projection and the residual.
    fn level_t_by_gram(&self, trend: Trend, lags: usize) -> Option<(f64, f64)> {
        let gram = self.gram(trend, lags);
        let (size, level) = (gram.size(), trend.terms());
        let others = (0..size - 1).filter(|&at| at != level);
        let order: Vec<usize> = others.chain([level, size - 1]).collect();
        let factor = gram.factor(&order, 1)?;
        let (projection, rest) = (factor[(size - 1) * size - 1], factor[size * size - 1]);
        let freedom = (self.rows(lags) - (size - 1)) as f64;
        Some((projection / rest * freedom.sqrt(), rest * rest * gram.at(size - 1, size - 1)))
    }

    fn level_t_by_qr(&self, trend: Trend, lags: usize) -> Result<(f64, f64), LeastSquaresError> {
        let columns = self.columns(trend, lags);
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let fit = least_squares(self.target(lags), &slices)?;
        let at = trend.terms();
        Ok((fit.coefficients[at] / fit.std_errors[at], fit.residual_sum_of_squares))
    }
}

fn products(changes: &[f64], most: usize) -> Vec<f64> {
    let target = &changes[most..changes.len() - most];
    let lagged = |lag: usize| &changes[most - lag..][..target.len()];
    let mut products = Vec::with_capacity(most + 1);
    while products.len() + 4 <= most + 1 {
        let lag = products.len();
        products.extend(dot_four(target, [lag, lag + 1, lag + 2, lag + 3].map(lagged)));
    }
    products.extend((products.len()..=most).map(|lag| dot(target, lagged(lag))).collect::<Vec<_>>());
    products
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn products_and_factorisation_are_the_regression_by_qr() {
        let walk = contract::walk(1_000);
        for (from, length, most) in [(0, 400, 20), (300, 61, 9), (500, 500, 23), (7, 12, 3), (90, 30, 0)] {
            let levels = &walk[from..from + length];
            let changes: Vec<f64> = levels.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let shared = LagRegression::new(levels, &changes, most, None);
            for trend in [Trend::None, Trend::Constant, Trend::Linear, Trend::Quadratic] {
                for lags in 0..=most {
                    let what = (length, trend, lags);
                    let Some((got, left)) = shared.level_t_by_gram(trend, lags) else { continue };
                    let (expected, left_by_qr) = shared.level_t_by_qr(trend, lags).unwrap();
                    assert!((left / left_by_qr - 1.0).abs() <= 1e-10, "{left} {left_by_qr} {what:?}");
                    assert!(
                        (got - expected).abs() <= 1e-10 * (1.0 + expected.abs()),
                        "{got} {expected} {what:?}"
                    );
                    let (got, rest) = shared.nested_by_gram(trend, lags).unwrap();
                    let (expected, by_qr) = shared.nested_by_qr(trend, lags).unwrap();
                    assert!((rest / by_qr - 1.0).abs() <= 1e-10, "{rest} {by_qr} {what:?}");
                    for (got, expected) in got.into_iter().zip(expected) {
                        assert!((got - expected).abs() <= 1e-10 * rest.sqrt(), "{got} {expected} {what:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_outlier_at_the_end_of_the_series_leaves_no_scar_on_rows_without_it() {
        let walk = contract::walk(300);
        let mut changes: Vec<f64> = walk.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let last = changes.len() - 1;
        changes[last] = 1e9;
        let scarred =
            LagRegression::new(&walk, &changes, 5, None).stretches(5, 5, 0.0, |at| changes[at] * changes[at]);
        assert!(scarred[0] >= 1e18 && scarred[1] < 10.0, "{scarred:?}");
    }
}
