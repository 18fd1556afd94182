//! Files that an audit read with wrong numbers and without a word: each with its right values, or its refusal.

use crate::vendors::{bars, import};
use spreadscope_engine::transfer::timestamp;
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;
/// 2024-01-02.
const BEGIN: i64 = 1_704_153_600_000;

fn date(millis: i64) -> String {
    timestamp::format(millis)[..10].to_owned()
}

/// `count` days of open, high, low, close and volume.
fn days(count: i64) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        let open = 100 + at;
        writeln!(text, "{},{open},{},{},{open}.5,7", date(BEGIN + at * DAY), open + 2, open - 2).unwrap();
        text
    })
}

#[test]
fn a_row_near_the_top_whose_time_cannot_be_read_is_refused_and_names_no_market() {
    let header = "Date,Open,High,Low,Close,Volume\n";
    let damaged = [
        "Total,1,2,0.5,1,1",
        ",120,121,119,120.5,9",
        "0,0,0,0,0,0",
        "0000-00-00,0,0,0,0,0",
        "2023-02-30,1,1,1,1,1",
        "N/A,N/A,N/A,N/A,N/A,N/A",
        "-,-,-,-,-,-",
        "date,float64,float64,float64,float64,int64",
    ];
    for header in [header, ""] {
        for row in damaged {
            for times in [1, 3] {
                let above = format!("{row}\n").repeat(times);
                // what stands above rows without names is taken for names where it is words
                if header.is_empty() && !row.contains('0') {
                    continue;
                }
                let (files, report) = import("KO.csv", format!("{header}{above}{}", days(20)).as_bytes());
                let (step, held) = bars(&files, "KO");
                assert_eq!((step, held.len(), report.legs.len()), (DAY, 20, 1), "{row}");
                assert_eq!(report.refusals.count, times as u64, "{row}");
                let (time, first) = held[0];
                assert_eq!(
                    (time, first.open, first.high, first.low, first.close, first.volume.value()),
                    (BEGIN, 100.0, 102.0, 98.0, 100.5, 7.0),
                    "{row}"
                );
            }
        }
    }
    let (files, report) = import("KO.csv", format!("{header}{header}{}", days(20)).as_bytes());
    assert_eq!((bars(&files, "KO").1.len(), report.legs.len(), report.refusals.count), (20, 1, 0));
}
