//! The desk's space: no place beside a chart and no panel stays empty, the page is no longer than its window, and
//! all that opens fits a window at 400 % zoom.

use serde_json::Value;
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};

type Done = Result<(), Trouble>;

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

/// Adds what `script` finds, each prefixed with `at`.
async fn look_for(browser: &Browser, script: &str, at: &str, found: &mut Vec<String>) -> Done {
    let said = browser.script(script).await?;
    let said = said.as_array().ok_or("no list")?;
    found.extend(said.iter().filter_map(Value::as_str).map(|fault| format!("{at}: {fault}")));
    Ok(())
}

/// Lists the rows of charts that do not reach from one end of the grid to the other without a hole.
const HOLES: &str = r"
    const grid = document.querySelector('.charts-grid');
    const { left } = grid.getBoundingClientRect();
    const right = left + grid.clientWidth - parseFloat(getComputedStyle(grid).paddingRight);
    const gap = parseFloat(getComputedStyle(grid).columnGap);
    const rows = new Map();
    for (const chart of grid.querySelectorAll('[data-chart]')) {
        const box = chart.getBoundingClientRect();
        rows.set(Math.round(box.top), [...(rows.get(Math.round(box.top)) ?? []), box]);
    }
    const faults = [];
    for (const row of rows.values()) {
        let at = left - gap;
        for (const box of row.sort((one, other) => one.left - other.left)) {
            if (Math.abs(box.left - at - gap) > 1.5) faults.push(`a hole of ${Math.round(box.left - at - gap)} px`);
            at = box.right;
        }
        if (Math.abs(right - at) > 1.5) faults.push(`a hole of ${Math.round(right - at)} px at the end of a row`);
    }
    return faults";

