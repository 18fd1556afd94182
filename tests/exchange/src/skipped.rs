//! What a test says that lacks what it tests with.

use std::fs::OpenOptions;
use std::io::Write as _;

/// Names a file to which each line is appended, so that a run of tests can count what it has skipped.
const LIST: &str = "SPREADSCOPE_SKIPPED";

/// Prints `SKIPPED test: reason`, where the harness does not swallow it, and adds it to the list of such lines.
///
/// The test is the one on whose thread this is called.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let line = format!("SKIPPED {}: {}\n", thread.name().unwrap_or("a test without a name"), reason);
    let list = std::env::var_os(LIST).map(|list| OpenOptions::new().append(true).create(true).open(list));
    // a line that cannot be written is a test that counts as passed, which must not go unnoticed
    std::io::stderr().write_all(line.as_bytes()).expect("the terminal takes a line");
    if let Some(list) = list {
        let mut list = list.expect("the list of skipped tests can be opened");
        list.write_all(line.as_bytes()).expect("the list of skipped tests takes a line");
    }
}
