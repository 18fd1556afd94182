//! What stands below the rows of a table: totals, a source, a copyright line.

use super::refusal::{Refusal, Refusals, quoted};

/// Lines that may stand below the rows; more are damaged rows.
const MOST: usize = 20;

/// Refused lines that look like no row, and behind which none has come so far.
#[derive(Debug, Default)]
pub(super) struct Ending {
    lines: Vec<Refusal>,
    /// The text of the first.
    first: String,
}

impl Ending {
    /// Takes note of a refused line; `foreign`: its text, where it looks like no row.
    pub(super) fn refuse(
        &mut self,
        refusals: &mut Refusals,
        line: u64,
        reason: String,
        foreign: Option<&str>,
    ) {
        if let Some(text) = foreign.filter(|_| self.lines.len() < MOST) {
            if self.lines.is_empty() {
                text.trim().clone_into(&mut self.first);
            }
            self.lines.push(Refusal { line, reason });
            return;
        }
        self.row_follows(refusals);
        refusals.add(line, reason);
    }

    /// A row has come: the lines before it are among the rows, and refused.
    pub(super) fn row_follows(&mut self, refusals: &mut Refusals) {
        for Refusal { line, reason } in self.lines.drain(..) {
            refusals.add(line, reason);
        }
    }

    /// What is below the rows, in a sentence; `None` where nothing is.
    pub(super) fn sentence(&self) -> Option<String> {
        let first = self.lines.first()?;
        let text = quoted(&self.first);
        Some(match self.lines.len() {
            1 => format!("The last line, {}, is no row and was left out: {text}.", first.line),
            more => format!(
                "The last {more} lines, from line {} on, are no rows and were left out; the first: {text}.",
                first.line
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_below_the_rows_are_one_sentence_and_lines_among_them_are_refused() {
        let (mut ending, mut refusals) = (Ending::default(), Refusals::default());
        ending.refuse(&mut refusals, 5, "no time".to_owned(), Some("Mean,1"));
        ending.row_follows(&mut refusals);
        assert_eq!((refusals.count, ending.sentence()), (1, None));
        ending.refuse(&mut refusals, 9, "no time".to_owned(), Some(" Total,7"));
        let said = "The last line, 9, is no row and was left out: \"Total,7\".";
        assert_eq!(ending.sentence().as_deref(), Some(said));
        ending.refuse(&mut refusals, 11, "no time".to_owned(), Some("(c) somebody"));
        assert!(ending.sentence().unwrap().starts_with("The last 2 lines, from line 9 on, are no rows"));
        ending.refuse(&mut refusals, 12, "no price".to_owned(), None);
        assert_eq!((refusals.count, ending.sentence()), (4, None));
        for line in 20..60 {
            ending.refuse(&mut refusals, line, String::new(), Some("rain"));
        }
        assert!(refusals.count > 4);
    }
}
