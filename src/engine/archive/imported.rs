//! Imported recordings in the store: a market's recording in records of at most [`MOST_BARS`] bars, which are
//! written together, and read together or not at all.

use super::bars::MOST_BARS;
use super::columns::{Reader, Writer};
use super::key;
use super::record;
use super::record::{Kind, RecordError};
use super::store::{Change, Record};
use super::traded;
use crate::bars::{HalfSpreads, Traded};
use crate::transfer::recorded::Recorded;
use crate::transfer::spans;
use crate::transfer::spans::Spans;
use crate::{Symbol, UnixMillis};
use std::collections::BTreeMap;

/// The version without books; a recording that has none is written in it.
const WITHOUT_BOOKS: u8 = 1;
/// Most records of one market: far more than can be in memory.
const MOST_PARTS: usize = 1_000;

/// Recordings by market.
pub(crate) type Recordings = BTreeMap<Symbol, Recorded>;

/// The changes that replace the stored recording of `symbol` with `recorded`; `None` deletes it.
pub(super) fn changes(symbol: &Symbol, recorded: Option<&Recorded>) -> Vec<Change> {
    let prefix = key::import_prefix(symbol);
    let mut changes = vec![Change::DeleteAll(prefix.clone())];
    let Some(recorded) = recorded else { return changes };
    let bars: Vec<(UnixMillis, &Traded)> = recorded.traded().collect();
    let books: Vec<(UnixMillis, f64)> = recorded.half_spreads().iter().collect();
    // a recording without bars still records the time in which there were none
    let parts = bars.len().max(books.len()).div_ceil(MOST_BARS).max(1);
    let (mut chunks, mut book_chunks) = (bars.chunks(MOST_BARS), books.chunks(MOST_BARS));
    for part in 0..parts {
        let bars = chunks.next().unwrap_or_default();
        let books = book_chunks.next().unwrap_or_default();
        let bytes = encode(recorded, (part, parts), bars, books);
        changes.push(Change::Put(Record { key: format!("{prefix}{part:04}"), bytes }));
    }
    changes
}

fn encode(
    recorded: &Recorded,
    (part, parts): (usize, usize),
    bars: &[(UnixMillis, &Traded)],
    books: &[(UnixMillis, f64)],
) -> Vec<u8> {
    let mut writer = Writer::default();
    for number in [part, parts, bars.len()] {
        writer.unsigned(number as u128);
    }
    writer.signed(recorded.step_millis().into());
    // the first part holds all known stretches
    let known: Vec<(i64, i64)> = recorded.known().iter().filter(|_| part == 0).collect();
    writer.unsigned(known.len() as u128);
    let mut before = 0;
    let edges = known.into_iter().flat_map(|(from, to)| [from, to]);
    let open_times = bars.iter().map(|(open_time, _)| open_time.0);
    let times: Vec<i128> = edges
        .chain(open_times)
        .map(|time| i128::from(time) - core::mem::replace(&mut before, i128::from(time)))
        .collect();
    writer.column(&times);
    let ids = bars.iter().map(|(_, traded)| {
        i128::from(traded.first_trade_id.is_some()) | i128::from(traded.last_trade_id.is_some()) << 1
    });
    writer.column(&ids.collect::<Vec<_>>());
    traded::write(&mut writer, &bars.iter().map(|(_, traded)| *traded).collect::<Vec<_>>());
    if books.is_empty() {
        return record::seal_as(Kind::Import, WITHOUT_BOOKS, &writer.0);
    }
    writer.unsigned(books.len() as u128);
    let mut before = 0;
    let times = books.iter().map(|(time, _)| i128::from(time.0 - core::mem::replace(&mut before, time.0)));
    writer.column(&times.collect::<Vec<_>>());
    // half-spreads that are near each other share their first bits
    let mut before = 0;
    let bits = books.iter().map(|(_, bps)| {
        let bits = i128::from(bps.to_bits());
        bits - core::mem::replace(&mut before, bits)
    });
    writer.column(&bits.collect::<Vec<_>>());
    record::seal(Kind::Import, &writer.0)
}

