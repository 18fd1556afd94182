//! Where the rows of a table begin: a line below the names of the columns is a row even where its time cannot be read.

use super::dialect::{Line, is_number};
use super::plan::Role;
use super::{columns, names, number};
use std::borrow::Cow;

/// The place of the first row among all lines; `is_row`: a time can be read in it.
///
/// Below the last line that names columns whatever holds a number is a row, damaged or not; so is it from the first
/// line on where none names them.
pub(super) fn first_row<'a>(
    all: &[Line<'a>],
    time: Option<usize>,
    width: usize,
    is_row: impl Fn(&[Cow<'a, str>]) -> bool,
) -> Option<usize> {
    let first = all.iter().position(|(_, cells)| is_row(cells))?;
    let named = all[..first].iter().rposition(|(_, cells)| is_header(cells, time));
    let is_damaged = |at: &usize| {
        let cells = &all[*at].1;
        cells.len() > 1 && cells.len().abs_diff(width) <= 1 && is_data(cells, time)
    };
    (named.map_or(0, |at| at + 1)..first).find(is_damaged).or(Some(first))
}

/// Whether a line names columns: a time, or fields of a bar or a trade.
fn is_header(cells: &[Cow<'_, str>], time: Option<usize>) -> bool {
    let is_named = columns::by_name(cells).is_some() && !others(cells, time).any(is_number);
    cells.len() > 1 && !are_types(cells) && (is_named || label(cells, time) == Some(Role::Time))
}

/// Whether a line holds what rows hold, or the types of that, and no names of columns or markets.
pub(super) fn is_data(cells: &[Cow<'_, str>], time: Option<usize>) -> bool {
    if are_types(cells) {
        return true;
    }
    let is_labelled = matches!(label(cells, time), Some(Role::Time | Role::Symbol));
    let mut known = others(cells, time).filter(|cell| !cell.is_empty()).peekable();
    !is_labelled
        && (others(cells, time).any(is_number) || (known.peek().is_some() && known.all(number::is_absent)))
}

/// Whether two lines hold the same.
pub(super) fn is_same(one: &[Cow<'_, str>], other: &[Cow<'_, str>]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.trim().eq_ignore_ascii_case(other.trim()))
}

/// What the cell in the column of the time is called.
fn label(cells: &[Cow<'_, str>], time: Option<usize>) -> Option<Role> {
    // `End Date,2024-01-21` is about the file
    let cell = cells.get(time.unwrap_or(0)).filter(|cell| !names::is_close_time(cell));
    cell.and_then(|cell| names::role_of(cell))
}

fn others<'c>(cells: &'c [Cow<'_, str>], time: Option<usize>) -> impl Iterator<Item = &'c str> {
    let time = time.unwrap_or(0);
    cells.iter().enumerate().filter(move |(at, _)| *at != time).map(|(_, cell)| cell.trim())
}

/// Whether all cells are names of types, as a program writes them below those of its columns.
fn are_types(cells: &[Cow<'_, str>]) -> bool {
    const OF_NUMBERS: [&str; 12] = [
        "float", "double", "int", "integer", "uint", "bigint", "long", "number", "numeric", "decimal",
        "real", "f",
    ];
    const OTHERS: [&str; 12] = [
        "date",
        "time",
        "datetime",
        "datetimens",
        "timestamp",
        "object",
        "string",
        "str",
        "text",
        "varchar",
        "bool",
        "boolean",
    ];
    let word = |cell: &str| -> String {
        cell.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_lowercase).collect()
    };
    let words: Vec<String> =
        cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).map(word).collect();
    let of_numbers = words.iter().filter(|word| OF_NUMBERS.contains(&word.as_str())).count();
    of_numbers > 0
        && words.len() > 1
        && words.iter().all(|word| OF_NUMBERS.contains(&word.as_str()) || OTHERS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<Cow<'_, str>> {
        line.split(',').map(Cow::Borrowed).collect()
    }

    #[test]
    fn a_line_with_numbers_below_names_is_a_row() {
        for line in ["Total,1,2", ",1,2", "0,0,0", "N/A,N/A,-", "date,float64,int64", "2023-02-30,1,x"] {
            assert!(is_data(&cells(line), Some(0)), "{line}");
        }
        for line in ["Date,,", "Ticker,KO,PEP", "Ticker,7203,9984", "UTC,USD,shares", ",KO,", "date,Real,KO"]
        {
            assert!(!is_data(&cells(line), Some(0)), "{line}");
        }
    }

    #[test]
    fn rows_begin_below_the_last_names() {
        let place = |lines: &[&'static str]| {
            let all: Vec<Line<'_>> = (1..).zip(lines.iter().map(|line| cells(line))).collect();
            first_row(&all, Some(0), 3, |cells| cells[0].starts_with("2024"))
        };
        assert_eq!(place(&["about,5,6", "Date,Open,Close", "0,0,0", "2024,1,2"]), Some(2));
        assert_eq!(place(&["Price,Close,Open", "Ticker,KO,KO", "Date,,", "2024,1,2"]), Some(3));
        assert_eq!(place(&["0,0,0", "2024,1,2"]), Some(0));
        assert_eq!(place(&["a,b,c"]), None);
    }
}
