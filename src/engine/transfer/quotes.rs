//! Cells in quotes that hold line ends: their lines are one row.

use super::lines::ENDS;

/// Lines of one row; behind so many a quote is taken for a damaged one.
const MOST: usize = 12;

/// Whether a row goes on behind the end of `text`: a cell has begun with a quote that is not closed.
pub(super) fn is_open(text: &str) -> bool {
    let (bytes, mut at, mut opened) = (text.as_bytes(), 0, None);
    while let Some(next) = text[at..].find('"').map(|found| at + found) {
        // within a cell two quotes stand for one
        let is_doubled = opened.is_some() && bytes.get(next + 1) == Some(&b'"');
        if !is_doubled {
            opened = if opened.is_some() { None } else { Some(next) };
        }
        at = next + 1 + usize::from(is_doubled);
    }
    opened.is_some_and(|at| {
        let before = text[..at].trim_end_matches(' ').chars().next_back();
        before.is_none_or(|sign| matches!(sign, ',' | ';' | '\t' | '|'))
    })
}

/// The rows of a text with the number of the first line of each, without what ends them.
pub(super) fn rows(text: &str) -> impl Iterator<Item = (u64, &str)> + Clone {
    let (mut rest, mut number) = (text, 1);
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (first, mut after) = cut(rest);
        let (mut row, mut lines) = (first, 1);
        let is_json = first.trim_start().starts_with(['{', '[']);
        if !is_json && is_open(first) {
            let mut more = after;
            for count in 2..=MOST {
                if more.is_empty() {
                    break;
                }
                let (line, behind) = cut(more);
                let end = rest.len() - more.len() + line.len();
                if !is_open(&rest[..end]) {
                    (row, after, lines) = (&rest[..end], behind, count);
                    break;
                }
                more = behind;
            }
        }
        rest = after;
        number += lines as u64;
        Some((number - lines as u64, row))
    })
}

/// The first line of a text, and what follows its end.
fn cut(text: &str) -> (&str, &str) {
    let (line, after) = text.split_at(text.find(ENDS).unwrap_or(text.len()));
    (line, after.strip_prefix("\r\n").or_else(|| after.strip_prefix(ENDS)).unwrap_or(after))
}

/// Puts the lines of a row together that come one after the other.
#[derive(Debug, Default)]
pub(super) struct Joined {
    lines: Vec<(u64, String)>,
}

impl Joined {
    /// Takes a line and gives the rows that are whole to `on_row`.
    pub(super) fn push(&mut self, number: u64, line: &str, on_row: &mut dyn FnMut(u64, &str)) {
        if self.lines.is_empty() && !is_open(line) {
            return on_row(number, line);
        }
        self.lines.push((number, line.to_owned()));
        let text = self.text();
        if !is_open(&text) {
            let first = self.lines[0].0;
            self.lines.clear();
            on_row(first, &text);
        } else if self.lines.len() >= MOST {
            self.release(on_row);
        }
    }

    /// Whether a row goes on.
    pub(super) const fn is_open(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Gives what is left, the first line by itself, to `on_row`: its quote is not closed.
    pub(super) fn finish(&mut self, on_row: &mut dyn FnMut(u64, &str)) {
        while !self.lines.is_empty() {
            self.release(on_row);
        }
    }

    fn release(&mut self, on_row: &mut dyn FnMut(u64, &str)) {
        let mut lines = core::mem::take(&mut self.lines).into_iter();
        if let Some((number, line)) = lines.next() {
            on_row(number, &line);
        }
        for (number, line) in lines {
            self.push(number, &line, on_row);
        }
    }

    fn text(&self) -> String {
        self.lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::lines;
    use proptest::prelude::*;

    fn joined(text: &str) -> Vec<(u64, String)> {
        let (mut joined, mut seen) = (Joined::default(), Vec::new());
        let mut keep = |number, row: &str| seen.push((number, row.to_owned()));
        for (number, line) in (1..).zip(lines::of(text)) {
            joined.push(number, line, &mut keep);
        }
        joined.finish(&mut keep);
        seen
    }

    #[test]
    fn a_cell_in_quotes_may_hold_line_ends() {
        let text = "a,\"b\n\nc \"\"d\"\"\",e\n1,2\n\"x\ny\";3\n5\" pipe,7\n{\"a\":\"\n";
        let rows: Vec<(u64, &str)> = rows(text).collect();
        let expected = [
            (1, "a,\"b\n\nc \"\"d\"\"\",e"),
            (4, "1,2"),
            (5, "\"x\ny\";3"),
            (7, "5\" pipe,7"),
            (8, "{\"a\":\""),
        ];
        assert_eq!(rows, expected);
        let own = expected[..4].iter().map(|(at, row)| (*at, (*row).to_owned()));
        assert_eq!(joined(&text[..text.len() - 7]), own.collect::<Vec<_>>());
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_its_line_alone() {
        let rows_below: Vec<String> = (0..40).map(|at| format!("{at},2\n")).collect();
        let text = "1,\"open\n".to_owned() + &rows_below.concat();
        let expected: Vec<(u64, String)> =
            (1..).zip(lines::of(&text)).map(|(number, line)| (number, line.to_owned())).collect();
        assert_eq!(joined(&text), expected);
        assert_eq!(rows(&text).map(|(number, row)| (number, row.to_owned())).collect::<Vec<_>>(), expected);
    }

    proptest! {
        #[test]
        fn rows_are_the_same_in_slices(text in "[ab,\"\n]{0,60}") {
            let whole: Vec<(u64, String)> = rows(&text).map(|(number, row)| (number, row.to_owned())).collect();
            prop_assert_eq!(joined(&text), whole);
        }
    }
}
