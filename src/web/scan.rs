//! The scanner's code, fetched on first use.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use spreadscope_engine::scan::scanner::{Machine, OpenScanner};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Returns the code that scans; `None` when it could not be fetched.
pub async fn scanner() -> Option<OpenScanner> {
    scanner_code().await.ok()
}

#[wasm_split(scan, fallible)]
fn scanner_code() -> Result<OpenScanner, SplitLoaderError> {
    Ok(Machine::open)
}
