//! How the numbers of the first rows are written, and what they are counted in.

use super::rows;
use crate::transfer::dialect::ROWS_JUDGED;
use crate::transfer::plan::{Form, Plan, Role};
use crate::transfer::reader::Reader;
use crate::transfer::signs::{FirstSigns, Signs};
use crate::transfer::units;
use crate::transfer::yahoo;

/// The plan with sums in the units that the first rows tell, and what should be known of that.
pub(crate) fn with_units(text: &str, plan: Plan) -> (Plan, Option<String>) {
    if let Some((plan, note)) = yahoo::settle(&plan) {
        return (plan, Some(note));
    }
    let reader = Reader::new(&plan);
    let mut cells = Vec::new();
    rows(text, &plan, |_, row| {
        cells.push(reader.cells(row));
        cells.len() < ROWS_JUDGED
    });
    match units::settle(&plan, &cells) {
        Some(units::Found { columns, note }) => {
            let form = plan.form.with_columns(columns);
            (Plan { form, ..plan }, Some(note).filter(|note| !note.is_empty()))
        }
        None => (plan, None),
    }
}

/// What the first rows of a table say of its decimal sign; `None` where the user has set it.
pub(crate) fn first_signs(text: &str, plan: &Plan, found: &Plan) -> Option<FirstSigns> {
    let (Form::Table(table), Form::Table(known)) = (&plan.form, &found.form) else { return None };
    if table.decimal != known.decimal {
        return None;
    }
    let time = table.position(Role::Time);
    let (reader, mut signs, mut judged) = (Reader::new(plan), Signs::default(), 0);
    rows(text, plan, |_, row| {
        let cells = reader.cells(row);
        judged += 1;
        cells.iter().enumerate().filter(|(at, _)| Some(*at) != time).for_each(|(_, cell)| signs.take(cell));
        signs.are_none() && judged < ROWS_JUDGED
    });
    Some(if signs.are_none() { FirstSigns::None } else { FirstSigns::Some })
}
