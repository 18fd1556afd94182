//! What users do with alert rules, and what they must see, hear, and find again.

use super::{Done, tape};
use serde_json::{Value, json};
use spreadscope_e2e::axe;
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads::{self, file};
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault};
use std::collections::BTreeSet;
use thirtyfour::Key;

/// Presses Tab until the script finds what it looks for at the focused element.
async fn tab_to(desk: &Desk, what: &str) -> Done {
    let there = format!("const at = document.activeElement; return !!at && at.matches('{what}')");
    for _ in 0..120 {
        if desk.browser.script(&there).await? == json!(true) {
            return Ok(());
        }
        desk.browser.press(Key::Tab).await?;
    }
    Err(format!("no Tab leads to {what}").into())
}

/// Returns the accessibility rules that the page currently violates.
async fn faults(desk: &Desk) -> Result<BTreeSet<String>, Trouble> {
    let found = axe::violations(&desk.browser).await?;
    Ok(found.iter().map(|fault| fault.split(':').next().unwrap_or_default().to_owned()).collect())
}

/// Returns a script that lists the alerts of a rule.
fn told(rule: u32) -> String {
    format!(
        "return [...document.querySelectorAll('[data-alert][data-rule=\"{rule}\"]')].map(alert => alert.dataset.occasion)"
    )
}

/// Records every notification and title that the page shows, with whether it was hidden at the time.
const RECORD: &str = r"
    window.__notices = [];
    const Real = window.Notification;
    window.Notification = class extends Real {
        constructor(title, options) { super(title, options); window.__notices.push({ title, body: options.body, tag: options.tag, hidden: document.hidden }); }
    };
    window.__titles = [];
    addEventListener('DOMContentLoaded', () => new MutationObserver(() => window.__titles.push(document.title))
        .observe(document.querySelector('title'), { childList: true, characterData: true, subtree: true }));
";

