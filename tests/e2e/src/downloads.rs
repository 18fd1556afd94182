//! Files that the page gives the user.

use crate::browser::Trouble;
use crate::desk::Desk;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Returns an empty folder for the downloads of `desk`.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn folder(desk: &Desk) -> Result<PathBuf, Trouble> {
    let folder = desk.folder.join("downloads");
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    for old in std::fs::read_dir(&folder)? {
        std::fs::remove_file(old?.path())?;
    }
    let allow = json!({ "behavior": "allow", "downloadPath": folder.display().to_string() });
    desk.browser.cdp("Browser.setDownloadBehavior", allow).await?;
    Ok(folder)
}

/// Waits for a file whose name ends in `ending`.
///
/// # Errors
/// None arrives within 15 s.
pub async fn file(folder: &Path, ending: &str) -> Result<Vec<u8>, Trouble> {
    for _ in 0..75 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let found = std::fs::read_dir(folder)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.to_string_lossy().ends_with(ending));
        if let Some(path) = found {
            return Ok(std::fs::read(path)?);
        }
    }
    Err(format!("no file came that ends in {ending}").into())
}

/// Waits until exactly `wanted` files are complete, and returns their paths.
///
/// # Errors
/// There are fewer or more after a minute.
pub async fn all(folder: &Path, wanted: usize) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for _ in 0..300 {
        found = std::fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        // the browser uses this ending until a file is complete
        let whole = found.iter().all(|path| path.extension().is_none_or(|ending| ending != "crdownload"));
        if whole && found.len() == wanted {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Err(format!("{} files came, {wanted} were wanted", found.len()).into())
}
