//! `WebKit`'s small browser on a virtual screen, under its driver.

use crate::browser::{Browser, Trouble, drive, free_port};
use serde_json::json;
use spreadscope_exchange::skip;
use thirtyfour::Capabilities;
use tokio::process::Command;

impl Browser {
    /// Starts the browser named by `MINIBROWSER` under the driver named by `WEBKITDRIVER` on a screen of
    /// `XVFB`; `None` if they are not named because the set-up could not install them, in which case the test
    /// reports that it is skipped. Features specific to Chromium do not work with it, and console messages are
    /// collected only once a page has loaded.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn start_webkit() -> Result<Option<Self>, Trouble> {
        let named = |name: &str| std::env::var(name).ok();
        let Some(((browser, program), screen)) =
            named("MINIBROWSER").zip(named("WEBKITDRIVER")).zip(named("XVFB"))
        else {
            skip("WebKit and its driver are not here; `cargo xtask test browser` says why");
            return Ok(None);
        };
        let port = free_port()?;
        // a number that no other screen of this machine has
        let display = format!(":{port}");
        let screen = Command::new(&screen)
            .args([&display, "-screen", "0", "2560x1600x24", "-nolisten", "tcp"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{screen} could not be started: {error}"))?;
        let profile = std::env::temp_dir().join(format!("spreadscope-browser-{port}"));
        let mut capabilities = Capabilities::new();
        capabilities.set("browserName", "MiniBrowser")?;
        let options = json!({ "binary": browser, "args": ["--automation"] });
        capabilities.set("webkitgtk:browserOptions", options)?;
        let mut driver = Command::new(&program);
        // independent of earlier and of parallel runs
        for folder in ["XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            driver.env(folder, profile.join(folder));
        }
        driver.env("DISPLAY", &display).arg(format!("--port={port}"));
        let (driver, process) = drive(driver, port, capabilities).await?;
        // clicks do not reach what lies outside the window
        driver.set_window_rect(0, 0, 2560, 1600).await?;
        Ok(Some(Self { driver, profile, process, screen: Some(screen), watches_late: true }))
    }
}
