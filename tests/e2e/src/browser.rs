//! A headless browser under its driver, by default Chromium. It collects everything that a console would show.

use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thirtyfour::WindowHandle;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use tokio::process::{Child, Command};

/// An error of a test, in words.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Injected into every page before its own scripts: collects errors.
pub(crate) const WATCH: &str = r"
    window.__trouble = [];
    const keep = (kind, text) => window.__trouble.push(kind + ': ' + text);
    const error = console.error.bind(console);
    console.error = (...words) => { keep('console', words.join(' ')); error(...words); };
    // the browser only says that a size is reported one frame late
    addEventListener('error', event => String(event.message).startsWith('ResizeObserver loop') || keep('error', event.message || (event.target && (event.target.src || event.target.href))), true);
    addEventListener('unhandledrejection', event => keep('rejection', String(event.reason)));
    addEventListener('securitypolicyviolation', event => keep('policy', [event.violatedDirective, event.blockedURI, event.sample].join(' ')));
    window.__shift = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value; })
        .observe({ type: 'layout-shift', buffered: true });
";

/// Factor on all deadlines, which assume a machine with two idle cores; slow or busy ones get this much longer.
pub(crate) const PATIENCE: u32 = 4;

/// Set to a number to slow the pages' threads by that factor: tests that pass then do not depend on speed.
const THROTTLE: &str = "SPREADSCOPE_THROTTLE";

/// A browser with one page.
#[derive(Debug)]
pub struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) profile: PathBuf,
    pub(crate) process: Child,
    /// The virtual screen of its own, if it needs one.
    pub(crate) screen: Option<Child>,
    /// Whether errors are collected only once a page has loaded, because it accepts no script before.
    pub(crate) watches_late: bool,
}

