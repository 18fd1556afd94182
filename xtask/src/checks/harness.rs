//! Runs tests, counts them, and repeats failed ones if a second try is allowed.

use super::tally::{Skipped, Tally};
use crate::failure::Outcome;
use crate::shell::{Shell, run_lines};
use std::process::Command;

/// Most failures that may count as accidents.
const ACCIDENTS: usize = 3;

/// The result of a test run.
#[derive(Debug)]
pub(super) struct Run {
    tally: Tally,
    failed: Vec<String>,
    outcome: Outcome<()>,
}

/// Runs the tests of `command`, passing `options` to the test harness.
///
/// A run that fails without a failed test (for example because it did not compile) counts as one failure.
pub(super) fn run(shell: &Shell, mut command: Command, options: &[&str]) -> Run {
    let skipped = match Skipped::start(&shell.target().join("xtask")) {
        Ok(skipped) => skipped,
        Err(failure) => return Run { tally: Tally::FAILED, failed: Vec::new(), outcome: Err(failure) },
    };
    let mut tally = Tally::default();
    let mut failed = Vec::new();
    command.arg("--no-fail-fast").env(Skipped::VARIABLE, skipped.path());
    if !options.is_empty() {
        command.arg("--").args(options);
    }
    let outcome = run_lines(&mut command, |line| {
        if let Some(counts) = Tally::from_line(line) {
            tally += counts;
        }
        failed.extend(failed_test(line).map(str::to_owned));
    });
    if outcome.is_err() && tally.failed == 0 {
        tally += Tally::FAILED;
    }
    Run { tally: tally.without(skipped.count()), failed, outcome }
}

/// Returns the name in libtest's line `test name ... FAILED`; `None` for any other line.
fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

impl Run {
    /// Repeats failed tests one at a time if they are few. A test that passes then counts as passed, and as
    /// unsteady.
    pub(super) fn again(self, run: impl FnOnce(&[&str]) -> Self) -> Self {
        if self.failed.is_empty() || self.failed.len() > ACCIDENTS {
            return self;
        }
        println!("\nonce more, alone: {}", self.failed.join(", "));
        let mut options: Vec<&str> = self.failed.iter().map(String::as_str).collect();
        options.extend(["--exact", "--test-threads", "1"]);
        let second = run(&options);
        let unsteady = second.tally.passed;
        let mut tally = second.tally;
        tally += Tally { failed: 0, unsteady, ..self.tally };
        Self { tally, ..second }
    }

    pub(super) fn end(self) -> (Tally, Outcome<()>) {
        (self.tally, self.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a script in place of tests.
    fn script(text: &str) -> Run {
        let mut command = Command::new("sh");
        command.args(["-c", text]);
        run(&Shell::new().unwrap(), command, &[])
    }

    const ONE_FAILS: &str =
        "echo 'test a::b ... FAILED'; echo 'test result: FAILED. 4 passed; 1 failed; 0 ignored'; exit 1";

    #[test]
    fn a_run_that_fails_without_a_failed_test_counts_as_one() {
        let (tally, outcome) = script("echo 'test result: ok. 4 passed; 0 failed; 0 ignored'; exit 1").end();
        assert_eq!(tally, Tally { passed: 4, failed: 1, ..Tally::default() });
        assert!(outcome.is_err());
    }

    #[test]
    fn a_test_that_says_that_it_was_skipped_is_not_counted_as_passed() {
        let text = "echo 'SKIPPED one: no recordings' >> \"$SPREADSCOPE_SKIPPED\"; echo 'test result: ok. 4 passed; 0 failed; 1 ignored'";
        let (tally, outcome) = script(text).end();
        assert_eq!(tally, Tally { passed: 3, skipped: 2, ..Tally::default() });
        assert!(outcome.is_ok());
    }

    #[test]
    fn a_test_that_passes_at_the_second_try_has_passed_and_is_named_unsteady() {
        let run = script(ONE_FAILS).again(|options| {
            assert_eq!(options, ["a::b", "--exact", "--test-threads", "1"]);
            script("echo 'test result: ok. 1 passed; 0 failed; 0 ignored'")
        });
        let (tally, outcome) = run.end();
        assert_eq!(tally, Tally { passed: 5, unsteady: 1, ..Tally::default() });
        assert!(outcome.is_ok());
    }

    #[test]
    fn a_test_that_fails_twice_has_failed() {
        let second =
            "echo 'test a::b ... FAILED'; echo 'test result: FAILED. 0 passed; 1 failed; 0 ignored'; exit 1";
        let (tally, outcome) = script(ONE_FAILS).again(|_| script(second)).end();
        assert_eq!(tally, Tally { passed: 4, failed: 1, ..Tally::default() });
        assert!(outcome.is_err());
    }

    #[test]
    fn many_failures_and_none_get_no_second_try() {
        let many = format!("for n in 1 2 3 4; do echo \"test t$n ... FAILED\"; done; {ONE_FAILS}");
        for text in [many.as_str(), "echo 'test result: ok. 4 passed; 0 failed; 0 ignored'"] {
            script(text).again(|_| panic!("there is no second try"));
        }
    }
}
