//! Several tabs: one connection per group, takeovers, and one request budget for all.

use super::{Done, ROLE, open_live, tape, text};
use serde_json::{Value, json};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::connection::Spent;
use spreadscope_engine::messages::protocol;
use spreadscope_engine::messages::protocol::{BetweenTabs, PROTOCOL};
use spreadscope_exchange::{Config, Fault};
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};
use thirtyfour::WindowHandle;

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_share_a_connection_and_the_second_takes_over_when_the_first_is_gone() -> Done {
    let _turn = beside().await;
    let desk = open_live("tabs").await?;
    let browser = &desk.browser;
    let first = browser.tab().await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("this tab"));
    let second = browser.another_tab().await?;
    desk.open().await?;
    desk.live(10).await?;
    desk.hour(10).await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("another tab"));
    // the first tab's tests are there at once, not ten seconds later
    let tested = "return document.querySelector('[data-tile=eg]')?.dataset.value";
    browser.until(5, "the leader's tests", tested).await?;
    desk.market_moves(2).await?;
    assert_eq!(desk.exchange.sockets_opened(), 1);

    // a change in one tab applies in the other
    browser.click("[data-interval='1m']").await?;
    browser.turn_to(&first).await?;
    let minutes =
        "return document.querySelector(\"[data-interval='1m']\").getAttribute('aria-pressed') == 'true'";
    browser.until(5, "minutes in the first tab", minutes).await?;
    browser.click("[data-interval='1s']").await?;
    desk.hour(10).await?;
    desk.bars_close(6).await?;

    browser.close_tab().await?;
    taken_over(&desk, &second, Instant::now()).await?;
    let shown = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = browser.script(shown).await?.as_f64().unwrap_or(0.0);
    let newer =
        format!("return Number(document.querySelector('[data-tile=z]').dataset.openTime) > {before} + 2000");
    browser.until(10, "new bars", &newer).await?;
    assert_eq!(desk.exchange.sockets_opened(), 2);
    desk.finish().await
}

/// Deadline on a slow or busy machine for what takes less than two seconds on idle cores.
const TAKEN_WITHIN: Duration = Duration::from_secs(10);

