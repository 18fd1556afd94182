//! A span of bars as a record: column by column, each number as its difference from a prediction.
//!
//! Prices are whole multiples of the smallest power of ten that holds them all; sums are whole multiples of a
//! power of ten too. What is read equals what was written, bit for bit. If any price has more than eight
//! decimal places, the whole chunk keeps its prices as raw bits.

use super::columns::{Reader, Writer};
use super::record;
use super::record::{Kind, RecordError};
use super::traded;
use crate::bars::Origin;
use crate::bars::{Bar, Traded};
use crate::market::late::LateSpan;
use crate::{Interval, UnixMillis};

/// Most bars in one record: more than any span has, and few enough that no record can fill the memory.
pub const MOST_BARS: usize = 20_000;
/// The version without the times when bars became known; written if there are none.
const WITHOUT_LATE: u8 = 1;
/// Longest time from the close of a bar until it became known: two years.
const LATEST_MILLIS: i64 = 2 * 366 * 86_400_000;

/// Consecutive bars of one market at one interval.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChunk {
    /// Length of a bar.
    pub interval: Interval,
    /// Open time of the first bar.
    pub first: UnixMillis,
    /// The bars, oldest first, without holes; an unknown one is [`Origin::Missing`].
    pub bars: Vec<Bar>,
    /// The bars that became known after their close, as far as this is recorded; oldest first, in spans of
    /// whole bars.
    pub late: Vec<LateSpan>,
}

impl BarChunk {
    /// The chunk as a record.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.0.push(interval_code(self.interval));
        writer.signed(i128::from(self.first.0));
        writer.unsigned(self.bars.len() as u128);
        write_states(&mut writer, &self.bars);
        let traded: Vec<&Traded> = self.bars.iter().filter_map(|bar| bar.traded.as_ref()).collect();
        traded::write(&mut writer, &traded);
        if self.late.is_empty() {
            return record::seal_as(Kind::Bars, WITHOUT_LATE, &writer.0);
        }
        self.write_late(&mut writer);
        record::seal(Kind::Bars, &writer.0)
    }

    /// For each span: how many bars after the previous span it starts, how many bars it has, and how long after
    /// the close of its last bar it became known.
    fn write_late(&self, writer: &mut Writer) {
        let step = self.interval.millis();
        writer.unsigned(self.late.len() as u128);
        let mut before = self.first;
        for span in &self.late {
            for count in [
                span.from.since(before) / step,
                span.to.since(span.from) / step,
                span.known_at.since(span.to),
            ] {
                writer.unsigned(u128::from(count.unsigned_abs()));
            }
            before = span.to;
        }
    }

    fn read_late(
        reader: &mut Reader<'_>,
        open_times: &[UnixMillis],
        step: i64,
    ) -> Result<Vec<LateSpan>, RecordError> {
        let spans = reader.count("late spans", open_times.len())?;
        let (mut late, mut next) = (Vec::with_capacity(spans), 0);
        for _ in 0..spans {
            let first = next + reader.count("start of a late span", open_times.len() - next)?;
            let bars = reader.count("length of a late span", open_times.len() - first)?;
            let millis = reader.unsigned("lateness")?;
            let millis =
                i64::try_from(millis).ok().filter(|millis| *millis <= LATEST_MILLIS).ok_or_else(|| {
                    RecordError::content(format!("lateness must be at most {LATEST_MILLIS} ms, was {millis}"))
                })?;
            next = first + bars;
            let (Some(&from), Some(&last)) =
                (open_times.get(first), open_times[..next].last().filter(|_| bars > 0))
            else {
                return Err(RecordError::content("late spans include one without bars"));
            };
            let to = last + step;
            late.push(LateSpan { from, to, known_at: to + millis });
        }
        Ok(late)
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`RecordError`] if `bytes` are not a record, are damaged or of a newer version, or if a column makes no
    /// sense.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (version, content) = record::open_any(Kind::Bars, bytes)?;
        let mut reader = Reader::new(content);
        let interval = match reader.byte("interval")? {
            0 => Interval::OneSecond,
            1 => Interval::OneMinute,
            2 => Interval::FiveMinutes,
            3 => Interval::OneHour,
            4 => Interval::OneDay,
            5 => Interval::FifteenMinutes,
            6 => Interval::FourHours,
            other => return Err(RecordError::content(format!("interval has the unknown code {other}"))),
        };
        let first = reader.signed("first open time")?;
        let first = i64::try_from(first)
            .ok()
            .map(UnixMillis)
            .filter(|&first| (0..1 << 50).contains(&first.0) && interval.floor(first) == first)
            .ok_or_else(|| {
                RecordError::content(format!("first open time must be on a boundary, was {first}"))
            })?;
        let count = reader.count("number of bars", MOST_BARS)?;
        let states = read_states(&mut reader, count)?;
        let ids: Vec<[bool; 2]> =
            states.iter().filter(|state| state.traded).map(|state| [state.first_id, state.last_id]).collect();
        let mut next = traded::read(&mut reader, &ids)?.into_iter();
        let step = interval.millis();
        let open_times: Vec<UnixMillis> = (0_i64..).map(|at| first + at * step).take(count).collect();
        let late = if version == WITHOUT_LATE {
            Vec::new()
        } else {
            Self::read_late(&mut reader, &open_times, step)?
        };
        reader.end()?;
        let bars = states
            .into_iter()
            .map(|state| Bar { origin: state.origin, traded: state.traded.then(|| next.next()).flatten() })
            .collect();
        Ok(Self { interval, first, bars, late })
    }
}

