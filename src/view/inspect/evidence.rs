//! The whole evidence as rows, one per number of a test.

use super::Table;
use crate::view::files::table::Cell;
use spreadscope_engine::analytics::evidence::{Answer, Evidence, Examined, Finding, Stance, figures};

/// The columns of [`rows`].
pub(crate) const COLUMNS: [&str; 9] =
    ["open_time", "interval", "direction", "bars", "group", "test", "number", "value", "stance"];

/// Returns `evidence` as rows, followed by those of the comparison.
pub(crate) fn rows(evidence: &Evidence) -> Vec<Vec<Cell>> {
    [Some(&evidence.main), evidence.beside.as_ref()].into_iter().flatten().flat_map(of_sample).collect()
}

fn of_sample(examined: &Examined) -> Vec<Vec<Cell>> {
    let row = |finding: &Finding, number: &str, value: Cell, stance: &str| {
        let kind = finding.kind;
        vec![
            super::time(examined.open_time.0),
            Cell::word(examined.interval.as_str()),
            Cell::word(examined.direction.as_str()),
            super::count(finding.bars as u64),
            Cell::word(kind.group().as_str()),
            Cell::word(kind.name()),
            Cell::word(number),
            value,
            Cell::word(stance),
        ]
    };
    let mut rows = Vec::new();
    for finding in &examined.findings {
        match &finding.answer {
            Answer::Found(found) => {
                let stance = match finding.stance() {
                    Some(Stance::For) => "for",
                    Some(Stance::Undecided) => "undecided",
                    Some(Stance::Against) => "against",
                    None => "part of a sample",
                };
                let figures = figures(found);
                rows.extend(
                    figures.into_iter().map(|(name, value)| row(finding, name, Cell::maybe(value), stance)),
                );
            }
            Answer::Warming { seen, needed } => {
                rows.push(row(finding, "warming", Cell::Text(format!("{seen} of {needed} bars")), ""));
            }
            Answer::Undefined(reason) => {
                rows.push(row(finding, "undefined", Cell::Text(reason.clone()), ""));
            }
        }
    }
    rows
}

/// Returns the inspector's table; `None` before the evidence has been computed.
pub(super) fn table(evidence: Option<&Evidence>) -> Option<Table> {
    let rows = rows(evidence?);
    Some(Table { name: "evidence", title: "Evidence", columns: COLUMNS.to_vec(), rows })
}
