//! The look of the desk: two sizes, two schemes, compared with stored pictures.

use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::snapshot::{self, RENEW, difference};
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::skip;
use spreadscope_exchange::tape::synthetic;
use std::time::Duration;

/// Share of blocks that may differ: 1 %, less than a chart or a row of tiles.
const TOLERANCE: f64 = 0.01;
/// Market time from the page's subscription to the tape's first stop, and from each stop to the next.
const FIRST_MILLIS: i64 = 20_300;
const MORE_MILLIS: i64 = 10_000;

/// Hides what depends on the moment rather than the tape: the connection's state and counters, prices between
/// bars.
const MASK: &str = "window.__masked = [...document.querySelectorAll('.feed-lines dd, .panel.feed .count, .panel.feed .note, .tile-context, .legs-value, .as-of, .banners')]; for (const each of window.__masked) each.style[each.matches('.note') ? 'display' : 'visibility'] = each.matches('.note') ? 'none' : 'hidden'; document.activeElement?.blur(); scrollTo(0, 0); return true";
const UNMASK: &str =
    "for (const each of window.__masked) each.style.visibility = each.style.display = ''; return true";

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_looks_as_it_did() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let mut stop = tape.now_ms + FIRST_MILLIS;
    let config = Config { keep_times: true, waits: true, ..Config::default() };
    let desk = Desk::start("snapshots", tape, config).await?;
    desk.open().await?;
    desk.hour(20).await?;
    if !snapshot::has_their_fonts(&desk).await? {
        skip(&format!(
            "the pictures were made with other fonts than this machine's; {RENEW}=1 makes them anew"
        ));
        return desk.finish().await;
    }
    let mut found = Vec::new();
    for (name, width, height, pixels) in [("desktop", 1440, 900, 0.5), ("phone", 390, 844, 1.0)] {
        for (scheme, dark) in [("light", false), ("dark", true)] {
            desk.browser.look_at(width, height, dark, pixels).await?;
            hold_at(&desk, stop).await?;
            let share = difference(&desk, &format!("{name}-{scheme}")).await?;
            println!("{name} {scheme}: {:.2} % of the blocks differ", share * 100.0);
            if share > TOLERANCE {
                desk.browser.screenshot(&format!("differs-{name}-{scheme}")).await?;
                found.push(format!("{name} {scheme}: {:.1} %", share * 100.0));
            }
            if (name, scheme) == ("phone", "dark") && !snapshot::renews() {
                // control: the same picture without its verdict must differ
                let spoil = "document.querySelector('.verdict').style.visibility = 'hidden'; return true";
                desk.browser.script(spoil).await?;
                let spoilt = difference(&desk, "phone-dark").await?;
                assert!(spoilt > TOLERANCE, "{spoilt}");
            }
            desk.browser.script(UNMASK).await?;
            desk.browser.click("[data-action=pause]").await?;
            desk.exchange.set_speed(1.0);
            stop += MORE_MILLIS;
        }
    }
    assert!(found.is_empty(), "look at target/screenshots/differs-*.png: {}", found.join(", "));
    desk.finish().await
}

/// Lets the market run until `stop_ms` and stop there, with the page's tests on its last bar.
async fn hold_at(desk: &Desk, stop_ms: i64) -> Result<(), Trouble> {
    while desk.exchange.told_now_ms() < stop_ms {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    desk.exchange.set_speed(0.0);
    desk.browser
        .steady("the newest bar", "return document.querySelector('[data-tile=z]').dataset.openTime")
        .await?;
    desk.browser.click(".panel.tests .panel-head > button").await?;
    desk.browser.steady("the tests", "return document.querySelector('[data-tile=eg]').dataset.value").await?;
    desk.pause().await?;
    desk.browser.script(MASK).await.map(drop)
}
