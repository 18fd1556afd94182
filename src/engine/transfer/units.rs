//! What sums are counted in, by their numbers: a bar's quote volume over its base volume is a price of that bar, and a
//! volume of contracts is neither.

use super::indicators::is_indicator;
use super::plan::{Form, Kind, Plan, Role};
use super::{names, number};

/// Rows by which sums are judged, and how many of them may be told.
const FEWEST: usize = 3;
/// Of a price within a bar, and of the rounding of small sums.
const TOLERANCE: f64 = 0.002;
/// Units of the quote that a contract of a coin is worth.
const CONTRACTS: [f64; 3] = [100.0, 10.0, 1.0];
/// A day's volume is at least this share of what all coins are worth, where it is counted in the same money; shares
/// of a company are counted one by one, and are far fewer.
const LEAST_TURNOVER: f64 = 5e-4;

/// What has been found of the sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// What the columns mean.
    pub(super) columns: Vec<Option<Role>>,
    /// What should be known of it.
    pub(super) note: String,
}

/// A row: its lowest and its highest price, and the numbers of all columns.
struct Row {
    low: f64,
    high: f64,
    numbers: Vec<Option<f64>>,
}

/// The columns of `plan` with sums in the units that the first rows tell; `None` where they are right.
pub(super) fn settle(plan: &Plan, rows: &[Vec<String>]) -> Option<Found> {
    let columns = plan.form.columns().filter(|_| plan.markets.is_empty())?;
    let decimal = match &plan.form {
        Form::Table(table) => table.decimal,
        _ => number::Decimal::Point,
    };
    let place = |role: Role| columns.iter().position(|column| *column == Some(role));
    let (low, high) = match plan.kind {
        Kind::Bars => {
            let close = place(Role::Close)?;
            (place(Role::Low).unwrap_or(close), place(Role::High).unwrap_or(close))
        }
        Kind::Trades => (place(Role::Price)?, place(Role::Price)?),
    };
    let rows: Vec<Row> = rows
        .iter()
        .filter_map(|cells| {
            let numbers: Vec<Option<f64>> = cells
                .iter()
                .map(|cell| number::parse_sum(cell, decimal).filter(|number| *number > 0.0))
                .collect();
            let (low, high) = (*numbers.get(low)?, *numbers.get(high)?);
            Some(Row { low: low?, high: high?, numbers })
        })
        .collect();
    let sums = Sums { rows: &rows };
    let base_role = if plan.kind == Kind::Bars { Role::Volume } else { Role::Size };
    let base = place(base_role);
    let quote = place(Role::QuoteVolume);
    let names = plan.form.names();
    let name = |at: usize| names.get(at).map_or("", String::as_str);
    let is_free = |at: &usize| columns[*at].is_none() && may_be_sum(name(*at)) && Some(*at) != base;
    let free: Vec<usize> = (0..columns.len()).filter(is_free).collect();
    let candidates: Vec<usize> = base.into_iter().chain(quote).chain(free.iter().copied()).collect();
    let mut new = columns.to_vec();
    let called = |at: usize| match name(at) {
        "" => format!("column {}", at + 1),
        name if name.bytes().all(|byte| byte.is_ascii_digit()) => format!("column {name}"),
        name => format!("the column {name}"),
    };
    // a pair with the base that is known is right, and tells the quote
    let known_quote =
        base.and_then(|base| candidates.iter().copied().find(|at| *at != base && sums.is_pair(base, *at)));
    if let Some(found) = known_quote {
        if quote.is_none() && plan.kind == Kind::Bars {
            new[found] = Some(Role::QuoteVolume);
            return Some(Found { columns: new, note: String::new() });
        }
        return None;
    }
    let base = base?;
    // two others are the pair, and the one that was taken for the base counts contracts
    let pair = candidates.iter().flat_map(|one| candidates.iter().map(move |other| (*one, *other)));
    let pair = pair
        .into_iter()
        .find(|(one, other)| one != other && *one != base && *other != base && sums.is_pair(*one, *other));
    if let Some((found_base, found_quote)) = pair {
        new[base] = None;
        new[found_base] = Some(base_role);
        if plan.kind == Kind::Bars {
            new[found_quote] = Some(Role::QuoteVolume);
        }
        let note =
            format!("{} counts contracts: {} is the volume.", capital(&called(base)), called(found_base));
        return Some(Found { columns: new, note });
    }
    // contracts that are worth so much of the quote, beside the coins
    let coins = candidates.iter().copied().filter(|at| *at != base).find_map(|at| {
        let worth = CONTRACTS.into_iter().find(|worth| sums.is_pair_of(at, base, *worth))?;
        Some((at, worth))
    });
    if let Some((coins, worth)) = coins {
        let is_money = worth == 1.0 && plan.kind == Kind::Bars;
        new[base] = is_money.then_some(Role::QuoteVolume);
        new[coins] = Some(base_role);
        if let (Some(taker), Some(taker_coins)) = (place(Role::TakerBase), place(Role::TakerQuote)) {
            new[taker] = is_money.then_some(Role::TakerQuote);
            new[taker_coins] = Some(Role::TakerBase);
        }
        let note = if is_money {
            format!("{} counts what was paid: {} is the volume.", capital(&called(base)), called(coins))
        } else {
            format!(
                "{} counts contracts: {} is the volume, and the quote volume is not known.",
                capital(&called(base)),
                called(coins)
            )
        };
        return Some(Found { columns: new, note });
    }
    // lists of coins count volumes in money, beside what all coins are worth
    let worth = (0..columns.len()).find(|at| is_worth_of_all(name(*at)));
    let in_money = worth.filter(|worth| quote.is_none() && sums.is_share_of(base, *worth, LEAST_TURNOVER));
    in_money.filter(|_| plan.kind == Kind::Bars).map(|_| {
        new[base] = Some(Role::QuoteVolume);
        let note = format!(
            "{} is counted in money, beside what all coins are worth: the base volume is not known.",
            capital(&called(base))
        );
        Found { columns: new, note }
    })
}

