//! One record of each version that is still read, byte for byte as pages have stored it: a build that cannot read
//! one of these loses what somebody has kept.

use super::record::{self, Kind};
use super::store::{Change, Record};
use super::{BarChunk, TickChunk, choices, imported};
use crate::bars::{Bar, DecimalSum, HalfSpreads, Origin, Traded};
use crate::market::late::LateSpan;
use crate::transfer::recorded::Recorded;
use crate::transfer::spans::Spans;
use crate::{Interval, Symbol, Trade, UnixMillis};
use std::collections::BTreeMap;

const T0: UnixMillis = UnixMillis(1_700_000_040_000);

fn traded() -> Traded {
    Traded {
        open: 37_000.5,
        high: 37_001.0,
        low: 36_999.25,
        close: 37_000.75,
        volume: DecimalSum::of(1.5),
        quote_volume: DecimalSum::of(55_500.0),
        taker_base: DecimalSum::of(0.5),
        taker_quote: DecimalSum::of(18_500.0),
        trades: 3,
        first_trade_id: Some(3_000_000_001),
        last_trade_id: Some(3_000_000_003),
    }
}

fn bars(late: Vec<LateSpan>) -> BarChunk {
    let bars = vec![
        Bar { origin: Origin::History, traded: Some(traded()) },
        Bar { origin: Origin::Missing, traded: None },
        Bar { origin: Origin::Repaired, traded: Some(Traded { first_trade_id: None, ..traded() }) },
    ];
    BarChunk { interval: Interval::OneMinute, first: T0, bars, late }
}

fn ticks() -> TickChunk {
    let trade = |trade_id: u64, price: f64, buyer_is_maker: bool| Trade {
        trade_id,
        trade_time: T0 + 5,
        event_time: T0 + 7,
        price,
        size: 0.25,
        buyer_is_maker,
    };
    TickChunk { trades: vec![trade(41, 0.012_345_67, true), trade(42, 0.012_345_68, false)] }
}

fn recorded() -> Recorded {
    let mut known = Spans::default();
    known.add(T0.0, T0.0 + 120_000);
    Recorded::restored(60_000, BTreeMap::from([(T0.0, traded())]), known)
}

fn import(recorded: &Recorded) -> Vec<Record> {
    let put = |change| if let Change::Put(record) = change { Some(record) } else { None };
    imported::changes(&Symbol::new("KO").unwrap(), Some(recorded)).into_iter().filter_map(put).collect()
}

#[test]
fn bars_of_each_version_are_read_as_they_were_kept() {
    let late = vec![LateSpan { from: T0 + 120_000, to: T0 + 180_000, known_at: T0 + 200_000 }];
    for (version, kept) in [(1, bars(Vec::new())), (2, bars(late))] {
        record::assert_is_stored(&kept.encode(), Kind::Bars, version);
        assert_eq!(BarChunk::decode(&record::stored(Kind::Bars, version)), Ok(kept));
    }
}

#[test]
fn trades_are_read_as_they_were_kept() {
    record::assert_is_stored(&ticks().encode(), Kind::Ticks, 1);
    assert_eq!(TickChunk::decode(&record::stored(Kind::Ticks, 1)), Ok(ticks()));
}

#[test]
fn choices_are_read_as_they_were_kept() {
    let kept = vec![("spreadscope.zone".to_owned(), "utc".to_owned())];
    record::assert_is_stored(&choices::encode(&kept), Kind::Choices, 2);
    assert_eq!(choices::decode(&record::stored(Kind::Choices, 2)), Ok(kept));
}

#[test]
fn recordings_of_each_version_are_read_as_they_were_kept() {
    let books = HalfSpreads::new(vec![(T0, 0.25), (T0 + 60_000, 0.5)]);
    for (version, kept) in [(1, recorded()), (2, recorded().with_half_spreads(books))] {
        let written = import(&kept);
        let [Record { key, bytes }] = &written[..] else { panic!("one part, not {}", written.len()) };
        record::assert_is_stored(bytes, Kind::Import, version);
        let stored = [Record { key: key.clone(), bytes: record::stored(Kind::Import, version) }];
        let (found, unreadable) = imported::read(&stored);
        assert_eq!((found.values().collect::<Vec<_>>(), unreadable), (vec![&kept], None));
    }
}
