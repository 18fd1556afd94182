//! Waits for the market or the page to have come so far, instead of for a number of seconds: a slow machine takes
//! longer, and sees the same.

use crate::browser::{Browser, PATIENCE, Trouble};
use crate::desk::Desk;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Looks at a value, one after the other, that must all find the same before it counts as steady.
const ALIKE: u32 = 12;
/// Deadline of the page's own affairs, s.
const SECS: u64 = 20;

impl Desk {
    /// Waits until the market has moved on by `secs`, and the page has had a turn since. What must not happen is
    /// looked for after it; a paused page can be asked for nothing else.
    ///
    /// # Errors
    /// The exchange stands still.
    pub async fn market_moves(&self, secs: i64) -> Result<(), Trouble> {
        let until = self.exchange.told_now_ms() + secs * 1_000;
        let deadline = Instant::now() + PATIENCE * Duration::from_secs(secs.unsigned_abs() + 1);
        while self.exchange.told_now_ms() < until {
            if Instant::now() > deadline {
                return Err(format!("the market has not moved on by {secs} s").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.browser.turn().await
    }

    /// Waits until the newest bar on the screen is `secs` later than now.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn bars_close(&self, secs: u64) -> Result<(), Trouble> {
        let newest = "Number(document.querySelector('[data-tile=z]')?.dataset.openTime)";
        let now = self.browser.until(SECS, "a bar", &format!("return {newest}")).await?;
        let later = format!("return {newest} >= {now} + {}", secs * 1_000);
        self.browser.until(SECS + secs, &format!("{secs} s of bars"), &later).await.map(drop)
    }

    /// Pauses the screen.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn pause(&self) -> Result<(), Trouble> {
        self.browser.click("[data-action=pause]").await?;
        let paused = "return document.querySelector('main').dataset.paused == 'true'";
        self.browser.until(SECS, "paused", paused).await?;
        self.browser.turn().await
    }

    /// Waits until another write has reached the store, after the one that the settings show now.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn written_again(&self) -> Result<(), Trouble> {
        let before = self.in_settings(SECS, "a write", "return line('written')").await?;
        let again = format!("return line('written') != {before}");
        self.in_settings(SECS, "another write", &again).await.map(drop)
    }
}

impl Browser {
    /// Waits until the page has drawn what it was told.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn turn(&self) -> Result<(), Trouble> {
        // a page out of sight draws nothing, but has turns
        let turn = "const done = arguments[arguments.length - 1]; const next = document.hidden ? then => setTimeout(then, 0) : requestAnimationFrame; \
            next(() => next(() => setTimeout(done, 0)))";
        self.script_async(turn).await.map(drop)
    }

    /// Waits until `script` returns the same again and again, and something other than null or false.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn steady(&self, what: &str, script: &str) -> Result<Value, Trouble> {
        let deadline = Instant::now() + PATIENCE * Duration::from_secs(SECS);
        let (mut before, mut alike) = (Value::Null, 0);
        loop {
            let now = self.script(script).await?;
            let counts = !matches!(now, Value::Null | Value::Bool(false));
            alike = if counts && now == before { alike + 1 } else { 0 };
            if alike >= ALIKE {
                return Ok(now);
            }
            if Instant::now() > deadline {
                return Err(format!("never steady: {what}, last {now}").into());
            }
            before = now;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
