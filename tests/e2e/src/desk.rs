//! A stand-in exchange, the page connected to it, and a browser on the page.

use crate::browser::{Browser, Trouble, workspace};
use serde_json::Value;
use spreadscope_exchange::{Config, Exchange, Tape, serve_static};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;
use tokio::task::JoinHandle;

/// True while the feed is live.
const LIVE: &str = "return document.querySelector('.pill')?.dataset.phase == 'live'";

/// How often the screen is refreshed: the page's choices, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// Four times a second.
    QuarterSecond,
    /// Twice a second.
    HalfSecond,
    /// Once a second.
    OneSecond,
    /// Every two seconds.
    TwoSeconds,
    /// Every five seconds.
    FiveSeconds,
    /// When a bar closes.
    BarClose,
}

/// Everything that a browser test needs.
#[derive(Debug)]
pub struct Desk {
    /// The exchange.
    pub exchange: Exchange,
    /// The browser.
    pub browser: Browser,
    /// The page's address.
    pub address: String,
    /// The folder that is served.
    pub folder: PathBuf,
    site: JoinHandle<()>,
}

impl Desk {
    /// Starts all three; the page is not opened yet.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn start(name: &str, tape: Tape, config: Config) -> Result<Self, Trouble> {
        let browser = Browser::start().await?;
        browser.look(1440, 900, true).await?;
        Self::start_in(browser, name, tape, config).await
    }

    /// Starts an exchange and a page for an existing browser.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn start_in(browser: Browser, name: &str, tape: Tape, config: Config) -> Result<Self, Trouble> {
        let exchange = Exchange::start(tape, config).await?;
        let folder = workspace().join("target/e2e").join(name);
        if folder.exists() {
            // the service worker would take files left by an earlier run for part of the page
            std::fs::remove_dir_all(&folder)?;
        }
        point_at(&exchange.origin(), &folder).await?;
        let (address, site) = serve_static(&folder, 0).await?;
        Ok(Self { exchange, browser, address: format!("http://{address}/"), folder, site })
    }

    pub(crate) fn of(
        exchange: Exchange,
        browser: Browser,
        address: String,
        folder: PathBuf,
        site: JoinHandle<()>,
    ) -> Self {
        Self { exchange, browser, address, folder, site }
    }

    /// Opens the page and waits for its first rows and charts.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn open(&self) -> Result<(), Trouble> {
        self.browser.open(&self.address).await?;
        self.charts().await
    }

    /// As [`Self::open`], in a frame of another page, which can have any width.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn open_in_frame(&self) -> Result<(), Trouble> {
        let page = "<!doctype html><title>Frame</title><iframe src=index.html style='width:1440px;height:900px;border:0'></iframe>";
        std::fs::write(self.folder.join("frame.html"), page)?;
        self.browser.open(&format!("{}frame.html", self.address)).await?;
        self.browser.enter_frame().await?;
        self.charts().await
    }

    async fn charts(&self) -> Result<(), Trouble> {
        self.browser
            .until(30, "rows and charts", "return document.querySelector('main[data-ready=true]') && [...document.querySelectorAll('[data-chart]')].length >= 6 && [...document.querySelectorAll('[data-chart]')].slice(0, 4).every(chart => chart.dataset.points > 0)")
            .await?;
        Ok(())
    }

    /// Waits until the feed is live.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn live(&self, secs: u64) -> Result<(), Trouble> {
        self.browser.until(secs, "live", LIVE).await.map(drop)
    }

    /// Waits until there are at least `bars` bars.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn bars(&self, secs: u64, bars: usize) -> Result<(), Trouble> {
        let there = format!("return Number(document.querySelector('main')?.dataset.bars) >= {bars}");
        self.browser.until(secs, &format!("{bars} bars"), &there).await.map(drop)
    }

    /// Waits for the last hour of 1 s bars, except those still on their way.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn hour(&self, secs: u64) -> Result<(), Trouble> {
        self.bars(secs, 3_590).await
    }

    /// Chooses an option of a select by its index.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn choose(&self, selector: &str, place: usize) -> Result<(), Trouble> {
        let choose = format!(
            "const select = document.querySelector({selector:?}); select.selectedIndex = {place}; \
             select.dispatchEvent(new Event('change', {{ bubbles: true }})); return true"
        );
        self.browser.script(&choose).await.map(drop)
    }

    /// Sets a field or a select to `value`, as a user does.
    ///
    /// # Errors
    /// A sentence that says what went wrong, for example that it does not accept the value.
    pub async fn set(&self, selector: &str, value: &str) -> Result<(), Trouble> {
        let set = format!(
            "const field = document.querySelector({selector:?}); field.focus(); field.value = {value:?}; \
             for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{ bubbles: true }})); \
             return field.value"
        );
        let taken = self.browser.script(&set).await?;
        if taken == value {
            Ok(())
        } else {
            Err(format!("{selector} takes {taken} instead of {value}").into())
        }
    }

    /// Sets the screen's refresh rate, if the page offers it.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn refresh(&self, refresh: Refresh) -> Result<(), Trouble> {
        self.choose("[data-control=refresh]", refresh as usize).await
    }

    /// Goes to one of the page's own addresses, such as `/feed`, and waits until it is shown.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn go(&self, path: &str) -> Result<(), Trouble> {
        let shown = if path == "/" {
            "return !!document.querySelector('main[data-ready=true] [data-chart]')".to_owned()
        } else {
            format!("return !!document.querySelector('[data-view={path:?}]')")
        };
        self.browser.script(&format!("location.hash = '#{path}'; return true")).await?;
        self.browser.until(20, path, &shown).await.map(drop)
    }

    /// Opens a drawer, a menu or an explanation by its id, and waits for its contents.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn show(&self, id: &str) -> Result<(), Trouble> {
        let show = format!("document.getElementById({id:?}).showPopover(); return true");
        self.browser.script(&show).await?;
        let filled = format!(
            "const open = document.getElementById({id:?}); return !!open.innerText.trim() && !open.querySelector('.coming')"
        );
        self.browser.until(20, id, &filled).await.map(drop)
    }

    /// Closes everything that lies over the page.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn hide_all(&self) -> Result<(), Trouble> {
        let hide =
            "document.querySelectorAll(':popover-open').forEach(open => open.hidePopover()); return true";
        self.browser.script(hide).await.map(drop)
    }

    /// Repeats `script` until it is satisfied; in it, `line(name)` is a line of the storage panel in the
    /// settings. The settings are opened for that and closed again, because their contents are loaded when they
    /// are first opened.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn in_settings(&self, secs: u64, what: &str, script: &str) -> Result<Value, Trouble> {
        let look = "const drawer = document.getElementById('settings'); if (!drawer) return null; \
            const open = drawer.matches(':popover-open'); \
            if (!drawer.querySelector('.storage')) { if (!open) drawer.showPopover(); return null; } \
            if (open) drawer.hidePopover(); \
            const line = (name) => drawer.querySelector(`[data-line=${name}] dd`)?.textContent;";
        self.browser.until(secs, what, &format!("{look} {script}")).await
    }

    /// Stops serving the page's files, without waiting for transfers under way.
    pub fn stop_site(&self) {
        self.site.abort();
    }

    /// Ends all three, after a final check for errors.
    ///
    /// # Errors
    /// The page's errors.
    pub async fn finish(self) -> Result<(), Trouble> {
        self.browser.expect_no_trouble().await?;
        self.close().await
    }

    /// Ends all three.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn close(self) -> Result<(), Trouble> {
        self.site.abort();
        self.browser.quit().await
    }
}

/// Copies the release files to `folder` with their source changed to `origin`. It runs the program named by
/// `SPREADSCOPE_XTASK`, because cargo would wait for whatever it is building at the same time.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn point_at(origin: &str, folder: &Path) -> Result<(), Trouble> {
    copy_site(origin, folder, &[]).await
}

/// [`point_at`] with a module that keeps which of its functions have run.
///
/// # Errors
/// In words.
pub async fn record_at(origin: &str, folder: &Path) -> Result<(), Trouble> {
    copy_site(origin, folder, &["--recording"]).await
}

async fn copy_site(origin: &str, folder: &Path, options: &[&str]) -> Result<(), Trouble> {
    let program = std::env::var_os("SPREADSCOPE_XTASK");
    let (program, command) =
        program.as_ref().map_or(("cargo".as_ref(), Some("xtask")), |own| (own.as_os_str(), None));
    let copied = Command::new(program)
        .current_dir(workspace())
        .args(command)
        .args(["site", "--loopback", origin, "--out"])
        .arg(folder)
        .args(options)
        .stdout(Stdio::null())
        .status()
        .await?;
    if copied.success() {
        Ok(())
    } else {
        Err("the release files could not be copied: cargo xtask site".into())
    }
}
