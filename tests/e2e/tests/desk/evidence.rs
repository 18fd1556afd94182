//! The evidence and the trade panel: what a trader checks before a trade, in three sizes and by keyboard.

use super::{Done, tape};
use spreadscope_e2e::axe;
use spreadscope_e2e::browser::Browser;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault, WrongBook};
use thirtyfour::Key;

const SIZES: [(&str, u32, u32); 3] = [("1440", 1440, 900), ("1024", 1024, 768), ("390", 390, 844)];

/// Focuses the button that matches `selector` and presses Enter, like a user who has tabbed there.
async fn press_at(browser: &Browser, selector: &str) -> Done {
    browser.script(&format!("document.querySelector({selector:?}).focus(); return true")).await?;
    browser.press(Key::Enter).await
}

async fn looks(desk: &Desk, panel: &str) -> Done {
    let browser = &desk.browser;
    for (name, width, height) in SIZES {
        browser.look(width, height, false).await?;
        layout::settled(browser).await?;
        let into_view =
            format!("document.querySelector('[data-panel={panel}]').scrollIntoView(); return true");
        browser.script(&into_view).await?;
        browser.screenshot(&format!("{panel}-{name}")).await?;
        let sideways = "return document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.script(sideways).await?, true, "{panel} at {name} scrolls sideways");
        let inside = format!(
            "const panel = document.querySelector('[data-panel={panel}]'); const right = panel.getBoundingClientRect().right + 1; return [...panel.querySelectorAll('*')].filter(part => part.checkVisibility() && part.getBoundingClientRect().right > right).map(part => part.className).join()"
        );
        assert_eq!(browser.script(&inside).await?, "", "{panel} at {name} lets parts stick out");
        let found = axe::violations(browser).await?;
        assert!(found.is_empty(), "{panel} at {name}: {found:#?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_is_computed_while_it_is_shown_and_opens_by_keyboard() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("evidence", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.hour(20).await?;
    press_at(browser, "[data-opens=evidence]").await?;
    let all = "const rows = [...document.querySelectorAll('[data-evidence]')]; return rows.length == 16 && rows.every(row => row.querySelector('.evidence-number').innerText.trim() != '—')";
    browser.until(20, "sixteen tests", all).await?;
    let weighed = "return document.querySelector('[data-line=weighed]').innerText.includes('at 5 %')";
    browser.until(5, "a sentence that weighs them", weighed).await?;
    // a row is a button that explains the test and its limits
    press_at(browser, "[data-evidence=kpss] > summary").await?;
    let told = "const row = document.querySelector('[data-evidence=kpss]'); return row.open && row.innerText.includes('the other way round')";
    browser.until(5, "what KPSS is", told).await?;
    looks(&desk, "evidence").await?;
    browser.look(1440, 900, false).await?;
    desk.set("[data-control=beside]", "slower-interval").await?;
    let slower =
        "return [...document.querySelectorAll('.evidence-beside')].some(row => row.innerText.includes('1m'))";
    browser.until(20, "minutes beside the seconds", slower).await?;
    let linked = "return location.hash.includes('evidence=slower-interval') && location.hash.includes('side=evidence.')";
    browser.until(5, "both in the link", linked).await?;
    desk.go("/analytics/adf").await?;
    let rows = "return document.querySelectorAll('[data-table=evidence] tbody tr').length > 60";
    browser.until(20, "every number in the inspector", rows).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_of_the_past_stand_beside_the_p_value_once_they_are_wanted() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("past-charts", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.hour(20).await?;
    press_at(browser, "[data-action=arrange]").await?;
    for chart in ["halflife", "johansen"] {
        let shown = format!(
            "const is_there = !!document.querySelector('[data-chart={chart}]'); if (!is_there) document.querySelector('[data-shows={chart}]')?.click(); return is_there"
        );
        browser.until(10, "a chart from the menu", &shown).await?;
    }
    // a chart out of view is not redrawn
    let drawn = |chart: &str| {
        format!(
            "const chart = document.querySelector('[data-chart={chart}]'); chart?.scrollIntoView(); return +chart?.dataset.points > 40"
        )
    };
    browser.until(20, "half-lives of the past", &drawn("halflife")).await?;
    browser.until(30, "traces of the past", &drawn("johansen")).await?;
    let order = "return [...document.querySelectorAll('[data-chart]')].map(chart => chart.dataset.chart).join().includes('pvalue,johansen,halflife')";
    assert_eq!(browser.script(order).await?, true, "they do not stand beside the p-value");
    press_at(browser, "[data-action=arrange]").await?;
    for (name, width, height) in SIZES {
        browser.look(width, height, false).await?;
        layout::settled(browser).await?;
        browser.script("document.querySelector('[data-chart=pvalue]').scrollIntoView(); return true").await?;
        browser.screenshot(&format!("past-charts-{name}")).await?;
    }
    // with other lookbacks they are recomputed, and the group says what it looks at
    browser.look(1440, 900, false).await?;
    press_at(browser, "[data-opens=evidence]").await?;
    let linked = "return location.hash.includes('side=evidence') && location.hash.includes('johansen')";
    browser.until(5, "the charts and the panel in the link", linked).await?;
    browser.script("location.hash += '&together_bars=300'; location.reload(); return true").await?;
    let heads = "return [...document.querySelectorAll('.evidence-group')].some(head => head.innerText.includes('Are the two cointegrated? 300 bars'))";
    browser.until(30, "the lookback of a group", heads).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trade_is_sized_costed_and_followed() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("trade", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.hour(20).await?;
    press_at(browser, "[data-opens=trade]").await?;
    let line =
        |name: &str| format!("document.querySelector('[data-panel=trade] [data-line={name}] dd')?.innerText");
    let sized = format!(
        "return /BTC = [\\d,.]+ USDT$/.test({}) && /ETH = [\\d,.]+ USDT$/.test({})",
        line("leg-y"),
        line("leg-x")
    );
    browser.until(20, "units and money of both legs", &sized).await?;
    browser.until(20, "both books", &format!("return {}?.includes('bps')", line("book-y"))).await?;
    let rounded = "return document.querySelector('[data-panel=trade] [data-line=unhedged]').innerText.includes('after rounding down')";
    browser.until(10, "the exchange's lots", rounded).await?;
    looks(&desk, "trade").await?;
    browser.look(1440, 900, false).await?;

    // an unusable number gets a sentence, and the previous one stays
    desk.set("[data-option=fee_bps]", "a lot").await?;
    let said = "return document.querySelector('[data-error=fee_bps]').innerText.includes('must be a number from 0 to 100')";
    browser.until(5, "what is wrong with the fee", said).await?;
    desk.set("[data-option=fee_bps]", "0").await?;
    desk.set("[data-option=notional]", "50000").await?;
    let linked = "return location.hash.includes('trade=50000~hedge_ratio~0~')";
    browser.until(5, "the trade in the link", linked).await?;

    // faulty order books leave the slippage as set
    desk.exchange.apply(Fault::Book { wrong: WrongBook::Crossed, millis: 60_000 });
    let crossed = "return document.querySelector('[data-panel=trade] [data-line=book-x]').innerText.includes('crossed')";
    browser.until(20, "a book that is crossed", crossed).await?;

    press_at(browser, "[data-action=note-position]").await?;
    browser.until(5, "the form", "return !!document.querySelector('#position-units_y')?.value").await?;
    press_at(browser, "[data-action=follow-position]").await?;
    let followed = format!("return /^[+−]?\\d/.test({})", line("position-net"));
    browser.until(5, "its profit or loss", &followed).await?;
    browser.script("location.reload(); return true").await?;
    browser.until(30, "it is followed after a reload", &followed).await?;
    press_at(browser, "[data-action=forget-position]").await?;
    browser.until(5, "none", "return !!document.querySelector('[data-action=note-position]')").await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn sizing_fee_tiers_logarithms_and_own_prices_reach_the_trade() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("trade-choices", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.hour(20).await?;
    press_at(browser, "[data-opens=trade]").await?;
    let line =
        |name: &str| format!("document.querySelector('[data-panel=trade] [data-line={name}] dd')?.innerText");
    let rounded = format!("return /^\\w+ \\d+\\.\\d{{5}} BTC = /.test({})", line("leg-y"));
    browser.until(20, "units with every decimal of the lot", &rounded).await?;

    // money of both legs: about equal, and together the notional
    let money = |name: &str| format!("+{}.match(/= ([\\d,.]+) /)[1].replaceAll(',', '')", line(name));
    desk.set("[data-control=sizing]", "dollar_neutral").await?;
    let even = format!("return Math.abs({} / {} - 1) < 0.01", money("leg-y"), money("leg-x"));
    browser.until(10, "as much money of either leg", &even).await?;
    desk.set("[data-control=sizing]", "gross").await?;
    let whole = format!("return Math.abs(({} + {}) / 10000 - 1) < 0.01", money("leg-y"), money("leg-x"));
    browser.until(10, "the notional in both legs together", &whole).await?;

    // the tiers say of when they are, and a choice sets the fee
    let dated = "return document.querySelector('[data-line=fees-note]').innerText.includes('2026-05-05')";
    assert_eq!(browser.script(dated).await?, true);
    let tiers = "return [...document.querySelectorAll('[data-control=fee-preset] option')].map(tier => tier.innerText)";
    let tiers = browser.script(tiers).await?;
    let named =
        tiers.as_array().and_then(|tiers| tiers.iter().position(|tier| tier == "VIP 2, maker: 8 bps"));
    desk.choose("[data-control=fee-preset]", named.ok_or("there is no such tier")?).await?;
    let set = "return document.querySelector('[data-option=fee_bps]').value == '8' && location.hash.includes('~gross~8~')";
    browser.until(5, "the tier's fee", set).await?;

    // with logarithms the ratio is an elasticity and the cost a log return
    desk.show("settings").await?;
    let logs = "[...document.querySelectorAll('#settings label')].find(label => label.innerText.trim() == 'Logarithms').querySelector('input').click(); document.querySelector('#settings [data-action=apply]').click(); return true";
    browser.script(logs).await?;
    desk.hide_all().await?;
    let elastic = "return document.querySelector('[data-panel=trade] [data-line=hedge-units]')?.innerText.includes('elasticity')";
    browser.until(30, "that it is an elasticity", elastic).await?;
    browser
        .until(20, "a log return", &format!("return {}.endsWith('log return')", line("cost-spread")))
        .await?;

    // a position of earlier, with prices of its own
    press_at(browser, "[data-action=note-position]").await?;
    browser.until(5, "the form", "return !!document.querySelector('#position-units_y')?.value").await?;
    for (name, value) in [("units_y", "-0.5"), ("units_x", "10"), ("price_y", "70000"), ("price_x", "2000")] {
        desk.set(&format!("#position-{name}"), value).await?;
    }
    desk.set("#position-entered", "2099-01-01T00:00:01").await?;
    press_at(browser, "[data-action=follow-position]").await?;
    let refused = "return document.querySelector('#position-error').innerText.includes('yet to come')";
    browser.until(5, "that it lies ahead", refused).await?;
    desk.set("#position-entered", "2020-01-01T00:00:01").await?;
    press_at(browser, "[data-action=follow-position]").await?;
    let entry = format!("return {}?.startsWith('−0.5 BTC at 70,000.00')", line("position-y"));
    browser.until(5, "its own price", &entry).await?;
    let dated = format!("return {}.startsWith('2020-01-01 00:00:01')", line("position-entered"));
    browser.until(5, "its own time", &dated).await?;
    let gained = format!("return /^\\+[\\d,.]+ USDT$/.test({})", line("position-gross"));
    browser.until(5, "what it has earned", &gained).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_opened_beside_the_verdict_comes_into_view_with_the_focus_on_its_heading() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("opened-panels", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.hour(20).await?;
    for (name, width, height) in SIZES {
        browser.look(width, height, false).await?;
        layout::settled(browser).await?;
        for panel in ["evidence", "trade"] {
            browser.script("scrollTo(0, 0); return true").await?;
            press_at(browser, &format!("[data-opens={panel}]")).await?;
            let there = format!(
                "const heading = document.querySelector('[data-panel={panel}] h2'); if (heading != document.activeElement) return false; const place = heading.getBoundingClientRect(); return place.top >= 0 && place.bottom <= innerHeight"
            );
            browser.until(10, &format!("{panel} at {name}"), &there).await?;
            // closed again for the next size
            press_at(browser, &format!("[data-opens={panel}]")).await?;
        }
    }
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_keeps_the_trade_as_it_keeps_the_tiles() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("paused-trade", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.hour(20).await?;
    press_at(browser, "[data-opens=trade]").await?;
    let pays = "(document.querySelector('[data-panel=trade] [data-line=pays]')?.innerText ?? '')";
    browser.until(20, "a trade", &format!("return {pays}.includes('beyond')")).await?;
    desk.pause().await?;
    let held = browser.script(&format!("return {pays}")).await?;
    // another notional is reckoned at the moment that is held
    desk.market_moves(3).await?;
    assert_eq!(browser.script(&format!("return {pays}")).await?, held);
    desk.set("[data-option=notional]", "20000").await?;
    let grown = "return /^\\w+ [\\d.]+ BTC = (19,9|20,0)/.test(document.querySelector('[data-panel=trade] [data-line=leg-y] dd').innerText)";
    browser.until(5, "another size", grown).await?;
    let z = format!("return {pays}.match(/z (now )?[−\\d.]+/)[0]");
    let now = browser.script(&z).await?;
    assert!(held.as_str().zip(now.as_str()).is_some_and(|(held, now)| held.contains(now)), "{held} {now}");
    desk.finish().await
}
