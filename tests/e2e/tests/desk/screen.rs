//! Links, the inspector, the arrangement of charts, dragged thresholds, files of every kind, and keyboard use.

use super::{Done, tape, text};
use serde_json::{Value, json};
use spreadscope_e2e::browser::Browser;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads::{self, file};
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;

/// Presses keys in turn: `Tab`, `Enter`, `ArrowUp`, `Shift+Tab` or a letter.
async fn press(browser: &Browser, keys: &[&str]) -> Done {
    for key in keys {
        let (shift, name) = key.strip_prefix("Shift+").map_or((0, *key), |name| (8, name));
        let code = match name {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowUp" => 38,
            "ArrowDown" => 40,
            " " => 32,
            letter => letter.bytes().next().map_or(0, |byte| byte.to_ascii_uppercase()),
        };
        let text = match name {
            "Enter" => "\r",
            letter if letter.chars().count() == 1 => letter,
            _ => "",
        };
        let mut down =
            json!({ "type": "keyDown", "key": name, "windowsVirtualKeyCode": code, "modifiers": shift });
        if !text.is_empty() {
            down["text"] = json!(text);
        }
        browser.cdp("Input.dispatchKeyEvent", down).await?;
        let up = json!({ "type": "keyUp", "key": name, "windowsVirtualKeyCode": code, "modifiers": shift });
        browser.cdp("Input.dispatchKeyEvent", up).await?;
    }
    Ok(())
}

