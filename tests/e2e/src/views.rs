//! Every view of the page in every size and scheme, with axe-core's findings for each.

use crate::axe;
use crate::browser::{Trouble, workspace};
use crate::desk::Desk;
use crate::layout::settled;
use std::path::Path;

/// The page's own addresses.
const PATHS: [&str; 8] = [
    "/backtest",
    "/scanner",
    "/ticks/BTCUSDT",
    "/analytics/spread",
    "/analytics/adf",
    "/alert/zscore",
    "/feed",
    "/",
];
/// What opens over the desk: drawers, menus, and one explanation as an example.
const OVER: [&str; 9] = [
    "settings",
    "alert-rules",
    "import",
    "help",
    "export-menu",
    "about-z",
    "verdict-reasons",
    "arrange-menu",
    "chart-menu-price",
];
const FILE: &str = "time,open,high,low,close,volume\n\
     2026-01-05T00:00:00Z,100,101,99,100.5,3\n2026-01-05T00:01:00Z,100.5,102,100,101,4\n";

/// Returns the faults of all views of an open desk, and writes screenshots to `target/screenshots`.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn faults(desk: &Desk) -> Result<Vec<String>, Trouble> {
    let mut found = Vec::new();
    watch_two(desk).await?;
    for (width, height) in [(1440, 900), (390, 844)] {
        for dark in [false, true] {
            let scheme = if dark { "dark" } else { "light" };
            let look = format!("{width}-{scheme}");
            desk.browser.look(width, height, dark).await?;
            for path in PATHS {
                desk.go(path).await?;
                settled(&desk.browser).await?;
                judge(desk, &format!("view{}", path.replace('/', "-")), &look, &mut found).await?;
            }
            for id in OVER {
                desk.show(id).await?;
                judge(desk, &format!("open-{id}"), &look, &mut found).await?;
                desk.hide_all().await?;
            }
            rule_form(desk, &look, &mut found).await?;
            file_preview(desk, &look, &mut found).await?;
            restore_question(desk, &look, &mut found).await?;
        }
    }
    // a scheme chosen against the system's
    for (scheme, place) in [("light", 1), ("dark", 2)] {
        desk.browser.look(1440, 900, scheme == "light").await?;
        desk.choose("[data-control=theme]", place).await?;
        settled(&desk.browser).await?;
        judge(desk, "chosen", scheme, &mut found).await?;
    }
    desk.choose("[data-control=theme]", 0).await?;
    Ok(found)
}

/// Adds two pairs to the watchlist, one of them not traded here.
async fn watch_two(desk: &Desk) -> Result<(), Trouble> {
    let kept = "localStorage.setItem('spreadscope.pairs', '*BTCUSDT-ETHUSDT.*BTCUSDT-XRPUSDT'); location.reload(); return true";
    desk.browser.script(kept).await?;
    let told = "const cells = [...document.querySelectorAll('[data-watched] td:first-of-type')]; return cells.some(cell => /[0-9]/.test(cell.innerText)) && !!document.querySelector('[data-watched] .note')";
    desk.browser.until(60, "the watched pairs", told).await.map(drop)
}

/// Checks the question that precedes restoring a backup.
async fn restore_question(desk: &Desk, look: &str, found: &mut Vec<String>) -> Result<(), Trouble> {
    // the question appears before the file is read
    let path = workspace().join(format!("target/e2e/files/{look}.spreadscope"));
    std::fs::write(&path, look)?;
    give(desk, "settings", "input[data-control=backup]", &path).await?;
    let question = "return !!document.querySelector('[data-action=restore]')";
    desk.browser.until(10, "the question", question).await?;
    let seen = "return document.activeElement?.dataset.action == 'leave-restore' \
        && document.activeElement.getBoundingClientRect().bottom <= innerHeight";
    desk.browser.until(5, "the question in view", seen).await?;
    judge(desk, "open-restore", look, found).await?;
    desk.browser.script("document.querySelector('[data-action=leave-restore]').click(); return true").await?;
    desk.hide_all().await
}

/// Checks the form of a rule with another condition and a limit that is not a number.
async fn rule_form(desk: &Desk, look: &str, found: &mut Vec<String>) -> Result<(), Trouble> {
    let browser = &desk.browser;
    desk.show("alert-rules").await?;
    browser.click("[data-action=add-rule]").await?;
    browser.until(5, "the form", "return !!document.querySelector('[data-action=save-rule]')").await?;
    browser.click("[data-action=add-condition]").await?;
    browser.keys("input[data-field]:not([data-field=name])", "much").await?;
    browser.click("[data-action=save-rule]").await?;
    browser
        .until(
            5,
            "an error",
            "return [...document.querySelectorAll('[data-error]')].some(each => each.innerText)",
        )
        .await?;
    judge(desk, "open-rule-form", look, found).await?;
    browser.click("[data-action=leave-rule]").await?;
    desk.hide_all().await
}

/// Checks a chosen file with its first rows.
async fn file_preview(desk: &Desk, look: &str, found: &mut Vec<String>) -> Result<(), Trouble> {
    let folder = workspace().join("target/e2e/files");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("BTCUSDT-1m-preview.csv");
    std::fs::write(&path, FILE)?;
    give(desk, "import", "input[data-control=file]", &path).await?;
    let ready = "return !!document.querySelector('[data-action=take]:enabled')";
    desk.browser.until(10, "the first rows", ready).await?;
    judge(desk, "open-import-file", look, found).await?;
    desk.hide_all().await
}

/// Opens a drawer and chooses a file in it.
async fn give(desk: &Desk, drawer: &str, field: &str, file: &Path) -> Result<(), Trouble> {
    let file = file.canonicalize()?;
    desk.show(drawer).await?;
    desk.browser.keys(field, file.to_str().ok_or("the path is not text")?).await
}

async fn judge(desk: &Desk, view: &str, look: &str, found: &mut Vec<String>) -> Result<(), Trouble> {
    desk.browser.screenshot(&format!("{view}-{look}")).await?;
    found.extend(
        axe::violations(&desk.browser).await?.into_iter().map(|fault| format!("{view} {look}: {fault}")),
    );
    Ok(())
}
