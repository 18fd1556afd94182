//! The inspector's views: what the page and its engine hold, as facts and rows, on the page and as JSON.

mod alerts;
mod analytics;
mod diagnostics;
pub(super) mod evidence;
mod feed;
mod ticks;

pub use diagnostics::diagnostics;

use crate::view::files::table::{self, Cell};
use crate::view::numbers::calendar;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use crate::view::screen::route::{Route, View};
use spreadscope_engine::UnixMillis;

/// Most rows that a table shows.
pub const ROWS: usize = 100;

/// A name and its value.
pub type FactLine = (&'static str, Cell);

/// A view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence.
    pub about: String,
    /// Single values.
    pub facts: Vec<FactLine>,
    /// Rows below them.
    pub tables: Vec<Table>,
}

/// Rows of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its caption; empty if it is the only table.
    pub title: &'static str,
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The rows, newest first.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns the only table of a view, without rows yet.
    fn rows(columns: Vec<&'static str>) -> Self {
        Self { name: "rows", title: "", columns, rows: Vec::new() }
    }
}

impl Page {
    /// Returns the view as JSON, as of `now`.
    pub fn json(&self, route: &Route, now: UnixMillis) -> String {
        let mut out = String::from("{\"view\":");
        table::push_json_text(&mut out, &route.path());
        out.push_str(",\"at\":");
        table::push_json_text(&mut out, &calendar::iso(now.0));
        out.push_str(",\n\"facts\":");
        table::object(&mut out, &self.facts);
        for table in &self.tables {
            rows_json(&mut out, table);
        }
        out.push_str("}\n");
        out
    }
}

/// Writes the rows of `table` as a member of an object, under its name.
fn rows_json(out: &mut String, table: &Table) {
    out.push_str(",\n");
    table::push_json_text(out, table.name);
    out.push_str(":[");
    for (place, row) in table.rows.iter().enumerate() {
        out.push_str(if place == 0 { "\n" } else { ",\n" });
        let members: Vec<FactLine> = table.columns.iter().copied().zip(row.iter().cloned()).collect();
        table::object(out, &members);
    }
    out.push_str("\n]");
}

/// Returns a field for display: numbers with ten digits, absent values as a dash.
pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format::fixed(*number, 0),
        Cell::Number(number) => format::significant(*number, 10),
        Cell::Whole(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

/// Returns the page of `view` on `model`.
pub fn page(view: &View, model: &Model) -> Page {
    match view {
        View::Ticks(symbol) => ticks::page(symbol.as_str(), model),
        View::Spread => analytics::spread(model),
        View::Adf => analytics::adf(model),
        View::ZScoreAlert => alerts::page(model),
        View::Feed => feed::page(model),
    }
}

fn time(millis: i64) -> Cell {
    Cell::Text(calendar::iso(millis))
}

fn maybe_time(at: Option<UnixMillis>) -> Cell {
    at.map_or(Cell::Number(f64::NAN), |at| time(at.0))
}

fn count(number: u64) -> Cell {
    Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

fn maybe_count(number: Option<u64>) -> Cell {
    number.map_or(Cell::Number(f64::NAN), count)
}

fn maybe_whole(number: Option<i64>) -> Cell {
    number.map_or(Cell::Number(f64::NAN), Cell::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::bars::Origin;
    use spreadscope_engine::{Settings, Symbol};

    pub(super) fn model(rows: i64) -> Model {
        let mut model = Model::new(Settings::default());
        for second in 0..rows {
            let mut row = row(second, second as f64);
            if (20..23).contains(&second) {
                row.x.origin = Origin::Missing;
                row.x.close = None;
            }
            if second == 23 {
                row.x.origin = Origin::Outage;
            }
            model.series.put(&row);
        }
        model
    }

    #[test]
    fn every_view_is_json_with_and_without_data() {
        let ticks = View::Ticks(Symbol::new("BTCUSDT").unwrap());
        let views = [ticks, View::Spread, View::Adf, View::ZScoreAlert, View::Feed];
        for model in [model(0), model(300)] {
            for view in &views {
                let page = page(view, &model);
                let route = Route::Inspect(view.clone());
                let text = page.json(&route, UnixMillis(0));
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(value["view"], route.path());
                for table in &page.tables {
                    assert!(table.rows.len() <= ROWS);
                    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{view:?}");
                    assert_eq!(value[table.name].as_array().unwrap().len(), table.rows.len());
                }
            }
        }
    }
}
