//! Help for newcomers: the tour, the pair's fields, the options of the tests, copying, and the notation of
//! numbers.

use super::{Done, tape, text};
use serde_json::json;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_points_at_what_it_speaks_of() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("tour", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.show("help").await?;
    browser.click("[data-action=tour]").await?;
    let mut told = Vec::new();
    for stop in 1..=7 {
        let at = format!(
            "const tour = document.querySelector('.tour'); return tour?.innerText.includes('{stop} of 7') && tour.querySelector('h2').innerText"
        );
        told.push(browser.until(5, "the next stop", &at).await?);
        let pointed = browser
            .script("const at = document.querySelector('[data-pointed-at]'); const box = at && at.getBoundingClientRect(); return !!at && box.width > 0 && box.top < innerHeight && box.bottom > 0")
            .await?;
        assert_eq!(pointed, true, "{:?} points at nothing in view", told.last());
        browser.click("[data-action=tour-next]").await?;
    }
    told.dedup();
    assert_eq!(told.len(), 7, "{told:?}");
    let over = "return !document.querySelector('.tour') && !document.querySelector('[data-pointed-at]')";
    browser.until(5, "the tour is over", over).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pairs_fields_offer_what_is_traded_and_name_what_is_not() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("picker", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    // this venue's list as stored a minute ago, with one halted market
    browser
        .script("localStorage.setItem('spreadscope.markets.Stand-in exchange', `${Date.now() - 60000},BTC/USDT,ETH/USDT,SOL/USDT,!XRP/USDT`); return true")
        .await?;
    desk.show("settings").await?;
    let typed = async |leg: &str, symbol: &str| -> Done {
        let script = format!(
            "const field = document.querySelector('#leg-{leg}'); field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); return true",
            json!(symbol)
        );
        browser.script(&script).await.map(drop)
    };
    let objection = |leg: &str| format!("return document.querySelector('[data-objection={leg}]').innerText");
    typed("y", "sol").await?;
    let offered =
        "return [...document.querySelectorAll('#markets-leg-y option')].map(option => option.value).join()";
    browser.until(5, "what begins like it", &format!("{offered} == 'SOLUSDT'")).await?;
    typed("y", "XRPUSDT").await?;
    let halted = browser.until(5, "what is wrong with it", &objection("y")).await?;
    assert_eq!(text(&halted), "XRPUSDT is halted and does not trade");
    typed("x", "BTCNOPE").await?;
    let unknown = browser.until(5, "what is wrong with it", &objection("x")).await?;
    assert_eq!(text(&unknown), "BTCNOPE does not trade here");

    // a pair of an earlier visit is one click away
    browser.click("[data-pair='BTCUSDT / ETHUSDT']").await?;
    let legs = "return document.querySelector('#leg-y').value + document.querySelector('#leg-x').value == 'BTCUSDTETHUSDT'";
    browser.until(5, "its legs in the form", legs).await?;
    let star = "button[aria-label='Favourite: BTCUSDT / ETHUSDT']";
    browser.click(star).await?;
    browser
        .until(5, "a favourite", &format!("return document.querySelector(\"{star}\").ariaPressed == 'true'"))
        .await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tests_take_the_terms_and_the_lags_that_are_chosen() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("options", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    let line = |key: &str| format!("return document.querySelector('.tests [data-line={key}]')?.innerText");
    browser.until(20, "critical values", &format!("{}.includes('3.34')", line("eg-critical"))).await?;
    desk.show("settings").await?;
    for (control, value) in [("test-terms", "linear"), ("test-lags", "bic")] {
        desk.set(&format!("[data-control={control}]"), value).await?;
    }
    browser.click("[data-action=apply]").await?;
    browser.until(20, "lags by the other rule", &format!("{}.includes('by BIC')", line("lags"))).await?;
    // MacKinnon's 5 % for two variables with a trend is about -3.8
    browser
        .until(
            5,
            "other critical values",
            &format!(
                "{}.includes('3.7') || {}.includes('3.8')",
                line("eg-critical"),
                line("eg-critical").trim_start_matches("return ")
            ),
        )
        .await?;
    let address = browser
        .until(5, "the address", "return location.hash.includes('terms=linear') && location.hash")
        .await?;
    assert!(text(&address).contains("lags=bic"), "{address}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_and_the_diagnostics_reach_the_clipboard() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("clipboard", tape(), Config::default()).await?;
    let browser = &desk.browser;
    for name in ["clipboard-read", "clipboard-write"] {
        let permission = json!({ "permission": { "name": name }, "setting": "granted" });
        browser.cdp("Browser.setPermission", permission).await?;
    }
    desk.open().await?;
    let pasted = "const done = arguments[arguments.length - 1]; navigator.clipboard.readText().then(done, error => done('refused: ' + error))";
    browser.click("[data-action=export]").await?;
    browser.click("[data-action=copy-link]").await?;
    browser
        .until(5, "that it was done", "return document.querySelector('.said').innerText.includes('link')")
        .await?;
    let link = browser.script_async(pasted).await?;
    let link = text(&link);
    assert!(link.starts_with(&desk.address) && link.contains("#/?y=BTCUSDT&x=ETHUSDT"), "{link}");
    desk.hide_all().await?;
    desk.go("/feed").await?;
    browser.click("[data-action=diagnostics]").await?;
    browser
        .until(
            5,
            "that it was done",
            "return document.querySelector('.said').innerText.includes('diagnostics')",
        )
        .await?;
    let told = browser.script_async(pasted).await?;
    let told: serde_json::Value = serde_json::from_str(text(&told))?;
    assert!(told["settings"].is_object() && told["feed"].is_object(), "{told}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_stand_as_intl_writes_them_in_the_language_of_the_page() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("intl", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(10).await?;
    desk.hour(20).await?;
    let browser = &desk.browser;
    // all windows are full, and both legs trade
    let all =
        "return [...document.querySelectorAll('[data-tile], [data-stat]')].every(cell => cell.dataset.value)";
    browser.until(20, "a value in every cell", all).await?;
    browser.click("[data-action=pause]").await?;
    let compare = "return [...document.querySelectorAll('[data-tile][data-value], [data-stat][data-value]')].flatMap(cell => { \
            const shown = (cell.querySelector('.tile-value') ?? cell).innerText.trim(); \
            const [, sign, digits, unit] = shown.match(/^([+\\u2212]?)([0-9.,]+)(.*)$/) ?? []; \
            if (!digits || /[kMGsmhd]/.test(unit.replace(/ [A-Z]{3,4}$/, ''))) return []; \
            const places = digits.split('.')[1]?.length ?? 0; \
            const raised = [...(unit.match(/^\\u00d710(.+)$/)?.[1] ?? '')].map(sign => sign == '\\u207b' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign)).join(''); \
            const value = Number(cell.dataset.value) * (unit == ' bp' ? 1e4 : 1) / 10 ** Number(raised); \
            const intl = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: places, maximumFractionDigits: places }); \
            const expected = intl.format(value).replace('-', '\\u2212'); \
            return [[shown, sign == '+' ? digits : sign + digits, expected]]; })";
    let compared: Vec<[String; 3]> = serde_json::from_value(browser.script(compare).await?)?;
    for [shown, digits, expected] in &compared {
        assert_eq!(digits, expected, "{shown}");
    }
    assert!(compared.len() >= 10, "{compared:?}");
    assert!(compared.iter().any(|[_, digits, _]| digits.contains(',')), "none has thousands: {compared:?}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn four_thousand_markets_come_over_a_phones_network_and_are_offered_under_their_own_names() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("long-list", tape().with_listed(4_000), Config::default()).await?;
    // 1.6 Mbit/s, as on a phone; the browser does not throttle workers
    desk.exchange.apply(Fault::Narrow { bytes_per_sec: 200_000, millis: 600_000 });
    desk.open().await?;
    let browser = &desk.browser;
    desk.show("settings").await?;
    let kept =
        "return localStorage.getItem('spreadscope.markets.Stand-in exchange')?.split(',').length > 1600";
    browser.until(60, "the list", kept).await?;
    let typed = async |symbol: &str| -> Done {
        let script = format!(
            "const field = document.querySelector('#leg-y'); field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); return true",
            json!(symbol)
        );
        browser.script(&script).await.map(drop)
    };
    typed("币安").await?;
    let offered = "return [...document.querySelectorAll('#markets-leg-y option')].some(option => option.value == '币安100人生USDT')";
    browser.until(5, "a name beyond A to Z", offered).await?;
    let objection = "return document.querySelector('[data-objection=y]').innerText";
    for (symbol, said) in [("C8USDT", "C8USDT does not trade here"), ("币安100人生USDT", "")] {
        typed(symbol).await?;
        browser.until(5, symbol, &format!("{objection} == {}", json!(said))).await?;
    }
    desk.finish().await
}
