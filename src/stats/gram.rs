//! Products of columns and their Cholesky factor: a regression with far fewer operations than QR, if the
//! columns are far enough from being dependent.

/// Smallest pivot of columns scaled to length one; smaller ones are left to QR, since the Gram matrix squares
/// the condition number.
const SMALLEST_PIVOT: f64 = 1e-2;
/// Smallest share of a target that must remain as residual; less would be too close to rounding error.
const SMALLEST_REST: f64 = 1e-5;

/// A symmetric matrix, of which the upper half is stored.
pub(crate) struct Gram {
    size: usize,
    entries: Vec<f64>,
}

impl Gram {
    pub(crate) fn new(size: usize) -> Self {
        Self { size, entries: vec![0.0; size * size] }
    }

    pub(crate) fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i.min(j) * self.size + i.max(j)]
    }

    pub(crate) fn set(&mut self, i: usize, j: usize, value: f64) {
        self.entries[i.min(j) * self.size + i.max(j)] = value;
    }

    /// Upper Cholesky factor, by rows, of the columns in this order, scaled to length one; `None` if a pivot
    /// shows that too many digits are lost.
    ///
    /// The last columns are `targets`: their entries are projections on the columns before them, and the
    /// residual.
    pub(crate) fn factor(&self, order: &[usize], targets: usize) -> Option<Vec<f64>> {
        let size = self.size;
        let scale: Vec<f64> = order.iter().map(|&at| 1.0 / self.at(at, at).sqrt()).collect();
        if !scale.iter().all(|scale| scale.is_finite() && *scale > 0.0) {
            return None;
        }
        let mut factor = vec![0.0; size * size];
        for i in 0..size {
            for j in i..size {
                factor[i * size + j] = self.at(order[i], order[j]) * scale[i] * scale[j];
            }
        }
        for i in 0..size {
            let (done, below) = factor.split_at_mut((i + 1) * size);
            let row = &mut done[i * size..];
            let is_target = i + targets >= size;
            let smallest = if is_target { SMALLEST_REST } else { SMALLEST_PIVOT * SMALLEST_PIVOT };
            let pivot = row[i];
            // a NaN pivot is not large enough either
            if pivot.is_nan() || pivot < smallest {
                return None;
            }
            let root = pivot.sqrt();
            row[i..].iter_mut().for_each(|entry| *entry /= root);
            for (later, target) in (i + 1..size).zip(below.chunks_exact_mut(size)) {
                let weight = row[later];
                for (entry, factor) in target[later..].iter_mut().zip(&row[later..]) {
                    *entry -= weight * factor;
                }
            }
        }
        Some(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_gives_the_products_back_and_near_copies_are_refused() {
        let columns = [[1.0, 1.0, 1.0], [1.0, -2.0, 0.5], [0.3, 0.4, 2.0]];
        let product =
            |i: usize, j: usize| -> f64 { columns[i].iter().zip(columns[j]).map(|(a, b)| a * b).sum() };
        let mut gram = Gram::new(3);
        for i in 0..3 {
            for j in i..3 {
                gram.set(i, j, product(i, j));
            }
        }
        let factor = gram.factor(&[2, 0, 1], 1).unwrap();
        let back: f64 = (0..3).map(|row| factor[row * 3 + 1] * factor[row * 3 + 2]).sum();
        let expected = product(0, 1) / (product(0, 0) * product(1, 1)).sqrt();
        assert!((back - expected).abs() < 1e-15, "{back} {expected}");
        gram.set(0, 2, 0.999_99 * (product(0, 0) * product(2, 2)).sqrt());
        assert!(gram.factor(&[2, 0, 1], 1).is_none());
        gram.set(1, 1, f64::NAN);
        assert!(gram.factor(&[0, 1, 2], 1).is_none());
    }
}
