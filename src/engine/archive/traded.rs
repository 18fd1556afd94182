//! The trades of each bar of a chunk, column by column, each number as its difference from a prediction.

use super::columns::{Reader, Writer, unzigzag, zigzag};
use super::record::RecordError;
use crate::bars::Traded;
use crate::base::decimal::{self, DecimalSum};

/// Prices as raw bits, since no power of ten holds them.
const RAW: u8 = 255;
/// Most decimal places: those of the format's own unit.
const MOST_PLACES: u8 = 8;

/// Writes all columns, except whether a bar has ids.
pub(super) fn write(writer: &mut Writer, traded: &[&Traded]) {
    write_prices(writer, traded);
    write_sums(writer, traded);
    write_counts(writer, traded);
}

/// Reads what [`write`] wrote; `ids` says for each bar whether its first and its last id are known.
pub(super) fn read(reader: &mut Reader<'_>, ids: &[[bool; 2]]) -> Result<Vec<Traded>, RecordError> {
    let mut traded = vec![NOTHING; ids.len()];
    read_prices(reader, &mut traded)?;
    read_sums(reader, &mut traded)?;
    read_counts(reader, &mut traded, ids)?;
    Ok(traded)
}

const NOTHING: Traded = Traded {
    open: 0.0,
    high: 0.0,
    low: 0.0,
    close: 0.0,
    volume: DecimalSum::ZERO,
    quote_volume: DecimalSum::ZERO,
    taker_base: DecimalSum::ZERO,
    taker_quote: DecimalSum::ZERO,
    trades: 0,
    first_trade_id: None,
    last_trade_id: None,
};

/// The fewest decimal places that hold every price exactly, or [`RAW`].
fn places_of(traded: &[&Traded]) -> u8 {
    let prices = || traded.iter().flat_map(|t| [t.open, t.high, t.low, t.close]);
    (0..=MOST_PLACES)
        .find(|&places| prices().all(|price| exact_units(price, places).is_some()))
        .unwrap_or(RAW)
}

fn power_of_ten(places: u8) -> u64 {
    10_u64.pow(u32::from(places))
}

/// `price` as a whole number of `10^-places`, if dividing that number gives exactly the same price back.
fn exact_units(price: f64, places: u8) -> Option<i128> {
    let power = power_of_ten(places) as f64;
    let units = (price * power).round();
    // both are below 2^53 and so exact: their quotient is the number nearest to the decimal, as in parsing
    let same = units.abs() < 9e15 && (units / power).to_bits() == price.to_bits();
    #[expect(clippy::cast_possible_truncation, reason = "below 9e15, and whole")]
    same.then_some(units as i128)
}

fn units_of(price: f64, places: u8) -> i128 {
    match places {
        RAW => i128::from(price.to_bits()),
        places => exact_units(price, places).expect("Invariant: these places hold every price of the chunk"),
    }
}

fn price_of(units: i128, places: u8) -> Option<f64> {
    let price = match places {
        RAW => f64::from_bits(u64::try_from(units).ok()?),
        places => {
            let units = i64::try_from(units).ok().filter(|units| units.abs() < 9_000_000_000_000_000)?;
            units as f64 / power_of_ten(places) as f64
        }
    };
    (price.is_finite() && price > 0.0).then_some(price)
}

/// Writes open relative to the previous close, close relative to open, high and low relative to the nearer of
/// the two.
fn write_prices(writer: &mut Writer, traded: &[&Traded]) {
    let places = places_of(traded);
    writer.0.push(places);
    let mut columns = [const { Vec::new() }; 4];
    let mut before = 0;
    for bar in traded {
        let [open, high, low, close] =
            [bar.open, bar.high, bar.low, bar.close].map(|price| units_of(price, places));
        let differences = [open - before, close - open, high - open.max(close), open.min(close) - low];
        for (column, difference) in columns.iter_mut().zip(differences) {
            column.push(difference);
        }
        before = close;
    }
    for column in &columns {
        writer.column(column);
    }
}

fn read_prices(reader: &mut Reader<'_>, traded: &mut [Traded]) -> Result<(), RecordError> {
    let places = reader.byte("decimal places")?;
    if places > MOST_PLACES && places != RAW {
        return Err(RecordError::content(format!("decimal places must be at most 8, were {places}")));
    }
    let mut columns = Vec::new();
    for part in ["opens", "closes", "highs", "lows"] {
        columns.push(reader.column(part, traded.len())?);
    }
    let mut before = 0_i128;
    for (at, bar) in traded.iter_mut().enumerate() {
        let open = before.wrapping_add(columns[0][at]);
        let close = open.wrapping_add(columns[1][at]);
        let high = open.max(close).wrapping_add(columns[2][at]);
        let low = open.min(close).wrapping_sub(columns[3][at]);
        for (place, units, part) in [
            (&mut bar.open, open, "open"),
            (&mut bar.high, high, "high"),
            (&mut bar.low, low, "low"),
            (&mut bar.close, close, "close"),
        ] {
            *place = price_of(units, places).ok_or_else(|| {
                RecordError::content(format!("{part} of traded bar {at} must be a positive price"))
            })?;
        }
        before = close;
    }
    Ok(())
}

