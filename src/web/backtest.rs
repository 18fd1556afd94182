//! The code of backtests, fetched when one is first asked for.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use spreadscope_engine::backtest::bench::{SetUp, set_up};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// What runs backtests; `None` when it could not be fetched.
pub async fn bench() -> Option<SetUp> {
    bench_code().await.ok()
}

// in one file with the page that asks: what both use would otherwise be cut into many
#[wasm_split(backtest, fallible)]
fn bench_code() -> Result<SetUp, SplitLoaderError> {
    Ok(set_up)
}