/// Reads records in the order of their names; the sentence names the last unusable one.
pub(super) fn read(records: &[Record]) -> (Recordings, Option<String>) {
    let (mut found, mut unreadable) = (Recordings::new(), None);
    for parts in records.chunk_by(|one, next| key::import_of(&one.key) == key::import_of(&next.key)) {
        let Some(symbol) = parts.first().and_then(|part| key::import_of(&part.key)) else { continue };
        match join(parts) {
            Ok(recorded) => drop(found.insert(symbol, recorded)),
            Err(error) => {
                unreadable = Some(format!(
                    "The stored recording of {symbol} could not be read and is left out: {error}."
                ));
            }
        }
    }
    (found, unreadable)
}

fn join(records: &[Record]) -> Result<Recorded, RecordError> {
    let (mut known, mut bars, mut books) = (Spans::default(), BTreeMap::new(), Vec::new());
    let mut of_all = None;
    for (place, Record { bytes, .. }) in records.iter().enumerate() {
        let (version, content) = record::open_any(Kind::Import, bytes)?;
        let mut reader = Reader::new(content);
        let part = reader.count("part", MOST_PARTS)?;
        let parts = reader.count("number of parts", MOST_PARTS)?;
        let count = reader.count("number of bars", MOST_BARS)?;
        let step = i64::try_from(reader.signed("length of a bar")?)
            .ok()
            .filter(|&step| Recorded::is_step(step))
            .ok_or_else(|| RecordError::content("bars have an unknown length"))?;
        if part != place || *of_all.get_or_insert((parts, step)) != (parts, step) {
            return Err(RecordError::content("parts are not of one recording"));
        }
        let stretches = reader.count("known stretches", spans::MOST)?;
        let mut time = 0_i128;
        let times = reader.column("times", 2 * stretches + count)?.into_iter().map(|difference| {
            time = time.wrapping_add(difference);
            i64::try_from(time)
                .ok()
                .filter(|time| (0..1 << 50).contains(time))
                .ok_or_else(|| RecordError::content(format!("times hold {time}")))
        });
        let times: Vec<i64> = times.collect::<Result<_, _>>()?;
        let (edges, open_times) = times.split_at(2 * stretches);
        for edge in edges.chunks_exact(2) {
            known.add(edge[0], edge[1]);
        }
        let ids = reader.column("ids", count)?.into_iter().map(|ids| [ids & 1 != 0, ids & 2 != 0]);
        let traded = traded::read(&mut reader, &ids.collect::<Vec<_>>())?;
        if version != WITHOUT_BOOKS {
            read_books(&mut reader, &mut books)?;
        }
        reader.end()?;
        if let Some(off) = open_times.iter().find(|&time| time.rem_euclid(step) != 0) {
            return Err(RecordError::content(format!("open time must be on a boundary, was {off}")));
        }
        bars.extend(open_times.iter().copied().zip(traded));
    }
    match of_all {
        Some((parts, step)) if parts == records.len() => {
            Ok(Recorded::restored(step, bars, known).with_half_spreads(HalfSpreads::new(books)))
        }
        _ => Err(RecordError::content("parts are not all here")),
    }
}

