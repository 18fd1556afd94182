//! Counting tests from what the test harness prints.

use std::ops::AddAssign;

/// How many passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed, and other checks that did not hold.
    pub(crate) failed: u64,
}

impl Tally {
    /// One check other than a test that did not hold.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// The counts of a line of libtest's, `test result: ok. 3 passed; 0 failed; …`; `None` for any other line.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let counts = line.trim_start().strip_prefix("test result: ")?;
        let (_, counts) = counts.split_once(". ")?;
        let mut tally = Self::default();
        for count in counts.split("; ") {
            let (number, word) = count.split_once(' ')?;
            match word {
                "passed" => tally.passed = number.parse().ok()?,
                "failed" => tally.failed = number.parse().ok()?,
                _ => {}
            }
        }
        Some(tally)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_counted() {
        let line =
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 12, failed: 0 }));
        let line =
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 3, failed: 2 }));
    }

    #[test]
    fn other_lines_are_not_counted() {
        for line in
            ["", "running 3 tests", "test result: ok", "test a ... ok", "test result: ok. x passed; 0 failed"]
        {
            assert_eq!(Tally::from_line(line), None, "{line}");
        }
    }

    #[test]
    fn binaries_add_up() {
        let mut sum = Tally { passed: 1, failed: 0 };
        sum += Tally { passed: 2, failed: 3 };
        assert_eq!(sum, Tally { passed: 3, failed: 3 });
    }
}
