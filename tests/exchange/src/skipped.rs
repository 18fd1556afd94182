//! How a test reports that it lacks the data it needs.

use std::fs::OpenOptions;
use std::io::Write as _;

/// Names a file to which each such line is appended, so that a test run can count what it has skipped.
const LIST: &str = "SPREADSCOPE_SKIPPED";

/// Prints `SKIPPED test: reason` past the harness's capture, and appends it to the list of such lines.
///
/// The test is the one on whose thread this is called.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let line = format!("SKIPPED {}: {}\n", thread.name().unwrap_or("a test without a name"), reason);
    let list = std::env::var_os(LIST).map(|list| OpenOptions::new().append(true).create(true).open(list));
    // a line that cannot be written would let the test count as passed unnoticed
    std::io::stderr().write_all(line.as_bytes()).expect("the terminal takes a line");
    if let Some(list) = list {
        let mut list = list.expect("the list of skipped tests can be opened");
        list.write_all(line.as_bytes()).expect("the list of skipped tests takes a line");
    }
}