/// Reads the half-spreads of a part behind those of the parts before it.
fn read_books(reader: &mut Reader<'_>, books: &mut Vec<(UnixMillis, f64)>) -> Result<(), RecordError> {
    let count = reader.count("number of books", MOST_BARS)?;
    let times = reader.column("times of books", count)?;
    let bits = reader.column("half-spreads", count)?;
    let (mut time, mut spread) = (0_i128, 0_i128);
    for (time_step, spread_step) in times.into_iter().zip(bits) {
        time = time.wrapping_add(time_step);
        spread = spread.wrapping_add(spread_step);
        let follows = |time: &i64| books.last().is_none_or(|(last, _)| last.0 < *time);
        let open_time = i64::try_from(time).ok().filter(follows);
        let bps = u64::try_from(spread).ok().map(f64::from_bits).filter(|bps| (0.0..=1e4).contains(bps));
        let Some((open_time, bps)) = open_time.zip(bps) else {
            return Err(RecordError::content(format!("books hold {time} with {spread}")));
        };
        books.push((UnixMillis(open_time), bps));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::DecimalSum;

    const T0: i64 = 1_700_006_400_000;

    /// A bar every two seconds, one in three with ids, and a hole of a day.
    fn recorded(bars: i64) -> Recorded {
        let mut known = Spans::default();
        let mut traded = BTreeMap::new();
        for place in 0..bars {
            let day = if place < bars / 2 { 0 } else { 86_400_000 };
            let open_time = T0 + day + 2_000 * place;
            let price = 100.0 + (place % 7) as f64 / 4.0;
            let id = u64::try_from(place * 10).ok().filter(|_| place % 3 == 0);
            let bar = Traded {
                open: price,
                high: price + 1.0,
                low: price - 1.0,
                close: price + 0.25,
                volume: DecimalSum::of(1.5),
                quote_volume: DecimalSum::of(150.0),
                taker_base: DecimalSum::ZERO,
                taker_quote: DecimalSum::ZERO,
                trades: 3,
                first_trade_id: id,
                last_trade_id: id.map(|id| id + 2),
            };
            traded.insert(open_time, bar);
            known.add(open_time - 1_000, open_time + 1_000);
        }
        Recorded::restored(1_000, traded, known)
    }

    /// The same with a book in each second, of which there are more than of bars.
    fn with_books(bars: i64) -> Recorded {
        let book = |place: i64| (UnixMillis(T0 + 1_000 * place), 0.01 * (place % 9) as f64);
        recorded(bars).with_half_spreads(HalfSpreads::new((0..2 * bars).map(book).collect()))
    }

    fn records(symbol: &Symbol, recorded: &Recorded) -> Vec<Record> {
        let put = |change| if let Change::Put(record) = change { Some(record) } else { None };
        changes(symbol, Some(recorded)).into_iter().filter_map(put).collect()
    }

    #[test]
    fn recordings_come_back_as_they_were_in_however_many_parts() {
        let symbols = ["BTCUSDT", "BTCUSDT2"].map(|name| Symbol::new(name).unwrap());
        let bars = i64::try_from(MOST_BARS).unwrap();
        for (counts, parts) in [([0, 5], 2), ([2 * bars + 1, bars], 4)] {
            let kept = counts.map(recorded);
            let mut stored: Vec<Record> =
                symbols.iter().zip(&kept).flat_map(|(symbol, recorded)| records(symbol, recorded)).collect();
            stored.sort_by(|one, other| one.key.cmp(&other.key));
            assert_eq!(stored.len(), parts);
            let expected: Recordings = symbols.iter().cloned().zip(kept).collect();
            assert_eq!(read(&stored), (expected, None));
        }
    }

    #[test]
    fn books_come_back_with_their_recording_and_one_without_them_is_written_as_ever() {
        let symbol = Symbol::new("BTCUSDT").unwrap();
        let bars = i64::try_from(MOST_BARS).unwrap();
        for (kept, parts) in [(with_books(7), 1), (with_books(bars - 1), 2), (with_books(0), 1)] {
            let stored = records(&symbol, &kept);
            assert_eq!(stored.len(), parts);
            let versions: Vec<u8> = stored.iter().map(|record| record.bytes[5]).collect();
            assert_eq!(versions, vec![if kept.half_spreads().is_empty() { 1 } else { 2 }; parts]);
            let (found, unreadable) = read(&stored);
            assert_eq!((&found[&symbol], unreadable), (&kept, None));
        }
        // books that are not in order, or are no half-spreads, are none of ours
        let mut writer = Writer::default();
        for spread in [-1.0, 1e4 + 1.0, f64::NAN, f64::INFINITY] {
            writer.0.clear();
            writer.unsigned(1);
            writer.column(&[5]);
            writer.column(&[i128::from(f64::to_bits(spread))]);
            assert!(read_books(&mut Reader::new(&writer.0), &mut Vec::new()).is_err(), "{spread}");
        }
        writer.0.clear();
        writer.unsigned(2);
        writer.column(&[5, 0]);
        writer.column(&[0, 0]);
        assert!(read_books(&mut Reader::new(&writer.0), &mut Vec::new()).is_err());
    }

    #[test]
    fn a_recording_of_which_a_part_is_damaged_or_gone_is_named_and_the_others_are_there() {
        let [btc, eth] = ["BTCUSDT", "ETHUSDT"].map(|name| Symbol::new(name).unwrap());
        let (whole, long) = (recorded(9), recorded(i64::try_from(MOST_BARS).unwrap() + 1));
        let stored = || [records(&btc, &long), records(&eth, &whole)].concat();
        let expected = Recordings::from([(eth.clone(), whole.clone())]);
        let mut damaged = stored();
        damaged[1].bytes[9] ^= 1;
        for records in [damaged, stored().split_off(1), [&stored()[..1], &stored()[2..]].concat()] {
            let (found, unreadable) = read(&records);
            assert_eq!(found, expected);
            assert!(unreadable.unwrap().contains("BTCUSDT"));
        }
    }
}
