//! Several tabs: one connection among those of a desk, the lead that changes hands, and one budget for all.

use super::{Done, ROLE, alone, open_live, text, wait};
use spreadscope_engine::UnixMillis;
use spreadscope_engine::input::Spent;
use spreadscope_engine::protocol::{self, BetweenTabs, PROTOCOL};
use std::time::{Duration, Instant};

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
