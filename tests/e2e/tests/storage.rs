//! History that survives: reloads, several tabs, no network, no database, and a new version of the page.

use serde_json::{Value, json};
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::{self, Desk};
use spreadscope_e2e::downloads;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::input::Spent;
use spreadscope_engine::protocol::{self, BetweenTabs, PROTOCOL};
use spreadscope_engine::transfer::backup::{Reader, Record};
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault, Tape};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, MutexGuard};

type Done = Result<(), Trouble>;

const WRITTEN: &str = "return /[0-9]/.test(line('written'))";
const ROLE: &str = "return line('role')";
/// The files are kept when the settings say that the page opens without network.
const KEPT: &str = "return line('offline') == 'opens'";
/// Those that are in view at once.
const CHARTS: &str = "const charts = [...document.querySelectorAll('[data-chart]')]; return charts.length >= 6 && charts.slice(0, 4).every(chart => chart.dataset.points > 0)";

/// One browser at a time: two would slow each other down.
async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

async fn wait(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
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

/// The text of a banner, once it is there.
async fn banner(browser: &Browser, name: &str) -> Result<String, Trouble> {
    let script = format!("return document.querySelector('[data-banner=\"{name}\"]')?.innerText || null");
    Ok(text(&browser.until(25, &format!("the banner {name}"), &script).await?).to_owned())
}

/// Runs a script with `store`, the records in the page's database, in a transaction of its own.
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
    let _alone = alone().await;
    let desk = open_live("reload").await?;
    let browser = &desk.browser;
    desk.in_settings(20, "a write", WRITTEN).await?;
    wait(6_000).await;
    let first_visit = desk.exchange.rest_bytes();
    browser.open(&desk.address).await?;
    desk.hour(10).await?;
    desk.live(20).await?;
    wait(3_000).await;
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
async fn two_tabs_share_a_connection_and_the_second_takes_over_when_the_first_is_gone() -> Done {
    let _alone = alone().await;
    let desk = open_live("tabs").await?;
    let browser = &desk.browser;
    let first = browser.tab().await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("this tab"));
    let second = browser.another_tab().await?;
    desk.open().await?;
    desk.live(10).await?;
    desk.hour(10).await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("another tab"));
    wait(2_000).await;
    assert_eq!(desk.exchange.sockets_opened(), 1);

    // what is changed in the one is changed in the other
    browser.click("[data-interval='1m']").await?;
    browser.turn_to(&first).await?;
    let minutes =
        "return document.querySelector(\"[data-interval='1m']\").getAttribute('aria-pressed') == 'true'";
    browser.until(5, "minutes in the first tab", minutes).await?;
    browser.click("[data-interval='1s']").await?;
    desk.hour(10).await?;
    wait(6_000).await;

    browser.close_tab().await?;
    let closed = Instant::now();
    browser.turn_to(&second).await?;
    while desk.exchange.sockets_opened() < 2 {
        assert!(closed.elapsed() < Duration::from_secs(2), "no other tab has connected");
        wait(10).await;
    }
    desk.in_settings(2, "the lead", "return line('role')?.startsWith('this tab')").await?;
    desk.live(2).await?;
    let taken = closed.elapsed();
    println!("the second tab was live {} ms after the first was closed", taken.as_millis());
    assert!(taken < Duration::from_secs(2), "{taken:?}");
    let shown = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = browser.script(shown).await?.as_f64().unwrap_or(0.0);
    let newer =
        format!("return Number(document.querySelector('[data-tile=z]').dataset.openTime) > {before} + 2000");
    browser.until(10, "new bars", &newer).await?;
    assert_eq!(desk.exchange.sockets_opened(), 2);
    desk.finish().await
}