async fn permit(desk: &Desk, setting: &str) -> Done {
    let origin = desk.address.trim_end_matches('/');
    let parameters =
        json!({ "permission": { "name": "notifications" }, "setting": setting, "origin": origin });
    desk.browser.cdp("Browser.setPermission", parameters).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_written_with_the_keyboard_alone_fires_once() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("rule-keyboard", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    let before = faults(&desk).await?;
    tab_to(&desk, "[data-action=rules]").await?;
    browser.press(Key::Enter).await?;
    tab_to(&desk, "[data-action=add-rule]").await?;
    browser.press(Key::Enter).await?;
    let named = "return document.activeElement.dataset.field == 'name'";
    browser.until(5, "the form has the focus", named).await?;
    browser.press(", or y worth something").await?;
    tab_to(&desk, "[data-field=quantity]").await?;
    browser.press("BTC p").await?;
    tab_to(&desk, "[data-field=operator]").await?;
    browser.press("is at or a").await?;
    // a limit that is not a number is reported beside its field, and the rule is not saved
    tab_to(&desk, "[data-field=value]").await?;
    browser.press("much" + Key::Enter).await?;
    let error = "return document.querySelector('[data-error=value]').innerText || null";
    let error = browser.until(5, "an error", error).await?;
    assert_eq!(error, "Value must be a number, was “much”");
    let faults = faults(&desk).await?;
    assert!(faults.is_subset(&before), "{faults:?}");
    tab_to(&desk, "[data-action=remove-condition]").await?;
    browser.press(Key::Enter).await?;
    browser.script("document.querySelector('[data-field=value]').select(); document.querySelector('[data-field=value]').focus(); return true").await?;
    browser.press("1" + Key::Enter).await?;
    let card = "return document.querySelector('[data-rule=\"1\"] .rule-sentence') && document.querySelector('[data-rule=\"1\"] .rule-sentence').innerText";
    assert_eq!(browser.until(5, "the rule in the list", card).await?, "BTC price ≥ 1 USDT");
    let back = "return document.activeElement.dataset.action == 'add-rule'";
    browser.until(5, "the focus is led back", back).await?;
    browser.until(10, "its alert", "return document.querySelector('[data-alert][data-rule=\"1\"]')").await?;
    let why = "const why = document.querySelector('[data-rule=\"1\"] [data-why]').innerText; return why.includes('Not re-armed') && why";
    browser.until(5, "why it does not fire again", why).await?;
    desk.bars_close(5).await?;
    assert_eq!(browser.script(&told(1)).await?, json!(["fired"]));
    browser.screenshot("alert-rules").await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_reaches_a_tab_in_the_background() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("rule-background", tape(), Config::default()).await?;
    let browser = &desk.browser;
    permit(&desk, "granted").await?;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORD })).await?;
    desk.open().await?;
    browser.click("[data-action=rules]").await?;
    browser.click("[data-delivery=desktop]").await?;
    browser.until(5, "it is on", "return document.querySelector('[data-delivery=desktop]').checked").await?;
    desk.choose("[data-control=preset]", 6).await?;
    browser.click("[data-action=add-rule]").await?;
    browser.click("[data-action=save-rule]").await?;
    let silent = "return document.querySelector('[data-rule=\"1\"] .rule-sentence') && document.querySelector('[data-rule=\"1\"] .rule-sentence').innerText";
    assert_eq!(browser.until(5, "the rule", silent).await?, "Feed silence ≥ 10 s");
    // the feed falls silent while the tab is hidden
    desk.exchange.apply(Fault::Outage { millis: 14_000 });
    browser.leave_for(16_000).await?;
    let notices = browser.script("return window.__notices").await?;
    assert_eq!(notices.as_array().map(Vec::len), Some(1), "{notices}");
    let notice = &notices[0];
    assert_eq!(notice["hidden"], true, "{notice}");
    assert!(
        notice["body"].as_str().is_some_and(|body| body.starts_with("BTCUSDT/ETHUSDT: Feed silence")),
        "{notice}"
    );
    let titles = browser.script("return window.__titles").await?;
    assert!(titles.as_array().is_some_and(|titles| titles.contains(&json!("(1) Spreadscope"))), "{titles}");
    let bare = "return !document.hidden && document.title == 'Spreadscope'";
    browser.until(5, "the count is gone once the page is seen", bare).await?;
    let toast = "return document.querySelector('.toast') && document.querySelector('.toast').innerText";
    browser.until(3, "the toast has waited", toast).await?;
    assert_eq!(browser.script(&told(1)).await?, json!(["fired"]));
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_one_calls_and_both_show() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("rule-tabs", tape(), Config::default()).await?;
    let browser = &desk.browser;
    permit(&desk, "granted").await?;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORD })).await?;
    desk.open().await?;
    desk.live(20).await?;
    browser.click("[data-action=rules]").await?;
    browser.click("[data-delivery=desktop]").await?;
    browser.until(5, "it is on", "return document.querySelector('[data-delivery=desktop]').checked").await?;
    let first = browser.tab().await?;
    let second = browser.another_tab().await?;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORD })).await?;
    desk.open().await?;
    browser.click("[data-action=rules]").await?;
    let can_test = "return !!document.querySelector('[data-rule=\"0\"] [data-action=test-rule]:enabled')";
    browser.until(10, "the rules of the desk", can_test).await?;
    browser.click("[data-rule='0'] [data-action=test-rule]").await?;
    let mut notices = 0;
    for tab in [&second, &first] {
        browser.turn_to(tab).await?;
        let shown = "return document.querySelectorAll('[data-alert]').length == 1";
        browser.until(5, "the alert in the list", shown).await?;
        desk.bars_close(2).await?;
        notices += browser.script("return window.__notices.length").await?.as_u64().unwrap_or_default();
    }
    assert_eq!(notices, 1);
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_refused_are_answered_in_words() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("rule-denied", tape(), Config::default()).await?;
    permit(&desk, "denied").await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=rules]").await?;
    browser.click("[data-delivery=desktop]").await?;
    let words = "const words = document.querySelector('[data-permission]').innerText; return words.includes('blocked') && words";
    let words = browser.until(5, "the refusal in words", words).await?;
    assert!(words.as_str().is_some_and(|words| words.contains("Sound and title work")), "{words}");
    assert_eq!(
        browser.script("return document.querySelector('[data-delivery=desktop]').checked").await?,
        false
    );
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_logged_as_one_and_the_log_and_the_rules_outlive_the_page() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("rule-log", tape(), Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=rules]").await?;
    let why = |word: &str| {
        format!(
            "const why = document.querySelector('[data-rule=\"0\"] [data-why]')?.innerText; return why?.includes('{word}') && why"
        )
    };
    desk.live(20).await?;
    // the seconds between the history and the first complete one are missing for a moment, which the tests
    // cannot know
    desk.bars_close(4).await?;
    browser.until(10, "a reason", &why(": z is")).await?;
    browser.click("[data-rule='0'] [data-action=test-rule]").await?;
    let toast = browser
        .until(
            5,
            "a toast",
            // an alert of the tape may have preceded it
            "return [...document.querySelectorAll('.toast')].map(toast => toast.innerText).find(text => text.includes('Test of “')) || null",
        )
        .await?;
    assert!(toast.as_str().is_some_and(|text| text.contains("the rule needs")), "{toast}");
    // the open drawer does not cover it
    browser.click(".toast [aria-label=Dismiss]").await?;
    // a click beside the drawer has closed it
    browser.click("[data-action=rules]").await?;
    browser
        .script("const select = document.querySelector('[data-rule=\"0\"] [data-action=snooze-rule]'); select.value = '900000'; select.dispatchEvent(new Event('change', { bubbles: true })); return true")
        .await?;
    browser.until(5, "snoozed", &why("Snoozed for another 15 min")).await?;
    browser.click("[data-rule='0'] [data-action=wake-rule]").await?;
    browser.until(5, "awake", &why(": z is")).await?;
    browser.click("[data-rule='0'] [data-action=enable-rule]").await?;
    browser.until(5, "off", &why("Off")).await?;

    desk.open().await?;
    let log = browser.until(5, "the log of the last visit", "const log = [...document.querySelectorAll('[data-alert]')].map(alert => alert.dataset.occasion); return log.length > 0 && log").await?;
    assert!(log.as_array().is_some_and(|log| log.contains(&json!("test"))), "{log}");
    browser.click("[data-action=rules]").await?;
    browser.until(5, "still off", &why("Off")).await?;
    browser.press(Key::Escape).await?;
    browser.click("[data-action=export]").await?;
    browser.click("[data-export=\"alerts.json\"]").await?;
    let text = file(&folder, ".json").await?;
    let table: Value = serde_json::from_slice(&text)?;
    let alerts = table["rows"].as_array().ok_or("no alerts in the file")?;
    let test =
        alerts.iter().find(|alert| alert["occasion"] == "test").ok_or("the test is not in the file")?;
    for number in ["z_score", "spread", "hedge_ratio", "price_y", "price_x", "threshold"] {
        assert!(test[number].is_f64() || test[number].is_i64(), "{number} of {test}");
    }
    desk.finish().await
}