const fn interval_code(interval: Interval) -> u8 {
    match interval {
        Interval::OneSecond => 0,
        Interval::OneMinute => 1,
        Interval::FiveMinutes => 2,
        Interval::OneHour => 3,
        Interval::OneDay => 4,
        Interval::FifteenMinutes => 5,
        Interval::FourHours => 6,
    }
}

/// The contents of the state byte of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    origin: Origin,
    traded: bool,
    first_id: bool,
    last_id: bool,
}

impl State {
    fn of(bar: &Bar) -> Self {
        let known = |id: fn(&Traded) -> Option<u64>| bar.traded.as_ref().is_some_and(|t| id(t).is_some());
        Self {
            origin: bar.origin,
            traded: bar.traded.is_some(),
            first_id: known(|traded| traded.first_trade_id),
            last_id: known(|traded| traded.last_trade_id),
        }
    }

    const fn code(self) -> u8 {
        let origin = match self.origin {
            Origin::Live => 0,
            Origin::History => 1,
            Origin::Missing => 2,
            Origin::Outage => 3,
            Origin::Repaired => 4,
            Origin::Polled => 5,
        };
        origin | (self.traded as u8) << 4 | (self.first_id as u8) << 5 | (self.last_id as u8) << 6
    }

    fn read(code: u8) -> Result<Self, RecordError> {
        let origin = match code & 0x0f {
            0 => Origin::Live,
            1 => Origin::History,
            2 => Origin::Missing,
            3 => Origin::Outage,
            4 => Origin::Repaired,
            5 => Origin::Polled,
            _ => return Err(RecordError::content(format!("origin has the unknown code {code}"))),
        };
        let bit = |place: u8| code >> place & 1 == 1;
        Ok(Self { origin, traded: bit(4), first_id: bit(5), last_id: bit(6) })
    }
}

/// Writes the states as runs of equal ones.
fn write_states(writer: &mut Writer, bars: &[Bar]) {
    let states: Vec<u8> = bars.iter().map(|bar| State::of(bar).code()).collect();
    for run in states.chunk_by(|one, next| one == next) {
        writer.0.push(run[0]);
        writer.unsigned(run.len() as u128);
    }
}

