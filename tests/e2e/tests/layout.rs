//! The desk at every width: nothing scrolls sideways, no control is squeezed or covered, no text is cut short.

use serde_json::json;
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout::{self, WIDTHS};
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

/// Waits for numbers of all kinds, and freezes them.
async fn full_and_paused(desk: &Desk) -> Result<(), Trouble> {
    desk.live(20).await?;
    desk.hour(20).await?;
    let tested = "return /[0-9]/.test(document.querySelector('[data-tile=eg]').dataset.value)";
    desk.browser.until(30, "the tests", tested).await?;
    desk.browser.click("[data-action=pause]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_covered_or_squeezed_at_any_width() -> Result<(), Trouble> {
    let _turn = beside().await;
    let desk = Desk::start("widths", tape(), Config::default()).await?;
    desk.open().await?;
    full_and_paused(&desk).await?;
    let browser = &desk.browser;
    let mut found = Vec::new();
    for width in WIDTHS {
        let height = if width < 600 { 844 } else { width.clamp(800, 1_440) * 5 / 8 + 200 };
        for dark in [false, true] {
            browser.look(width, height, dark).await?;
            browser.script("document.querySelector('[data-chart]').scrollIntoView({ block: 'end' }); scrollTo(0, 0); return true").await?;
            layout::settled(browser).await?;
            browser.screenshot(&format!("width-{width}-{}", if dark { "dark" } else { "light" })).await?;
        }
        found.extend(layout::faults(browser, &format!("{width} px")).await?);
    }
    layout::lengthen(browser).await?;
    for width in WIDTHS {
        browser.look(width, 900, false).await?;
        layout::settled(browser).await?;
        found.extend(layout::faults(browser, &format!("{width} px, the longest numbers")).await?);
        browser.screenshot(&format!("width-{width}-longest")).await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_twice_the_size_is_whole_too() -> Result<(), Trouble> {
    let _turn = beside().await;
    let desk = Desk::start("large-text", tape(), Config::default()).await?;
    desk.open().await?;
    full_and_paused(&desk).await?;
    let browser = &desk.browser;
    browser.cdp("Page.setFontSizes", json!({ "fontSizes": { "standard": 32, "fixed": 26 } })).await?;
    let labels = "const sizes = [...document.querySelectorAll('.chart-plot text')].map(text => parseFloat(getComputedStyle(text).fontSize)); \
        return sizes.length > 20 && Math.min(...sizes) >= 22";
    let mut found = Vec::new();
    for width in [390, 640, 1280, 1920] {
        browser.look(width, 900, false).await?;
        browser.until(10, "labels of twice the size on the charts", labels).await?;
        layout::settled(browser).await?;
        browser.screenshot(&format!("text-200-{width}")).await?;
        found.extend(layout::faults(browser, &format!("{width} px at 200 % text")).await?);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_covered_or_squeezed_in_firefox_either() -> Result<(), Trouble> {
    let _turn = beside().await;
    let Some(firefox) = Browser::start_firefox().await? else {
        return Ok(());
    };
    in_a_frame_of_any_width(firefox, "Firefox").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_covered_or_squeezed_in_webkit_either() -> Result<(), Trouble> {
    let _turn = beside().await;
    let Some(webkit) = Browser::start_webkit().await? else {
        return Ok(());
    };
    in_a_frame_of_any_width(webkit, "WebKit").await
}

/// Tests widths in a frame, because windows of other browsers cannot be as narrow as a phone.
async fn in_a_frame_of_any_width(browser: Browser, make: &str) -> Result<(), Trouble> {
    let desk = Desk::start_in(browser, &format!("widths-{make}"), tape(), Config::default()).await?;
    desk.open_in_frame().await?;
    full_and_paused(&desk).await?;
    let mut found = Vec::new();
    for width in WIDTHS {
        let narrow = format!("frameElement.style.width = '{width}px'; return true");
        desk.browser.script(&narrow).await?;
        layout::settled(&desk.browser).await?;
        found.extend(layout::faults(&desk.browser, &format!("{width} px in {make}")).await?);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}
