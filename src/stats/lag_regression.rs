//! The regression behind Dickey-Fuller tests: the change on the level before it and on lagged changes.
//!
//! All lag lengths on one sample are solved from one Gram matrix and one factorisation: the first `k` pivots
//! of the factor are those of the regression on the first `k` columns. A lagged column is the one before it
//! moved by a row, so its products follow from the ones before by a term in and a term out.

use crate::mackinnon::Trend;
use crate::ols::{LeastSquaresError, least_squares};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Pivots of columns scaled to one below this are left to QR: the Gram matrix has squared the trouble.
const SMALLEST_PIVOT: f64 = 1e-5;

/// `Δx_t` on trend terms, `x_{t-1}` and `Δx_{t-1} … Δx_{t-lags}`, over all rows that have so many lags.
#[derive(Debug)]
pub(crate) struct LagRegression<'a> {
    /// Levels, with their mean taken off where a constant is in the regression anyway.
    levels: &'a [f64],
    changes: &'a [f64],
    trend: Trend,
    lags: usize,
}

/// The sums of squares of nested regressions.
#[derive(Debug)]
pub(crate) struct Nested {
    /// `residual[k]`: sum of squared residuals on trend terms, level and `k` lags.
    pub(crate) residual: Vec<f64>,
    /// `last_t[k]`: t-statistic of the last column of that regression.
    pub(crate) last_t: Vec<f64>,
    /// Rows.
    pub(crate) rows: usize,
    /// Columns of the regression without lags.
    pub(crate) base: usize,
}

/// The level's coefficient.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LevelFit {
    pub(crate) t: f64,
    pub(crate) rows: usize,
}

/// Normal equations on columns scaled to one.
struct Factored {
    factor: Cholesky<f64, Dyn>,
    /// Norms of the columns.
    scale: Vec<f64>,
    /// Products of the scaled columns with the target.
    against: DVector<f64>,
    target_squared: f64,
}

impl<'a> LagRegression<'a> {
    /// `changes[i] = levels[i + 1] - levels[i]`.
    pub(crate) fn new(levels: &'a [f64], changes: &'a [f64], trend: Trend, lags: usize) -> Self {
        debug_assert_eq!(changes.len() + 1, levels.len(), "Invariant: one change between two levels");
        Self { levels, changes, trend, lags }
    }

    pub(crate) fn rows(&self) -> usize {
        self.changes.len() - self.lags
    }

    fn base(&self) -> usize {
        self.trend.terms() + 1
    }

