//! A row in the list of charts: everything about a chart except its place in the list.

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
    /// The title.
    pub title: &'static str,
    /// How to read it, short enough to fit beside the values.
    pub how_to_read: Words,
    /// The same in whole sentences.
    pub explanation: Words,
    /// Whether it is shown before the user has arranged the charts. Charts that cost extra computation, or that
    /// are useful only beside another chart, are not.
    pub is_shown_at_first: bool,
    /// Whether time runs from left to right.
    pub is_over_time: bool,
    /// Whether history still being loaded leaves its numbers unchanged.
    pub is_settled: bool,
    /// Whether the lines show the values themselves rather than means or counts; the summary then gives their
    /// extremes.
    pub is_of_values: bool,
    /// Whether this line can be hidden: one of several.
    pub can_hide: fn(Ink) -> bool,
    /// Draws it.
    pub build: Build,
    /// Its values at a row, always in the same order.
    pub values: Values,
    /// Its table over a span, unless the rows are bars with the values.
    pub table: Option<fn(&Model, Span) -> DataTable>,
}

/// Builds a chart's figure.
type Build = fn(&Model, &Canvas) -> Figure;
/// A chart's values at a row, always in the same order.
type Values = for<'a> fn(&At<'a>) -> Vec<Entry<'a>>;

impl Chart {
    /// Returns a chart of values over time, as most are.
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

/// A text that may differ if prices are logarithms.
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

/// A table as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataTable {
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The rows; if they are times, the newest first.
    pub rows: Vec<Vec<String>>,
}

impl DataTable {
    /// Most rows of a table.
    pub(super) const ROWS: usize = 60;

    pub(super) fn new<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Self {
        Self { heads: heads.map(str::to_owned).to_vec(), rows: rows.map(Vec::from).collect() }
    }
}