/// The format's unit of sums, in units of [`DecimalSum`]; finer ones are used where necessary.
const UNIT: u128 = 100_000_000;

/// The step of a code, in units of [`DecimalSum`]: 0 to 8 are powers of ten of the format's unit, 9 to 16 are
/// the finer steps.
fn step_of(code: u8) -> Option<u128> {
    let power = match code {
        coarse @ 0..=8 => 8 + coarse,
        fine @ 9..=16 => 16 - fine,
        _ => return None,
    };
    Some(10_u128.pow(power.into()))
}

/// The code of the largest step, a power of ten of at most 1, that divides all of these sums.
fn common_step(traded: &[&Traded], sums: [fn(&Traded) -> DecimalSum; 2]) -> u8 {
    const MOST: u8 = 16;
    let mut sums = traded.iter().flat_map(|bar| sums.map(|sum| sum(bar).units()));
    let power = |sum: u128, most: u8| {
        (0..=most).rev().find(|&power| sum.is_multiple_of(10_u128.pow(power.into()))).unwrap_or(0)
    };
    let first = sums.next().unwrap_or(0);
    match sums.fold(power(first, MOST), |most, sum| power(sum, most)) {
        coarse @ 8.. => coarse - 8,
        fine => 16 - fine,
    }
}

/// The prediction of the quote volume: base volume times the midpoint of open and close.
fn expected_quote(bar: &Traded) -> u128 {
    let middle = decimal::rounded_to_e8(f64::midpoint(bar.open, bar.close));
    let product = (bar.volume.units() / UNIT).checked_mul(middle);
    product.map_or(0, |product| product / UNIT).saturating_mul(UNIT)
}

/// The prediction of the takers' quote volume, from their share of the base volume.
fn expected_taker_quote(bar: &Traded) -> u128 {
    let [quote, taker, volume] = [bar.quote_volume, bar.taker_base, bar.volume].map(|sum| sum.units() / UNIT);
    let share = quote.checked_mul(taker).and_then(|product| product.checked_div(volume)).unwrap_or(0);
    share.saturating_mul(UNIT)
}

/// Encodes the takers' base volume by its distance from nothing or from the whole volume, whichever is nearer:
/// 0, the whole, 1, one less than the whole, and so on. A number above the whole stays as it is.
const fn fold_taker(taker: u128, volume: u128) -> i128 {
    let folded = match taker {
        taker if taker > volume => taker,
        taker if taker > volume / 2 => 2 * (volume - taker) + 1,
        taker => 2 * taker,
    };
    unzigzag(folded)
}

const fn unfold_taker(folded: i128, volume: u128) -> u128 {
    match zigzag(folded) {
        taker if taker > volume => taker,
        odd if odd % 2 == 1 => volume - odd / 2,
        even => even / 2,
    }
}

#[expect(clippy::cast_possible_wrap, reason = "differences wrap, and come back by wrapping")]
fn write_sums(writer: &mut Writer, traded: &[&Traded]) {
    let base = common_step(traded, [|bar| bar.volume, |bar| bar.taker_base]);
    let quote = common_step(traded, [|bar| bar.quote_volume, |bar| bar.taker_quote]);
    writer.0.extend([base, quote]);
    let [base, quote] = [base, quote].map(|code| step_of(code).expect("Invariant: it is one of the steps"));
    let volumes: Vec<i128> = traded.iter().map(|bar| (bar.volume.units() / base) as i128).collect();
    writer.column(&volumes);
    let takers: Vec<i128> = traded
        .iter()
        .map(|bar| fold_taker(bar.taker_base.units() / base, bar.volume.units() / base))
        .collect();
    writer.column(&takers);
    let against = |sum: u128, expected: u128| (sum / quote).wrapping_sub(expected / quote) as i128;
    let quotes: Vec<i128> =
        traded.iter().map(|bar| against(bar.quote_volume.units(), expected_quote(bar))).collect();
    writer.column(&quotes);
    let taker_quotes: Vec<i128> =
        traded.iter().map(|bar| against(bar.taker_quote.units(), expected_taker_quote(bar))).collect();
    writer.column(&taker_quotes);
}