struct Sums<'a> {
    rows: &'a [Row],
}

impl Sums<'_> {
    fn of(&self, one: usize, other: usize) -> impl Iterator<Item = (&Row, f64, f64)> {
        self.rows
            .iter()
            .filter_map(move |row| Some((row, (*row.numbers.get(one)?)?, (*row.numbers.get(other)?)?)))
    }

    /// Whether the sums in `quote` are those in `base` times a price of their bar, in nearly all rows.
    fn is_pair(&self, base: usize, quote: usize) -> bool {
        self.is_pair_of(base, quote, 1.0)
    }

    /// The same where each of `quote` is worth so much.
    fn is_pair_of(&self, base: usize, quote: usize, worth: f64) -> bool {
        let (mut all, mut held) = (0, 0);
        for (row, base, quote) in self.of(base, quote) {
            let price = quote * worth / base;
            all += 1;
            held +=
                usize::from(price >= row.low * (1.0 - TOLERANCE) && price <= row.high * (1.0 + TOLERANCE));
        }
        // near 1 a volume is a price of itself
        let is_told = self.rows.iter().any(|row| row.low > 1.05 || row.high < 0.95);
        all >= FEWEST && held * 20 >= all * 19 && is_told
    }

    /// Whether the sums in `part` are more than this share of those in `whole`, in the middle of all rows.
    fn is_share_of(&self, part: usize, whole: usize, least: f64) -> bool {
        let mut shares: Vec<f64> = self.of(part, whole).map(|(_, part, whole)| part / whole).collect();
        shares.sort_by(f64::total_cmp);
        shares.len() >= FEWEST && shares[shares.len() / 2] >= least
    }
}

/// Whether a column without a meaning may hold sums, by its name.
fn may_be_sum(name: &str) -> bool {
    let plain = names::plain(name).swap_remove(0);
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit());
    let words = ["vol", "ccy", "quote", "base", "notional", "amount", "turnover", "qty", "value", "size"];
    is_number || (!is_indicator(name) && words.iter().any(|word| plain.contains(word)))
}

fn is_worth_of_all(name: &str) -> bool {
    matches!(names::plain(name)[0].as_str(), "marketcap" | "marketcapitalization" | "mcap" | "marketcapusd")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
