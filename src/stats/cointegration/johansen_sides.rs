//! Changes and levels with the lagged changes regressed out, as Johansen's tests need them.

use crate::cointegration::cointegrating_regression::detrend;
use crate::cointegration::johansen::JohansenError;
use crate::gram::Gram;
use crate::series::rounding;
use crate::sums::{dot, dot_four, sum};
use core::iter;
use nalgebra::{DMatrix, DVector};

/// Smallest pivot of columns scaled to length one; below it, a series is a combination of the others.
const SMALLEST_PIVOT: f64 = 1e-12;
/// Factor by which columns must exceed rounding error for their products to be used.
const ABOVE_ROUNDING: f64 = 1e3;

/// The series without their deterministic part.
pub(crate) struct Model {
    pub(crate) levels: Vec<Vec<f64>>,
    /// Sizes of the largest numbers that the series were computed from.
    pub(crate) scales: Vec<f64>,
    /// Lagged changes of each series.
    pub(crate) lags: usize,
    /// Whether the means are removed from all columns.
    pub(crate) centred: bool,
}

/// Both sides of the canonical correlation.
pub(crate) struct Sides {
    /// Products of an orthonormal basis of the levels' side with one of the changes' side.
    pub(crate) across: DMatrix<f64>,
    /// The weights of the series in each column of the levels' basis.
    pub(crate) weights: DMatrix<f64>,
}

/// The sides from products of all columns; `None` if the columns are too nearly dependent for that.
///
/// The tests are invariant under independent combinations of the series. So each series is replaced by its
/// residual on those before it, and two series that follow each other closely do not lose digits.
pub(crate) fn by_products(model: &Model) -> Option<Sides> {
    let Model { levels, scales, lags, centred } = model;
    let (lags, count) = (*lags, levels.len());
    let rows = levels[0].len() - 1 - lags;
    let mut combined: Vec<Vec<f64>> = Vec::with_capacity(count);
    // one row per combination, with its weights of the series
    let mut made_of = DMatrix::<f64>::identity(count, count);
    for (at, level) in levels.iter().enumerate() {
        let mut level = level.clone();
        for (before, other) in combined.iter().enumerate() {
            let weight = dot(&level, other) / dot(other, other);
            level.iter_mut().zip(other).for_each(|(value, other)| *value -= weight * other);
            let taken = made_of.row(before) * weight;
            made_of.row_mut(at).zip_apply(&taken, |weight, taken| *weight -= taken);
        }
        combined.push(level);
    }
    let changes: Vec<Vec<f64>> =
        combined.iter().map(|values| values.windows(2).map(|pair| pair[1] - pair[0]).collect()).collect();
    let lagged = changes.iter().flat_map(|values| (1..=lags).map(move |lag| &values[lags - lag..][..rows]));
    let before = combined.iter().map(|values| &values[lags..][..rows]);
    let now = changes.iter().map(|values| &values[lags..]);
    let columns: Vec<&[f64]> = lagged.chain(before).chain(now).collect();
    let gram = products(&columns, *centred);
    let size = gram.size();
    let noise: f64 = (0..count)
        .map(|at| {
            let scale: f64 =
                made_of.row(at).iter().zip(scales).map(|(weight, scale)| weight.abs() * scale).sum();
            rounding(scale) * (rows as f64).sqrt()
        })
        .sum();
    let first = size - columns.len();
    // written so that NaN does not count as long enough
    let is_long = |at: usize| gram.at(at, at).sqrt() > ABOVE_ROUNDING * noise;
    if !(first..size).all(is_long) {
        return None;
    }
    let order: Vec<usize> = (0..size).collect();
    let factor = DMatrix::from_row_slice(size, size, &gram.factor(&order, count)?);
    let (of_levels, of_changes) = (size - 2 * count, size - count);
    let block = |row: usize, column: usize| factor.view((row, column), (count, count)).into_owned();
    let explained = block(of_levels, of_changes);
    let left = block(of_changes, of_changes);
    let changes_factor = (explained.tr_mul(&explained) + left.tr_mul(&left)).cholesky()?;
    let across = changes_factor.l().solve_lower_triangular(&explained.transpose())?.transpose();
    let mut weights = block(of_levels, of_levels).solve_upper_triangular(&DMatrix::identity(count, count))?;
    for (at, mut row) in weights.row_iter_mut().enumerate() {
        row /= gram.at(of_levels + at, of_levels + at).sqrt();
    }
    Some(Sides { across, weights: made_of.tr_mul(&weights) })
}

/// All products of the columns, preceded by those of a constant if there is one.
fn products(columns: &[&[f64]], with_constant: bool) -> Gram {
    let first = usize::from(with_constant);
    let mut gram = Gram::new(first + columns.len());
    if with_constant {
        gram.set(0, 0, columns[0].len() as f64);
        for (at, column) in columns.iter().enumerate() {
            gram.set(0, first + at, sum(column));
        }
    }
    for (i, column) in columns.iter().enumerate() {
        let (fours, rest) = columns[i..].as_chunks::<4>();
        let together = fours.iter().flat_map(|four| dot_four(column, *four));
        let single = rest.iter().map(|other| dot(column, other));
        for (j, product) in (i..).zip(together.chain(single)) {
            gram.set(first + i, first + j, product);
        }
    }
    gram
}

