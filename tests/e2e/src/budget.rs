//! `tests/budget.toml`: the ceilings, and figures held against them.

use crate::browser::{Trouble, workspace};
use std::collections::BTreeMap;

/// The ceilings by name.
#[derive(Debug, Clone)]
pub struct Budget(BTreeMap<String, f64>);

impl Budget {
    /// Reads the file: a name and a number on each line.
    ///
    /// # Errors
    /// The line that is neither that nor a comment.
    pub fn read() -> Result<Self, Trouble> {
        let text = std::fs::read_to_string(workspace().join("tests/budget.toml"))?;
        let mut ceilings = BTreeMap::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (name, number) = line.split_once('=').ok_or_else(|| format!("budget.toml: {line}"))?;
            ceilings.insert(name.trim().to_owned(), number.trim().parse()?);
        }
        Ok(Self(ceilings))
    }

    /// The ceiling called `name`.
    ///
    /// # Errors
    /// When there is none.
    pub fn ceiling(&self, name: &str) -> Result<f64, Trouble> {
        self.0.get(name).copied().ok_or_else(|| format!("budget.toml has no {name}").into())
    }
}

/// A figure, with the bar it is held against if there is one.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The figure; not a number where it was not measured.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The bar, in words.
    pub bar: Option<String>,
    /// Whether it holds.
    pub holds: Option<bool>,
}

impl Figure {
    /// A figure without a bar.
    pub fn plain(name: &str, value: f64, unit: &str) -> Self {
        Self { name: name.to_owned(), value, unit: unit.to_owned(), bar: None, holds: None }
    }

    /// A figure that could not be measured here.
    pub fn not_measured(name: &str, unit: &str) -> Self {
        Self::plain(name, f64::NAN, unit)
    }

    /// A figure that must not exceed `ceiling`.
    pub fn at_most(name: &str, value: f64, unit: &str, ceiling: f64) -> Self {
        let bar = Some(format!("<= {ceiling}"));
        Self { bar, holds: Some(value <= ceiling), ..Self::plain(name, value, unit) }
    }

    /// A figure that must reach `floor`.
    pub fn at_least(name: &str, value: f64, unit: &str, floor: f64) -> Self {
        let bar = Some(format!(">= {floor}"));
        Self { bar, holds: Some(value >= floor), ..Self::plain(name, value, unit) }
    }
}
