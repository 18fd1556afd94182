//! A headless browser under its driver, with everything kept that a console would show: Chromium, if not said
//! otherwise.

use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thirtyfour::WindowHandle;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use tokio::process::{Child, Command};

/// Any trouble of a test, in words.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Written into every page before its own scripts: keeps what must not happen.
pub(crate) const WATCH: &str = r"
    window.__trouble = [];
    const keep = (kind, text) => window.__trouble.push(kind + ': ' + text);
    const error = console.error.bind(console);
    console.error = (...words) => { keep('console', words.join(' ')); error(...words); };
    // that a size is told of a frame later is no trouble
    addEventListener('error', event => String(event.message).startsWith('ResizeObserver loop') || keep('error', event.message || (event.target && (event.target.src || event.target.href))), true);
    addEventListener('unhandledrejection', event => keep('rejection', String(event.reason)));
    addEventListener('securitypolicyviolation', event => keep('policy', event.violatedDirective + ' ' + event.blockedURI));
    window.__shift = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value; })
        .observe({ type: 'layout-shift', buffered: true });
";

/// Deadlines are of a machine with two idle cores; a slow or busy one gets so many times as long.
const PATIENCE: u32 = 4;

/// Set to a number to have the pages' threads run so many times as slowly: what passes then does not depend on speed.
const THROTTLE: &str = "SPREADSCOPE_THROTTLE";

/// A browser with one page.
#[derive(Debug)]
pub struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) profile: PathBuf,
    pub(crate) process: Child,
    /// The screen that it has for itself, where it needs one.
    pub(crate) screen: Option<Child>,
    /// It is watched once a page has loaded: it takes no script before.
    pub(crate) watches_late: bool,
}

impl Browser {
    /// Starts the driver named by `CHROMEDRIVER`, or the one on the path.
    ///
    /// # Errors
    /// In words.
    pub async fn start() -> Result<Self, Trouble> {
        Self::start_with(&[]).await
    }

    /// [`Self::start`] with more `arguments` of Chromium's.
    ///
    /// # Errors
    /// In words.
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

    /// Prepares a page that has not been opened yet.
    async fn watch(&self) -> Result<(), Trouble> {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        if let Ok(times) = std::env::var(THROTTLE) {
            let rate: f64 =
                times.parse().map_err(|_other| format!("{THROTTLE} must be a number, was {times}"))?;
            self.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
        }
        Ok(())
    }

    /// Has pages that are opened from here on run `script` in their worker before anything else.
    ///
    /// # Errors
    /// In words.
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
    /// In words.
    pub async fn open(&self, address: &str) -> Result<(), Trouble> {
        self.driver.goto(address).await?;
        if self.watches_late {
            self.script(&format!("{WATCH}; return true")).await?;
        }
        Ok(())
    }

    /// Speaks to the page in the first frame of the page from here on.
    ///
    /// # Errors
    /// In words.
    pub async fn enter_frame(&self) -> Result<(), Trouble> {
        self.driver.enter_frame(0).await?;
        if self.watches_late {
            self.script(&format!("{WATCH}; return true")).await?;
        }
        Ok(())
    }

