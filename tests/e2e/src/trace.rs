//! Main-thread tasks as traced by Chromium itself.

use crate::browser::{Browser, Trouble};
use crate::devtools::Devtools;
use serde_json::{Value, json};
use std::time::Duration;

/// Durations of tasks on pages' main threads, milliseconds, shortest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Tasks(Vec<f64>);

impl Tasks {
    /// Returns the longest.
    pub fn longest(&self) -> f64 {
        self.0.last().copied().unwrap_or(0.0)
    }

    /// Returns the 95th percentile of tasks of at least 0.1 ms: the rest is bookkeeping.
    pub fn p95(&self) -> f64 {
        let start = self.0.partition_point(|&millis| millis < 0.1);
        let worth = &self.0[start..];
        worth.get(worth.len() * 95 / 100).or(worth.last()).copied().unwrap_or(0.0)
    }

    /// Returns the number of tasks.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// Traces for `span`.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn tasks(browser: &Browser, span: Duration) -> Result<Tasks, Trouble> {
    let mut devtools = Devtools::connect(browser).await?;
    let wanted = json!({
        "transferMode": "ReportEvents",
        "traceConfig": { "includedCategories": ["toplevel", "__metadata"] },
    });
    devtools.call(None, "Tracing.start", wanted).await?;
    tokio::time::sleep(span).await;
    devtools.call(None, "Tracing.end", json!({})).await?;
    let mut events = Vec::new();
    loop {
        let mut message = devtools.event().await?;
        match message["method"].as_str() {
            Some("Tracing.dataCollected") => {
                if let Value::Array(part) = message["params"]["value"].take() {
                    events.extend(part);
                }
            }
            Some("Tracing.tracingComplete") => return Ok(main_thread(&events)),
            _ => {}
        }
    }
}

fn main_thread(events: &[Value]) -> Tasks {
    let mains: Vec<(&Value, &Value)> = events
        .iter()
        .filter(|event| event["name"] == "thread_name" && event["args"]["name"] == "CrRendererMain")
        .map(|event| (&event["pid"], &event["tid"]))
        .collect();
    let mut millis: Vec<f64> = events
        .iter()
        .filter(|event| event["name"].as_str().is_some_and(|name| name.ends_with("RunTask")))
        .filter(|event| mains.contains(&(&event["pid"], &event["tid"])))
        .filter_map(|event| event["dur"].as_f64().map(|micros| micros / 1_000.0))
        .collect();
    millis.sort_by(f64::total_cmp);
    Tasks(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tasks_of_a_pages_main_thread_count() {
        let events = [
            json!({"name": "thread_name", "pid": 1, "tid": 1, "args": {"name": "CrRendererMain"}}),
            json!({"name": "ThreadControllerImpl::RunTask", "pid": 1, "tid": 1, "dur": 12_500}),
            json!({"name": "ThreadControllerImpl::RunTask", "pid": 1, "tid": 2, "dur": 99_000}),
            json!({"name": "Other", "pid": 1, "tid": 1, "dur": 88_000}),
        ];
        assert_eq!(main_thread(&events), Tasks(vec![12.5]));
        assert_eq!(main_thread(&[]).longest(), 0.0);
    }
}