/// Records the frequency of every tone that the page requests.
const LISTEN: &str = r"
    window.__tones = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) { window.__tones.push(Math.round(this.frequency.value)); return start.call(this, when); };
";

#[tokio::test(flavor = "multi_thread")]
async fn each_direction_has_a_chime_of_its_own() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("chimes", tape(), Config::default()).await?;
    let browser = &desk.browser;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN })).await?;
    desk.open().await?;
    let heard = async |what: &str, tones: [u32; 2]| {
        let same = format!("return JSON.stringify(window.__tones.splice(0)) == '{}'", json!(tones));
        browser.until(5, what, &same).await
    };
    browser.click("[data-action=rules]").await?;
    browser.until(10, "the drawer", "return !!document.querySelector('[data-action=chime-up]')").await?;
    browser.click("[data-action=chime-up]").await?;
    heard("the chime upwards", [587, 880]).await?;
    browser.click("[data-action=chime-down]").await?;
    heard("the chime downwards", [880, 587]).await?;

    desk.choose("[data-control=preset]", 6).await?;
    browser.click("[data-action=add-rule]").await?;
    browser.click("[data-action=save-rule]").await?;
    browser.until(5, "the rule", "return !!document.querySelector('[data-rule=\"1\"]')").await?;
    let sound = "return document.querySelector('[data-delivery=sound]').checked";
    if browser.script(sound).await? == json!(true) {
        browser.click("[data-delivery=sound]").await?;
    }
    browser.click("[data-rule='1'] [data-action=test-rule]").await?;
    let first = "return document.querySelectorAll('[data-alert][data-rule=\"1\"]').length == 1";
    browser.until(10, "the alert", first).await?;
    assert_eq!(browser.script("return window.__tones").await?, json!([]), "sound is off");
    browser.click("[data-delivery=sound]").await?;
    browser.click("[data-rule='1'] [data-action=test-rule]").await?;
    heard("the alert's chime", [587, 880]).await?;
    desk.finish().await
}
