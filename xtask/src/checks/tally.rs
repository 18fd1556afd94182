//! Counts tests from the test harness's output, and tests that were skipped.

use crate::failure::{Explain as _, Outcome};
use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Numbers of tests that passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Tests that passed.
    pub(super) passed: u64,
    /// Tests that failed, and other checks that failed.
    pub(super) failed: u64,
    /// Tests that lacked the data they need.
    pub(super) skipped: u64,
    /// Passed tests that needed a second try.
    pub(super) unsteady: u64,
}

impl Tally {
    /// One failed check other than a test.
    pub(super) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0, unsteady: 0 };

    /// Returns the counts in libtest's line `test result: ok. 3 passed; 0 failed; …`; `None` for any other
    /// line.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        let counts = line.trim_start().strip_prefix("test result: ")?;
        let (_, counts) = counts.split_once(". ")?;
        let mut tally = Self::default();
        for count in counts.split("; ") {
            let (number, word) = count.split_once(' ')?;
            match word {
                "passed" => tally.passed = number.parse().ok()?,
                "failed" => tally.failed = number.parse().ok()?,
                "ignored" => tally.skipped = number.parse().ok()?,
                _ => {}
            }
        }
        Some(tally)
    }

    /// Returns the counts after counting `skipped` tests as skipped that the harness counts as passed.
    pub(super) fn without(self, skipped: u64) -> Self {
        Self { passed: self.passed.saturating_sub(skipped), skipped: self.skipped + skipped, ..self }
    }

    /// Returns `3 passed, 0 failed`, with the skipped and the unsteady tests if there are any.
    pub(super) fn sentence(self) -> String {
        let Self { passed, failed, skipped, unsteady } = self;
        let some =
            |count: u64, words: &str| if count > 0 { format!(", {count} {words}") } else { String::new() };
        let skipped = some(skipped, "skipped");
        let unsteady = some(unsteady, "at the second try");
        format!("{passed} passed, {failed} failed{skipped}{unsteady}")
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.unsteady += other.unsteady;
    }
}

/// The file to which a skipped test appends a line, `SKIPPED name: reason`.
#[derive(Debug)]
pub(super) struct Skipped(PathBuf);

impl Skipped {
    /// The variable that tells tests the file.
    pub(super) const VARIABLE: &'static str = "SPREADSCOPE_SKIPPED";

    /// Creates a new file in `folder`, for one test run.
    pub(super) fn start(folder: &Path) -> Outcome<Self> {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        fs::create_dir_all(folder).explain(|| format!("make {}", folder.display()))?;
        let path = folder.join(format!("skipped-{run}"));
        fs::write(&path, "").explain(|| format!("write {}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns how many tests were skipped.
    pub(super) fn count(&self) -> u64 {
        let said = fs::read_to_string(&self.0).unwrap_or_default();
        said.lines().filter(|line| line.starts_with("SKIPPED ")).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_counted() {
        let line =
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 12, skipped: 1, ..Tally::default() }));
        let line =
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 3, failed: 2, ..Tally::default() }));
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
    fn binaries_add_up_and_the_sum_is_a_sentence() {
        let mut sum = Tally { passed: 1, ..Tally::default() };
        assert_eq!(sum.sentence(), "1 passed, 0 failed");
        sum += Tally { passed: 2, failed: 3, skipped: 1, unsteady: 1 };
        assert_eq!(sum.sentence(), "3 passed, 3 failed, 1 skipped, 1 at the second try");
    }
}
