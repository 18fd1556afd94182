//! What axe-core finds wrong with the page in its current state.

use crate::browser::{Browser, Trouble, workspace};

/// Where the set-up has put the script.
const SCRIPT: &str = ".vendor/axe-4.14.1.min.js";

/// Returns violations of WCAG 2.2 A and AA, including target sizes, and of best practices, each with its
/// elements; empty if there are none.
///
/// # Errors
/// The script is missing, or the page does not respond.
pub async fn violations(browser: &Browser) -> Result<Vec<String>, Trouble> {
    let path = workspace().join(SCRIPT);
    let script = std::fs::read_to_string(&path)
        .map_err(|error| format!("{}: {error}; cargo xtask test browser fetches it", path.display()))?;
    browser.script(&format!("if (!window.axe) {{ {script} }} return true")).await?;
    browser
        .script(
            "window.__axe = null; axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(\
             found => window.__axe = found.violations.map(rule => rule.id + ': ' + rule.help + ' | ' + \
             rule.nodes.slice(0, 4).map(node => node.target.join(' ') + ' ' + (node.any[0] || node.all[0] || node.none[0] || {}).message).join('; ')), \
             error => window.__axe = ['axe: ' + error]); return true",
        )
        .await?;
    let found = browser.until(60, "axe is done", "return window.__axe").await?;
    let found = found.as_array().ok_or("axe told no list")?;
    Ok(found.iter().map(|rule| rule.as_str().unwrap_or_default().to_owned()).collect())
}