/// The sides from orthonormal bases of the columns themselves.
///
/// # Errors
/// [`JohansenError::Collinear`].
pub(crate) fn by_qr(model: &Model) -> Result<Sides, JohansenError> {
    let Model { levels, scales, lags, centred } = model;
    let lags = *lags;
    let rows = levels[0].len() - 1 - lags;
    let column = |mut values: Vec<f64>| {
        if *centred {
            detrend(&mut values, &[]);
        }
        DVector::from_vec(values)
    };
    let changes = |values: &[f64], lag: usize| {
        let from = lags - lag;
        column((from..from + rows).map(|at| values[at + 1] - values[at]).collect())
    };
    let now: Vec<_> = levels.iter().map(|values| changes(values, 0)).collect();
    let before: Vec<_> = levels.iter().map(|values| column(values[lags..][..rows].to_vec())).collect();
    let lagged: Vec<_> = levels.iter().flat_map(|values| (1..=lags).map(move |lag| (values, lag))).collect();
    let lagged: Vec<_> = lagged.into_iter().map(|(values, lag)| changes(values, lag)).collect();

    let lagged_scales: Vec<f64> = scales.iter().flat_map(|&scale| iter::repeat_n(scale, lags)).collect();
    let lagged = Orthogonal::of(&lagged, &lagged_scales)?;
    let now = Orthogonal::of(&lagged.taken_out(&now), scales)?;
    let before = Orthogonal::of(&lagged.taken_out(&before), scales)?;
    let mut weights = DMatrix::identity(levels.len(), levels.len());
    if !before.factor.solve_upper_triangular_mut(&mut weights) {
        return Err(JohansenError::Collinear);
    }
    for (mut row, norm) in weights.row_iter_mut().zip(&before.norms) {
        row /= *norm;
    }
    Ok(Sides { across: before.basis.tr_mul(&now.basis), weights })
}

/// An orthonormal basis of columns, and the factor that maps it to the columns.
struct Orthogonal {
    basis: DMatrix<f64>,
    /// Upper triangular factor of the columns scaled to length one.
    factor: DMatrix<f64>,
    norms: Vec<f64>,
}

impl Orthogonal {
    /// `scales`: for each column, the size of the numbers it was computed from.
    fn of(columns: &[DVector<f64>], scales: &[f64]) -> Result<Self, JohansenError> {
        let norms: Vec<f64> = columns.iter().map(DVector::norm).collect();
        if norms.iter().any(|&norm| norm <= 0.0 || !norm.is_finite()) {
            return Err(JohansenError::Collinear);
        }
        if columns.is_empty() {
            let none = DMatrix::zeros(0, 0);
            return Ok(Self { basis: none.clone(), factor: none, norms });
        }
        let scaled: Vec<_> = columns.iter().zip(&norms).map(|(column, norm)| column / *norm).collect();
        let (basis, factor) = DMatrix::from_columns(&scaled).qr().unpack();
        // rounding error of a scaled column and of the columns that it was made orthogonal to
        let mut noise = 0.0;
        let root = (columns[0].len() as f64).sqrt();
        for ((pivot, scale), norm) in factor.diagonal().iter().zip(scales).zip(&norms) {
            noise += rounding(*scale) * root / norm;
            if pivot.abs() < noise.max(SMALLEST_PIVOT) {
                return Err(JohansenError::Collinear);
            }
        }
        Ok(Self { basis, factor, norms })
    }

    /// The residuals of the columns on the basis; done twice, because once leaves rounding error of large
    /// components.
    fn taken_out(&self, columns: &[DVector<f64>]) -> Vec<DVector<f64>> {
        if self.norms.is_empty() {
            return columns.to_vec();
        }
        let once = |column: &DVector<f64>| column - &self.basis * self.basis.tr_mul(column);
        columns.iter().map(|column| once(&once(column))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use nalgebra::SymmetricEigen;

    fn eigenvalues(sides: &Sides) -> Vec<f64> {
        let eigen = SymmetricEigen::new(&sides.across * sides.across.transpose());
        let mut values: Vec<f64> = eigen.eigenvalues.iter().copied().collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// y follows x to within `error`.
    fn model(error: f64, lags: usize, centred: bool) -> Model {
        let walk = contract::walk(1_500);
        let mut levels: Vec<Vec<f64>> = walk.chunks(500).map(<[f64]>::to_vec).collect();
        for at in 0..500 {
            levels[0][at] = 3.0 * levels[1][at] + error * (walk[at + 900] - walk[at + 899]);
        }
        for level in &mut levels {
            if centred {
                detrend(level, &[]);
            }
        }
        let scales = levels.iter().map(|level| crate::sums::largest(level)).collect();
        Model { levels, scales, lags, centred }
    }

    #[test]
    fn products_and_bases_are_the_same_sides_however_close_the_series_follow() {
        for (error, lags, centred) in [
            (1.0, 1, true),
            (1.0, 0, true),
            (1e-3, 1, true),
            (1e-2, 2, true),
            (1.0, 3, false),
            (1e-3, 1, false),
        ] {
            let model = model(error, lags, centred);
            let quick = by_products(&model).unwrap_or_else(|| panic!("{error} {lags} {centred}"));
            let sure = by_qr(&model).unwrap();
            for (quick, sure) in eigenvalues(&quick).into_iter().zip(eigenvalues(&sure)) {
                assert!((quick - sure).abs() < 1e-10 * (1.0 - sure), "{error} {lags}: {quick} {sure}");
            }
        }
    }

    #[test]
    fn what_is_rounding_or_no_number_is_left_to_the_bases() {
        assert!(by_products(&model(1e-14, 1, true)).is_none());
        let mut broken = model(1.0, 1, true);
        broken.levels[1][7] = f64::NAN;
        assert!(by_products(&broken).is_none());
    }
}
