//! Tapes made from logs of frames: the seeded one, and the recorded one if it is available.

use crate::client::{get, is_contiguous};
use spreadscope_exchange::tape::{log, recorded};
use spreadscope_exchange::{Config, Exchange, trade_frame};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn seeded() -> PathBuf {
    log::folder().join(log::FRAMES)
}

/// Returns the lines of a table of bars beside a log, without the header.
fn bars(path: &Path) -> Vec<String> {
    let table = std::fs::read_to_string(path).unwrap();
    table.lines().skip(1).map(str::to_owned).collect()
}

/// Returns a decimal without trailing zeros.
fn exact(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

#[tokio::test]
async fn rest_answers_with_the_649_bars_of_the_log() {
    rest_answers_with_its_bars(&seeded(), log::bars_file).await;
}

#[tokio::test]
async fn rest_answers_with_the_649_bars_of_the_recording() {
    let Some(path) = recorded::file(recorded::FRAMES) else { return };
    rest_answers_with_its_bars(&path, |symbol| format!("spot_1s_{symbol}.csv")).await;
}

async fn rest_answers_with_its_bars(path: &Path, bars_file: impl Fn(&str) -> String) {
    let mut tape = recorded::tape(path, &recorded::Spec { history_hours: 1, live_hours: 0 }).unwrap();
    // everything is in the past
    tape.now_ms += 700_000;
    let exchange =
        Exchange::start(tape, Config { keep_times: true, waits: true, ..Config::default() }).await.unwrap();
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let lines = bars(&path.with_file_name(bars_file(symbol)));
        let open = |line: Option<&String>| line.unwrap().split(',').next().unwrap().to_owned();
        let span = (open(lines.first()), open(lines.last()));
        let request =
            format!("klines?symbol={symbol}&interval=1s&startTime={}&endTime={}&limit=1000", span.0, span.1);
        let rows = get(&exchange, &request).await.json();
        let rows = rows.as_array().unwrap();
        assert_eq!((rows.len(), lines.len()), (649, 649));
        for (row, line) in rows.iter().zip(lines) {
            for (column, field) in line.split(',').take(11).enumerate() {
                let told = row[column].as_str().map_or_else(|| row[column].to_string(), str::to_owned);
                assert_eq!(exact(&told), exact(field), "column {column} of {line}");
            }
        }
    }
}

#[test]
fn the_frames_of_the_log_are_rendered_as_they_were_received() {
    frames_are_rendered_as_they_were_received(&seeded());
}

#[test]
fn the_frames_of_the_recording_are_rendered_as_they_were_received() {
    let Some(path) = recorded::file(recorded::FRAMES) else { return };
    frames_are_rendered_as_they_were_received(&path);
}

fn frames_are_rendered_as_they_were_received(path: &Path) {
    let tape = recorded::tape(path, &recorded::Spec { history_hours: 0, live_hours: 0 }).unwrap();
    let received: BTreeSet<String> =
        recorded::frames(path).unwrap().into_iter().map(|frame| frame.text).collect();
    let mut rendered = 0;
    for market in &tape.markets {
        for trade in &market.trades {
            assert!(received.contains(&trade_frame(&market.symbol, trade)), "{trade:?}");
            rendered += 1;
        }
    }
    assert_eq!(rendered, received.len());
    let streams = ["btcusdt@trade", "ethusdt@trade"];
    assert_eq!(tape.frames(&streams, tape.now_ms, tape.now_ms + 700_000).len(), rendered);
}

#[test]
fn history_leads_up_to_the_log_and_it_is_played_again() {
    history_leads_up_to_it_and_it_is_played_again(&seeded());
}

#[test]
fn history_leads_up_to_the_recording_and_it_is_played_again() {
    let Some(path) = recorded::file(recorded::FRAMES) else { return };
    history_leads_up_to_it_and_it_is_played_again(&path);
}

fn history_leads_up_to_it_and_it_is_played_again(path: &Path) {
    let tape = recorded::tape(path, &recorded::Spec { history_hours: 2, live_hours: 1 }).unwrap();
    for market in &tape.markets {
        let ids: Vec<u64> = market.trades.iter().map(|trade| trade.id).collect();
        assert!(is_contiguous(&ids), "{}", market.symbol);
        let past = market.pushed_by(tape.now_ms);
        let (last, next) = (past[past.len() - 1], market.trades[past.len()]);
        assert!(next.time_ms - last.time_ms < 5_000);
        assert!((next.price_e8 as f64 / last.price_e8 as f64 - 1.0).abs() < 1e-3);
        assert!(market.trades[0].time_ms < tape.now_ms - 7_100_000);
        assert!(market.trades[ids.len() - 1].time_ms > tape.now_ms + 3_600_000);
        assert!(market.trades.windows(2).all(|pair| pair[0].event_ms <= pair[1].event_ms));
    }
}

#[test]
fn a_file_that_is_no_recording_is_refused_in_plain_words() {
    let path = std::env::temp_dir().join(format!("spreadscope-no-recording-{}.gz", std::process::id()));
    assert!(recorded::frames(&path).unwrap_err().to_string().contains("spreadscope-no-recording"));
    let mut packed =
        flate2::read::GzEncoder::new(&b"1 {\"stream\":1}\nx {}\n"[..], flate2::Compression::fast());
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut packed, &mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let error = recorded::frames(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(error, "line 2: the receive time is not a number");
}
