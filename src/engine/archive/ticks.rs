//! The trades of a minute as a record, for users who store single trades.

use super::columns::{Reader, Writer};
use super::record;
use super::record::{Kind, RecordError};
use crate::bars::ticks::TICKS_KEPT;
use crate::{Trade, UnixMillis};

/// Most trades in one record; a minute with more takes several.
pub(super) const MOST_TRADES: usize = TICKS_KEPT;
/// Prices and sizes that are not whole multiples of 1 / this are kept as bits.
const UNITS: f64 = 1e8;

/// Trades of one market, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TickChunk {
    /// The trades.
    pub trades: Vec<Trade>,
}

impl TickChunk {
    /// The chunk as a record.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.unsigned(self.trades.len() as u128);
        let numbers = |number: fn(&Trade) -> f64| {
            let numbers: Vec<f64> = self.trades.iter().map(number).collect();
            let decimal = numbers.iter().all(|&number| decimal(number).is_some());
            let units = |number: f64| if decimal { decimal_of(number) } else { i128::from(number.to_bits()) };
            (u8::from(!decimal), numbers.into_iter().map(units).collect::<Vec<i128>>())
        };
        let column = |number: fn(&Trade) -> i128| self.trades.iter().map(number).collect::<Vec<i128>>();
        writer.column(&differences(&column(|trade| i128::from(trade.trade_id))));
        writer.column(&differences(&column(|trade| i128::from(trade.trade_time.0))));
        writer.column(&column(|trade| i128::from(trade.event_time.0) - i128::from(trade.trade_time.0)));
        writer.column(&column(|trade| i128::from(trade.buyer_is_maker)));
        for (form, units) in [numbers(|trade| trade.price), numbers(|trade| trade.size)] {
            writer.0.push(form);
            writer.column(&differences(&units));
        }
        record::seal(Kind::Ticks, &writer.0)
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`RecordError`] if `bytes` are not a record, are damaged or of a newer version, or if a column makes no
    /// sense.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(record::open(Kind::Ticks, bytes)?);
        let count = reader.count("number of trades", MOST_TRADES)?;
        let ids = sums(reader.column("ids", count)?);
        let times = sums(reader.column("times", count)?);
        let lags = reader.column("event times", count)?;
        let sides = reader.column("sides", count)?;
        let prices = numbers(&mut reader, "prices", count)?;
        let sizes = numbers(&mut reader, "sizes", count)?;
        reader.end()?;
        let trades = (0..count).map(|at| {
            let wrong = |part: &str| RecordError::content(format!("{part} of trade {at} is out of range"));
            let time = |millis: i128| i64::try_from(millis).ok().map(UnixMillis);
            Ok(Trade {
                trade_id: u64::try_from(ids[at]).ok().ok_or_else(|| wrong("id"))?,
                trade_time: time(times[at]).ok_or_else(|| wrong("time"))?,
                event_time: time(times[at].wrapping_add(lags[at])).ok_or_else(|| wrong("event time"))?,
                price: prices[at],
                size: sizes[at],
                buyer_is_maker: sides[at] == 1,
            })
        });
        Ok(Self { trades: trades.collect::<Result<_, RecordError>>()? })
    }
}

/// The number in units of 1e-8, if that gives exactly the same number back.
fn decimal(number: f64) -> Option<i128> {
    let units = (number * UNITS).round();
    let same = units.abs() < 9e15 && (units / UNITS).to_bits() == number.to_bits();
    #[expect(clippy::cast_possible_truncation, reason = "below 9e15, and whole")]
    same.then_some(units as i128)
}

fn decimal_of(number: f64) -> i128 {
    decimal(number).expect("Invariant: all numbers of the column were asked")
}

fn numbers(reader: &mut Reader<'_>, part: &str, count: usize) -> Result<Vec<f64>, RecordError> {
    let form = reader.byte(part)?;
    let number = |units: i128| match form {
        0 => i64::try_from(units).ok().map(|units| units as f64 / UNITS),
        1 => u64::try_from(units).ok().map(f64::from_bits),
        _ => None,
    };
    sums(reader.column(part, count)?)
        .into_iter()
        .map(|units| number(units).filter(|number| number.is_finite() && *number > 0.0))
        .collect::<Option<Vec<f64>>>()
        .ok_or_else(|| RecordError::content(format!("{part} must be positive numbers")))
}

fn differences(numbers: &[i128]) -> Vec<i128> {
    let before = std::iter::once(&0).chain(numbers);
    numbers.iter().zip(before).map(|(number, before)| number.wrapping_sub(*before)).collect()
}

fn sums(mut differences: Vec<i128>) -> Vec<i128> {
    let mut sum = 0_i128;
    for number in &mut differences {
        sum = sum.wrapping_add(*number);
        *number = sum;
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn trade()(
            trade_id: u64, time in 0_i64..2_000_000_000_000, lag in 0_i64..300,
            cents in 1_u64..10_000_000, bits in 1_u64..0x7fef_ffff_ffff_ffff, odd: bool, buyer_is_maker: bool,
        ) -> Trade {
            Trade {
                trade_id,
                trade_time: UnixMillis(time),
                event_time: UnixMillis(time + lag),
                price: if odd { f64::from_bits(bits) } else { cents as f64 / 100.0 },
                size: cents as f64 / 1e5,
                buyer_is_maker,
            }
        }
    }

    proptest! {
        #[test]
        fn every_chunk_comes_back_bit_for_bit(trades in proptest::collection::vec(trade(), 0..80)) {
            let chunk = TickChunk { trades };
            prop_assert_eq!(TickChunk::decode(&chunk.encode()), Ok(chunk));
        }

        #[test]
        fn any_content_gives_trades_or_an_error(content in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(chunk) = TickChunk::decode(&record::seal(Kind::Ticks, &content)) {
                prop_assert!(chunk.trades.iter().all(|trade| trade.price > 0.0 && trade.size.is_finite()));
            }
        }
    }
}