impl Browser {
    /// Starts Chromium under the driver named by `CHROMEDRIVER`, or the one on the path.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn start() -> Result<Self, Trouble> {
        Self::start_with(&[]).await
    }

    /// As [`Self::start`], with additional `arguments` for Chromium.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn start_with(arguments: &[&str]) -> Result<Self, Trouble> {
        let port = free_port()?;
        let profile = std::env::temp_dir().join(format!("spreadscope-browser-{port}"));
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--js-flags=--expose-gc",
        ] {
            capabilities.add_arg(argument)?;
        }
        for argument in arguments {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
        if let Ok(binary) = std::env::var("CHROME") {
            capabilities.set_binary(&binary)?;
        }
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_unset| "chromedriver".to_owned());
        let mut command = Command::new(&program);
        command.args([&format!("--port={port}"), "--log-level=SEVERE"]);
        let (driver, process) = drive(command, port, capabilities).await?;
        let browser = Self { driver, profile, process, screen: None, watches_late: false };
        browser.watch().await?;
        Ok(browser)
    }

    /// Prepares pages that have not been opened yet.
    async fn watch(&self) -> Result<(), Trouble> {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        if let Ok(times) = std::env::var(THROTTLE) {
            let rate: f64 =
                times.parse().map_err(|_other| format!("{THROTTLE} must be a number, was {times}"))?;
            self.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
        }
        Ok(())
    }

    /// Makes pages opened from now on run `script` in their worker before anything else.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn plant_in_worker(&self, script: &str) -> Result<(), Trouble> {
        let source = format!(
            "const Whole = window.Blob; window.Blob = class extends Whole {{ constructor(parts, kind) {{ \
                 if (kind && kind.type === 'text/javascript') parts = [parts[0] + `{script}`]; super(parts, kind); \
             }} }};"
        );
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await.map(drop)
    }

    /// Opens an address.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn open(&self, address: &str) -> Result<(), Trouble> {
        self.driver.goto(address).await?;
        if self.watches_late {
            self.script(&format!("{WATCH}; return true")).await?;
        }
        Ok(())
    }

    /// Directs further calls to the first frame of the page.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn enter_frame(&self) -> Result<(), Trouble> {
        self.driver.enter_frame(0).await?;
        if self.watches_late {
            self.script(&format!("{WATCH}; return true")).await?;
        }
        Ok(())
    }

    /// Opens another tab, directs further calls to it, and returns its handle.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn another_tab(&self) -> Result<WindowHandle, Trouble> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab.clone()).await?;
        self.watch().await?;
        self.look(1440, 900, true).await?;
        Ok(tab)
    }

    /// Returns the tab that calls go to.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn tab(&self) -> Result<WindowHandle, Trouble> {
        Ok(self.driver.window().await?)
    }

    /// Directs further calls to `tab`.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn turn_to(&self, tab: &WindowHandle) -> Result<(), Trouble> {
        Ok(self.driver.switch_to_window(tab.clone()).await?)
    }

    /// Closes the current tab; [`Self::turn_to`] must follow.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn close_tab(&self) -> Result<(), Trouble> {
        Ok(self.driver.close_window().await?)
    }

    /// Runs a script that passes its result to its last argument.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn script_async(&self, script: &str) -> Result<Value, Trouble> {
        self.script_async_with(script, Vec::new()).await
    }

    /// As [`Self::script_async`], with arguments before the last.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn script_async_with(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        Ok(self.driver.execute_async(script, arguments).await?.json().clone())
    }

    /// Calls the `DevTools` protocol.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn cdp(&self, method: &str, parameters: Value) -> Result<Value, Trouble> {
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    /// Runs a script in the page and returns its result as JSON.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn script(&self, script: &str) -> Result<Value, Trouble> {
        self.script_with(script, Vec::new()).await
    }

    /// As [`Self::script`], with arguments.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn script_with(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        Ok(self.driver.execute(script, arguments).await?.json().clone())
    }

    /// Repeats a script until it returns something other than null, false or an empty text.
    ///
    /// # Errors
    /// `secs`, extended for slow machines, have passed; the error includes the page's own words.
    pub async fn until(&self, secs: u64, what: &str, script: &str) -> Result<Value, Trouble> {
        let deadline = Instant::now() + PATIENCE * Duration::from_secs(secs);
        loop {
            let value = self.script(script).await?;
            if !matches!(value, Value::Null | Value::Bool(false)) && value != "" {
                return Ok(value);
            }
            if Instant::now() > deadline {
                let trouble = self.script("return window.__trouble").await?;
                let text = self.script("return document.body.innerText.slice(0, 6000)").await?;
                return Err(format!(
                    "not within {PATIENCE} times {secs} s: {what}; trouble {trouble}; page says {text}"
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Clicks the first element that matches `selector`, retrying while it is still moving or being laid out.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn click(&self, selector: &str) -> Result<(), Trouble> {
        let deadline = Instant::now() + PATIENCE * Duration::from_secs(5);
        loop {
            let element = self.driver.query(By::Css(selector)).first().await?;
            let Err(error) = element.click().await else { return Ok(()) };
            let passes = matches!(
                error.as_inner(),
                WebDriverErrorInner::ElementNotInteractable(_)
                    | WebDriverErrorInner::StaleElementReference(_)
            );
            if !passes || Instant::now() > deadline {
                return Err(error.into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Types into the element that matches `selector`.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn keys(&self, selector: &str, keys: &str) -> Result<(), Trouble> {
        Ok(self.driver.query(By::Css(selector)).first().await?.send_keys(keys).await?)
    }

    /// Presses keys wherever the focus is.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<(), Trouble> {
        let soon = Some(Duration::from_millis(10));
        Ok(self.driver.action_chain_with_delay(soon, soon).send_keys(keys).perform().await?)
    }

    /// Puts another tab in front of the page for a while, and returns.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn leave_for(&self, millis: u64) -> Result<(), Trouble> {
        let page = self.driver.window().await?;
        let other = self.driver.new_tab().await?;
        self.driver.switch_to_window(other).await?;
        self.cdp("Page.bringToFront", json!({})).await?;
        tokio::time::sleep(Duration::from_millis(millis)).await;
        self.driver.close_window().await?;
        self.driver.switch_to_window(page).await?;
        self.cdp("Page.bringToFront", json!({})).await?;
        Ok(())
    }

    /// Writes a picture of the window to `target/screenshots/NAME.png`.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn screenshot(&self, name: &str) -> Result<(), Trouble> {
        let folder = workspace().join("target/screenshots");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), self.picture().await?)?)
    }

    /// Returns a picture of the window as PNG.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn picture(&self) -> Result<Vec<u8>, Trouble> {
        Ok(self.driver.screenshot_as_png().await?)
    }

    /// Fails if the page has had any errors: console errors, exceptions, policy violations.
    ///
    /// # Errors
    /// The page's errors.
    pub async fn expect_no_trouble(&self) -> Result<(), Trouble> {
        match self.script("return window.__trouble").await? {
            Value::Array(list) if list.is_empty() => Ok(()),
            trouble => Err(format!("the page had trouble: {trouble}").into()),
        }
    }

    /// Returns the address of the browser's own debugger.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub fn debugger(&self) -> Result<String, Trouble> {
        let port = std::fs::read_to_string(self.profile.join("DevToolsActivePort"))?;
        let mut lines = port.lines();
        let (port, path) = lines.next().zip(lines.next()).ok_or("the debugger's port is not known")?;
        Ok(format!("ws://127.0.0.1:{port}{path}"))
    }

    /// Closes the browser.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn quit(self) -> Result<(), Trouble> {
        let Self { driver, profile, mut process, screen, .. } = self;
        driver.quit().await?;
        process.kill().await?;
        if let Some(mut screen) = screen {
            screen.kill().await?;
        }
        // a profile that is left behind does no harm
        drop(std::fs::remove_dir_all(profile));
        Ok(())
    }
}

/// Returns the workspace's folder.
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Starts `program`, a driver that listens on `port`, and through it a browser with `capabilities`.
///
/// # Errors
/// A sentence that says what went wrong.
pub(crate) async fn drive(
    mut program: Command,
    port: u16,
    capabilities: impl Into<Capabilities> + Clone,
) -> Result<(WebDriver, Child), Trouble> {
    let process =
        program.stdout(std::process::Stdio::null()).kill_on_drop(true).spawn().map_err(|error| {
            format!("{} could not be started: {error}", program.as_std().get_program().display())
        })?;
    let address = format!("http://127.0.0.1:{port}");
    let deadline = Instant::now() + PATIENCE * Duration::from_secs(20);
    loop {
        match WebDriver::new(&address, capabilities.clone()).await {
            Ok(driver) => return Ok((driver, process)),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(_not_up_yet) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

pub(crate) fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
