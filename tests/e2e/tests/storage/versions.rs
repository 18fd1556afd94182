//! More than one version of the page, or more than one copy of it, in one browser.

use super::{Done, ROLE, banner, open_live, text};
use serde_json::Value;
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_engine::messages::protocol::PROTOCOL;
use spreadscope_engine::tabs::Names;
use std::fs;
use std::path::Path;

/// Returns the locks of this origin that are held.
async fn locks(desk: &Desk) -> Result<Vec<String>, Trouble> {
    let held = "return navigator.locks.query().then(locks => locks.held.map(lock => lock.name))";
    Ok(serde_json::from_value(desk.browser.script(held).await?)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_of_the_page_makes_way_for_a_newer_one_and_offers_to_be_reloaded() -> Done {
    let _turn = beside().await;
    let desk = open_live("versions").await?;
    let browser = &desk.browser;
    assert_eq!(locks(&desk).await?.len(), 1);
    let channel = Names::of(&desk.address).versions();
    let say =
        |version: u16| format!("line.postMessage(new Uint8Array({:?})); return true", version.to_le_bytes());
    let listen = format!(
        "window.heard = []; window.line = new BroadcastChannel('{channel}'); \
         line.onmessage = ({{ data }}) => heard.push(data[0] + 256 * data[1]); return true"
    );
    browser.script(&listen).await?;

    // an older page learns which version is open, and this page continues
    browser.script(&say(PROTOCOL - 1)).await?;
    browser.until(5, "its version", &format!("return heard.includes({PROTOCOL})")).await?;
    desk.live(5).await?;

    // a newer page makes this one stop
    browser.script(&say(PROTOCOL + 1)).await?;
    let words = banner(browser, "Stopped").await?;
    assert!(words.contains("newer version") && words.contains("stored what it had"), "{words}");
    browser.screenshot("stopped").await?;
    assert_eq!(locks(&desk).await?, [""; 0]);
    let role = "return line('role')?.startsWith('a newer version')";
    desk.in_settings(5, "the role", role).await?;

    // the newer page has closed: after a reload this one leads again
    browser.click("[data-banner=Stopped] button").await?;
    desk.live(20).await?;
    desk.hour(10).await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("this tab"));
    desk.finish().await
}

fn copy(from: &Path, to: &Path) -> Done {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let place = to.join(path.file_name().unwrap_or_default());
        if path.is_file() {
            fs::copy(&path, place)?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deployments_on_one_origin_keep_apart() -> Done {
    let _turn = beside().await;
    let desk = open_live("deployments").await?;
    let browser = &desk.browser;
    copy(&desk.folder, &desk.folder.join("next"))?;
    let zone = "return localStorage.length";
    let kept = browser.script(zone).await?;
    browser.another_tab().await?;
    browser.open(&format!("{}next/", desk.address)).await?;
    desk.live(30).await?;
    desk.hour(20).await?;
    // each leads its own group and writes into its own database
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("this tab"));
    assert_eq!(desk.exchange.sockets_opened(), 2);
    let locks = locks(&desk).await?;
    assert!(locks.len() == 2 && locks.iter().any(|name| name.starts_with("spreadscope/next/")), "{locks:?}");
    let names = "return indexedDB.databases().then(all => all.map(({ name }) => name).sort())";
    let both: Vec<Value> = serde_json::from_value(browser.script(names).await?)?;
    assert_eq!(both, ["spreadscope", "spreadscope/next"]);
    let keys = "return Object.keys(localStorage)";
    let keys: Vec<String> = serde_json::from_value(browser.script(keys).await?)?;
    println!("{kept} settings before, now {keys:?}");
    assert!(keys.iter().all(|key| key.starts_with("spreadscope.") || key.starts_with("spreadscope/next.")));
    desk.finish().await
}
