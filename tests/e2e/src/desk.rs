//! A stand-in exchange, the page pointed at it, and a browser on the page.

use crate::browser::{Browser, Trouble, workspace};
use spreadscope_exchange::{Config, Exchange, Tape, serve_static};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;
use tokio::task::JoinHandle;

/// Everything that a browser test needs.
#[derive(Debug)]
pub struct Desk {
    /// The exchange.
    pub exchange: Exchange,
    /// The browser.
    pub browser: Browser,
    /// Where the page is.
    pub address: String,
    /// The folder that is served.
    pub folder: PathBuf,
    site: JoinHandle<()>,
}

impl Desk {
    /// Starts all three; the page is not opened yet.
    ///
    /// # Errors
    /// In words.
    pub async fn start(name: &str, tape: Tape, config: Config) -> Result<Self, Trouble> {
        let exchange = Exchange::start(tape, config).await?;
        let folder = workspace().join("target/e2e").join(name);
        point_at(&exchange.origin(), &folder).await?;
        let (address, site) = serve_static(&folder, 0).await?;
        let browser = Browser::start().await?;
        browser.look(1440, 900, true).await?;
        Ok(Self { exchange, browser, address: format!("http://{address}/"), folder, site })
    }

    /// Opens the page and waits for its first rows and charts.
    ///
    /// # Errors
    /// In words.
    pub async fn open(&self) -> Result<(), Trouble> {
        self.browser.open(&self.address).await?;
        self.browser
            .until(30, "rows and charts", "return document.querySelector('main[data-ready=true]') && [...document.querySelectorAll('[data-chart]')].length >= 6 && [...document.querySelectorAll('[data-chart]')].slice(0, 4).every(chart => chart.dataset.points > 0)")
            .await?;
        Ok(())
    }

    /// Takes the page's files off the net; what is on its way is not waited for.
    pub fn stop_site(&self) {
        self.site.abort();
    }

    /// Ends all three, after a last look for trouble.
    ///
    /// # Errors
    /// The page's trouble.
    pub async fn finish(self) -> Result<(), Trouble> {
        self.browser.expect_no_trouble().await?;
        self.close().await
    }

    /// Ends all three.
    ///
    /// # Errors
    /// In words.
    pub async fn close(self) -> Result<(), Trouble> {
        self.site.abort();
        self.browser.quit().await
    }
}

/// Copies the release files to `folder` with their source changed to `origin`.
///
/// # Errors
/// In words.
pub async fn point_at(origin: &str, folder: &Path) -> Result<(), Trouble> {
    let copied = Command::new("cargo")
        .current_dir(workspace())
        .args(["xtask", "site", "--loopback", origin, "--out"])
        .arg(folder)
        .stdout(Stdio::null())
        .status()
        .await?;
    if copied.success() {
        Ok(())
    } else {
        Err("the release files could not be copied: cargo xtask site".into())
    }
}
