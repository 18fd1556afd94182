//! The backtest code, fetched on first use by the engine and by the workers that evaluate cells of a surface.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use super::sweepers;
use spreadscope_engine::backtest::bench::{SetUp, set_up};
use spreadscope_engine::backtest::pool::{Errand, WorkerNews};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::DedicatedWorkerGlobalScope;

/// Hands errands to workers; their results go to the callback that the crew was made with.
pub type Crew = Box<dyn Fn(Errand)>;

/// The code that a backtest needs.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// Makes a bench that does everything itself.
    pub set_up: SetUp,
    /// Returns the number of hardware threads.
    pub threads: fn() -> usize,
    /// Starts the bench's workers.
    pub crew: fn(Box<dyn Fn(WorkerNews)>) -> Crew,
}

/// Returns the code that runs backtests; `None` when it could not be fetched.
pub async fn bench() -> Option<Code> {
    bench_code().await.ok()
}

/// Returns the main function of a worker that evaluates cells; `None` when it could not be fetched.
pub async fn sweeper() -> Option<fn(&DedicatedWorkerGlobalScope)> {
    sweeper_code().await.ok()
}

// same part as the backtest page: code used by both would otherwise be split into many files
#[wasm_split(backtest, fallible)]
fn bench_code() -> Result<Code, SplitLoaderError> {
    Ok(Code { set_up: SetUp::of(set_up), threads: sweepers::threads, crew: sweepers::crew })
}

#[wasm_split(backtest, fallible)]
fn sweeper_code() -> Result<fn(&DedicatedWorkerGlobalScope), SplitLoaderError> {
    Ok(sweepers::serve)
}
