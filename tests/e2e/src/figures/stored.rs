//! What is stored: its records, its size, and a start from it.

use super::seeded;
use super::start::NOTE;
use crate::browser::Trouble;
use crate::budget::{Budget, Figure};
use crate::desk::Desk;
use serde_json::json;
use spreadscope_exchange::{Config, Fault};
use std::time::Duration;

/// Times of 21 puts and gets of the largest record, and the bytes of all 1 s bars, in the page's database.
const TIME_RECORDS: &str = r"
    const done = arguments[0];
    const asked = request => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
    const median = times => times.sort((a, b) => a - b)[times.length >> 1];
    (async () => {
        const database = await asked(indexedDB.open('spreadscope'));
        const store = mode => database.transaction('records', mode).objectStore('records');
        const keys = (await asked(store('readonly').getAllKeys())).filter(key => key.includes('/1s/'));
        let bytes = 0, hour = new Uint8Array();
        for (const key of keys) {
            const record = await asked(store('readonly').get(key));
            bytes += record.length;
            if (record.length > hour.length) hour = record;
        }
        const puts = [], gets = [];
        for (let round = 0; round < 21; round++) {
            let start = performance.now();
            const writing = database.transaction('records', 'readwrite');
            writing.objectStore('records').put(hour, 'measure');
            await new Promise(resolve => { writing.oncomplete = resolve; });
            puts.push(performance.now() - start);
            start = performance.now();
            await asked(store('readonly').get('measure'));
            gets.push(performance.now() - start);
        }
        await asked(store('readwrite').delete('measure'));
        database.close();
        done({ bytes, hour: hour.length, put: median(puts), get: median(gets) });
    })().catch(error => done({ error: String(error) }));";

/// Measures a start from what an earlier visit has stored, and the cost of storing.
///
/// # Errors
/// A sentence that says what went wrong.
pub(super) async fn figures(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let desk = Desk::start("measure-stored", seeded(), Config::default()).await?;
    desk.open().await?;
    desk.hour(30).await?;
    tokio::time::sleep(Duration::from_secs(12)).await;
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOTE })).await?;
    // what is drawn first must come from the store
    desk.exchange.apply(Fault::Outage { millis: 600_000 });
    let mut starts = Vec::new();
    for _ in 0..5 {
        desk.browser.open(&desk.address).await?;
        let first = desk.browser.until(10, "the first chart", "return window.__firstChart").await?;
        starts.push(first.as_f64().unwrap_or(f64::NAN));
    }
    starts.sort_by(f64::total_cmp);
    let records = desk.browser.script_async(TIME_RECORDS).await?;
    let number = |name: &str| records[name].as_f64().ok_or_else(|| format!("no {name} in {records}"));
    let day = number("bytes")? * 24.0;
    desk.close().await?;
    Ok(vec![
        Figure::at_most(
            "start from stored history to first chart",
            starts[starts.len() / 2],
            "ms",
            budget.ceiling("start_from_cache_ms")?,
        ),
        Figure::plain("an hour of bars of 1 s, stored", number("hour")?, "bytes"),
        Figure::plain("put of that record, transaction complete", number("put")?, "ms"),
        Figure::plain("get of that record", number("get")?, "ms"),
        Figure::at_most(
            "a day of bars of 1 s of both legs, stored",
            day / 1e6,
            "MB",
            budget.ceiling("stored_day_megabytes")?,
        ),
    ])
}