/// Presses Tab until the focus is on an element that matches `selector`.
async fn tab_to(browser: &Browser, selector: &str) -> Done {
    let there = format!("return document.activeElement.matches({})", json!(selector));
    for _ in 0..150 {
        if browser.script(&there).await? == true {
            let visible = "const style = getComputedStyle(document.activeElement); const after = getComputedStyle(document.activeElement, '::after'); return style.outlineStyle != 'none' || after.borderTopStyle == 'solid'";
            return if browser.script(visible).await? == true {
                Ok(())
            } else {
                Err(format!("the focus on {selector} cannot be seen").into())
            };
        }
        press(browser, &["Tab"]).await?;
    }
    Err(format!("the tab key does not lead to {selector}").into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_restores_the_screen_and_names_what_it_cannot_use() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("link", tape(), Config::default()).await?;
    let browser = &desk.browser;
    let link = format!(
        "{}#/?y=ETHUSDT&x=BTCUSDT&interval=1m&z_window_bars=120&z_threshold=2.5&layout=zscore-wide.price&theme=light&time=local&bars=60&colour=red",
        desk.address
    );
    browser.open(&link).await?;
    browser.until(30, "rows", "return document.querySelector('main[data-ready=true]')").await?;
    let screen = browser
        .script("return [document.querySelector('.pair').innerText.replace(/\\s/g, ''), document.querySelector('[data-interval=\"1m\"]').ariaPressed, [...document.querySelectorAll('[data-chart]')].map(chart => chart.dataset.chart + ' ' + chart.dataset.size).join(), document.documentElement.dataset.theme, document.querySelector('[data-action=zone]').innerText, document.querySelector('[data-range=\"60\"]').ariaPressed, document.querySelector('[role=slider]').ariaValueNow]")
        .await?;
    assert_eq!(
        screen,
        json!(["ETHUSDT/BTCUSDT", "true", "zscore wide,price half", "light", "Local time", "true", "2.5"])
    );
    browser.click("[data-action=settings]").await?;
    let window = "return document.querySelector('#z_window_bars')?.value == '120'";
    browser.until(5, "the window of the link", window).await?;
    press(browser, &["Escape"]).await?;
    let notice = browser
        .until(
            5,
            "a notice",
            "return document.querySelector('[data-banner]') && document.querySelector('.banners').innerText",
        )
        .await?;
    assert!(text(&notice).contains("colour=red"), "{notice}");
    let fragment = browser
        .until(5, "the address follows", "return !location.hash.includes('colour') && location.hash")
        .await?;
    assert!(text(&fragment).contains("z_window_bars=120"), "{fragment}");

    // a change of the screen changes the address, and a reload restores it
    browser.click("[data-interval='5m']").await?;
    browser.until(5, "the address", "return location.hash.includes('interval=5m')").await?;
    browser.script("window.of_before = true; location.reload(); return true").await?;
    let again = "return !window.of_before && document.querySelector('main[data-ready=true]')";
    browser.until(30, "rows", again).await?;
    let pressed =
        browser.script("return document.querySelector('[data-interval=\"5m\"]').ariaPressed").await?;
    assert_eq!(pressed, "true");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_of_the_inspector_shows_live_rows_and_json() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("inspector", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    for (path, at_least) in [
        ("/ticks/BTCUSDT", 10),
        ("/ticks/ETHUSDT", 10),
        ("/analytics/spread", 100),
        ("/analytics/adf", 0),
        ("/alert/zscore", 0),
        ("/feed", 1),
    ] {
        browser.script(&format!("location.hash = '#{path}'; return true")).await?;
        let rows = format!(
            "return document.querySelector('[data-view=\"{path}\"]') && document.querySelectorAll('.rows tbody tr').length >= {at_least} && document.querySelector('.facts tr') && true"
        );
        browser.until(20, path, &rows).await?;
        browser.click("[data-action=json]").await?;
        let shown = browser.until(5, "JSON", "return document.querySelector('pre.inspector-body') && document.querySelector('pre.inspector-body').textContent").await?;
        let told: Value = serde_json::from_str(text(&shown))?;
        assert_eq!(told["view"], path);
        let table = if path == "/feed" { "connections" } else { "rows" };
        let rows = told[table].as_array().map_or(0, Vec::len);
        assert!(rows >= at_least, "{path}: {rows} rows of {table}");
        browser.click("[data-action=json]").await?;
    }
    // live: new trades appear without user input
    browser.script("location.hash = '#/ticks/BTCUSDT'; return true").await?;
    let newest = "return document.querySelector('.rows tbody td') && document.querySelector('.rows tbody td').innerText";
    let before = browser.until(10, "a tick", newest).await?;
    browser.until(10, "another tick", &format!("{newest} != {before}")).await?;
    // a step that happens just before the address follows the previous one is not undone
    let steps = "addEventListener('hashchange', () => setTimeout(() => { const due = performance.now() + 600; while (performance.now() < due); location.hash = '#/ticks/ETHUSDT' }), { once: true }); location.hash = '#/feed'; return true";
    browser.script(steps).await?;
    browser.until(10, "the step", "return document.querySelector('[data-view=\"/ticks/ETHUSDT\"]')").await?;
    browser.click(".inspector-nav a[href='#/']").await?;
    browser
        .until(10, "the desk again", "return document.querySelector('main[data-ready=true] [data-chart]')")
        .await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_are_arranged_kept_read_as_tables_and_saved_as_pictures() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("arrange", tape(), Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    let browser = &desk.browser;
    let act = async |chart: &str, name: &str| -> Done {
        browser.click(&format!("[data-chart={chart}] .chart-more")).await?;
        browser.click(&format!("#chart-menu-{chart} [data-do={name}]")).await?;
        let closed = "return document.querySelectorAll(':popover-open:not(#toasts)').length == 0";
        browser.until(5, "the menu closed", closed).await.map(drop)
    };
    let order = "return [...document.querySelectorAll('[data-chart]')].map(chart => chart.dataset.chart)";
    for (axes, name) in [(1, "two axes"), (0, "one axis again")] {
        act("price", "axes").await?;
        let right = format!(
            "return document.querySelectorAll('[data-chart=price] .y2tick').length > 1 == ({axes} == 1)"
        );
        browser.until(5, name, &right).await?;
        if axes == 1 {
            browser.screenshot("two-axes").await?;
        }
    }
    act("price", "later").await?;
    act("spread", "hide").await?;
    act("zscore", "size").await?;
    let now = browser.script(order).await?;
    assert_eq!((&now[0], &now[1], &now[2]), (&json!("zscore"), &json!("price"), &json!("hedge")));
    act("price", "table").await?;
    let rows = browser
        .until(5, "a table", "return document.querySelectorAll('[data-chart=price] tbody tr').length")
        .await?;
    assert!(rows.as_u64().is_some_and(|rows| (40..=60).contains(&rows)), "{rows}");
    act("zscore", "picture").await?;
    let picture = file(&folder, ".png").await?;
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 5_000, "{} bytes", picture.len());
    // html-to-image #549, brave-browser #41881
    let white = "HTMLCanvasElement.prototype.toDataURL = () => 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII='; return true";
    browser.script(white).await?;
    act("zscore", "picture").await?;
    let said = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).find(text => text.includes('alters canvas pictures')) || null";
    let said = browser.until(5, "the protection in words", said).await?;
    assert!(text(&said).contains("Show as table"), "{said}");

    browser.open(&desk.address).await?;
    browser.until(30, "rows", "return document.querySelector('main[data-ready=true]')").await?;
    assert_eq!(browser.script(order).await?, now, "the arrangement is not kept");
    browser.click("[data-action=arrange]").await?;
    browser.click("[data-shows=spread]").await?;
    let back = browser.script(order).await?;
    assert_eq!(back.as_array().and_then(|all| all.last()), Some(&json!("spread")));

    browser.click("[data-shows=tests]").await?;
    browser.click("[data-raises=feed]").await?;
    let side = "return [...document.querySelectorAll('.side > .panel')].map(panel => panel.ariaLabel)";
    let arranged = browser.script(side).await?;
    assert_eq!(arranged, json!(["Feed", "Alerts"]));
    browser.open(&desk.address).await?;
    browser.until(30, "rows", "return document.querySelector('main[data-ready=true]')").await?;
    assert_eq!(browser.script(side).await?, arranged, "the panels' arrangement is not kept");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_threshold_is_dragged_or_moved_by_keys() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("threshold", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    let value = "return document.querySelector('.threshold:not(.lower)').ariaValueNow";
    browser.script("document.querySelector('.threshold:not(.lower)').focus(); return true").await?;
    press(browser, &["ArrowUp", "ArrowUp"]).await?;
    browser.until(5, "2.2 by keys", &format!("{value} == '2.2'")).await?;
    let place = browser
        .script("const box = document.querySelector('.threshold.lower').getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]")
        .await?;
    let (x, y) = (place[0].as_f64().unwrap_or(0.0), place[1].as_f64().unwrap_or(0.0));
    for (kind, y) in
        [("mousePressed", y), ("mouseMoved", y - 8.0), ("mouseMoved", y - 15.0), ("mouseReleased", y - 15.0)]
    {
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        browser.cdp("Input.dispatchMouseEvent", event).await?;
    }
    browser
        .until(
            5,
            "less by a drag",
            &format!(
                "return Number(document.querySelector('.threshold:not(.lower)').ariaValueNow) < 2.2 && {}",
                value.trim_start_matches("return ")
            ),
        )
        .await?;
    browser.click("[data-action=settings]").await?;
    let same = "return document.querySelector('#z_threshold')?.value == document.querySelector('.threshold:not(.lower)').ariaValueNow";
    browser.until(5, "the settings have it", same).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_comes_as_every_kind_of_file() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("files", tape(), Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.live(10).await?;
    // no export made from here on has fewer
    let bars = browser.script("return Number(document.querySelector('main').dataset.bars)").await?;
    let bars = usize::try_from(bars.as_u64().unwrap_or(0))?;
    assert!(bars > 0);
    browser.click("[data-action=export]").await?;
    // the browser accepts at most ten downloads at a time
    for table in ["analytics", "bars", "ticks"] {
        for kind in ["csv", "json", "ndjson"] {
            browser.click(&format!("[data-export='{table}.{kind}']")).await?;
        }
    }
    browser.click("[data-export='alerts.json']").await?;
    let table: Value = serde_json::from_slice(&file(&folder, ".json").await?)?;
    assert_eq!(table["parameters"]["y"], "BTCUSDT");
    for path in downloads::all(&folder, 10).await? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let content = std::fs::read_to_string(&path)?;
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        let rows = if kind == "json" {
            let table: Value = serde_json::from_str(&content)?;
            table["rows"].as_array().map_or(0, Vec::len)
        } else if kind == "ndjson" {
            for line in content.lines() {
                serde_json::from_str::<Value>(line)?;
            }
            content.lines().count()
        } else {
            content.lines().filter(|line| !line.starts_with('#')).count()
        };
        let least = match &name {
            name if name.contains("analytics") => bars,
            name if name.contains("bars") => 2 * bars,
            name if name.contains("ticks") => 2,
            _ => 0,
        };
        assert!(rows >= least, "{name}: {rows} rows, at least {least}");
    }
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_flow_needs_no_mouse() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("keys", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    // the reasons, and how a number is made up
    tab_to(browser, "[popovertarget=verdict-reasons]").await?;
    press(browser, &["Enter"]).await?;
    browser
        .until(5, "the reasons", "return document.querySelector('#verdict-reasons:popover-open li') && true")
        .await?;
    press(browser, &["Escape"]).await?;
    tab_to(browser, "[popovertarget=about-z]").await?;
    press(browser, &["Enter"]).await?;
    let worked = browser.until(5, "the formula with its values", "const worked = document.querySelector('#about-z:popover-open .worked'); return worked && worked.innerText.includes(' = ') && worked.innerText").await?;
    assert!(text(&worked).contains(" = "), "{worked}");
    press(browser, &["Escape"]).await?;
    // other bars, a pause, the settings, and back to the newest
    browser.script("document.activeElement.blur(); return true").await?;
    press(browser, &["2"]).await?;
    browser
        .until(10, "minutes", "return document.querySelector('[data-interval=\"1m\"]').ariaPressed == 'true'")
        .await?;
    press(browser, &["1", " "]).await?;
    browser.until(5, "paused", "return document.querySelector('main').dataset.paused == 'true'").await?;
    press(browser, &[" ", "s"]).await?;
    browser
        .until(
            5,
            "the settings",
            "return document.querySelector('#settings:popover-open #z_window_bars') && true",
        )
        .await?;
    tab_to(browser, "#z_window_bars").await?;
    press(browser, &["1", "2", "0", "Enter"]).await?;
    browser.until(5, "applied", "return location.hash.includes('z_window_bars=120')").await?;
    press(browser, &["Escape"]).await?;
    // the menu of a chart, closed by the key that opens it, without a choice
    tab_to(browser, "[data-chart=zscore]").await?;
    tab_to(browser, "[data-chart=zscore] [popovertarget]").await?;
    press(browser, &["Enter"]).await?;
    let menu = "return document.querySelectorAll('[data-chart=zscore] :popover-open').length";
    browser.until(5, "the chart's menu", &format!("{menu} == 1")).await?;
    press(browser, &["Escape"]).await?;
    browser.until(5, "the menu is closed", &format!("{menu} == 0")).await?;
    // the list of keys, and keys switched off
    press(browser, &["?"]).await?;
    browser.until(5, "the keys", "return document.querySelector('#help:popover-open kbd') && true").await?;
    tab_to(browser, "[data-control=shortcuts]").await?;
    press(browser, &[" ", "Escape"]).await?;
    browser.script("document.activeElement.blur(); return true").await?;
    press(browser, &["3"]).await?;
    desk.bars_close(1).await?;
    let still = browser.script("return document.querySelector('[data-interval=\"1s\"]').ariaPressed").await?;
    assert_eq!(still, "true", "a key acts though it is switched off");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_gets_one_sheet_in_light_colours_with_every_chart_and_its_date() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("print", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    let tested = "return document.querySelector('[data-tile=eg]').dataset.value";
    desk.browser.until(30, "the tests", tested).await?;
    let browser = &desk.browser;
    // dark, and too low for all charts
    browser.look(1280, 600, true).await?;
    let keep = "addEventListener('beforeprint', () => { window.__paper = {
            theme: document.documentElement.dataset.theme,
            empty: [...document.querySelectorAll('[data-chart]')].filter(chart => !(chart.dataset.points > 0)).map(chart => chart.dataset.chart),
            widths: [...document.querySelectorAll('.chart-plot .main-svg')].map(svg => svg.getAttribute('width')),
            asOf: document.querySelector('.verdict').innerText } });
        return document.documentElement.dataset.theme ?? null";
    let theme = browser.script(keep).await?;
    // as it looks in print
    browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    let sheet = json!({ "width": 1047, "height": 718, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", sheet).await?;
    browser.script("dispatchEvent(new Event('beforeprint')); return true").await?;
    browser.screenshot("print").await?;
    browser.script("dispatchEvent(new Event('afterprint')); return true").await?;
    browser.look(1280, 600, true).await?;
    let paper = json!({ "preferCSSPageSize": true, "printBackground": true });
    let printed = browser.cdp("Page.printToPDF", paper).await?;
    let printed = printed["data"].as_str().ok_or("no paper came")?;
    let sheets = browser
        .script_with("return atob(arguments[0]).match(/\\/Type\\s*\\/Page\\b/g).length", vec![json!(printed)])
        .await?;
    let high = browser.script("return document.documentElement.scrollHeight").await?;
    assert_eq!(sheets, 1, "{high} px");
    let seen = browser.script("return window.__paper").await?;
    assert_eq!((&seen["theme"], &seen["empty"]), (&json!("light"), &json!([])), "{seen}");
    let widths = seen["widths"].as_array().ok_or("no charts")?;
    assert!(widths.len() >= 6 && widths.windows(2).all(|pair| pair[0] == pair[1]), "{seen}");
    assert!(seen["asOf"].as_str().is_some_and(|text| text.contains("as of 20")), "with its date: {seen}");
    let back = browser.script("return document.documentElement.dataset.theme ?? null").await?;
    assert_eq!(back, theme);
    desk.finish().await
}
