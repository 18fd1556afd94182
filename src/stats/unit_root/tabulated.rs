//! p-values from a table of quantiles.

use core::fmt;

/// A p-value from a table: a number between its ends, a bound beyond them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TabulatedP {
    /// Interpolated linearly between two quantiles.
    Interpolated(f64),
    /// The statistic is beyond the table's most extreme quantile: p is this or less.
    AtMost(f64),
    /// The statistic is before the table's first quantile: p is this or more.
    AtLeast(f64),
}

impl TabulatedP {
    /// The interpolated value or the bound, as statsmodels and arch print it.
    pub fn number(self) -> f64 {
        match self {
            Self::Interpolated(p) | Self::AtMost(p) | Self::AtLeast(p) => p,
        }
    }

    /// Looks `statistic` up in `(statistic, percent)` pairs in ascending order of the statistic.
    pub(crate) fn read(table: &[(f64, f64)], statistic: f64) -> Self {
        let bound = |percent: f64, other: f64| {
            if percent < other { Self::AtMost(percent / 100.0) } else { Self::AtLeast(percent / 100.0) }
        };
        let (first, last) = (table[0], table[table.len() - 1]);
        if statistic <= first.0 {
            return bound(first.1, last.1);
        }
        if statistic >= last.0 {
            return bound(last.1, first.1);
        }
        let at = table.partition_point(|&(quantile, _)| quantile <= statistic);
        let ((low, p_low), (high, p_high)) = (table[at - 1], table[at]);
        Self::Interpolated((p_low + (p_high - p_low) * (statistic - low) / (high - low)) / 100.0)
    }
}

impl fmt::Display for TabulatedP {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interpolated(p) => write!(formatter, "{p}"),
            Self::AtMost(p) => write!(formatter, "at most {p}"),
            Self::AtLeast(p) => write!(formatter, "at least {p}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_ends_there_are_bounds() {
        let right_tailed = [(1.0, 10.0), (2.0, 5.0), (4.0, 1.0)];
        let read = |statistic| TabulatedP::read(&right_tailed, statistic);
        assert_eq!(read(0.5), TabulatedP::AtLeast(0.1));
        assert_eq!(read(3.0), TabulatedP::Interpolated(0.03));
        assert_eq!(read(4.0), TabulatedP::AtMost(0.01));
        let left_tailed = [(-4.0, 1.0), (-2.0, 10.0)];
        assert_eq!(TabulatedP::read(&left_tailed, -5.0).to_string(), "at most 0.01");
        assert_eq!(TabulatedP::read(&left_tailed, 0.0).to_string(), "at least 0.1");
    }
}