    fn target(&self) -> &'a [f64] {
        &self.changes[self.lags..]
    }

    fn lagged(&self, lag: usize) -> &'a [f64] {
        &self.changes[self.lags - lag..][..self.rows()]
    }

    /// Trend terms, centred and scaled so that they are nearly orthogonal, and the level.
    fn first_columns(&self) -> Vec<Vec<f64>> {
        let rows = self.rows();
        let place = |row: usize| (2.0 * row as f64 - (rows - 1) as f64) / rows as f64;
        let terms: [fn(f64) -> f64; 3] = [|_| 1.0, |u| u, |u| u * u - 1.0 / 3.0];
        let mut columns: Vec<Vec<f64>> = terms[..self.trend.terms()]
            .iter()
            .map(|term| (0..rows).map(|row| term(place(row))).collect())
            .collect();
        columns.push(self.levels[self.lags..][..rows].to_vec());
        columns
    }

    /// Gram matrix of all columns with the target as the last.
    fn gram(&self) -> DMatrix<f64> {
        let first = self.first_columns();
        let (base, rows, lags) = (self.base(), self.rows(), self.lags);
        let size = base + lags + 1;
        // the target is lag 0; its place is behind the others
        let place = |lag: usize| if lag == 0 { size - 1 } else { base + lag - 1 };
        let mut gram = DMatrix::zeros(size, size);
        let mut set = |i: usize, j: usize, value: f64| {
            gram[(i, j)] = value;
            gram[(j, i)] = value;
        };
        for (i, column) in first.iter().enumerate() {
            for (j, other) in first.iter().enumerate().skip(i) {
                set(i, j, dot(column, other));
            }
            for lag in 0..=lags {
                set(i, place(lag), dot(column, self.lagged(lag)));
            }
        }
        for apart in 0..=lags {
            let mut product = dot(self.target(), self.lagged(apart));
            set(place(0), place(apart), product);
            for lag in 1..=lags - apart {
                let change = |at: usize| self.changes[at];
                let (near, far) = (lags - lag, lags - lag - apart);
                product += change(near) * change(far) - change(near + rows) * change(far + rows);
                set(place(lag), place(lag + apart), product);
            }
        }
        gram
    }

    /// All columns but the target.
    fn columns(&self) -> Vec<Vec<f64>> {
        let mut columns = self.first_columns();
        columns.extend((1..=self.lags).map(|lag| self.lagged(lag).to_vec()));
        columns
    }

    /// The regressions on 0 to all lags; `None` where columns are not independent.
    pub(crate) fn nested(&self) -> Option<Nested> {
        let (rows, base) = (self.rows(), self.base());
        let (projections, rest) = self.nested_by_gram().or_else(|| self.nested_by_qr())?;
        let mut residual = rest;
        let mut sums = Vec::with_capacity(self.lags + 1);
        let mut last_t = Vec::with_capacity(self.lags + 1);
        for column in (base - 1..base + self.lags).rev() {
            sums.push(residual);
            let freedom = rows as f64 - (column + 1) as f64;
            last_t.push(projections[column] / (residual / freedom).sqrt());
            residual += projections[column] * projections[column];
        }
        sums.reverse();
        last_t.reverse();
        Some(Nested { residual: sums, last_t, rows, base })
    }

    /// The target's projections on the scaled columns, and the square of what is left of it.
    fn nested_by_gram(&self) -> Option<(Vec<f64>, f64)> {
        let Factored { factor, against, target_squared, .. } = self.factored()?;
        let projections = factor.l_dirty().solve_lower_triangular(&against)?;
        let rest = target_squared - projections.norm_squared();
        // what is left must not be the rounding of what was taken away
        (rest > 1e-9 * target_squared).then(|| (projections.iter().copied().collect(), rest))
    }

    /// The Gram matrix of all columns, scaled to one and factored; `None` where that has cost too many digits.
    fn factored(&self) -> Option<Factored> {
        let gram = self.gram();
        let last = gram.nrows() - 1;
        let scale: Vec<f64> = gram.diagonal().iter().map(|square| square.sqrt()).collect();
        if scale.iter().any(|&scale| scale <= 0.0 || !scale.is_finite()) {
            return None;
        }
        let factor =
            Cholesky::new(DMatrix::from_fn(last, last, |i, j| gram[(i, j)] / (scale[i] * scale[j])))?;
        if factor.l_dirty().diagonal().iter().any(|&pivot| pivot < SMALLEST_PIVOT) {
            return None;
        }
        let against = DVector::from_fn(last, |i, _| gram[(i, last)] / scale[i]);
        Some(Factored { factor, scale, against, target_squared: gram[(last, last)] })
    }

    fn nested_by_qr(&self) -> Option<(Vec<f64>, f64)> {
        let columns = self.columns();
        let count = columns.len();
        let norms: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
        if self.rows() <= count || norms.iter().any(|&norm| norm <= 0.0 || !norm.is_finite()) {
            return None;
        }
        let target = self.target();
        let matrix = DMatrix::from_fn(self.rows(), count + 1, |row, column| {
            if column == count { target[row] } else { columns[column][row] / norms[column] }
        });
        let r = matrix.qr().unpack_r();
        if (0..count).any(|at| r[(at, at)].abs() < 1e-13) {
            return None;
        }
        let projections = (0..count).map(|at| r[(at, count)] * r[(at, at)].signum()).collect();
        Some((projections, r[(count, count)] * r[(count, count)]))
    }

    /// t-statistic of the level with all lags in the regression.
    pub(crate) fn level(&self) -> Result<LevelFit, LeastSquaresError> {
        let columns = self.columns();
        let rows = self.rows();
        if rows <= columns.len() {
            return Err(LeastSquaresError::TooShort { needed: columns.len() + 1, got: rows });
        }
        if let Some(t) = self.level_by_gram(&columns) {
            return Ok(LevelFit { t, rows });
        }
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let fit = least_squares(self.target(), &slices)?;
        let at = self.base() - 1;
        Ok(LevelFit { t: fit.coefficients[at] / fit.std_errors[at], rows })
    }

    fn level_by_gram(&self, columns: &[Vec<f64>]) -> Option<f64> {
        let Factored { factor, scale, against, .. } = self.factored()?;
        let last = against.len();
        let target = self.target();
        let mut coefficients = factor.solve(&against);
        let residuals = |coefficients: &DVector<f64>| {
            let mut residuals = target.to_vec();
            for (column, (coefficient, scale)) in columns.iter().zip(coefficients.iter().zip(&scale)) {
                let weight = coefficient / scale;
                residuals.iter_mut().zip(column).for_each(|(residual, value)| *residual -= weight * value);
            }
            residuals
        };
        let first = residuals(&coefficients);
        coefficients += factor.solve(&DVector::from_fn(last, |i, _| dot(&columns[i], &first) / scale[i]));
        let rest = residuals(&coefficients);
        let at = self.base() - 1;
        let unit = DVector::from_fn(last, |i, _| if i == at { 1.0 } else { 0.0 });
        let inverse = factor.solve(&unit)[at];
        let variance = dot(&rest, &rest) / (self.rows() - last) as f64;
        let t = coefficients[at] / (variance * inverse).sqrt();
        t.is_finite().then_some(t)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    // four sums side by side: shorter chains of rounding, and the processor need not wait for each
    let mut sums = [0.0; 4];
    let (blocks_a, rest_a) = a.as_chunks::<4>();
    let (blocks_b, rest_b) = b.as_chunks::<4>();
    for (a, b) in blocks_a.iter().zip(blocks_b) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
