//! `tests/budget.toml`: the ceilings, and figures compared with them.

use crate::browser::{Trouble, workspace};
use std::collections::BTreeMap;

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
    /// The limit, in words.
    pub bar: Option<String>,
    /// Whether the limit is met.
    pub holds: Option<bool>,
}

impl Figure {
    /// Returns a figure without a limit.
    pub fn plain(name: &str, value: f64, unit: &str) -> Self {
        Self { name: name.to_owned(), value, unit: unit.to_owned(), bar: None, holds: None }
    }

    /// Returns a figure that could not be measured here.
    pub fn not_measured(name: &str, unit: &str) -> Self {
        Self::plain(name, f64::NAN, unit)
    }

    /// Returns a figure that must not exceed `ceiling`.
    pub fn at_most(name: &str, value: f64, unit: &str, ceiling: f64) -> Self {
        let bar = Some(format!("<= {ceiling}"));
        Self { bar, holds: Some(value <= ceiling), ..Self::plain(name, value, unit) }
    }

    /// Returns a figure that must reach `floor`.
    pub fn at_least(name: &str, value: f64, unit: &str, floor: f64) -> Self {
        let bar = Some(format!(">= {floor}"));
        Self { bar, holds: Some(value >= floor), ..Self::plain(name, value, unit) }
    }
}
