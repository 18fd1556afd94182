//! One line of a delimited table into its cells.
//!
//! Our own: `csv-core` is half as large again in wasm (4.7 kB against 3.2), copies every cell, and knows neither blanks
//! nor a delimiter outside of ASCII.

use std::borrow::Cow;

/// Most cells of a line that are looked at.
const MOST: usize = 1_024;

/// Returns the cells of `line`; a quoted one may hold the delimiter and doubled quotes (RFC 4180), but no line
/// end: a table of prices has none.
///
/// # Errors
/// When a quote is not closed, or something follows one that is.
pub fn cells(line: &str, delimiter: char) -> Result<Vec<Cow<'_, str>>, &'static str> {
    let mut cells = Vec::new();
    if delimiter == ' ' {
        cells.extend(line.split_whitespace().take(MOST).map(Cow::Borrowed));
        // a line has a cell, also an empty one
        if cells.is_empty() {
            cells.push(Cow::Borrowed(""));
        }
        return Ok(cells);
    }
    let mut rest = line;
    while cells.len() < MOST {
        // ="60.58" is a text to a spreadsheet
        let text = rest.trim_start_matches([' ', '\t']).strip_prefix("=\"").filter(|_| delimiter != '=');
        let Some(quoted) = text.or_else(|| rest.strip_prefix('"')) else {
            match rest.split_once(delimiter) {
                Some((cell, after)) => {
                    cells.push(Cow::Borrowed(cell.trim()));
                    rest = after;
                    continue;
                }
                None => cells.push(Cow::Borrowed(rest.trim())),
            }
            break;
        };
        let (cell, after) = unquote(quoted)?;
        cells.push(of_formula(cell));
        let after = after.trim_start_matches(' ');
        if after.is_empty() {
            break;
        }
        rest = after.strip_prefix(delimiter).ok_or("text follows a closing quote")?;
    }
    Ok(cells)
}

/// The text of a cell that is written as a formula which gives it: `="60.58"`.
fn of_formula(cell: Cow<'_, str>) -> Cow<'_, str> {
    let inner = |cell: &str| Some(cell.strip_prefix("=\"")?.strip_suffix('"')?.to_owned());
    match inner(&cell) {
        Some(text) => Cow::Owned(text),
        None => cell,
    }
}

/// The text up to the closing quote, and what follows that.
fn unquote(text: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut cell = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"').ok_or("a quote is not closed")?;
        if cell.is_empty() {
            cell = Cow::Borrowed(part);
        } else {
            cell.to_mut().push_str(part);
        }
        match after.strip_prefix('"') {
            Some(more) => {
                cell.to_mut().push('"');
                rest = more;
            }
            None => return Ok((cell, after)),
        }
    }
}

/// The delimiter of a table: the one by which most of its first lines have the same number of cells. Commas come last,
/// because they may stand in numbers, and blanks where there is nothing else.
pub fn delimiter(lines: &[&str]) -> char {
    let alike = |delimiter: char| {
        let mut widths = [0_usize; MOST + 1];
        for cells in lines.iter().filter_map(|line| cells(line, delimiter).ok()) {
            widths[cells.len().min(MOST)] += 1;
        }
        widths.iter().skip(2).copied().max().unwrap_or(0)
    };
    let best = |signs: &[char]| {
        let counted = signs.iter().rev().map(|&sign| (alike(sign), sign));
        counted.max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0)
    };
    let most = best(&[';', '\t', '|', ',']).filter(|(count, _)| *count * 2 >= lines.len());
    let has_digit = |line: &&&str| line.bytes().any(|byte| byte.is_ascii_digit());
    let blanks = lines.iter().filter(has_digit).count() * 2 >= lines.len();
    most.or_else(|| best(&[' ']).filter(|_| blanks)).or_else(|| best(&[','])).map_or(',', |(_, sign)| sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_are_trimmed_and_quotes_taken_off() {
        assert_eq!(cells("a, b ,,\"c,\"\"d\"\"\",\"\"", ',').unwrap(), ["a", "b", "", "c,\"d\"", ""]);
        assert_eq!(cells("", ',').unwrap(), [""]);
        assert_eq!(cells("1;2", ';').unwrap(), ["1", "2"]);
        assert_eq!(cells("1  2 ", ' ').unwrap(), ["1", "2"]);
        // found by the fuzzer: an empty line among cells that blanks part
        assert_eq!(cells(" ", ' ').unwrap(), [""]);
        assert_eq!(cells("a,", ',').unwrap(), ["a", ""]);
        // a spreadsheet is kept from taking these for numbers
        assert_eq!(cells("a, =\"6,5\",\"=\"\"007\"\"\",=1", ',').unwrap(), ["a", "6,5", "007", "=1"]);
    }

    #[test]
    fn a_broken_quote_is_refused() {
        assert_eq!(cells("\"a", ','), Err("a quote is not closed"));
        assert_eq!(cells("\"a\"b,c", ','), Err("text follows a closing quote"));
    }

    #[test]
    fn the_commonest_delimiter_is_taken() {
        assert_eq!(delimiter(&["a;b;c", "1,0;2,0;3,0"]), ';');
        assert_eq!(delimiter(&["a\tb", "1\t2"]), '\t');
        assert_eq!(delimiter(&["abc"]), ',');
    }

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(texts in prop::collection::vec("[a\", ]{0,6}", 1..6)) {
            let quoted = texts.iter().map(|text| format!("\"{}\"", text.replace('"', "\"\"")));
            let line = quoted.collect::<Vec<_>>().join(",");
            prop_assert_eq!(cells(&line, ',').unwrap(), texts);
        }

        #[test]
        fn no_line_makes_it_panic(line in any::<String>()) {
            for delimiter in [',', ' '] {
                prop_assert!(cells(&line, delimiter).is_ok_and(|cells| !cells.is_empty()) || line.contains('"'));
            }
        }
    }
}
