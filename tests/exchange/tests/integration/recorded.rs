//! The recorded tape, where it is at hand.

use crate::client::{get, is_contiguous};
use spreadscope_exchange::tape::recorded;
use spreadscope_exchange::{Config, Exchange, trade_frame};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Where the recording is, or a plain word that there is none.
fn recording() -> Option<PathBuf> {
    let path = recorded::default_path();
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: no recording at {} (SPREADSCOPE_DATA names the folder)", path.display());
    None
}

/// A decimal without the zeros that say nothing.
fn exact(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

#[tokio::test]
async fn rest_answers_with_the_649_bars_of_the_recording() {
    let Some(path) = recording() else { return };
    let mut tape = recorded::tape(&path, &recorded::Spec { history_hours: 1, live_hours: 0 }).unwrap();
    // everything is past
    tape.now_ms += 700_000;
    let exchange =
        Exchange::start(tape, Config { keep_times: true, waits: true, ..Config::default() }).await.unwrap();
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let question = format!(
            "klines?symbol={symbol}&interval=1s&startTime=1723161256000&endTime=1723161904000&limit=1000"
        );
        let rows = get(&exchange, &question).await.json();
        let rows = rows.as_array().unwrap();
        let table = std::fs::read_to_string(path.with_file_name(format!("spot_1s_{symbol}.csv"))).unwrap();
        let lines: Vec<&str> = table.lines().skip(1).collect();
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
fn its_frames_are_rendered_as_they_were_received() {
    let Some(path) = recording() else { return };
    let tape = recorded::tape(&path, &recorded::Spec { history_hours: 0, live_hours: 0 }).unwrap();
    let received: BTreeSet<String> =
        recorded::frames(&path).unwrap().into_iter().map(|frame| frame.text).collect();
    let mut rendered = 0;
    for market in &tape.markets {
        for trade in &market.trades {
            assert!(received.contains(&trade_frame(&market.symbol, trade)), "{trade:?}");
            rendered += 1;
        }
    }
    assert_eq!(rendered, 34_419);
    let streams = ["btcusdt@trade", "ethusdt@trade"];
    assert_eq!(tape.frames(&streams, tape.now_ms, tape.now_ms + 700_000).len(), 34_419);
}

#[test]
fn history_leads_up_to_it_and_it_is_played_again() {
    let Some(path) = recording() else { return };
    let tape = recorded::tape(&path, &recorded::Spec { history_hours: 2, live_hours: 1 }).unwrap();
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