    /// Opens another tab, which is the one that is spoken to from here on, and returns a handle to it.
    ///
    /// # Errors
    /// In words.
    pub async fn another_tab(&self) -> Result<WindowHandle, Trouble> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab.clone()).await?;
        self.watch().await?;
        self.look(1440, 900, true).await?;
        Ok(tab)
    }

    /// The tab that is spoken to.
    ///
    /// # Errors
    /// In words.
    pub async fn tab(&self) -> Result<WindowHandle, Trouble> {
        Ok(self.driver.window().await?)
    }

    /// Speaks to `tab` from here on.
    ///
    /// # Errors
    /// In words.
    pub async fn turn_to(&self, tab: &WindowHandle) -> Result<(), Trouble> {
        Ok(self.driver.switch_to_window(tab.clone()).await?)
    }

    /// Closes the tab that is spoken to; another must be turned to next.
    ///
    /// # Errors
    /// In words.
    pub async fn close_tab(&self) -> Result<(), Trouble> {
        Ok(self.driver.close_window().await?)
    }

    /// Runs a script that calls its last argument with what it has found out.
    ///
    /// # Errors
    /// In words.
    pub async fn script_async(&self, script: &str) -> Result<Value, Trouble> {
        self.script_async_with(script, Vec::new()).await
    }

    /// [`Self::script_async`] with arguments before that last one.
    ///
    /// # Errors
    /// In words.
    pub async fn script_async_with(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        Ok(self.driver.execute_async(script, arguments).await?.json().clone())
    }

    /// Calls the `DevTools` protocol.
    ///
    /// # Errors
    /// In words.
    pub async fn cdp(&self, method: &str, parameters: Value) -> Result<Value, Trouble> {
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    /// Runs a script in the page; what it returns comes back as JSON.
    ///
    /// # Errors
    /// In words.
    pub async fn script(&self, script: &str) -> Result<Value, Trouble> {
        self.script_with(script, Vec::new()).await
    }

    /// [`Self::script`] with arguments.
    ///
    /// # Errors
    /// In words.
    pub async fn script_with(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        Ok(self.driver.execute(script, arguments).await?.json().clone())
    }

    /// Asks a script again and again until it returns something other than null, false or an empty text.
    ///
    /// # Errors
    /// After `secs` and the patience that slow machines need, with what the page says of itself.
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

    /// Clicks the first element of a selector; one that is on its way in, or just laid out anew, a moment later.
    ///
    /// # Errors
    /// In words.
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

    /// Types into the element that has the focus.
    ///
    /// # Errors
    /// In words.
    pub async fn keys(&self, selector: &str, keys: &str) -> Result<(), Trouble> {
        Ok(self.driver.query(By::Css(selector)).first().await?.send_keys(keys).await?)
    }

    /// Presses keys wherever the focus is.
    ///
    /// # Errors
    /// In words.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<(), Trouble> {
        let soon = Some(Duration::from_millis(10));
        Ok(self.driver.action_chain_with_delay(soon, soon).send_keys(keys).perform().await?)
    }

    /// Puts another tab before the page for a while, and comes back.
    ///
    /// # Errors
    /// In words.
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

    /// Sets window size and colour scheme, as a phone or a desktop has them.
    ///
    /// # Errors
    /// In words.
    pub async fn look(&self, width: u32, height: u32, dark: bool) -> Result<(), Trouble> {
        self.look_at(width, height, dark, 1.0).await
    }

    /// [`Self::look`], with so many pixels of the picture to one of the page.
    ///
    /// # Errors
    /// In words.
    pub async fn look_at(&self, width: u32, height: u32, dark: bool, pixels: f64) -> Result<(), Trouble> {
        let phone = width < 600;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": pixels, "mobile": phone });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await?;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.cdp("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Writes what the window shows to `target/screenshots/NAME.png`.
    ///
    /// # Errors
    /// In words.
    pub async fn screenshot(&self, name: &str) -> Result<(), Trouble> {
        let folder = workspace().join("target/screenshots");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), self.picture().await?)?)
    }

    /// What the window shows, as a PNG.
    ///
    /// # Errors
    /// In words.
    pub async fn picture(&self) -> Result<Vec<u8>, Trouble> {
        Ok(self.driver.screenshot_as_png().await?)
    }

    /// Fails if the page has had any trouble: console errors, exceptions, policy violations.
    ///
    /// # Errors
    /// The trouble.
    pub async fn expect_no_trouble(&self) -> Result<(), Trouble> {
        match self.script("return window.__trouble").await? {
            Value::Array(list) if list.is_empty() => Ok(()),
            trouble => Err(format!("the page had trouble: {trouble}").into()),
        }
    }

    /// Address of the browser's own debugger.
    ///
    /// # Errors
    /// In words.
    pub fn debugger(&self) -> Result<String, Trouble> {
        let port = std::fs::read_to_string(self.profile.join("DevToolsActivePort"))?;
        let mut lines = port.lines();
        let (port, path) = lines.next().zip(lines.next()).ok_or("the debugger's port is not known")?;
        Ok(format!("ws://127.0.0.1:{port}{path}"))
    }

    /// Closes it.
    ///
    /// # Errors
    /// In words.
    pub async fn quit(self) -> Result<(), Trouble> {
        let Self { driver, profile, mut process, screen, .. } = self;
        driver.quit().await?;
        process.kill().await?;
        if let Some(mut screen) = screen {
            screen.kill().await?;
        }
        // a profile that stays behind harms nobody
        drop(std::fs::remove_dir_all(profile));
        Ok(())
    }
}

/// The workspace's folder.
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Starts `program`, a driver that listens on `port`, and a browser with `capabilities` under it.
///
/// # Errors
/// In words.
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
