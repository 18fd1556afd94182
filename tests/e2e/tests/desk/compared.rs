//! Evidence beside other evidence, and a trade under faulty order rules, to the alert on its position and its file.

use super::{Done, tape, text};
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault, WrongRules};
use std::path::Path;

async fn press(browser: &Browser, selector: &str) -> Done {
    browser.script(&format!("document.querySelector({selector:?}).click(); return true")).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_compared_and_a_trade_survives_faulty_lots() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("compared", tape(), Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    desk.hour(20).await?;
    let browser = &desk.browser;
    press(browser, "[data-opens=evidence]").await?;
    compares_the_other_direction(&desk).await?;
    resamples_the_half_life(&desk).await?;
    press(browser, "[data-opens=evidence]").await?;
    says_what_is_wrong_with_the_lots(&desk).await?;
    saves_a_position(&desk, &folder).await?;
    desk.finish().await
}

/// Finds the line beside a test's: it follows the row, before the next one.
const BESIDE: &str = "const beside = row => { \
    for (let at = row.nextElementSibling; at && !at.matches('[data-evidence]'); at = at.nextElementSibling) \
        if (at.matches('.evidence-beside')) return [...at.children].map(part => part.textContent); \
}; ";

/// In `test`: the number of the sample, and name and number of the one beside it.
fn numbers_of(test: &str) -> String {
    format!(
        "{BESIDE} const row = document.querySelector('[data-evidence={test}]'); const [name, number] = beside(row) ?? []; \
         return name && [row.querySelector('.evidence-number').textContent, name, number]"
    )
}

async fn compares_the_other_direction(desk: &Desk) -> Done {
    let browser = &desk.browser;
    let label = "return [...document.querySelectorAll('[data-control=beside] option')].map(option => option.innerText).includes('ETH on BTC')";
    browser.until(10, "the other direction on offer", label).await?;
    desk.set("[data-control=beside]", "other-direction").await?;
    let compared = format!(
        "{BESIDE} const rows = [...document.querySelectorAll('[data-evidence]')]; \
         const isSame = row => /^(engle_granger|johansen)/.test(row.dataset.evidence); \
         return rows.length == 16 && rows.every(row => isSame(row) ? !beside(row) : /[0-9]|none/.test(beside(row)?.[1]))"
    );
    // those that are of both directions already stand alone
    browser.until(30, "twelve tests of both directions", &compared).await?;
    let stationary = browser.script(&numbers_of("adf")).await?;
    assert!(text(&stationary[1]).contains("x on y"), "{stationary}");
    assert_ne!(stationary[0], stationary[2], "ADF of two spreads");
    let linked = "return location.hash.includes('evidence=other-direction')";
    browser.until(5, "it is in the link", linked).await.map(drop)
}

async fn resamples_the_half_life(desk: &Desk) -> Done {
    let browser = &desk.browser;
    desk.set("[data-control=beside]", "slower-interval").await?;
    let slower = format!("return (() => {{ {} }})()?.[1].startsWith('1m')", numbers_of("half_life"));
    browser.until(30, "minutes beside the seconds", &slower).await?;
    press(browser, "[data-control=resample]").await?;
    // on the sample and on the slower bars beside it
    let resampled = "const row = document.querySelector('[data-evidence=half_life]'); \
        return row.querySelector('.evidence-judged').textContent.includes('resampled')";
    browser.until(30, "an interval by resampling", resampled).await?;
    let worked =
        "return document.querySelector('[data-evidence=half_life]').textContent.includes('by resampling')";
    assert_eq!(browser.script(worked).await?, true);
    Ok(())
}

fn note(line: &str) -> String {
    format!("document.querySelector('[data-panel=trade] [data-line={line}]')?.textContent ?? ''")
}

/// Opens the trade while the exchange's lots cannot be read, and then has a step of 0.
async fn says_what_is_wrong_with_the_lots(desk: &Desk) -> Done {
    let browser = &desk.browser;
    desk.exchange.apply(Fault::Rules { wrong: WrongRules::Word, millis: 120_000 });
    press(browser, "[data-opens=trade]").await?;
    let said = format!(
        "return ({}).includes('not rounded to the exchange\\'s lots: stepSize of BTCUSDT must be a decimal, was \"small\"')",
        note("unhedged")
    );
    browser.until(20, "what cannot be read", &said).await?;
    let books = format!("return ({}).includes('half the bid-ask spread')", note("book-x"));
    browser.until(20, "the books, which do not need the rules", &books).await?;
    desk.exchange.apply(Fault::Rules { wrong: WrongRules::ZeroStep, millis: 120_000 });
    let none =
        format!("return ({}).includes('not rounded: the exchange states no lot sizes')", note("unhedged"));
    browser.until(30, "no lots", &none).await?;
    let books = format!("return ({}).includes('½ spread')", note("book-x"));
    browser.until(20, "the books all the same", &books).await.map(drop)
}

async fn shown(browser: &Browser, line: &str) -> Result<String, Trouble> {
    let value =
        format!("return document.querySelector('[data-panel=trade] [data-line={line}] dd')?.innerText");
    Ok(text(&browser.script(&value).await?).to_owned())
}

/// Writes a rule on the profit of the position, which any profit satisfies, and waits for its alert.
async fn alerts_on_the_position(desk: &Desk) -> Done {
    let browser = &desk.browser;
    press(browser, "[data-action=rules]").await?;
    let ready = "return !!document.querySelector('[data-action=add-rule]')";
    browser.until(10, "the rules", ready).await?;
    press(browser, "[data-action=add-rule]").await?;
    let form = "return !!document.querySelector('[data-field=quantity]')";
    browser.until(5, "the form", form).await?;
    press(browser, "[data-action=remove-condition]").await?;
    desk.set("[data-field=quantity]", "position_net").await?;
    let operator = "return [...document.querySelector('[data-field=operator]').options].findIndex(option => option.innerText == 'is at or above')";
    let place = browser.script(operator).await?.as_u64().ok_or("no such operator")?;
    desk.choose("[data-field=operator]", usize::try_from(place)?).await?;
    desk.set("[data-field=value]", "-1000000").await?;
    press(browser, "[data-action=save-rule]").await?;
    let alert =
        "return document.querySelector('[data-alert][data-rule=\"1\"]')?.innerText.includes('Position, net')";
    browser.until(20, "an alert on the position", alert).await?;
    desk.hide_all().await
}

/// Follows a position, and reads its file back.
async fn saves_a_position(desk: &Desk, folder: &Path) -> Done {
    let browser = &desk.browser;
    press(browser, "[data-action=note-position]").await?;
    browser.until(5, "the form", "return !!document.querySelector('#position-units_y')?.value").await?;
    for (name, value) in [("units_y", "-0.5"), ("units_x", "10"), ("price_y", "70000"), ("price_x", "2000")] {
        desk.set(&format!("#position-{name}"), value).await?;
    }
    desk.set("#position-entered", "2020-01-01T00:00:01").await?;
    press(browser, "[data-action=follow-position]").await?;
    let followed = "return /^[+−]?\\d/.test(document.querySelector('[data-panel=trade] [data-line=position-net] dd')?.innerText)";
    browser.until(10, "its profit or loss", followed).await?;
    alerts_on_the_position(desk).await?;
    browser.click("[data-action=pause]").await?;
    let paused = "return document.querySelector('[data-action=pause]').ariaPressed == 'true'";
    browser.until(5, "a desk that stands still", paused).await?;
    let (gross, net) = (shown(browser, "position-gross").await?, shown(browser, "position-net").await?);
    press(browser, "[data-action=save-position]").await?;
    let file = String::from_utf8(downloads::file(folder, "spreadscope-position.csv").await?)?;
    let [names, values] = [0, 1].map(|line| file.lines().nth(line).unwrap_or_default().split(','));
    let read: Vec<(&str, &str)> = names.zip(values).collect();
    let field = |name: &str| read.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    for (name, value) in [
        ("y", "BTCUSDT"),
        ("x", "ETHUSDT"),
        ("units_y", "-0.5"),
        ("units_x", "10"),
        ("price_y", "70000"),
        ("price_x", "2000"),
    ] {
        assert_eq!(field(name), Some(value), "{name} in {file}");
    }
    assert!(field("entered").is_some_and(|time| time.starts_with("2020-01-01T00:00:01")), "{file}");
    for (name, shown) in [("gross", gross), ("net", net)] {
        let exact: f64 = field(name).ok_or("no such field")?.parse()?;
        let words = shown.replace('\u{2212}', "-").replace(',', "");
        let written: f64 = words.trim_start_matches('+').split(' ').next().unwrap_or_default().parse()?;
        assert!((written - exact).abs() <= 0.005 + 1e-9, "{name}: {shown}, {exact}");
    }
    assert_eq!(field("prices"), Some("live"), "{file}");
    browser.click("[data-action=pause]").await?;
    // as another tab that stops following does
    let stopped = "const key = Object.keys(localStorage).find(key => key.endsWith('.position')); localStorage.setItem(key, '');                    window.dispatchEvent(new StorageEvent('storage', { key })); return true";
    browser.script(stopped).await?;
    let gone = "return !!document.querySelector('[data-panel=trade] [data-action=note-position]')";
    browser.until(5, "no position here either", gone).await.map(drop)
}
