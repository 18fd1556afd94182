//! A chart as a table, for those who would rather read.

use super::ChartKind;
use super::chart::DataTable;
use super::legend::values;
use crate::view::charts::range::Span;
use crate::view::numbers::calendar;
use crate::view::screen::model::Model;
use spreadscope_engine::bars::Origin;

/// Returns the chart of `kind` over `span` as a table, thinned evenly if there are many bars. Times are UTC.
pub fn table(kind: ChartKind, model: &Model, span: Span) -> DataTable {
    kind.chart().table.map_or_else(|| bars(kind, model, span), |table| table(model, span))
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
fn bars(kind: ChartKind, model: &Model, span: Span) -> DataTable {
    let rows = model.series.between(span.from, span.to);
    let step = rows.len().div_ceil(DataTable::ROWS).max(1);
    let every = if step == 1 { String::new() } else { format!(", every {step} bars") };
    let mut told = DataTable { heads: vec![format!("Time (UTC){every}")], rows: Vec::new() };
    for row in rows.rev().step_by(step) {
        let values = values(kind, model, Some(row));
        if told.rows.is_empty() {
            told.heads.extend(values.iter().map(|value| value.label.clone()));
            told.heads.push("Gaps".to_owned());
        }
        let mut cells = vec![calendar::iso(model.series.times()[row] as i64)];
        cells.extend(values.into_iter().map(|value| value.value));
        cells.push(origins(&model.series.origins()[(row + 1).saturating_sub(step)..=row]));
        told.rows.push(cells);
    }
    told
}

/// Returns how many bars of a table row were missing, in an outage, repaired or polled, if any.
fn origins(bars: &[[Origin; 2]]) -> String {
    let mut told = Vec::new();
    for origin in [Origin::Missing, Origin::Outage, Origin::Repaired, Origin::Polled] {
        let count = bars.iter().filter(|legs| legs.contains(&origin)).count();
        if count > 0 {
            told.push(format!("{count} {}", origin.as_str()));
        }
    }
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Settings;

    #[test]
    fn a_long_span_is_told_in_few_rows_the_newest_first() {
        let mut model = Model::new(Settings::default());
        (0..1_000).for_each(|second| model.series.put(&row(second, 1.5)));
        let all = Span { from: 0.0, to: f64::INFINITY };
        for kind in ChartKind::ALL {
            let DataTable { heads, rows } = table(kind, &model, all);
            assert!(
                rows.len() <= DataTable::ROWS && rows.iter().all(|row| row.len() == heads.len()),
                "{kind:?}"
            );
        }
        let z = table(ChartKind::ZScore, &model, all);
        assert_eq!(z.heads, ["Time (UTC), every 17 bars", "z", "Gaps"]);
        assert_eq!(z.rows[0], ["2023-11-14T22:29:59.000Z", "+1.50", "none"]);
        assert_eq!(table(ChartKind::Histogram, &model, all).rows, [["1.50 to 1.75", "1000", "100 %"]]);
        assert_eq!(table(ChartKind::ZScore, &model, Span { from: 0.0, to: 1.0 }).rows.len(), 0);
    }

    #[test]
    fn a_row_of_the_table_says_what_became_of_all_its_bars() {
        let mut model = Model::new(Settings::default());
        for second in 0..600 {
            let mut bar = row(second, 0.0);
            if second >= 592 {
                bar.y.origin = if second < 595 { Origin::Missing } else { Origin::Repaired };
            }
            model.series.put(&bar);
        }
        let shown = table(ChartKind::Price, &model, Span { from: 0.0, to: f64::INFINITY });
        assert_eq!(shown.rows[0].last().map(String::as_str), Some("3 missing, 5 repaired"));
        assert_eq!(shown.rows[1].last().map(String::as_str), Some("none"));
    }
}
