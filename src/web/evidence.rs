//! The code of the evidence's tests, fetched when they are first asked for.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use spreadscope_engine::analytics::evidence::Examine;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// What runs the tests; `None` when it could not be fetched.
pub async fn examiner() -> Option<Examine> {
    examine_code().await.ok()
}

#[wasm_split(examine, fallible)]
fn examine_code() -> Result<Examine, SplitLoaderError> {
    Ok(Examine::all())
}
