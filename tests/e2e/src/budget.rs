//! `tests/budget.toml`: the ceilings, and figures compared with them.

use crate::browser::{Trouble, workspace};
use std::collections::BTreeMap;
use std::fmt;

/// The ceilings by name.
#[derive(Debug, Clone)]
pub struct Budget(BTreeMap<String, f64>);

impl Budget {
    /// Reads the file: a name and a number on each line.
    ///
    /// # Errors
    /// A line is neither an entry nor a comment.
    pub fn read() -> Result<Self, Trouble> {
        let text = std::fs::read_to_string(workspace().join("tests/budget.toml"))?;
        let mut ceilings = BTreeMap::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (name, number) = line.split_once('=').ok_or_else(|| format!("budget.toml: {line}"))?;
            ceilings.insert(name.trim().to_owned(), number.trim().parse()?);
        }
        Ok(Self(ceilings))
    }

    /// Returns the ceiling called `name`.
    ///
    /// # Errors
    /// There is none.
    pub fn ceiling(&self, name: &str) -> Result<f64, Trouble> {
        self.0.get(name).copied().ok_or_else(|| format!("budget.toml has no {name}").into())
    }
}

/// A figure, with its limit if there is one.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The figure; NaN if it was not measured.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What it must not exceed, or must reach.
    pub limit: Option<Limit>,
}

/// A bar for a figure. Bars of times are for a machine whose yardstick is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// The figure must not exceed it.
    AtMost(f64),
    /// The figure must reach it.
    AtLeast(f64),
}

impl Figure {
    /// Returns a figure without a limit.
    pub fn plain(name: &str, value: f64, unit: &str) -> Self {
        Self { name: name.to_owned(), value, unit: unit.to_owned(), limit: None }
    }

    /// Returns a figure that could not be measured here.
    pub fn not_measured(name: &str, unit: &str) -> Self {
        Self::plain(name, f64::NAN, unit)
    }

    /// Returns a figure that must not exceed `ceiling`.
    pub fn at_most(name: &str, value: f64, unit: &str, ceiling: f64) -> Self {
        Self { limit: Some(Limit::AtMost(ceiling)), ..Self::plain(name, value, unit) }
    }

    /// Returns a figure that must reach `floor`.
    pub fn at_least(name: &str, value: f64, unit: &str, floor: f64) -> Self {
        Self { limit: Some(Limit::AtLeast(floor)), ..Self::plain(name, value, unit) }
    }

    /// Returns what the figure would be on a machine whose yardstick is 1: a time is divided by `yardstick`,
    /// that of the machine on which it was measured; sizes and ratios stay as they are.
    pub fn scaled(&self, yardstick: f64) -> f64 {
        if matches!(self.unit.as_str(), "ns" | "ms" | "s") { self.value / yardstick } else { self.value }
    }

    /// Returns whether the scaled figure is within its limit; `None` if it has none.
    pub fn holds(&self, yardstick: f64) -> Option<bool> {
        let scaled = self.scaled(yardstick);
        self.limit.map(|limit| match limit {
            Limit::AtMost(ceiling) => scaled <= ceiling,
            Limit::AtLeast(floor) => scaled >= floor,
        })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(ceiling) => write!(f, "<= {ceiling}"),
            Self::AtLeast(floor) => write!(f, ">= {floor}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_judged_by_the_yardstick_of_its_machine_and_a_size_is_not() {
        let update = Figure::at_most("update", 130.0, "ns", 100.0);
        assert_eq!([1.0, 1.25, 1.3].map(|yardstick| update.holds(yardstick)), [false, false, true].map(Some));
        assert_eq!(Figure::at_most("size", 130.0, "bytes", 100.0).holds(2.0), Some(false));
        assert_eq!(Figure::at_least("speed", 0.9, "ratio", 1.0).holds(0.5), Some(false));
        assert_eq!(Figure::not_measured("pandas", "ms").holds(1.0), None);
        assert_eq!(Figure::at_most("nothing", f64::NAN, "ms", 1.0).holds(1.0), Some(false));
    }
}
