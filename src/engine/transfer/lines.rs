//! Slices of text into lines, with their numbers.

/// Longest line: a depth update of a recording is within it, a file without line ends is not.
pub const LONGEST: usize = 256 * 1_024;

/// A line of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// Its text without the line end, or why there is none.
    pub text: Result<&'a [u8], &'static str>,
}

/// What ends a line: `\n`, `\r\n`, and `\r` alone, as old spreadsheets of the Mac have it.
pub(super) const ENDS: [char; 2] = ['\n', '\r'];

/// The lines of a text, without what ends them.
pub(super) fn of(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = text;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = rest.split_at(rest.find(ENDS).unwrap_or(rest.len()));
        rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(ENDS)).unwrap_or(after);
        Some(line)
    })
}

/// Cuts a text that comes in slices into lines. Holds one line at most, and of that no more than [`LONGEST`].
#[derive(Debug, Default)]
pub struct Lines {
    number: u64,
    carry: Vec<u8>,
    too_long: bool,
    /// The line before ended with `\r`: an `\n` that follows belongs to it.
    after_return: bool,
}

impl Lines {
    /// Takes the next slice and gives each line that it ends to `on_line`.
    pub fn push(&mut self, mut slice: &[u8], mut on_line: impl FnMut(Line<'_>)) {
        if !slice.is_empty() && core::mem::take(&mut self.after_return) {
            slice = slice.strip_prefix(b"\n").unwrap_or(slice);
        }
        while let Some(end) = slice.iter().position(|&byte| matches!(byte, b'\n' | b'\r')) {
            let (head, rest) = (&slice[..end], &slice[end + 1..]);
            self.after_return = slice[end] == b'\r' && rest.is_empty();
            let rest = if slice[end] == b'\r' { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
            if self.carry.is_empty() && !self.too_long {
                self.number += 1;
                on_line(line(self.number, head));
            } else {
                self.keep(head);
                self.end(&mut on_line);
            }
            slice = rest;
        }
        self.keep(slice);
    }

    /// Gives the last line, if no line end follows it.
    pub fn finish(&mut self, mut on_line: impl FnMut(Line<'_>)) {
        if !self.carry.is_empty() || self.too_long {
            self.end(&mut on_line);
        }
    }

    fn keep(&mut self, part: &[u8]) {
        if self.carry.len() + part.len() > LONGEST {
            self.too_long = true;
            self.carry = Vec::new();
        }
        if !self.too_long {
            self.carry.extend_from_slice(part);
        }
    }

    fn end(&mut self, on_line: &mut impl FnMut(Line<'_>)) {
        self.number += 1;
        if core::mem::take(&mut self.too_long) {
            on_line(Line { number: self.number, text: Err("the line is longer than 256 kB") });
        } else {
            on_line(line(self.number, &self.carry));
        }
        self.carry.clear();
    }
}

fn line(number: u64, bytes: &[u8]) -> Line<'_> {
    // the byte order mark that spreadsheets put in front
    let bytes = if number == 1 { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
    Line { number, text: Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(slices: &[&[u8]]) -> Vec<(u64, Result<String, &'static str>)> {
        let (mut lines, mut seen) = (Lines::default(), Vec::new());
        let mut keep = |line: Line<'_>| {
            seen.push((line.number, line.text.map(|text| String::from_utf8_lossy(text).into_owned())));
        };
        for slice in slices {
            lines.push(slice, &mut keep);
        }
        lines.finish(&mut keep);
        seen
    }

    #[test]
    fn line_ends_of_all_kinds_and_a_byte_order_mark_are_not_text() {
        let seen = read(&[b"\xEF\xBB\xBFa,b\r\n\r\n1,", b"2\n\n3"]);
        let text = |text: &str| Ok(text.to_owned());
        assert_eq!(seen, [(1, text("a,b")), (2, text("")), (3, text("1,2")), (4, text("")), (5, text("3"))]);
        let seen = read(&[b"a,b\r", b"\n1\r2\r", b"3"]);
        assert_eq!(seen, [(1, text("a,b")), (2, text("1")), (3, text("2")), (4, text("3"))]);
    }

    #[test]
    fn a_line_without_end_is_refused_and_not_kept() {
        let long = vec![b'x'; LONGEST / 2 + 1];
        let (mut lines, mut seen) = (Lines::default(), Vec::new());
        for _ in 0..20 {
            lines.push(&long, |_| ());
            assert!(lines.carry.capacity() <= 2 * LONGEST);
        }
        lines.push(b"x\nshort\n", |line| seen.push(line.text.map(<[u8]>::len)));
        assert_eq!(seen, [Err("the line is longer than 256 kB"), Ok(5)]);
    }

    proptest! {
        #[test]
        fn slices_make_no_difference(text in "[ab,\r\n\u{e9}]{0,60}", cuts in prop::collection::vec(0_usize..60, 0..5)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let slices: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&slices), read(&[bytes]));
            let whole: Vec<String> = read(&[bytes]).into_iter().map(|(_, line)| line.unwrap()).collect();
            prop_assert_eq!(of(&text).collect::<Vec<_>>(), whole);
        }
    }
}
