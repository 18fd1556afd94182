//! A link to a backtest of a recording, whose bars are in no link: the page asks for the files, and then runs the same.

use crate::backtest::{market, native_run, numbers_agree};
use crate::import::files::Files;
use crate::import::{STAGE, archive, choose, file, take};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Interval, Pair, Settings, Symbol};
use spreadscope_exchange::Config;

const LINK: &str = "#/backtest?y=BTCUSDT&x=ETHUSDT&interval=1s&z_window_bars=90&recording=0.0&backtest=entry_z:2.5~fill:next_close";

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_linked_recording_give_its_run_at_once() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = market();
    let desk = Desk::start("recording-link", tape.clone(), Config::default()).await?;
    let browser = &desk.browser;
    browser.open(&format!("{}{LINK}", desk.address)).await?;
    let asked = "return document.body.innerText.includes('import its files with Import, and it opens as in the link')";
    browser.until(30, "what is missing", asked).await?;

    let mut native = Files::new();
    browser.click("[data-action=import]").await?;
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let (name, text) = (format!("{symbol}-link.csv"), archive(&tape, symbol)?);
        native.import(&name, text.clone().into_bytes())?;
        choose(&desk, &file(&name, &text)?).await?;
        take(&desk).await?;
        browser.until(30, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    }
    let pair = Pair { y: Symbol::new("BTCUSDT")?, x: Symbol::new("ETHUSDT")? };
    let interval = Interval::OneSecond;
    let settings =
        Settings { source: Source::Recording, pair, interval, z_window_bars: 90, ..Settings::default() };
    native.show(settings.clone());
    let (_, expected) = native_run(&native, &settings, &[("entry_z", "2.5"), ("fill", "next_close")])?;
    assert!(expected.trades >= 10, "{} round trips", expected.trades);
    // until then the page may show a run over the live market
    let trades = expected.trades;
    let there = format!(
        "return document.querySelector('.pill')?.dataset.phase == 'recording' && document.querySelector('[data-metric=trades]')?.dataset.value == '{trades}'"
    );
    browser.until(30, "the same run", &there).await?;
    numbers_agree(browser, &expected).await?;
    desk.finish().await
}
