//! Lines into rows, by a plan.

use super::plan::{Form, Plan};
use super::row::{Row, TableReader};
use super::{csv, head, json};

/// Cells of a line that are shown, and letters of one.
const CELLS_SHOWN: usize = 24;
const LETTERS_SHOWN: usize = 48;

/// Reads lines as a plan has it.
#[derive(Debug)]
pub struct Reader {
    how: How,
}

#[derive(Debug)]
enum How {
    Table { delimiter: char, has_header: bool, reader: Box<TableReader> },
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
            Form::Table(table) => How::Table {
                delimiter: table.delimiter,
                has_header: table.has_header,
                reader: Box::new(TableReader::new(plan, table)),
            },
            Form::Ndjson => How::Ndjson,
            Form::Frames => How::Frames,
        };
        Self { how }
    }

    /// Whether the first line that is not blank is no row.
    pub fn has_header(&self) -> bool {
        matches!(self.how, How::Table { has_header: true, .. })
    }

    /// Reads a line that is not blank and gives its row to `on_row`; `None` for a line of another kind.
    ///
    /// # Errors
    /// Why the row is refused, for the user.
    pub fn read<T>(&self, line: &str, on_row: impl FnOnce(&Row<'_>) -> T) -> Result<Option<T>, String> {
        let found = match &self.how {
            How::Table { delimiter, reader, .. } => {
                let cells = csv::cells(line, *delimiter)?;
                return Ok(Some(on_row(&reader.read(&cells)?)));
            }
            How::Ndjson => json::trade(line)?,
            How::Frames => json::frame(line)?,
        };
        Ok(found.map(|row| on_row(&row)))
    }

    /// The cells of a line as they are shown; one where it is no table.
    pub fn cells(&self, line: &str) -> Vec<String> {
        let short = |text: &str| match text.char_indices().nth(LETTERS_SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        };
        match &self.how {
            How::Table { delimiter, .. } => match csv::cells(line, *delimiter) {
                Ok(cells) => cells.iter().take(CELLS_SHOWN).map(|cell| short(cell)).collect(),
                Err(_) => vec![short(line)],
            },
            How::Ndjson | How::Frames => vec![line.chars().take(160).collect()],
        }
    }
}
