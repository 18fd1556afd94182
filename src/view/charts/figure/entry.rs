//! A value of a chart: its name, its line and its format.

use crate::view::numbers::column::Column;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use spreadscope_engine::settings::HedgeKind;

/// The line of the chart that a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The dependent leg's.
    Y,
    /// The explanatory leg's.
    X,
    /// The chart's only line.
    Line,
    /// A second line.
    Second,
    /// A model shown beside the chosen one.
    Model(HedgeKind),
    /// A shaded band.
    Band,
    /// No line: the number is not drawn.
    Plain,
}

impl Ink {
    /// Returns the name in the page's structure.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Y => "y",
            Self::X => "x",
            Self::Line => "line",
            Self::Second => "second",
            Self::Model(kind) => kind.as_str(),
            Self::Band => "band",
            Self::Plain => "plain",
        }
    }

    /// Returns the name of its colour token.
    pub fn token(self) -> String {
        format!("var(--chart-{})", self.slug())
    }
}

/// The format of a number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text {
    Price,
    /// With the decimals of a price.
    Spread(f64),
    Ratio,
    Error,
    Signed,
    Correlation,
    Amount,
    PValue,
    Bars,
}

impl Text {
    pub(super) fn of(self, value: f64) -> String {
        match self {
            _ if !value.is_finite() => format::ABSENT.to_owned(),
            Self::Price => format::price(value),
            Self::Spread(reference) => format::spread(value, reference),
            Self::Ratio => format::significant(value, 5),
            Self::Error => format::significant(value, 2),
            Self::Signed => format::signed(value, 2),
            Self::Correlation => format::fixed(value, 3),
            Self::Amount => format::amount(value.abs()),
            Self::PValue => format::p_value(value),
            Self::Bars => format!("{} bars", format::fixed(value, 1)),
        }
    }
}

/// A value at a row.
pub(super) struct Entry<'a> {
    pub(super) label: &'a str,
    pub(super) ink: Ink,
    /// NaN if there is none.
    pub(super) number: f64,
    pub(super) text: Text,
}

/// Where values are read.
pub(super) struct At<'a> {
    pub(super) model: &'a Model,
    /// The row under the crosshair.
    pub(super) crosshair: Option<usize>,
}

impl<'a> At<'a> {
    /// Returns the row under the crosshair, or the newest one without a crosshair.
    pub(super) fn row(&self) -> Option<usize> {
        self.crosshair.or_else(|| self.model.series.len().checked_sub(1))
    }

    /// Returns the number of `column`.
    pub(super) fn number(&self, column: Column) -> f64 {
        self.row().map_or(f64::NAN, |row| self.model.series.column(column)[row])
    }

    /// Returns the number of `column` with its name.
    pub(super) fn entry(&self, label: &'a str, ink: Ink, column: Column, text: Text) -> Entry<'a> {
        Entry { label, ink, number: self.number(column), text }
    }

    /// Returns a number of both legs.
    pub(super) fn legs(&self, y: Column, x: Column, text: Text) -> Vec<Entry<'a>> {
        let pair = &self.model.settings.pair;
        vec![self.entry(pair.y.as_str(), Ink::Y, y, text), self.entry(pair.x.as_str(), Ink::X, x, text)]
    }
}