#[tokio::test(flavor = "multi_thread")]
async fn no_place_in_a_row_is_empty_however_many_charts_are_shown() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("places-charts", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    let kinds = [
        "price",
        "zscore",
        "spread",
        "hedge",
        "pvalue",
        "halflife",
        "correlation",
        "volume",
        "histogram",
        "epps",
    ];
    let mut found = Vec::new();
    for count in 1..=kinds.len() {
        for wide in [None, Some("wide"), Some("large")] {
            // the second chart takes whole rows
            let layout: Vec<String> = kinds[..count]
                .iter()
                .enumerate()
                .map(|(place, kind)| match wide {
                    Some(size) if place == 1 => format!("{kind}-{size}"),
                    _ => (*kind).to_owned(),
                })
                .collect();
            let layout = layout.join(".");
            desk.browser
                .script(&format!(
                    "location.hash = '#/?y=BTCUSDT&x=ETHUSDT&interval=1s&layout={layout}'; return true"
                ))
                .await?;
            let shown = format!("return document.querySelectorAll('[data-chart]').length == {count}");
            desk.browser.until(10, &layout, &shown).await?;
            for width in [390, 768, 1024, 1440, 1920] {
                desk.browser.look(width, 900, false).await?;
                look_for(&desk.browser, HOLES, &format!("{layout} at {width} px"), &mut found).await?;
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}

/// Lists the side panels that end far below what is in them, and controls of the verdict that touch.
const EMPTY: &str = r"
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const faults = [];
    for (const panel of document.querySelectorAll('.side > .panel')) {
        const bottom = panel.getBoundingClientRect().bottom;
        const filled = Math.max(...[...panel.children].map(child => child.getBoundingClientRect().bottom));
        if (bottom - filled > 6 * rem) faults.push(`${panel.ariaLabel} is empty for ${Math.round(bottom - filled)} px`);
    }
    const words = [...document.querySelectorAll('.verdict .quiet')].map(button => {
        const range = document.createRange();
        range.selectNodeContents(button);
        return [button.innerText, range.getBoundingClientRect()];
    });
    words.slice(1).forEach(([word, box], place) => {
        const [before, other] = words[place];
        const apart = box.left - other.right;
        if (Math.abs(box.top - other.top) < 4 && apart < 8) faults.push(`${before} and ${word} are ${apart.toFixed(1)} px apart`);
    });
    const rows = new Set([...document.querySelectorAll('.range-bar > :is(button, span)')].filter(each => each.innerText && each.checkVisibility()).map(each => Math.round(each.getBoundingClientRect().top / rem)));
    if (rows.size > 2) faults.push(`the range bar has ${rows.size} lines`);
    return faults";

#[tokio::test(flavor = "multi_thread")]
async fn no_panel_is_empty_for_half_a_screen_and_no_words_touch() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("places-panels", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    let browser = &desk.browser;
    let mut found = Vec::new();
    for (width, height) in [
        (320, 800),
        (390, 844),
        (768, 1024),
        (1024, 768),
        (1280, 800),
        (1440, 900),
        (1920, 1500),
        (2560, 1440),
    ] {
        browser.look(width, height, false).await?;
        layout::settled(browser).await?;
        look_for(browser, EMPTY, &format!("{width} × {height} px"), &mut found).await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_no_longer_than_its_window_with_every_panel_open() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("places-window", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    let browser = &desk.browser;
    browser.click("[data-opens=evidence]").await?;
    let laid = "return document.querySelectorAll('[data-evidence]').length == 16";
    browser.until(20, "the evidence", laid).await?;
    browser.click("[data-opens=trade]").await?;
    browser.until(20, "the trade", "return !!document.querySelector('[data-panel=trade] .line')").await?;
    // an alert has words for screen readers alone
    desk.show("alert-rules").await?;
    let can_test = "return !!document.querySelector('[data-rule=\"0\"] [data-action=test-rule]:enabled')";
    browser.until(10, "the rules", can_test).await?;
    browser.click("[data-rule='0'] [data-action=test-rule]").await?;
    desk.hide_all().await?;
    browser.until(10, "an alert", "return !!document.querySelector('.alert-list [data-alert]')").await?;
    for (width, height) in [(1280, 800), (1440, 900), (1920, 1080)] {
        browser.look(width, height, false).await?;
        layout::settled(browser).await?;
        let beyond = browser.script("return document.documentElement.scrollHeight - innerHeight").await?;
        assert_eq!(beyond, 0, "{width} × {height} px");
    }
    desk.finish().await
}

const OPEN: &str = r"
    const opener = document.querySelector(`[popovertarget=${arguments[0]}]`);
    opener.scrollIntoView({ block: 'center', behavior: 'instant' });
    opener.click();
    return true";

/// Says what of the opened popover is outside the window or cannot be scrolled to.
const BEYOND: &str = r"
    const id = arguments[0];
    const opened = document.getElementById(id);
    const box = opened.getBoundingClientRect();
    const faults = [];
    if (!opened.matches(':popover-open')) faults.push(`${id} is not open`);
    if (box.left < -1 || box.top < -1 || box.right > document.documentElement.clientWidth + 1 || box.bottom > innerHeight + 1) {
        faults.push(`${id} is at ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
    }
    if (opened.scrollWidth > opened.clientWidth + 1) faults.push(`${id} scrolls sideways`);
    const last = [...opened.querySelectorAll('button, a, input, p, li, dd')].filter(each => each.checkVisibility()).at(-1);
    last.scrollIntoView({ block: 'end', behavior: 'instant' });
    if (last.getBoundingClientRect().bottom > innerHeight + 1) faults.push(`the end of ${id} is out of reach`);
    return faults";

#[tokio::test(flavor = "multi_thread")]
async fn all_that_opens_fits_a_window_at_400_percent() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("places-zoom", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    let browser = &desk.browser;
    // a window of 1,280 × 1,024 pixels
    browser.look(320, 256, false).await?;
    layout::settled(browser).await?;
    let mut found = layout::faults(browser, "400 %").await?;
    let ids = "return [...new Set([...document.querySelectorAll('[popovertarget]')].filter(each => each.checkVisibility()).map(each => each.getAttribute('popovertarget')))].filter(id => document.getElementById(id))";
    let ids = browser.script(ids).await?;
    let ids: Vec<&str> = ids.as_array().ok_or("no list")?.iter().filter_map(Value::as_str).collect();
    assert!(ids.len() > 20, "{ids:?}");
    for id in ids.into_iter().chain(["export-menu", "settings", "import", "help"]) {
        // by its own button, at which it is placed
        browser.script_with(OPEN, vec![id.into()]).await?;
        let filled = format!(
            "const open = document.getElementById('{id}'); return !!open.innerText.trim() && !open.querySelector('.coming')"
        );
        browser.until(20, id, &filled).await?;
        layout::settled(browser).await?;
        let said = browser.script_with(BEYOND, vec![id.into()]).await?;
        found.extend(said.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
        desk.hide_all().await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}
