//! The code of the evidence's tests, fetched on first use.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use spreadscope_engine::analytics::evidence::Examine;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Returns the code that runs the tests; `None` when it could not be fetched.
pub async fn examiner() -> Option<Examine> {
    examine_code().await.ok()
}

#[wasm_split(examine, fallible)]
fn examine_code() -> Result<Examine, SplitLoaderError> {
    Ok(Examine::all())
}
