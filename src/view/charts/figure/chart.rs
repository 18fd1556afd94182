//! A row of the list of charts: all there is to a chart beside its place in the list.

use super::entry::{At, Entry, Ink};
use super::{Canvas, Figure};
use crate::view::charts::range::Span;
use crate::view::screen::model::Model;
use spreadscope_engine::settings::PriceScale;

/// One chart.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on one another")]
pub(super) struct Chart {
    /// The name in the page's structure.
    pub slug: &'static str,
    /// The title for the eye.
    pub title: &'static str,
    /// How to read it, in the few words that fit beside the values.
    pub how_to_read: Words,
    /// The same in whole sentences.
    pub explanation: Words,
    /// Whether it is on the desk before the user has arranged the charts: what costs a part of its own, or is of use
    /// beside another chart alone, is not.
    pub is_shown_at_first: bool,
    /// Whether time runs from left to right.
    pub is_over_time: bool,
    /// Whether the history that is still to come leaves its numbers as they are.
    pub is_settled: bool,
    /// Whether the lines as drawn are the values, and not means or counts of them: then their ends are told.
    pub is_of_values: bool,
    /// Whether this line can be taken off: one of several.
    pub can_hide: fn(Ink) -> bool,
    /// Draws it.
    pub build: Build,
    /// Its values at a row, always the same ones.
    pub values: Values,
    /// Its table over a span, where that is not one of bars with the values.
    pub table: Option<fn(&Model, Span) -> DataTable>,
}

/// Draws a chart.
type Build = fn(&Model, &Canvas) -> Figure;
/// A chart's values at a row, always the same ones.
type Values = for<'a> fn(&At<'a>) -> Vec<Entry<'a>>;

impl Chart {
    /// A chart of values over time, as most are.
    pub(super) const fn over_time(
        [slug, title]: [&'static str; 2],
        how_to_read: Words,
        explanation: Words,
        build: Build,
        values: Values,
    ) -> Self {
        Self {
            slug,
            title,
            how_to_read,
            explanation,
            is_shown_at_first: true,
            is_over_time: true,
            is_settled: false,
            is_of_values: true,
            can_hide: |_| false,
            build,
            values,
            table: None,
        }
    }
}

/// A text, which can be another one where prices are logarithms.
pub(super) struct Words {
    prices: &'static str,
    logs: &'static str,
}

impl Words {
    pub(super) const fn new(prices: &'static str, logs: &'static str) -> Self {
        Self { prices, logs }
    }

    pub(super) const fn same(text: &'static str) -> Self {
        Self::new(text, text)
    }

    pub(super) const fn of(&self, scale: PriceScale) -> &'static str {
        match scale {
            PriceScale::Logs => self.logs,
            PriceScale::Levels => self.prices,
        }
    }
}

/// A table in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataTable {
    /// What stands above the columns.
    pub heads: Vec<String>,
    /// The rows, newest first where they are times.
    pub rows: Vec<Vec<String>>,
}

impl DataTable {
    /// Rows of it at most.
    pub(super) const ROWS: usize = 60;

    pub(super) fn new<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Self {
        Self { heads: heads.map(str::to_owned).to_vec(), rows: rows.map(Vec::from).collect() }
    }
}
