//! Memory held by the page and its worker, and its growth.

use crate::browser::{Browser, Trouble};
use crate::devtools::Devtools;
use serde_json::json;
use spreadscope_stats::ols;

/// Megabytes held after a garbage collection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemoryUse {
    /// JavaScript objects.
    pub heap: f64,
    /// WebAssembly memories.
    pub wasm: f64,
}

/// The page and its worker, each by its debugger session.
#[derive(Debug)]
pub struct Memory {
    devtools: Devtools,
    page: String,
    worker: String,
}

impl Memory {
    /// Attaches to the page at `address` and to its worker.
    ///
    /// # Errors
    /// There is no such page.
    pub async fn attach(browser: &Browser, address: &str) -> Result<Self, Trouble> {
        let mut devtools = Devtools::connect(browser).await?;
        let (page, worker) = devtools.attach(address).await?;
        Ok(Self { devtools, page, worker })
    }

    /// Measures the page's memory.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn of_page(&mut self) -> Result<MemoryUse, Trouble> {
        held(&mut self.devtools, &self.page).await
    }

    /// Measures the worker's memory.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn of_worker(&mut self) -> Result<MemoryUse, Trouble> {
        held(&mut self.devtools, &self.worker).await
    }
}

async fn held(devtools: &mut Devtools, session: &str) -> Result<MemoryUse, Trouble> {
    // released as a group; otherwise each measurement would retain what the last one found
    const GROUP: &str = "memory";
    const SUM: &str = "function() { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) }";
    let session = Some(session);
    devtools.call(session, "HeapProfiler.collectGarbage", json!({})).await?;
    let heap = devtools.call(session, "Runtime.getHeapUsage", json!({})).await?;
    let kind = json!({ "expression": "WebAssembly.Memory.prototype", "objectGroup": GROUP });
    let kind = devtools.call(session, "Runtime.evaluate", kind).await?;
    let all = json!({ "prototypeObjectId": kind["result"]["objectId"], "objectGroup": GROUP });
    let all = devtools.call(session, "Runtime.queryObjects", all).await?;
    let sum = json!({
        "objectId": all["objects"]["objectId"], "functionDeclaration": SUM, "returnByValue": true,
    });
    let sum = devtools.call(session, "Runtime.callFunctionOn", sum).await?;
    devtools.call(session, "Runtime.releaseObjectGroup", json!({ "objectGroup": GROUP })).await?;
    let megabytes = |bytes: Option<f64>| bytes.map(|bytes| bytes / 1e6).ok_or("the debugger told no bytes");
    Ok(MemoryUse {
        heap: megabytes(heap["usedSize"].as_f64())?,
        wasm: megabytes(sum["result"]["value"].as_f64())?,
    })
}

/// Returns megabytes per hour: the slope of a least-squares line through `megabytes` at `hours`.
///
/// # Errors
/// There are too few points, or all are at the same hour.
pub fn growth(hours: &[f64], megabytes: &[f64]) -> Result<f64, Trouble> {
    Ok(ols(megabytes, hours).map_err(|undefined| format!("no line can be fitted: {undefined:?}"))?.slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leak_shows_through_the_noise_of_a_heap() {
        let hours: Vec<f64> = (0..60).map(|at| f64::from(at) * 0.4).collect();
        let noise = |at: &f64| 0.3 * (at * 37.0).sin();
        let flat: Vec<f64> = hours.iter().map(|at| 9.0 + noise(at)).collect();
        let leak: Vec<f64> = hours.iter().map(|at| 9.0 + 1.5 * at + noise(at)).collect();
        assert!(growth(&hours, &flat).is_ok_and(|slope| slope.abs() < 0.02));
        assert!(growth(&hours, &leak).is_ok_and(|slope| (slope - 1.5).abs() < 0.02));
        assert!(growth(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]).is_err());
    }
}
