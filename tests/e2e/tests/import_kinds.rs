//! Files of every kind through the page: recognised, set by hand, and with one market per column.

use crate::import::{ROWS, STAGE, choose, file, take, tape};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_engine::archive::record::crc32;
use spreadscope_exchange::Config;

type Done = Result<(), Trouble>;

/// The lines above the rows of a file that is not recognised.
const BY_HAND: &str = "written by somebody\nday~last~many\n";

#[tokio::test(flavor = "multi_thread")]
async fn files_are_recognised_set_by_hand_and_wide() -> Done {
    let _turn = beside().await;
    let days = || (2..30).map(|day| (format!("2024-01-{day:02}"), 100.0 + f64::from(day * 7 % 11)));
    let desk = Desk::start("import-kinds", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=import]").await?;

    // two recognised files at once: German, and JSON by columns
    let german = days().fold("sep=;\nDatum;Schluss\n".to_owned(), |text, (day, close)| {
        format!(
            "{text}{}.{}.{};{}\n",
            &day[8..],
            &day[5..7],
            &day[..4],
            format!("{close:.2}").replace('.', ",")
        )
    });
    let list = |of: &dyn Fn((String, f64)) -> String| days().map(of).collect::<Vec<_>>().join(",");
    let times = list(&|(day, _)| format!("\"{day}\""));
    let json = format!(r#"{{"time":[{times}],"close":[{}]}}"#, list(&|(_, close)| close.to_string()));
    let (ko, pep) = (file("KO.csv", &german)?, file("PEP.json", &json)?);
    let both = format!("{}\n{}", ko.to_str().ok_or("no text")?, pep.to_str().ok_or("no text")?);
    browser.keys("input[data-control=file]", &both).await?;
    browser
        .until(
            10,
            "the second file waits",
            "return document.querySelector('[data-waiting]')?.dataset.waiting == 1",
        )
        .await?;
    take(&desk).await?;
    browser
        .until(10, "the first file is told", "return document.querySelectorAll('.finished li').length == 1")
        .await?;
    take(&desk).await?;
    browser.until(10, "the end of the second", &format!("{STAGE} == 'done'")).await?;
    let pair = "return ['y', 'x'].map(leg => document.querySelector(`[data-control=recording-${leg}]`).value).join()";
    assert_eq!(browser.script(pair).await?, "KO,PEP");

    // one that is not recognised, and the next one with the same header
    for (name, again) in [("AAA.csv", false), ("BBB.csv", true)] {
        let text = days()
            .fold(BY_HAND.to_owned(), |text, (day, close)| format!("{text}{day}~{close}~{}\n", day.len()));
        choose(&desk, &file(name, &text)?).await?;
        if !again {
            browser
                .until(10, "the form", "return !!document.querySelector('[data-control=header-line]')")
                .await?;
            let separator = "const field = document.querySelector('[data-control=separator]'); field.append(new Option('~', '~')); field.value = '~'; field.dispatchEvent(new Event('change', { bubbles: true }))";
            browser.script(separator).await?;
            browser
                .until(
                    10,
                    "three columns",
                    "return document.querySelectorAll('.import-rows thead th').length == 5",
                )
                .await?;
            desk.set("[data-control=header-line]", "2").await?;
        }
        browser
            .until(
                10,
                "names of columns",
                "return !!document.querySelector('[aria-label=\"Meaning of last\"]')",
            )
            .await?;
        take(&desk).await?;
        browser.until(10, name, &format!("{STAGE} == 'done'")).await?;
        assert_eq!(browser.script(ROWS).await?, days().count().to_string(), "{name}");
    }

    // one market per column
    let wide = days().fold("Date,Brent,WTI\n".to_owned(), |text, (day, close)| {
        format!("{text}{day},{close},{}\n", close - 5.0)
    });
    choose(&desk, &file("oil.csv", &wide)?).await?;
    take(&desk).await?;
    browser.until(10, "the end of the table", &format!("{STAGE} == 'done'")).await?;
    assert_eq!(browser.script(pair).await?, "BRENT,WTI");
    browser.click("[data-action=show-recording]").await?;
    browser
        .until(20, "the desk", "return document.querySelector('.pill').dataset.phase == 'recording'")
        .await?;
    browser.screenshot("import-kinds").await?;
    desk.finish().await
}

/// Returns an uncompressed zip archive of names and texts.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let long = |length: usize| u32::try_from(length).expect("it is small").to_le_bytes();
    let (mut locals, mut centrals) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let name_length = u16::try_from(name.len()).expect("it is short").to_le_bytes();
        let length = long(text.len());
        let fields = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &crc32(text.as_bytes()).to_le_bytes()[..],
            &length,
            &length,
            &name_length,
            &[0; 2],
        ]
        .concat();
        let at = long(locals.len());
        locals.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), text.as_bytes()].concat());
        centrals.extend([b"PK\x01\x02\x14\0", &fields[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(files.len()).expect("there are few").to_le_bytes();
    let lengths = [long(centrals.len()), long(locals.len())].concat();
    [&locals[..], &centrals, b"PK\x05\x06\0\0\0\0", &count, &count, &lengths, &[0, 0]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_of_an_archive_are_shown_and_taken_one_after_the_other() -> Done {
    let _turn = beside().await;
    let table = |absent: i64| {
        let rows = (2..30_i64).map(|day| {
            let close = if day == absent { "null".to_owned() } else { (100 + day * 7 % 11).to_string() };
            format!("2024-01-{day:02},{close}\r")
        });
        format!("Date,Close\r{}Total,2801\r(c) somebody\r", rows.collect::<String>())
    };
    let (ko, pep) = (table(9), table(10));
    let desk = Desk::start("import-archive", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=import]").await?;
    let path = file("stocks.zip", "")?;
    std::fs::write(&path, zip(&[("readme.txt", "hello"), ("KO.csv", &ko), ("PEP.csv", &pep)]))?;
    choose(&desk, &path).await?;
    let waits = "return document.querySelector('[data-waiting]')?.textContent.includes('stocks.zip/PEP.csv') ?? false";
    browser.until(10, "the second table waits", waits).await?;
    take(&desk).await?;
    browser
        .until(10, "the first table is told", "return document.querySelectorAll('.finished li').length == 1")
        .await?;
    take(&desk).await?;
    browser.until(10, "the end of the second", &format!("{STAGE} == 'done'")).await?;
    assert_eq!(browser.script(ROWS).await?, "27");
    let told =
        browser.script("return document.querySelector('.import-stage').textContent").await?.to_string();
    for sentence in ["The row in line 10 has no price", "The last 2 lines, from line 30 on, are no rows"] {
        assert!(told.contains(sentence), "{told}");
    }
    let pair = "return ['y', 'x'].map(leg => document.querySelector(`[data-control=recording-${leg}]`).value).join()";
    assert_eq!(browser.script(pair).await?, "KO,PEP");
    browser.screenshot("import-archive").await?;
    desk.finish().await
}
