//! What opens beside, above or instead of the charts, at every width: panels, replay, other views, drawers.

use spreadscope_e2e::browser::{Browser, Trouble, workspace};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout::{self, WIDTHS};
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::synthetic;

type Done = Result<(), Trouble>;

/// Widths at which drawers are tested: they are as wide as the window, or as wide as they ever are.
const DRAWER_WIDTHS: [u32; 3] = [320, 390, 1024];
const FILE: &str = "time,open,high,low,close,volume\n\
     2026-01-05T00:00:00Z,100,101,99,100.5,3\n2026-01-05T00:01:00Z,100.5,102,100,101,4\n";

/// Adds the faults of what is shown, at every width.
async fn at_every_width(browser: &Browser, name: &str, found: &mut Vec<String>) -> Done {
    for width in WIDTHS {
        browser.look(width, 900, false).await?;
        layout::settled(browser).await?;
        browser.screenshot(&format!("width-{name}-{width}")).await?;
        found.extend(layout::faults(browser, &format!("{name} at {width} px")).await?);
    }
    browser.look(1440, 900, false).await
}

/// Adds the faults of the drawer `id`, which is open.
async fn in_drawer(browser: &Browser, id: &str, found: &mut Vec<String>) -> Done {
    for width in DRAWER_WIDTHS {
        browser.look(width, 844, false).await?;
        layout::settled(browser).await?;
        browser.screenshot(&format!("width-{id}-{width}")).await?;
        found.extend(layout::faults_in(browser, &format!("#{id}"), &format!("{id} at {width} px")).await?);
    }
    browser.look(1440, 900, false).await
}

async fn press(browser: &Browser, selector: &str) -> Done {
    browser.script(&format!("document.querySelector({selector:?}).click(); return true")).await.map(drop)
}

/// Opens both panels at 1,440 x 900: the verdict, the sentence of the evidence and what the trade comes to are on the
/// screen together. Closes them again.
async fn heads_share_the_screen(browser: &Browser) -> Done {
    browser.look(1440, 900, false).await?;
    for panel in ["evidence", "trade"] {
        press(browser, &format!("[data-opens={panel}]")).await?;
    }
    let seen = "const side = document.querySelector('.side').getBoundingClientRect(); \
                const lines = ['.verdict', '[data-line=weighed]', '[data-line=head-legs]', '[data-line=head-cost]', '[data-line=head-net]', '[data-line=head-fee]']; \
                return lines.every(line => { const box = document.querySelector(line)?.getBoundingClientRect(); \
                return box?.height > 0 && box.top >= 0 && box.bottom <= innerHeight && (line == '.verdict' || box.top >= side.top); }) \
                && /\\d/.test(document.querySelector('[data-line=head-fee] dd').innerText)";
    browser.until(30, "the answers to all three questions on one screen", seen).await?;
    browser.screenshot("panels-together-1440").await?;
    for panel in ["evidence", "trade"] {
        press(browser, &format!("[data-opens={panel}]")).await?;
    }
    Ok(())
}

/// Opens both panels with all they can show: a test explained, a comparison, the form of a position.
async fn open_panels(browser: &Browser, desk: &Desk) -> Done {
    press(browser, "[data-opens=evidence]").await?;
    let sized =
        "return /BTC = /.test(document.querySelector('[data-panel=trade] [data-line=leg-y] dd')?.innerText)";
    press(browser, "[data-opens=trade]").await?;
    browser.until(20, "a trade", sized).await?;
    let tested = "const rows = [...document.querySelectorAll('[data-evidence]')]; return rows.length == 16 && rows.every(row => row.querySelector('.evidence-number').innerText.trim() != '—')";
    browser.until(20, "sixteen tests", tested).await?;
    desk.set("[data-control=beside]", "slower-interval").await?;
    browser.until(20, "a comparison", "return !!document.querySelector('.evidence-beside')").await?;
    press(browser, "[data-evidence=kpss] > summary").await?;
    press(browser, "[data-action=note-position]").await?;
    browser.until(5, "the form", "return !!document.querySelector('#position-units_y')").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn panels_replay_and_drawers_are_whole_at_every_width() -> Done {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start("widths-panels", tape, Config::default()).await?;
    desk.open().await?;
    desk.hour(20).await?;
    let browser = &desk.browser;
    let mut found = Vec::new();
    heads_share_the_screen(browser).await?;
    open_panels(browser, &desk).await?;
    press(browser, "[data-action=pause]").await?;
    at_every_width(browser, "panels", &mut found).await?;
    press(browser, "[data-action=pause]").await?;
    for panel in ["evidence", "trade"] {
        press(browser, &format!("[data-opens={panel}]")).await?;
    }

    desk.show("settings").await?;
    in_drawer(browser, "settings", &mut found).await?;
    desk.hide_all().await?;
    desk.show("alert-rules").await?;
    press(browser, "[data-action=add-rule]").await?;
    browser.until(5, "the form", "return !!document.querySelector('[data-action=add-condition]')").await?;
    press(browser, "[data-action=add-condition]").await?;
    in_drawer(browser, "alert-rules", &mut found).await?;
    desk.hide_all().await?;
    desk.show("import").await?;
    let folder = workspace().join("target/e2e/files");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("BTCUSDT-1m-widths.csv");
    std::fs::write(&path, FILE)?;
    let path = path.canonicalize()?;
    browser.keys("input[data-control=file]", path.to_str().ok_or("the path is not text")?).await?;
    let ready = "return !!document.querySelector('[data-action=take]:enabled')";
    browser.until(10, "the first rows", ready).await?;
    in_drawer(browser, "import", &mut found).await?;
    desk.hide_all().await?;

    crate::replay::replay(&desk, "hour").await?;
    at_every_width(browser, "replay", &mut found).await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn backtest_and_scanner_are_whole_at_every_width() -> Done {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 84, live_hours: 6 }).with_coins();
    let desk = Desk::start("widths-views", tape, Config::default()).await?;
    desk.open().await?;
    desk.hour(20).await?;
    let browser = &desk.browser;
    let mut found = Vec::new();
    desk.go("/backtest").await?;
    let ready = "return document.querySelector('main.backtest')?.dataset.state == 'ready'";
    browser.until(30, "a run", ready).await?;
    at_every_width(browser, "backtest", &mut found).await?;
    desk.go("/scanner").await?;
    browser.until(20, "the form", "return !!document.querySelector('[data-action=begin-scan]')").await?;
    desk.set("[data-field=universe]", "top10").await?;
    press(browser, "[data-action=begin-scan]").await?;
    let done = "return document.querySelector('main.scanner')?.dataset.stage == 'done'";
    browser.until(60, "the end of the scan", done).await?;
    at_every_width(browser, "scanner", &mut found).await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}
