//! History that survives: reloads, a store that fails, and backups.

#[path = "storage/dead.rs"]
mod dead;
#[path = "storage/offline.rs"]
mod offline;
#[path = "storage/tabs.rs"]
mod tabs;
#[path = "storage/versions.rs"]
mod versions;

use serde_json::{Value, json};
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads;
use spreadscope_e2e::turn::beside;
use spreadscope_engine::transfer::backup::{Reader, Record};
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault, Tape};
use std::time::{Duration, Instant};

type Done = Result<(), Trouble>;

const WRITTEN: &str = "return /[0-9]/.test(line('written'))";
const ROLE: &str = "return line('role')";
/// True when the settings say that the page opens without network.
const KEPT: &str = "return line('offline') == 'opens'";
/// True when the charts in view at the start have points.
const CHARTS: &str = "const charts = [...document.querySelectorAll('[data-chart]')]; return charts.length >= 6 && charts.slice(0, 4).every(chart => chart.dataset.points > 0)";

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

async fn open_live(name: &str) -> Result<Desk, Trouble> {
    let desk = Desk::start(name, tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    Ok(desk)
}

/// Returns the text of a banner, once it is shown.
async fn banner(browser: &Browser, name: &str) -> Result<String, Trouble> {
    let script = format!("return document.querySelector('[data-banner=\"{name}\"]')?.innerText || null");
    Ok(text(&browser.until(25, &format!("the banner {name}"), &script).await?).to_owned())
}

/// Runs a script with `store`, the records in the page's database, in its own transaction.
async fn in_database(browser: &Browser, body: &str) -> Result<Value, Trouble> {
    let script = format!(
        "const done = arguments[0]; const open = indexedDB.open('spreadscope'); \
         open.onerror = () => done('error: ' + open.error); \
         open.onsuccess = () => {{ \
             const transaction = open.result.transaction('records', 'readwrite'); \
             const store = transaction.objectStore('records'); let result = null; {body} \
             transaction.oncomplete = () => {{ open.result.close(); done(result); }}; }};"
    );
    browser.script_async(&script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_has_its_history_at_once_and_asks_for_the_rest_alone() -> Done {
    let _turn = beside().await;
    let desk = open_live("reload").await?;
    let browser = &desk.browser;
    desk.in_settings(20, "a write", WRITTEN).await?;
    desk.written_again().await?;
    let first_visit = desk.exchange.rest_bytes();
    browser.open(&desk.address).await?;
    desk.hour(10).await?;
    desk.live(20).await?;
    desk.bars_close(3).await?;
    let second_visit = desk.exchange.rest_bytes() - first_visit;
    assert!(
        second_visit * 10 < first_visit,
        "{second_visit} bytes over REST after {first_visit} the first time"
    );
    let missing = "return document.querySelector('main').dataset.bars";
    assert!(text(&browser.script(missing).await?).parse::<u32>()? >= 3_600);
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_comes_back_where_the_browser_has_cleared_its_own_store() -> Done {
    let _turn = beside().await;
    let desk = open_live("choices").await?;
    let browser = &desk.browser;
    browser.click("[data-interval='1m']").await?;
    browser.click("[data-action=zone]").await?;
    let stored = "store.get('choices').onsuccess = event => { const bytes = event.target.result; result = !!bytes && new TextDecoder().decode(bytes).includes('spreadscope.zone'); };";
    let deadline = Instant::now() + Duration::from_secs(40);
    while in_database(browser, stored).await? != true {
        assert!(Instant::now() < deadline, "the choices are not stored");
    }
    browser.open("about:blank").await?;
    let origin = desk.address.trim_end_matches('/');
    let clear = json!({ "origin": origin, "storageTypes": "local_storage" });
    browser.cdp("Storage.clearDataForOrigin", clear).await?;
    browser.open(&desk.address).await?;
    let back = "return document.querySelector('[data-interval=\"1m\"]')?.ariaPressed == 'true' && document.querySelector('[data-action=zone]')?.innerText == 'Local time' && localStorage.getItem('spreadscope.zone')";
    assert_eq!(browser.until(20, "what was chosen", back).await?, "local");

    // a browser that forgets them at every load is not loaded for ever: the page says so and goes on
    let forgets = json!({ "source": "localStorage.clear(); window.name = Number(window.name) + 1;" });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", forgets).await?;
    browser.script("window.name = 0; location.reload(); return true").await?;
    let said = "return document.body.innerText.includes('this browser forgets them on every reload')";
    browser.until(20, "the reason", said).await?;
    assert_eq!(browser.script("return window.name").await?, "2", "loaded once by hand and once by itself");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_frozen_has_written_what_it_knows() -> Done {
    let _turn = beside().await;
    let desk = open_live("freeze").await?;
    let browser = &desk.browser;
    let tails = "store.getAllKeys().onsuccess = event => { const tail = event.target.result.find(key => key.endsWith('BTCUSDT/1s/tail')); \
                 if (tail) store.get(tail).onsuccess = event => { result = [...event.target.result.slice(-4)].join(); }; };";
    let written_since = async |before: &Value, most_millis: u64| -> Result<bool, Trouble> {
        let deadline = Instant::now() + Duration::from_millis(most_millis);
        while Instant::now() < deadline {
            if in_database(browser, tails).await? != *before {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let first = in_database(browser, tails).await?;
    assert!(written_since(&first, 15_000).await?, "nothing is written");
    // a bar closes, and the next regular write would be seconds away
    desk.bars_close(1).await?;
    let before = in_database(browser, tails).await?;
    assert!(!written_since(&before, 300).await?, "written without being asked to");
    browser.script("document.dispatchEvent(new Event('freeze')); return true").await?;
    assert!(written_since(&before, 1_500).await?, "a page that is frozen writes nothing");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_the_desk_goes_on_in_memory_and_says_so() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("no-database", tape(), Config::default()).await?;
    // the page starts its worker from a script of its own
    let without = "const Plain = Blob; window.Blob = class extends Plain { constructor(parts, options) { const first = 'Object.defineProperty(globalThis, \\'indexedDB\\', { value: undefined });'; super(options?.type == 'text/javascript' ? [first, ...parts] : parts, options) } };";
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": without })).await?;
    desk.open().await?;
    desk.live(20).await?;
    let words = banner(&desk.browser, "Not stored").await?;
    assert!(words.contains("Everything works") && words.contains("private window"), "{words}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_room_is_named_and_the_desk_goes_on() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("quota", tape(), Config::default()).await?;
    let origin = desk.address.trim_end_matches('/');
    let quota = json!({ "origin": origin, "quotaSize": 4_000 });
    desk.browser.cdp("Storage.overrideQuotaForOrigin", quota).await?;
    desk.open().await?;
    desk.live(20).await?;
    // reported by the first write, or already when opening
    let said = "return [...document.querySelectorAll('[data-banner]')].some(banner => /no room/i.test(banner.innerText))";
    desk.browser.until(25, "that there is no room", said).await?;
    let shown = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = desk.browser.script(shown).await?.as_f64().unwrap_or(0.0);
    let newer =
        format!("return Number(document.querySelector('[data-tile=z]').dataset.openTime) > {before} + 2000");
    desk.browser.until(10, "new bars", &newer).await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_is_named_and_the_others_are_used() -> Done {
    let _turn = beside().await;
    let desk = open_live("damaged").await?;
    let browser = &desk.browser;
    desk.in_settings(20, "a write", WRITTEN).await?;
    desk.written_again().await?;
    browser.open("about:blank").await?;
    browser.open(&format!("{}icons/icon.svg", desk.address)).await?;
    let damage = "store.getAllKeys().onsuccess = event => { \
                      const key = event.target.result.find(key => /BTCUSDT.1s.\\d+$/.test(key)); result = key; \
                      store.put(new Uint8Array([83, 80, 83, 67, 1, 1, 7, 7, 7, 7, 7, 7]), key); };";
    let key = in_database(browser, damage).await?;
    assert!(text(&key).starts_with("bars/loopback-"), "{key}");
    desk.open().await?;
    let words = banner(browser, "Unreadable record").await?;
    assert!(words.contains(text(&key)) && words.contains("damaged"), "{words}");
    desk.live(20).await?;
    desk.hour(30).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_of_the_database_is_named_whichever_is_the_older() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("versions", tape(), Config::default()).await?;
    let browser = &desk.browser;
    // a page of an older version, which does not release the database
    let first = browser.tab().await?;
    browser.open(&format!("{}icons/icon.svg", desk.address)).await?;
    let hold = "const done = arguments[0]; const open = indexedDB.open('spreadscope', 1); \
                open.onupgradeneeded = () => open.result.createObjectStore('records'); \
                open.onsuccess = () => { globalThis.held = open.result; done(open.result.version); };";
    assert_eq!(browser.script_async(hold).await?, 1);
    let second = browser.another_tab().await?;
    desk.open().await?;
    let words = banner(browser, "Not stored").await?;
    assert!(words.contains("older version"), "{words}");
    desk.live(20).await?;
    browser.turn_to(&first).await?;
    browser.close_tab().await?;
    browser.turn_to(&second).await?;
    desk.in_settings(15, "stored after all", WRITTEN).await?;
    let told = "return !!document.querySelector('[data-banner=\"Not stored\"]')";
    assert_eq!(browser.script(told).await?, false);

    // a newer one takes it over
    let newer = "const done = arguments[0]; const open = indexedDB.open('spreadscope', 99); \
                 open.onsuccess = () => { open.result.close(); done(open.result.version); };";
    assert_eq!(browser.script_async(newer).await?, 99);
    let words = banner(browser, "Not stored").await?;
    assert!(words.contains("taken over"), "{words}");
    browser.open(&desk.address).await?;
    desk.live(20).await?;
    let words = banner(browser, "Not stored").await?;
    assert!(words.contains("newer version"), "{words}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_everything_back_and_a_file_that_is_none_changes_nothing() -> Done {
    let _turn = beside().await;
    let desk = open_live("backup").await?;
    let browser = &desk.browser;
    let folder = downloads::folder(&desk).await?;
    desk.in_settings(20, "a write", WRITTEN).await?;
    browser.script("localStorage.setItem('spreadscope.zone', 'local'); return true").await?;
    let press = |what: &str| format!("document.querySelector('[data-action={what}]').click(); return true");
    browser.script(&press("back-up")).await?;
    let file = downloads::file(&folder, ".spreadscope").await?;
    let (mut reader, mut records) = (Reader::default(), Vec::new());
    reader.push(&file);
    while let Some(Record { key, value }) = reader.next_record()? {
        records.push((key, value));
    }
    reader.finish()?;
    let (hour, bars) = records
        .iter()
        .find(|(key, _)| key.contains("BTCUSDT/1s/1"))
        .ok_or("no hour of bars in the backup")?;
    assert!(records.contains(&("preferences/spreadscope.zone".to_owned(), b"local".to_vec())));

    // a follower becomes the leader
    let first = browser.tab().await?;
    browser.another_tab().await?;
    desk.open().await?;
    desk.hour(10).await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("another tab"));
    let folder = downloads::folder(&desk).await?;
    browser.script(&press("back-up")).await?;
    downloads::file(&folder, ".spreadscope").await?;
    desk.in_settings(2, "the lead", "return line('role')?.startsWith('this tab')").await?;
    browser.close_tab().await?;
    browser.turn_to(&first).await?;

    // everything is deleted, and the exchange sends nothing
    browser.open("about:blank").await?;
    browser.open(&format!("{}icons/icon.svg", desk.address)).await?;
    in_database(browser, "store.clear(); localStorage.clear();").await?;
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    browser.open(&desk.address).await?;
    desk.in_settings(20, "the button", "return !!document.querySelector('[data-control=backup]')").await?;
    browser.script("document.getElementById('settings').showPopover(); return true").await?;
    let said = |part: &str| {
        format!(
            "const said = document.querySelector('[data-backup]').textContent; return said.includes('{part}') && said"
        )
    };
    let give = async |path: &std::path::Path| -> Done {
        browser.keys("[data-control=backup]", &path.display().to_string()).await?;
        browser
            .until(5, "the question", "const button = document.querySelector('[data-action=restore]'); if (button) button.scrollIntoView({ block: 'center' }); return !!button")
            .await?;
        browser.screenshot("restore").await?;
        browser.script(&press("restore")).await?;
        Ok(())
    };
    let wrong = folder.join("wrong.spreadscope");
    std::fs::write(&wrong, &file[..file.len() - 9])?;
    give(&wrong).await?;
    browser.until(10, "a refusal", &said("Nothing was restored or changed: the backup is cut short")).await?;
    let count = "store.count().onsuccess = event => { result = event.target.result; };";
    let few = in_database(browser, count).await?.as_u64().unwrap_or(u64::MAX);
    assert!(few < records.len() as u64 / 2, "{few} records after a refusal");

    let whole = folder.join("whole.spreadscope");
    std::fs::write(&whole, &file)?;
    give(&whole).await?;
    desk.hour(20).await?;
    let zone = "return localStorage.getItem('spreadscope.zone')";
    assert_eq!(browser.script(zone).await?, "local");
    let read = format!("store.get('{hour}').onsuccess = event => {{ result = [...event.target.result]; }};");
    assert_eq!(in_database(browser, &read).await?, json!(bars));
    desk.close().await
}
