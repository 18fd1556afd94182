//! The values of a chart in words, at the crosshair or at the newest bar.

use super::ChartKind;
use crate::view::format;
use crate::view::model::Model;
use crate::view::series::Column;

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
            Self::Plain => "plain",
        }
    }
}

/// A value with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendValue {
    /// What it is.
    pub label: String,
    /// The value; a dash where there is none.
    pub value: String,
    /// Its line.
    pub ink: Ink,
}

/// The values of `kind` at a row; at the newest one where `row` is `None`.
pub fn legend(kind: ChartKind, model: &Model, row: Option<usize>) -> Vec<LegendValue> {
    let series = &model.series;
    let row = row.or_else(|| series.len().checked_sub(1));
    let number = |column: Column| row.map_or(f64::NAN, |row| series.column(column)[row]);
    let pair = &model.settings.pair;
    let value = |label: &str, ink: Ink, number: f64, text: fn(f64, f64) -> String, scale: f64| LegendValue {
        label: label.to_owned(),
        value: if number.is_finite() { text(number, scale) } else { format::ABSENT.to_owned() },
        ink,
    };
    let price = |value: f64, _: f64| format::price(value);
    let ratio = |value: f64, _: f64| format::significant(value, 5);
    let two = |value: f64, _: f64| format::signed(value, 2);
    let amount = |value: f64, _: f64| format::amount(value);
    let reference = number(Column::YClose);
    match kind {
        ChartKind::Price => vec![
            value(pair.y.as_str(), Ink::Y, number(Column::YClose), price, 0.0),
            value(pair.x.as_str(), Ink::X, number(Column::XClose), price, 0.0),
        ],
        ChartKind::Spread => vec![
            value("spread", Ink::Line, number(Column::Spread), format::spread, reference),
            value("mean", Ink::Second, number(Column::SpreadMean), format::spread, reference),
            value("deviation", Ink::Plain, number(Column::SpreadStdDev), format::spread, reference),
        ],
        ChartKind::ZScore => vec![value("z", Ink::Line, number(Column::Z), two, 0.0)],
        ChartKind::Hedge => vec![
            value("ratio", Ink::Line, number(Column::HedgeRatio), ratio, 0.0),
            value("± s.e.", Ink::Plain, number(Column::HedgeRatioStdError), ratio, 0.0),
        ],
        ChartKind::Correlation => {
            vec![value("correlation", Ink::Line, number(Column::Correlation), two, 0.0)]
        }
        ChartKind::Volume => vec![
            value(pair.y.as_str(), Ink::Y, number(Column::YQuoteVolume), amount, 0.0),
            value(pair.x.as_str(), Ink::X, number(Column::XQuoteVolume), amount, 0.0),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::series::tests::row;
    use spreadscope_engine::Settings;
    use spreadscope_engine::event::{Event, Fact};

    #[test]
    fn the_crosshairs_row_is_told_and_the_newest_without_one() {
        let mut model = Model::new(Settings::default());
        let rows = vec![row(0, 1.25), row(1, -2.5)];
        model.apply(Event::Fact { sequence: 0, fact: Fact::Rows { replace: true, rows } });
        let z = |row| legend(ChartKind::ZScore, &model, row)[0].value.clone();
        assert_eq!((z(Some(0)), z(None)), ("+1.25".to_owned(), "\u{2212}2.50".to_owned()));
        let correlation = legend(ChartKind::Correlation, &model, None);
        assert_eq!(correlation[0].value, format::ABSENT);
    }
}