/// The rows that the inspector shows at `path`, oldest first, each with the opening of its bar as `open_ms`.
async fn inspected(desk: &Desk, path: &str) -> Result<Vec<Value>, Trouble> {
    desk.go(path).await?;
    desk.browser.click("[data-action=json]").await?;
    let rows = format!(
        "const told = JSON.parse(document.querySelector('pre.inspector-body')?.textContent ?? '{{}}'); \
         return told.view == '{path}' && told.rows.reverse().map(row => \
             ({{ ...row, open_ms: row.bar_open_time_ms ?? Date.parse(row.open_time) }}))"
    );
    let rows = serde_json::from_value(desk.browser.until(10, path, &rows).await?)?;
    desk.browser.click("[data-action=json]").await?;
    Ok(rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_crosses_while_the_lead_changes_hands_is_told_once() -> Done {
    let _alone = alone().await;
    let desk = Desk::start("crossings", tape(), Config::default()).await?;
    let browser = &desk.browser;
    let address = format!("{}#/?z_threshold=1&z_hysteresis=0&alert_cooldown_secs=0", desk.address);
    browser.open(&address).await?;
    desk.hour(20).await?;
    let first = browser.tab().await?;
    let second = browser.another_tab().await?;
    desk.open().await?;
    desk.hour(10).await?;
    // the second before the first trades is known as well
    wait(8_000).await;
    browser.turn_to(&first).await?;
    let now = "return Date.now()";
    let closed = browser.script(now).await?.as_i64().unwrap_or_default();
    // nobody hears of what happens next, until the second tab asks for it
    desk.exchange.apply(Fault::Outage { millis: 5_000 });
    browser.close_tab().await?;
    browser.turn_to(&second).await?;
    desk.in_settings(4, "the lead", "return line('role')?.startsWith('this tab')").await?;
    desk.live(60).await?;
    wait(15_000).await;

    let open_ms = |row: &Value| row["open_ms"].as_i64().unwrap_or_default();
    let bars = inspected(&desk, "/analytics/spread").await?;
    let z: Vec<(i64, f64)> =
        bars.iter().filter_map(|row| Some((open_ms(row), row["z_score"].as_f64()?))).collect();
    let span = closed - 3_000..=z.last().ok_or("no z-score")?.0;
    let crossed: Vec<(i64, &str)> = z
        .windows(2)
        .filter(|pair| span.contains(&pair[1].0))
        .filter_map(|pair| match (pair[0].1, pair[1].1) {
            (before, after) if before < 1.0 && after >= 1.0 => Some((pair[1].0, "above")),
            (before, after) if before > -1.0 && after <= -1.0 => Some((pair[1].0, "below")),
            _ => None,
        })
        .collect();
    let alerts = inspected(&desk, "/alert/zscore").await?;
    let told: Vec<(i64, &str)> = alerts
        .iter()
        .map(|alert| (open_ms(alert), text(&alert["direction"])))
        .filter(|(open_time, _)| span.contains(open_time))
        .collect();
    println!("{crossed:?} while the lead changed hands, from {closed} on");
    assert_eq!(told, crossed);
    assert!(!crossed.is_empty(), "z has crossed nothing: {z:?}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_on_other_pairs_tell_each_other_what_they_ask_of_the_exchange() -> Done {
    let _alone = alone().await;
    let desk = open_live("weight").await?;
    let browser = &desk.browser;
    let first = browser.tab().await?;
    let listen = format!(
        "window.heard = []; window.line = new BroadcastChannel('spreadscope/{PROTOCOL}/weight'); \
         line.onmessage = ({{ data }}) => heard.push([...data]); return true"
    );
    browser.script(&listen).await?;
    let second = browser.another_tab().await?;
    browser.open(&format!("{}#/?y=SOLUSDT&x=BTCUSDT", desk.address)).await?;
    browser.until(30, "rows", "return document.querySelector('main[data-ready=true]')").await?;
    browser.turn_to(&first).await?;
    let heard: Vec<Vec<u8>> = serde_json::from_value(browser.script("return heard").await?)?;
    let heard: Vec<BetweenTabs> = heard.iter().filter_map(|bytes| protocol::decode(bytes).ok()).collect();
    let mut asked = heard.iter().filter_map(|message| match message {
        BetweenTabs::WeightSpent(spent) => Some(spent),
        _ => None,
    });
    let of_sol = asked.find(|spent| spent.url.contains("SOLUSDT") && spent.weight > 0);
    let url = of_sol.ok_or("the second tab has told nothing")?.url.clone();

    // the second has asked what was spent before it came, and the first has told it
    let before = heard.iter().find_map(|message| match message {
        BetweenTabs::WeightTold { asker, spent } if spent.iter().any(|spent| spent.weight > 0) => {
            Some(*asker)
        }
        _ => None,
    });
    let asker = before.ok_or("the first tab has told nothing of before")?;
    assert!(heard.contains(&BetweenTabs::WeightAsked { asker }), "{heard:?}");

    // and what is told is counted, in the minute in which it was spent
    browser.until(60, "a minute that lasts", "return Date.now() % 60000 < 35000").await?;
    let time = UnixMillis(browser.script("return Date.now()").await?.as_i64().unwrap_or_default());
    let spent = Spent { url, weight: 700, time };
    let say = |message: BetweenTabs| {
        format!("line.postMessage(new Uint8Array({:?})); return true", protocol::encode(&message))
    };
    browser.script(&say(BetweenTabs::WeightSpent(spent.clone()))).await?;
    browser.script(&say(BetweenTabs::WeightTold { asker, spent: vec![spent] })).await?;
    let weight = "const told = document.querySelector('pre.inspector-body')?.textContent ?? ''; \
                  const weight = Number(told.match(/\"request_weight_this_minute\": ?(\\d+)/)?.[1]);";
    for (tab, counted) in [(first, "weight >= 700 && weight < 1400"), (second, "weight >= 1400")] {
        browser.turn_to(&tab).await?;
        desk.go("/feed").await?;
        browser.click("[data-action=json]").await?;
        browser.until(10, "the weight", &format!("{weight} return {counted}")).await?;
    }
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_flight_mode_brings_everything_back() -> Done {
    let _alone = alone().await;
    let desk = open_live("flight").await?;
    let browser = &desk.browser;
    desk.in_settings(30, "the page's files are kept", KEPT).await?;
    browser.click("[data-interval='1m']").await?;
    let minutes =
        "return document.querySelector(\"[data-interval='1m']\").getAttribute('aria-pressed') == 'true'";
    browser.until(10, "minutes", minutes).await?;
    browser.until(10, "minutes on all charts", CHARTS).await?;
    desk.in_settings(20, "a write", WRITTEN).await?;
    wait(7_000).await;
    desk.stop_site();
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 });
    browser.cdp("Network.enable", json!({})).await?;
    browser.cdp("Network.emulateNetworkConditions", offline.clone()).await?;
    browser.open(&desk.address).await?;
    browser.until(15, "all charts", CHARTS).await?;
    assert_eq!(browser.script(minutes).await?, true, "the settings are not those of before");
    browser.click("[data-interval='1s']").await?;
    desk.hour(15).await?;
    let p = browser
        .until(15, "a test", "return document.querySelector('[data-tile=eg]').dataset.value || null")
        .await?;
    assert!(text(&p).parse::<f64>().is_ok(), "{p}");
    // a new document is told of the emulated network by its next change alone
    browser.cdp("Network.emulateNetworkConditions", offline).await?;
    browser.until(5, "the badge", "return !!document.querySelector('[data-offline]')").await?;
    browser.screenshot("offline").await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_without_network_is_offered_the_demo() -> Done {
    let _alone = alone().await;
    let desk = Desk::start("demo", tape(), Config::default()).await?;
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    let browser = &desk.browser;
    browser.open(&desk.address).await?;
    browser.until(60, "the offer", "return document.querySelector('[data-action=demo]')").await?;
    browser.script("document.querySelector('[data-action=demo]').click(); return true").await?;
    browser.until(20, "all charts", CHARTS).await?;
    desk.hour(10).await?;
    let words = banner(browser, "DEMO").await?;
    assert!(words.contains("made up"), "{words}");
    assert_eq!(browser.script("return document.querySelector('.pill').dataset.phase").await?, "demo");
    let p = browser
        .until(10, "a test", "return document.querySelector('[data-tile=eg]').dataset.value || null")
        .await?;
    assert!(text(&p).parse::<f64>()? < 0.05, "{p}");
    browser.screenshot("demo").await?;
    // it goes on, and leaves nothing behind
    let bars = "return Number(document.querySelector('main').dataset.bars)";
    let before = browser.script(bars).await?.as_f64().unwrap_or(0.0);
    wait(3_500).await;
    assert!(browser.script(bars).await?.as_f64().unwrap_or(0.0) > before);
    browser.open(&desk.address).await?;
    browser.until(60, "the offer again", "return document.querySelector('[data-action=demo]')").await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_waits_for_the_users_click() -> Done {
    let _alone = alone().await;
    let desk = open_live("update").await?;
    let browser = &desk.browser;
    desk.in_settings(30, "the page's files are kept", KEPT).await?;
    let source = "return document.querySelector(\"meta[name='spreadscope-source']\").content";
    let old = browser.script(source).await?;
    // another source is another page: another hash, another version
    desk::point_at("http://127.0.0.1:1", &desk.folder).await?;
    browser.script("navigator.serviceWorker.getRegistration().then(r => r.update()); return true").await?;
    let offer = "return !!document.querySelector('[data-update]')";
    browser.until(30, "the offer", offer).await?;
    assert_eq!(browser.script(source).await?, old);
    browser.open(&desk.address).await?;
    desk.live(20).await?;
    assert_eq!(browser.script(source).await?, old, "a reload alone takes no new version");
    browser.until(40, "the offer again", offer).await?;
    browser.screenshot("update").await?;
    browser.click("[data-action=update]").await?;
    browser.until(20, "the new version", &format!("{source} == 'loopback:http://127.0.0.1:1'")).await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_the_desk_goes_on_in_memory_and_says_so() -> Done {
    let _alone = alone().await;
    let desk = Desk::start("no-database", tape(), Config::default()).await?;
    // the page starts its worker from a script of its own making
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
    let _alone = alone().await;
    let desk = Desk::start("quota", tape(), Config::default()).await?;
    let origin = desk.address.trim_end_matches('/');
    let quota = json!({ "origin": origin, "quotaSize": 4_000 });
    desk.browser.cdp("Storage.overrideQuotaForOrigin", quota).await?;
    desk.open().await?;
    desk.live(20).await?;
    // said of the first write, or already of the opening
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
    let _alone = alone().await;
    let desk = open_live("damaged").await?;
    let browser = &desk.browser;
    desk.in_settings(20, "a write", WRITTEN).await?;
    wait(6_000).await;
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
    let _alone = alone().await;
    let desk = Desk::start("versions", tape(), Config::default()).await?;
    let browser = &desk.browser;
    // a page of an older version, which does not give the database up
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
    let _alone = alone().await;
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

    // a tab that follows leads from then on
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

    // all of it is gone, and the exchange has nothing to say
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
    browser.until(10, "a refusal", &said("nothing changed: the backup is cut short")).await?;
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