/// Switches to the `second` tab, and waits until it leads, from when the first was `gone`.
async fn taken_over(desk: &Desk, second: &WindowHandle, gone: Instant) -> Done {
    desk.browser.turn_to(second).await?;
    while desk.exchange.sockets_opened() < 2 {
        assert!(gone.elapsed() < TAKEN_WITHIN, "no other tab has connected");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    desk.in_settings(2, "the lead", "return line('role')?.startsWith('this tab')").await?;
    desk.live(2).await?;
    let taken = gone.elapsed();
    println!("the second tab was live {} ms after the first was gone", taken.as_millis());
    assert!(taken < TAKEN_WITHIN, "{taken:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_tab_takes_over_when_the_process_of_the_first_is_killed() -> Done {
    let _turn = beside().await;
    let desk = open_live("killed").await?;
    let browser = &desk.browser;
    let first = browser.tab().await?;
    let second = browser.another_tab().await?;
    desk.open().await?;
    desk.hour(10).await?;
    assert!(text(&desk.in_settings(5, "the role", ROLE).await?).starts_with("another tab"));
    browser.turn_to(&first).await?;
    desk.bars_close(6).await?;
    // a crashed tab cannot respond
    let crash = browser.cdp("Page.crash", json!({}));
    let answer = tokio::time::timeout(Duration::from_millis(200), crash).await;
    assert!(!matches!(answer, Ok(Ok(_))), "the tab lives: {answer:?}");
    taken_over(&desk, &second, Instant::now()).await?;
    // it has the first tab's history, and continues it
    desk.hour(5).await?;
    desk.finish().await
}

/// Returns the rows that the inspector shows at `path`, oldest first, each with its bar's open time as
/// `open_ms`.
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

/// Returns the crossings of ±0.5 by z in the final bars of `span`, and the alerts that were raised for them.
async fn crossed_and_told(
    desk: &Desk,
    span: RangeInclusive<i64>,
) -> Result<[Vec<(i64, String)>; 2], Trouble> {
    let open_ms = |row: &Value| row["open_ms"].as_i64().unwrap_or_default();
    let bars = inspected(desk, "/analytics/spread").await?;
    let z: Vec<(i64, f64)> =
        bars.iter().filter_map(|row| Some((open_ms(row), row["z_score"].as_f64()?))).collect();
    let crossing = |pair: &[(i64, f64)]| match (pair[0].1, pair[1].1) {
        (before, after) if before < 0.5 && after >= 0.5 => Some((pair[1].0, "above".to_owned())),
        (before, after) if before > -0.5 && after <= -0.5 => Some((pair[1].0, "below".to_owned())),
        _ => None,
    };
    let crossed = z.windows(2).filter(|pair| span.contains(&pair[1].0)).filter_map(crossing).collect();
    let alerts = inspected(desk, "/alert/zscore").await?;
    let told = alerts.iter().map(|alert| (open_ms(alert), text(&alert["direction"]).to_owned()));
    Ok([crossed, told.filter(|(open_time, _)| span.contains(open_time)).collect()])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_crosses_while_the_lead_changes_hands_is_told_once() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("crossings", tape(), Config::default()).await?;
    let browser = &desk.browser;
    let address =
        format!("{}#/?z_window_bars=20&z_threshold=0.5&z_hysteresis=0&alert_cooldown_secs=0", desk.address);
    browser.open(&address).await?;
    desk.hour(20).await?;
    let mut leader = browser.tab().await?;
    let now = "return Date.now()";
    // most of the outages contain a crossing, but not all
    for _ in 0..8 {
        let next = browser.another_tab().await?;
        desk.open().await?;
        desk.hour(10).await?;
        // the second before the first trades must be known as well
        desk.bars_close(6).await?;
        browser.turn_to(&leader).await?;
        let closed = browser.script(now).await?.as_i64().unwrap_or_default();
        // nobody receives what happens next until the other tab requests it
        desk.exchange.apply(Fault::Outage { millis: 8_000 });
        browser.close_tab().await?;
        browser.turn_to(&next).await?;
        desk.in_settings(4, "the lead", "return line('role')?.startsWith('this tab')").await?;
        desk.live(60).await?;
        let live = browser.script(now).await?.as_i64().unwrap_or_default();
        // alerts of what is repaired come after it
        desk.market_moves(5).await?;
        // bars that no tab has seen close: a bar seen live may be judged before a late trade
        let [crossed, told] = crossed_and_told(&desk, closed..=live - 2_000).await?;
        println!("{crossed:?} while the lead changed hands, from {closed} to {live}");
        assert_eq!(told, crossed);
        if !crossed.is_empty() {
            return desk.finish().await;
        }
        desk.go("/").await?;
        leader = next;
    }
    Err("z has crossed nothing in eight outages".into())
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_on_other_pairs_tell_each_other_what_they_ask_of_the_exchange() -> Done {
    let _turn = beside().await;
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
    let mut spent = heard.iter().filter_map(|message| match message {
        BetweenTabs::WeightSpent(spent) => Some(spent),
        _ => None,
    });
    let of_sol = spent.find(|spent| spent.url.contains("SOLUSDT") && spent.weight > 0);
    let url = of_sol.ok_or("the second tab has told nothing")?.url.clone();

    // the second tab has asked what was spent before it opened, and the first has replied
    let before = heard.iter().find_map(|message| match message {
        BetweenTabs::WeightReport { to, spent, .. } if spent.iter().any(|spent| spent.weight > 0) => {
            Some(*to)
        }
        _ => None,
    });
    let name = before.ok_or("the first tab has told nothing of before")?;
    assert!(heard.contains(&BetweenTabs::WeightQuery { from: name }), "{heard:?}");

    // and the reported weight is counted in the minute in which it was spent
    browser.until(60, "a minute that lasts", "return Date.now() % 60000 < 35000").await?;
    let time = UnixMillis(browser.script("return Date.now()").await?.as_i64().unwrap_or_default());
    let spent = Spent { url, weight: 700, time };
    let say = |message: BetweenTabs| {
        format!("line.postMessage(new Uint8Array({:?})); return true", protocol::encode(&message))
    };
    browser.script(&say(BetweenTabs::WeightSpent(spent.clone()))).await?;
    browser
        .script(&say(BetweenTabs::WeightReport { to: name, spent: vec![spent], hidden: Vec::new() }))
        .await?;
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
