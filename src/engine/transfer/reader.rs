//! Lines and values into rows, by a plan.

use super::frames::Frames;
use super::plan::{Form, Plan, Role};
use super::refusal::quoted;
use super::row::{Content, Row, TableReader};
use super::signs::Signs;
use super::times::{Moment, Times};
use super::zone::Clock;
use super::{csv, dialect, document, json, members};
use core::cell::OnceCell;
use std::borrow::Cow;

/// Cells of a line that are shown, and letters of one.
const CELLS_SHOWN: usize = 24;
const LETTERS_SHOWN: usize = 48;

/// A row as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub enum Raw<'a> {
    /// A line.
    Line(&'a str),
    /// A value within a document.
    Value(document::Value<'a>),
}

/// Reads rows as a plan has it.
#[derive(Debug)]
pub struct Reader {
    how: How,
    /// What reads the cells of a row: one, or one for each of its markets; none where rows have no columns.
    markets: Vec<TableReader>,
}

#[derive(Debug)]
enum How {
    Table {
        delimiter: char,
        names: Vec<String>,
        skipped_lines: u64,
    },
    Objects {
        names: Vec<String>,
    },
    Document {
        of_objects: bool,
        list: Option<String>,
        names_market: bool,
        names: Vec<String>,
        /// What stands around the first row and may be the name of a market.
        first_key: OnceCell<String>,
    },
    Ndjson(Times, Clock),
    Frames(Box<Frames>),
}

impl Reader {
    /// A reader for `plan`.
    pub fn new(plan: &Plan) -> Self {
        let how = match &plan.form {
            Form::Table(table) => How::Table {
                delimiter: table.delimiter,
                names: table.names.clone(),
                skipped_lines: table.skipped_lines,
            },
            Form::Objects { names, .. } => How::Objects { names: names.clone() },
            Form::Document { of_objects, list, names_market, names, .. } => How::Document {
                of_objects: *of_objects,
                list: list.clone(),
                names_market: *names_market,
                names: names.clone(),
                first_key: OnceCell::new(),
            },
            Form::Ndjson => {
                How::Ndjson(plan.times.clone(), Clock::of(&plan.times.zone).unwrap_or(Clock::utc()))
            }
            Form::Frames => How::Frames(Box::default()),
        };
        let of = |columns: &[_]| TableReader::new(plan, columns);
        let markets = match plan.form.columns() {
            Some(columns) if plan.markets.is_empty() => vec![of(columns)],
            Some(columns) => plan
                .markets
                .iter()
                .map(|market| of(columns).of(market.symbol.clone(), &market.columns))
                .collect(),
            None => Vec::new(),
        };
        Self { how, markets }
    }

    /// Whether the line of this number stands above the rows.
    pub fn is_above(&self, line: u64) -> bool {
        matches!(self.how, How::Table { skipped_lines, .. } if line <= skipped_lines)
    }

    /// Reads a row and gives what it holds to `on_row`: once, or once for each of its markets. What cannot be read of
    /// one market costs the others nothing. Returns how many; 0 for a row of another kind, a book among them.
    ///
    /// # Errors
    /// Why it is refused, here or by `on_row`, for the user.
    pub fn read(
        &self,
        raw: Raw<'_>,
        mut on_row: impl FnMut(&Row<'_>) -> Result<(), String>,
    ) -> Result<usize, String> {
        let found = match (&self.how, raw) {
            (How::Ndjson(times, clock), Raw::Line(line)) => Some(json::trade(line, times, clock)?),
            (How::Frames(frames), Raw::Line(line)) => Some(frames.read(line)?),
            _ => None,
        };
        if let Some(found) = found {
            found.iter().try_for_each(on_row)?;
            // a book is of another kind than the rows that make bars
            return Ok(usize::from(found.is_some_and(|row| !matches!(row.content, Content::Book { .. }))));
        }
        let Some(cells) = self.split(raw)? else { return Ok(0) };
        let named = match (&self.how, raw) {
            (How::Document { names_market: true, .. }, Raw::Value(value)) => value.said.or(value.key),
            _ => None,
        };
        let (mut count, mut refused) = (0, None);
        for market in &self.markets {
            let read = market.read(&cells).and_then(|mut row| {
                row.symbol = row.symbol.or(named.map(Cow::Borrowed));
                on_row(&row)
            });
            match read {
                Ok(()) => count += 1,
                Err(reason) => refused = refused.or(Some(reason)),
            }
        }
        refused.map_or(Ok(count), Err)
    }

    /// The text of a line of a table that looks like no row.
    pub(super) fn foreign<'a>(&self, raw: Raw<'a>) -> Option<&'a str> {
        let (How::Table { .. }, Raw::Line(line)) = (&self.how, raw) else { return None };
        let cells = self.split(raw).ok().flatten();
        let looks_so =
            cells.is_none_or(|cells| self.markets.first().is_some_and(|market| market.is_foreign(&cells)));
        looks_so.then_some(line)
    }

    /// The time of a row as it stands there.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn moment(&self, raw: Raw<'_>) -> Result<Moment, String> {
        let cells = self.split(raw)?.ok_or("it is no row")?;
        self.markets.first().ok_or("rows have no columns")?.moment(&cells)
    }

    /// The text in the column of `role`; of a trade a line alone that of its time.
    pub(super) fn text_of(&self, raw: Raw<'_>, role: Role) -> Option<String> {
        if let (How::Ndjson(..), Raw::Line(line)) = (&self.how, raw) {
            return json::time_text(line).filter(|_| role == Role::Time);
        }
        let cells = self.split(raw).ok()??;
        self.markets.first()?.text_of(&cells, role).map(str::to_owned)
    }

    /// The cells of a row; `None` for one of another kind.
    fn split<'a>(&self, raw: Raw<'a>) -> Result<Option<Vec<Cow<'a, str>>>, String> {
        match (&self.how, raw) {
            (How::Table { .. }, Raw::Line(line)) if dialect::separator(line).is_some() => Ok(None),
            (How::Table { delimiter, names, .. }, Raw::Line(line)) => {
                let cells = csv::cells(line, *delimiter)?;
                is_whole(&cells, *delimiter, names.len())?;
                Ok(Some(cells))
            }
            (How::Objects { names }, Raw::Line(line)) => members::cells(line, names).map(Some),
            (How::Document { list, .. }, Raw::Value(value))
                if list.is_some() && value.list != list.as_deref() =>
            {
                Ok(None)
            }
            (How::Document { of_objects, names, names_market, first_key, .. }, Raw::Value(value)) => {
                if let Some(key) = value.key.filter(|_| !names_market) {
                    let first = first_key.get_or_init(|| key.to_owned());
                    if first != key {
                        return Err(format!(
                            "it stands under {}, and the first rows under {}: take the file apart where they are of several markets",
                            quoted(key),
                            quoted(first)
                        ));
                    }
                }
                document::cells(&value, *of_objects, names).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Bars so far of which a price beside the close, or the volume, is left out.
    pub(super) fn lacking(&self) -> u64 {
        self.markets.iter().map(TableReader::lacking).sum()
    }

    /// What prices and sums so far say of the decimal sign.
    pub(super) fn signs(&self) -> Signs {
        self.markets.iter().map(TableReader::signs).fold(Signs::default(), Signs::and)
    }

    /// The names of the cells as they are shown.
    pub fn names(&self) -> Option<Vec<String>> {
        match &self.how {
            How::Objects { names } | How::Document { names, .. } => Some(shown(names)),
            How::Table { names, .. } => (!names.is_empty()).then(|| shown(names)),
            How::Ndjson(..) | How::Frames(_) => None,
        }
    }

    /// The cells of a row as they are shown; one where it has no columns.
    pub fn cells(&self, raw: Raw<'_>) -> Vec<String> {
        match (self.split(raw), raw) {
            (Ok(Some(cells)), _) => shown(&cells),
            (_, Raw::Line(line)) if matches!(self.how, How::Ndjson(..) | How::Frames(_)) => {
                vec![line.chars().take(160).collect()]
            }
            (_, Raw::Line(line)) => shown(&[line]),
            (_, Raw::Value(value)) => shown(&[value.text.unwrap_or_default()]),
        }
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
/// Refuses a row between commas that has more numbers than its header has names (`0`: it has none): one of them is cut
/// in two, at a decimal comma or between its thousands.
fn is_whole(cells: &[Cow<'_, str>], delimiter: char, names: usize) -> Result<(), String> {
    let is_part = |cell: &Cow<'_, str>| cell.trim().starts_with(|sign: char| sign.is_ascii_digit());
    if delimiter == ',' && names > 0 && cells.iter().skip(names).any(is_part) {
        return Err(format!(
            "it has {} cells and the header {names} names: a decimal comma, or one between thousands, must stand in quotes",
            cells.len()
        ));
    }
    Ok(())
}
