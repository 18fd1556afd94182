//! A value of a chart: its name, its line and how it is written.

use crate::view::numbers::column::Column;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use spreadscope_engine::settings::HedgeKind;

/// Which line of the chart a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The dependent leg's.
    Y,
    /// The explaining leg's.
    X,
    /// The chart's one line.
    Line,
    /// The line beside it.
    Second,
    /// A model beside the chosen one.
    Model(HedgeKind),
    /// None: a number that is not drawn.
    Plain,
}

impl Ink {
    /// The name in the page's structure.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Y => "y",
            Self::X => "x",
            Self::Line => "line",
            Self::Second => "second",
            Self::Model(kind) => kind.as_str(),
            Self::Plain => "plain",
        }
    }

    /// Its colour, by the token's name.
    pub fn token(self) -> String {
        format!("var(--chart-{})", self.slug())
    }
}

/// How a number is written.
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
    /// NaN where there is none.
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
    /// The row under the crosshair, the newest one without a crosshair.
    pub(super) fn row(&self) -> Option<usize> {
        self.crosshair.or_else(|| self.model.series.len().checked_sub(1))
    }

    /// The number of `column`.
    pub(super) fn number(&self, column: Column) -> f64 {
        self.row().map_or(f64::NAN, |row| self.model.series.column(column)[row])
    }

    /// The number of `column` with its name.
    pub(super) fn entry(&self, label: &'a str, ink: Ink, column: Column, text: Text) -> Entry<'a> {
        Entry { label, ink, number: self.number(column), text }
    }

    /// A number of both legs.
    pub(super) fn legs(&self, y: Column, x: Column, text: Text) -> Vec<Entry<'a>> {
        let pair = &self.model.settings.pair;
        vec![self.entry(pair.y.as_str(), Ink::Y, y, text), self.entry(pair.x.as_str(), Ink::X, x, text)]
    }
}