#[expect(clippy::cast_sign_loss, reason = "the inverse of the wrap above")]
fn read_sums(reader: &mut Reader<'_>, traded: &mut [Traded]) -> Result<(), RecordError> {
    let mut unit = |part: &str| {
        let code = reader.byte(part)?;
        step_of(code).ok_or_else(|| RecordError::content(format!("{part} must be at most 16, was {code}")))
    };
    let (base, quote) = (unit("base unit")?, unit("quote unit")?);
    let mut columns = Vec::new();
    for part in ["volumes", "takers", "quote volumes", "takers' quotes"] {
        columns.push(reader.column(part, traded.len())?);
    }
    for (at, bar) in traded.iter_mut().enumerate() {
        let volume = columns[0][at] as u128;
        bar.volume = DecimalSum::from_units(volume.wrapping_mul(base));
        bar.taker_base = DecimalSum::from_units(unfold_taker(columns[1][at], volume).wrapping_mul(base));
        let sum = |difference: i128, expected: u128| {
            DecimalSum::from_units((expected / quote).wrapping_add(difference as u128).wrapping_mul(quote))
        };
        bar.quote_volume = sum(columns[2][at], expected_quote(bar));
        bar.taker_quote = sum(columns[3][at], expected_taker_quote(bar));
    }
    Ok(())
}

/// Writes trade counts, and ids relative to those that consecutive trades would have.
fn write_counts(writer: &mut Writer, traded: &[&Traded]) {
    let trades: Vec<i128> = traded.iter().map(|bar| i128::from(bar.trades) - 1).collect();
    writer.column(&trades);
    let mut expected = 0_i128;
    let (mut firsts, mut lasts) = (Vec::new(), Vec::new());
    for bar in traded {
        if let Some(first) = bar.first_trade_id {
            firsts.push(i128::from(first) - expected);
            expected = i128::from(first);
        }
        expected += i128::from(bar.trades) - 1;
        if let Some(last) = bar.last_trade_id {
            lasts.push(i128::from(last) - expected);
            expected = i128::from(last);
        }
        expected += 1;
    }
    writer.column(&firsts);
    writer.column(&lasts);
}

fn read_counts(reader: &mut Reader<'_>, traded: &mut [Traded], ids: &[[bool; 2]]) -> Result<(), RecordError> {
    let trades = reader.column("trades", traded.len())?;
    let mut differences = Vec::new();
    for (which, part) in ["first ids", "last ids"].into_iter().enumerate() {
        let there = ids.iter().filter(|ids| ids[which]).count();
        differences.push(reader.column(part, there)?.into_iter());
    }
    let mut expected = 0_i128;
    for (at, (bar, ids)) in traded.iter_mut().zip(ids).enumerate() {
        let wrong = |part: &str| RecordError::content(format!("{part} of traded bar {at} is out of range"));
        let count = trades[at].checked_add(1).and_then(|count| u32::try_from(count).ok());
        bar.trades = count.ok_or_else(|| wrong("count"))?;
        if ids[0] {
            let id = next_id(&mut differences[0], &mut expected).ok_or_else(|| wrong("first id"))?;
            bar.first_trade_id = Some(id);
        }
        expected += i128::from(bar.trades) - 1;
        if ids[1] {
            let id = next_id(&mut differences[1], &mut expected).ok_or_else(|| wrong("last id"))?;
            bar.last_trade_id = Some(id);
        }
        expected += 1;
    }
    Ok(())
}

/// The id at the next difference from `expected`, which is updated.
fn next_id(differences: &mut impl Iterator<Item = i128>, expected: &mut i128) -> Option<u64> {
    let id = expected.checked_add(differences.next()?)?;
    *expected = id;
    u64::try_from(id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_eight_places_are_written_as_they_always_were() {
        let [volume, quote] = [123_400_000_000, 1_522_756].map(|units| DecimalSum::from_units(units * UNIT));
        let bar = Traded { open: 0.000_012_34, close: 0.000_012_35, volume, quote_volume: quote, ..NOTHING };
        assert_eq!(common_step(&[&bar], [|bar| bar.volume, |bar| bar.taker_base]), 8);
        assert_eq!(common_step(&[&bar], [|bar| bar.quote_volume, |bar| bar.taker_quote]), 0);
        // 1,234 coins at the midpoint of 1,234 and 1,235, rounded rather than truncated
        assert_eq!(expected_quote(&bar), 1_234 * 1_235 * UNIT);
        let finer = Traded { quote_volume: DecimalSum::from_units(1_522_756 * UNIT + 30), ..bar };
        let step = common_step(&[&bar, &finer], [|bar| bar.quote_volume, |bar| bar.taker_quote]);
        assert_eq!((step, step_of(step), step_of(17)), (15, Some(10), None));
    }
}
