//! Lines into rows, by a plan.

use super::plan::{Form, Plan};
use super::row::{Row, TableReader};
use super::{csv, head, json, members};

/// Cells of a line that are shown, and letters of one.
const CELLS_SHOWN: usize = 24;
const LETTERS_SHOWN: usize = 48;

/// Reads lines as a plan has it.
#[derive(Debug)]
pub struct Reader {
    how: How,
    /// What reads the cells of a row: one, or one for each leg of a pair; none where rows have no columns.
    legs: Vec<TableReader>,
}

#[derive(Debug)]
enum How {
    Table { delimiter: char, has_header: bool },
    Objects { names: Vec<String> },
    Ndjson,
    Frames,
}

/// Whether there is nothing on a line but a remark, or what stands around the rows of a table of ours.
pub(super) fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || head::is_around(line)
}

impl Reader {
    /// A reader for `plan`.
    pub fn new(plan: &Plan) -> Self {
        let how = match &plan.form {
            Form::Table(table) => How::Table { delimiter: table.delimiter, has_header: table.has_header },
            Form::Objects { names, .. } => How::Objects { names: names.clone() },
            Form::Ndjson => How::Ndjson,
            Form::Frames => How::Frames,
        };
        let first = plan.form.columns().map(|columns| TableReader::new(plan, columns));
        let legs = match (first, &plan.symbol, &plan.other_leg) {
            (Some(first), Some(symbol), Some(other)) => {
                let second = TableReader::new(plan, &other.columns);
                vec![first.of(symbol.clone()), second.of(other.symbol.clone())]
            }
            (first, ..) => first.into_iter().collect(),
        };
        Self { how, legs }
    }

    /// Whether the first line that is not blank is no row.
    pub fn has_header(&self) -> bool {
        matches!(self.how, How::Table { has_header: true, .. })
    }

    /// Reads a line that is not blank and gives what it holds to `on_row`: a row, or one for each leg of a pair, of
    /// which neither is given when one cannot be read. Returns how many; 0 for a line of another kind.
    ///
    /// # Errors
    /// Why it is refused, here or by `on_row`, for the user.
    pub fn read(
        &self,
        line: &str,
        mut on_row: impl FnMut(&Row<'_>) -> Result<(), String>,
    ) -> Result<usize, String> {
        let cells = match &self.how {
            How::Table { delimiter, .. } => csv::cells(line, *delimiter)?,
            How::Objects { names } => members::cells(line, names)?,
            How::Ndjson | How::Frames => {
                let is_trade = matches!(self.how, How::Ndjson);
                let found = if is_trade { json::trade(line)? } else { json::frame(line)? };
                found.iter().try_for_each(on_row)?;
                return Ok(usize::from(found.is_some()));
            }
        };
        let rows: Vec<Row<'_>> = self.legs.iter().map(|leg| leg.read(&cells)).collect::<Result<_, _>>()?;
        rows.iter().try_for_each(&mut on_row)?;
        Ok(rows.len())
    }

    /// The names of the cells as they are shown, where it is not a header that gives them.
    pub fn names(&self) -> Option<Vec<String>> {
        match &self.how {
            How::Objects { names } => Some(shown(names)),
            How::Table { .. } | How::Ndjson | How::Frames => None,
        }
    }

    /// The cells of a line as they are shown; one where it has no columns.
    pub fn cells(&self, line: &str) -> Vec<String> {
        let cells = match &self.how {
            How::Table { delimiter, .. } => csv::cells(line, *delimiter).ok(),
            How::Objects { names } => members::cells(line, names).ok(),
            How::Ndjson | How::Frames => return vec![line.chars().take(160).collect()],
        };
        cells.map_or_else(|| shown(&[line]), |cells| shown(&cells))
    }
}

/// The first cells, and of each the first letters.
fn shown<S: AsRef<str>>(cells: &[S]) -> Vec<String> {
    let short = |text: &str| match text.char_indices().nth(LETTERS_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    cells.iter().take(CELLS_SHOWN).map(|cell| short(cell.as_ref())).collect()
}
