//! The code of backtests, fetched when one is first asked for: for the engine, and for the workers that try cells.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use super::sweepers;
use spreadscope_engine::backtest::bench::{SetUp, set_up};
use spreadscope_engine::backtest::pool::{Errand, Said};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::DedicatedWorkerGlobalScope;

/// What does the errands of a bench, and says to the first what comes of them.
pub type Crew = Box<dyn Fn(Errand)>;

/// What a backtest needs.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// What makes a bench that does everything itself.
    pub set_up: SetUp,
    /// The threads of the machine.
    pub threads: fn() -> usize,
    /// What starts its workers.
    pub crew: fn(Box<dyn Fn(Said)>) -> Crew,
}

/// What runs backtests; `None` when it could not be fetched.
pub async fn bench() -> Option<Code> {
    bench_code().await.ok()
}

/// What a worker that tries cells does; `None` when it could not be fetched.
pub async fn sweeper() -> Option<fn(&DedicatedWorkerGlobalScope)> {
    sweeper_code().await.ok()
}

// in one file with the page that asks: what both use would otherwise be cut into many
#[wasm_split(backtest, fallible)]
fn bench_code() -> Result<Code, SplitLoaderError> {
    Ok(Code { set_up: SetUp::of(set_up), threads: sweepers::threads, crew: sweepers::crew })
}

#[wasm_split(backtest, fallible)]
fn sweeper_code() -> Result<fn(&DedicatedWorkerGlobalScope), SplitLoaderError> {
    Ok(sweepers::serve)
}