fn read_states(reader: &mut Reader<'_>, count: usize) -> Result<Vec<State>, RecordError> {
    let mut states = Vec::with_capacity(count);
    while states.len() < count {
        let state = State::read(reader.byte("origins")?)?;
        let run = reader.count("origins", count - states.len())?;
        if run == 0 {
            return Err(RecordError::content("origins have a run of no bars"));
        }
        states.resize(states.len() + run, state);
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::DecimalSum;
    use proptest::prelude::*;

    fn price() -> impl Strategy<Value = f64> {
        prop_oneof![
            (1_u64..9_000_000_000).prop_map(|cents| cents as f64 / 100.0),
            (1_u64..9_000_000_000).prop_map(|units| units as f64 / 1e8),
            (1_u64..0x7fef_ffff_ffff_ffff).prop_map(f64::from_bits),
        ]
    }

    fn sum() -> impl Strategy<Value = DecimalSum> {
        let units = prop_oneof![Just(0), 0_u128..1_000_000_000, any::<u128>()];
        units.prop_map(DecimalSum::from_units)
    }

    fn id() -> impl Strategy<Value = Option<u64>> {
        prop_oneof![Just(None), (1_u64..1_000).prop_map(Some), any::<u64>().prop_map(Some)]
    }

    /// Consecutive spans of whole bars within the chunk below.
    fn late(bars: usize) -> impl Strategy<Value = Vec<LateSpan>> {
        proptest::collection::vec((0_i64..4, 1_i64..4, 0_i64..90_000), 0..6).prop_map(move |parts| {
            let (mut at, mut late) = (0_i64, Vec::new());
            for (gap, length, millis) in parts {
                let (first, end) = (at + gap, at + gap + length);
                at = end;
                if usize::try_from(end).unwrap() > bars {
                    break;
                }
                let [from, to] = [first, end].map(|place| START + place * 60_000);
                late.push(LateSpan { from, to, known_at: to + millis });
            }
            late
        })
    }

    prop_compose! {
        fn traded()(
            [open, high, low, close] in [price(), price(), price(), price()],
            [volume, quote_volume, taker_base, taker_quote] in [sum(), sum(), sum(), sum()],
            trades: u32,
            [first_trade_id, last_trade_id] in [id(), id()],
        ) -> Traded {
            Traded {
                open, high, low, close, volume, quote_volume, taker_base, taker_quote, trades,
                first_trade_id, last_trade_id,
            }
        }
    }

    fn bar() -> impl Strategy<Value = Bar> {
        const ORIGINS: [Origin; 5] =
            [Origin::Live, Origin::History, Origin::Missing, Origin::Outage, Origin::Repaired];
        let traded = proptest::option::of(traded());
        (proptest::sample::select(&ORIGINS[..]), traded).prop_map(|(origin, traded)| Bar { origin, traded })
    }

    const START: UnixMillis = UnixMillis(1_700_000_040_000);

    fn chunk(bars: Vec<Bar>) -> BarChunk {
        BarChunk { interval: Interval::OneMinute, first: START, bars, late: Vec::new() }
    }

    /// A typical second of a busy market: prices in cents, consecutive ids.
    fn usual(second: u32) -> Bar {
        let wave = f64::from(second % 40);
        let volume = DecimalSum::of(0.25 + wave / 100.0);
        let quote_volume = DecimalSum::of(15_000.123_45 + wave * 611.07);
        Bar {
            origin: Origin::Live,
            traded: Some(Traded {
                open: 61_000.01 + wave,
                high: 61_000.03 + wave,
                low: 60_999.55 + wave,
                close: 61_000.02 + wave,
                volume,
                quote_volume,
                taker_base: volume,
                taker_quote: quote_volume,
                trades: 10,
                first_trade_id: Some(4_000_000_000 + 10 * u64::from(second)),
                last_trade_id: Some(4_000_000_009 + 10 * u64::from(second)),
            }),
        }
    }

    #[test]
    fn an_hour_of_usual_seconds_costs_a_few_bytes_a_second() {
        let chunk = chunk((0..3_600).map(usual).collect());
        let bytes = chunk.encode();
        assert!(bytes.len() < 3_600 * 16, "{}", bytes.len());
        assert_eq!(BarChunk::decode(&bytes), Ok(chunk));
    }

    #[test]
    fn what_is_wrong_with_a_whole_record_is_named() {
        let refused =
            |content: &[u8]| BarChunk::decode(&record::seal(Kind::Bars, content)).unwrap_err().to_string();
        assert_eq!(refused(&[9]), "its interval has the unknown code 9");
        assert_eq!(refused(&[0, 2, 0]), "its first open time must be on a boundary, was 1");
        assert!(refused(&[0, 0, 0xff, 0xff, 0x7f]).contains("number of bars must be at most 20000"));
        assert_eq!(refused(&[0, 0, 1, 7, 1]), "its origin has the unknown code 7");
        assert_eq!(refused(&[0, 0, 1, 0, 5]), "its origins must be at most 1, was 5");
    }

    #[test]
    fn bars_that_were_on_time_are_written_as_builds_before_wrote_them_and_read_them() {
        let on_time = chunk(vec![usual(0), usual(1)]);
        let late = LateSpan { from: START, to: START + 60_000, known_at: START + 95_000 };
        let bytes = on_time.encode();
        assert_eq!((bytes[5], BarChunk::decode(&bytes).unwrap().late), (1, Vec::new()));
        let bytes = BarChunk { late: vec![late], ..on_time }.encode();
        assert_eq!((bytes[5], BarChunk::decode(&bytes).unwrap().late), (2, vec![late]));
    }

    proptest! {
        #[test]
        fn every_chunk_comes_back_bit_for_bit(
            (bars, late) in proptest::collection::vec(bar(), 0..60)
                .prop_flat_map(|bars| { let late = late(bars.len()); (Just(bars), late) }),
        ) {
            let chunk = BarChunk { late, ..chunk(bars) };
            prop_assert_eq!(BarChunk::decode(&chunk.encode()), Ok(chunk));
        }

        #[test]
        fn a_cut_or_changed_chunk_is_refused(at in 0_usize..2_000, change in 1_u8..=255) {
            let bytes = chunk((0..60).map(usual).collect()).encode();
            let at = at % bytes.len();
            prop_assert!(BarChunk::decode(&bytes[..at]).is_err());
            let mut changed = bytes;
            changed[at] ^= change;
            prop_assert!(BarChunk::decode(&changed).is_err());
        }

        #[test]
        fn any_content_gives_sensible_bars_or_an_error(content in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(chunk) = BarChunk::decode(&record::seal(Kind::Bars, &content)) {
                prop_assert!(chunk.bars.len() <= MOST_BARS);
                for traded in chunk.bars.iter().filter_map(|bar| bar.traded.as_ref()) {
                    prop_assert!(traded.open > 0.0 && traded.high.is_finite());
                }
            }
        }
    }
}
