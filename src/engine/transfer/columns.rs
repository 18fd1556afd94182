//! What the columns of a table mean: by their names, or by what stands in them.

use super::names::{find, plain};
use super::number;
use super::number::Decimal;
use super::plan::{Kind, Role};
use super::times::Times;
use super::{calendar, continuity, parts, quantities, timestamp, volumes};

/// Reads the names of the first line; `None` when they are not those of a table of bars or trades.
pub fn by_name<S: AsRef<str>>(header: &[S]) -> Option<(Kind, Vec<Option<Role>>)> {
    if let Some(columns) = of_rest(header) {
        return Some((Kind::Trades, columns));
    }
    let mut names: Vec<Vec<String>> = header.iter().map(|name| plain(name.as_ref())).collect();
    let header_names: Vec<String> = header.iter().map(|name| name.as_ref().to_owned()).collect();
    let has = |role: Role| header_names.iter().any(|name| super::names::role_of(name) == Some(role));
    let is_bar = has(Role::High) && has(Role::Low) && (has(Role::Open) || has(Role::Close));
    let others = if is_bar { Vec::new() } else { quantities::others(&header_names) };
    for at in
        (0..names.len()).filter(|at| others.contains(at) || quantities::is_field_alone(&header_names[*at]))
    {
        names[at] = vec![String::new()];
    }
    let has_letter = |letter: &&str| names.iter().any(|name| name[0] == **letter);
    // a capital letter is a market, C or L, unless all four are there
    if !["o", "h", "l", "c"].iter().all(has_letter) {
        let is_capital = |name: &str| name.len() == 1 && name.chars().all(char::is_uppercase);
        for (name, _) in names.iter_mut().zip(header).filter(|(_, text)| is_capital(text.as_ref().trim())) {
            name[0].clear();
        }
    }
    // beside its small letter a capital one is something else: of a candle l is the low, and L the last trade
    for at in 0..names.len() {
        let (name, small) = (header[at].as_ref().trim(), &names[at][0]);
        let has_small = || header.iter().any(|other| other.as_ref().trim() == small.as_str());
        if name.len() == 1 && name != small && has_small() {
            names[at][0].clear();
        }
    }
    // a date in three columns, unless there is a whole one
    let parts = parts::of_date(&names).unwrap_or_default();
    for (_, at) in &parts {
        names[*at] = vec![String::new()];
    }
    let parts = if find(&names, Role::Time).is_some() { Vec::new() } else { parts };
    // one value beside the time, and the market, is the price, whatever that is called
    let values = ["value", "values", "level", "nav", "obsvalue", "observation"];
    let placed: Vec<(Role, usize)> = [Role::Time, Role::Symbol]
        .into_iter()
        .filter_map(|role| Some((role, find(&names, role)?)))
        .chain(parts.iter().copied())
        .collect();
    let has_time = placed.iter().any(|(role, _)| matches!(role, Role::Time | Role::Year));
    let role_at = |at: usize| placed.iter().find(|(_, place)| *place == at).map(|(role, _)| *role);
    let mut others = (0..names.len()).filter(|at| role_at(*at).is_none());
    if let (true, Some(value), None) = (has_time, others.next(), others.next())
        && values.contains(&names[value][0].as_str())
    {
        return Some((Kind::Bars, (0..names.len()).map(|at| role_at(at).or(Some(Role::Close))).collect()));
    }
    let has = |role| find(&names, role).is_some();
    // a price beside the highest and the lowest is the last one
    let of_bar = has(Role::High) && has(Role::Low);
    let kind = match (has(Role::Close), has(Role::Price)) {
        (false, false) => return None,
        (false, true) if has(Role::Size) && !of_bar => Kind::Trades,
        _ => Kind::Bars,
    };
    let mut columns = vec![None; names.len()];
    for (role, at) in parts {
        columns[at] = Some(role);
    }
    if kind == Kind::Bars {
        for (at, role) in volumes::of(header) {
            names[at] = vec![String::new()];
            columns[at] = role;
        }
    }
    for &role in kind.roles().iter().filter(|role| role.is_told_by_name()) {
        let named = match role {
            Role::Close => find(&names, role).or_else(|| find(&names, Role::Price)),
            _ => find(&names, role),
        };
        if let Some(at) = named.filter(|&at| columns[at].is_none() && !columns.contains(&Some(role))) {
            columns[at] = Some(role);
        }
    }
    Some((kind, columns))
}

/// The letters of Binance's trades and aggregates over REST, where `T` is the time and `t` is not.
fn of_rest<S: AsRef<str>>(header: &[S]) -> Option<Vec<Option<Role>>> {
    const LETTERS: [(&str, Role); 9] = [
        ("T", Role::Time),
        ("p", Role::Price),
        ("q", Role::Size),
        ("a", Role::TradeId),
        ("f", Role::FirstTradeId),
        ("l", Role::LastTradeId),
        ("t", Role::TradeId),
        ("s", Role::Symbol),
        ("m", Role::BuyerIsMaker),
    ];
    let is_there = |letter: &str| header.iter().any(|name| name.as_ref() == letter);
    let role = |name: &S| {
        let known = LETTERS.iter().find(|(letter, _)| *letter == name.as_ref());
        known
            .map(|(_, role)| *role)
            .filter(|role| *role != Role::TradeId || name.as_ref() == "t" || !is_there("f"))
    };
    ["T", "p", "q"].into_iter().all(is_there).then(|| header.iter().map(role).collect())
}

/// Reads the names of a table that holds a bar of each leg in a row, `y_close` and `x_close`: what its columns mean
/// for y, and for x. `None` when they are not those of one.
pub fn of_legs<S: AsRef<str>>(header: &[S]) -> Option<[Vec<Option<Role>>; 2]> {
    let of = |own: &str, other: &str| {
        let names = header.iter().map(|name| match name.as_ref() {
            name if name.starts_with(other) => "",
            name => name.strip_prefix(own).unwrap_or(name),
        });
        by_name(&names.collect::<Vec<_>>()).filter(|(kind, _)| *kind == Kind::Bars)
    };
    let ((_, y), (_, x)) = of("y_", "x_").zip(of("x_", "y_"))?;
    Some([y, x])
}

/// Whether there are names for both price and size of a trade.
pub(super) fn has_trade<S: AsRef<str>>(header: &[S]) -> bool {
    let names: Vec<Vec<String>> = header.iter().map(|name| plain(name.as_ref())).collect();
    [Role::Price, Role::Size].into_iter().all(|role| find(&names, role).is_some())
}

/// Whether there are names for the highest and the lowest price of a bar.
pub(super) fn has_bar<S: AsRef<str>>(header: &[S]) -> bool {
    let names: Vec<Vec<String>> = header.iter().map(|name| plain(name.as_ref())).collect();
    [Role::High, Role::Low].into_iter().all(|role| find(&names, role).is_some())
}

/// The columns of a table of which only the one with the time is known, if any.
pub fn time_alone<S: AsRef<str>>(header: &[S]) -> Vec<Option<Role>> {
    let names: Vec<Vec<String>> = header.iter().map(|name| plain(name.as_ref())).collect();
    let time = find(&names, Role::Time);
    (0..names.len()).map(|at| (time == Some(at)).then_some(Role::Time)).collect()
}

/// Reads what stands in the first rows of a table without names; `None` when it is none that is known.
///
/// `of_day`: times are milliseconds since midnight.
pub fn by_content<S: AsRef<str>>(
    rows: &[Vec<S>],
    of_day: bool,
    times: &Times,
    sign: Decimal,
) -> Option<(Kind, Vec<Option<Role>>)> {
    use Role::{
        BuyerIsMaker, Close, FirstTradeId, High, LastTradeId, Low, Open, Price, QuoteVolume, Size, TakerBase,
        TakerQuote, Time, TradeId, Trades, Volume,
    };
    // of another width than nearly all is a row that has been cut, or has a decimal comma
    let usual = rows.iter().map(Vec::len).find(|width| nearly_all(rows, |row| row.len() == *width));
    let width = usual.or(rows.first().map(Vec::len))?;
    // a row without a price tells nothing
    let whole = |row: &&Vec<S>| row.iter().take(6).all(|cell| !number::is_absent(cell.as_ref()));
    let fits = |row: &&Vec<S>| usual.is_none_or(|usual| row.len() == usual);
    let told: Vec<&Vec<S>> = rows.iter().filter(fits).filter(whole).collect();
    let rows = if told.len() * 2 >= rows.len() { told } else { rows.iter().collect() };
    let rows = &rows[..];
    // a damaged cell costs its row, and says nothing of the column
    let all = |at: usize, holds: &dyn Fn(&str) -> bool| {
        nearly_all(rows, |row| row.get(at).is_some_and(|cell| holds(cell.as_ref())))
    };
    let time = |at| all(at, &|cell| is_time(cell, of_day, times));
    let decimal = |at| all(at, &|cell| number::parse(cell, sign).is_some_and(|number| number >= 0.0));
    // one below 0 is damaged as well
    let is_broken = |cell: &str| {
        number::id(cell).is_none() && number::parse(cell, sign).is_some_and(|number| number >= 0.0)
    };
    let whole = |at: usize| {
        let has_broken = rows.iter().any(|row| row.get(at).is_some_and(|cell| is_broken(cell.as_ref())));
        !has_broken && all(at, &|cell| number::id(cell).is_some())
    };
    let signed = |at| all(at, &|cell| number::parse(cell, sign).is_some_and(|number| number != 0.0));
    let is_sold =
        |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|cell| cell.as_ref().starts_with('-')));
    let truth = |at| all(at, &|cell| buyer_is_maker(cell).is_some());
    let clock = |at| all(at, &|cell| cell.contains(':') && calendar::time_of_day(cell).is_some());
    if width >= 6 && time(0) && clock(1) && (2..6).all(&decimal) {
        let mut columns =
            vec![Some(Time), Some(Role::TimeOfDay), Some(Open), Some(High), Some(Low), Some(Close)];
        columns.extend((6..width).map(|at| (at == 6 && decimal(6)).then_some(Volume)));
        return Some((Kind::Bars, columns));
    }
    let prices = (1..5).all(&decimal);
    let (kind, roles): (_, &[Option<Role>]) = if time(0) && prices && time(6) && whole(8) && width >= 11 {
        let klines = &[
            Some(Time),
            Some(Open),
            Some(High),
            Some(Low),
            Some(Close),
            Some(Volume),
            None,
            Some(QuoteVolume),
            Some(Trades),
            Some(TakerBase),
            Some(TakerQuote),
        ];
        (Kind::Bars, klines)
    } else if whole(0) && decimal(1) && decimal(2) && whole(3) && whole(4) && time(5) && truth(6) {
        let aggregates = &[
            None,
            Some(Price),
            Some(Size),
            Some(FirstTradeId),
            Some(LastTradeId),
            Some(Time),
            Some(BuyerIsMaker),
        ];
        (Kind::Trades, aggregates)
    } else if whole(0) && decimal(1) && decimal(2) && decimal(3) && time(4) && truth(5) {
        let trades = &[Some(TradeId), Some(Price), Some(Size), None, Some(Time), Some(BuyerIsMaker)];
        (Kind::Trades, trades)
    } else if width == 7 && time(0) && truth(3) && decimal(4) && decimal(5) {
        // freqtrade's lists of trades
        let id = all(1, &|cell| number::id(cell).is_some());
        (
            Kind::Trades,
            &[Some(Time), id.then_some(TradeId), None, Some(BuyerIsMaker), Some(Price), Some(Size)],
        )
    } else if width == 7 && decimal(0) && decimal(1) && time(2) && truth(3) && whole(6) {
        // Kraken's answers
        let trades = &[Some(Price), Some(Size), Some(Time), Some(BuyerIsMaker), None, None, Some(TradeId)];
        (Kind::Trades, trades)
    } else if width == 4 && whole(0) && time(1) && signed(2) && decimal(3) && (!time(0) || is_sold(2)) {
        // Bitfinex', whose sales have a size below 0
        (Kind::Trades, &[Some(TradeId), Some(Time), Some(Size), Some(Price)])
    } else if time(0) && prices {
        return Some((Kind::Bars, order_of_prices(rows, times, sign, width)));
    } else if width == 2 && time(0) && decimal(1) {
        (Kind::Bars, &[Some(Time), Some(Close)])
    } else if time(0) && decimal(1) && decimal(2) {
        (Kind::Trades, &[Some(Time), Some(Price), Some(Size)])
    } else {
        return None;
    };
    let mut columns = roles.to_vec();
    columns.resize(width, None);
    Some((kind, columns))
}

/// Whether a few rows at most are others: in five and more one, and in many a twentieth.
fn nearly_all<R>(rows: &[R], holds: impl Fn(&R) -> bool) -> bool {
    let others = rows.iter().filter(|row| !holds(row)).count();
    others == 0 || (others == 1 && rows.len() >= 5) || others * 20 <= rows.len()
}

/// Usual orders of four prices; of two that are the same but for open and close a bar that opens near the close of the one
/// before tells which it is.
const ORDERS: [[Role; 4]; 4] = {
    use Role::{Close, High, Low, Open};
    // Bitfinex and KuCoin have the second, Coinbase the third
    [[Open, High, Low, Close], [Open, Close, High, Low], [Low, High, Open, Close], [High, Low, Open, Close]]
};

/// The columns of bars without names: which of four prices is which, and what stands behind them.
fn order_of_prices<S: AsRef<str>>(
    rows: &[&Vec<S>],
    times: &Times,
    decimal: Decimal,
    width: usize,
) -> Vec<Option<Role>> {
    use Role::{Close, High, Low, Open, QuoteVolume, Trades, Volume};
    // Gate has the quote volume in front of the prices, and the last bar's mark behind them
    let is_mark = |cell: &str| matches!(cell, "true" | "false");
    if width == 8 && rows.iter().all(|row| row.get(7).is_some_and(|cell| is_mark(cell.as_ref()))) {
        return [Role::Time, QuoteVolume, Close, High, Low, Open, Volume]
            .map(Some)
            .into_iter()
            .chain([None])
            .collect();
    }
    let number = |row: &Vec<S>, at: usize| row.get(at).and_then(|cell| number::parse(cell.as_ref(), decimal));
    let is_bar = |row: &Vec<S>, from: usize, order: &[Role; 4]| {
        let place = |role| order.iter().position(|known| *known == role).map_or(0, |at| from + at);
        let prices: Option<Vec<f64>> = (from..from + 4).map(|at| number(row, at)).collect();
        let ends = number(row, place(High)).zip(number(row, place(Low)));
        prices
            .zip(ends)
            .is_some_and(|(prices, (high, low))| prices.iter().all(|price| *price <= high && *price >= low))
    };
    let holds = |from: usize, order: &[Role; 4]| nearly_all(rows, |row| is_bar(row, from, order));
    // its archives have the volume in front as well
    if width == 6 && !ORDERS.iter().any(|order| holds(1, order)) && holds(2, &[Close, High, Low, Open]) {
        return [Role::Time, QuoteVolume, Close, High, Low, Open].map(Some).to_vec();
    }
    // the length of the bar and the close before may stand in front
    let first = |row: &Vec<S>| row.get(1).map(|cell| cell.as_ref().to_owned());
    let is_same = rows.len() > 2 && rows.windows(2).all(|two| first(two[0]) == first(two[1]));
    let behind = (2..=3).find(|from| width > from + 4 && holds(*from, &ORDERS[0]));
    if let Some(from) = behind.filter(|_| is_same || !ORDERS.iter().any(|order| holds(1, order))) {
        let mut columns = vec![Some(Role::Time)];
        columns.resize(from, None);
        columns.extend(ORDERS[0].iter().copied().chain([Volume]).map(Some));
        columns.resize(width, None);
        return columns;
    }
    let misfits = |order: &&[Role; 4]| rows.iter().filter(|row| !is_bar(row, 1, order)).count();
    let mut order = *ORDERS.iter().filter(|order| holds(1, order)).min_by_key(misfits).unwrap_or(&ORDERS[0]);
    let inner =
        [Open, Close].map(|role| order.iter().position(|known| *known == role).map_or(0, |at| at + 1));
    let opens: Vec<(i64, f64, f64)> = rows
        .iter()
        .filter_map(|row| {
            let time = times.read(row.first()?.as_ref()).ok()?.local;
            Some((time, number(row, inner[0])?, number(row, inner[1])?))
        })
        .collect();
    if continuity::opens_first(&opens) == Some(false) {
        for role in &mut order {
            *role = match *role {
                Open => Close,
                Close => Open,
                other => other,
            };
        }
    }
    let mut columns = vec![Some(Role::Time)];
    columns.extend(order.iter().copied().map(Some));
    // Kraken has the mean price in front of the volume
    let is_mean = width >= 8
        && nearly_all(rows, |row| {
            let (low, high) = (number(row, 3), number(row, 2));
            number(row, 5).is_some_and(|mean| mean == 0.0 || (low <= Some(mean) && Some(mean) <= high))
        });
    let is_number = |at: usize| nearly_all(rows, |row| number(row, at).is_some_and(|number| number >= 0.0));
    let is_broken = |at: usize, row: &Vec<S>| {
        number(row, at).is_some_and(|number| number >= 0.0)
            && row.get(at).is_some_and(|cell| number::id(cell.as_ref()).is_none())
    };
    let is_whole = |at: usize| is_number(at) && !rows.iter().any(|row| is_broken(at, row));
    if is_mean {
        columns.extend([None, Some(Volume), is_whole(7).then_some(Trades)]);
    } else if width > 5 && is_number(5) {
        columns.push(Some(Volume));
        // KuCoin's turnover may be a whole number
        if width == 7 && is_whole(6) && order[2] != High {
            columns.push(Some(Trades));
        } else if width == 7 && is_number(6) {
            columns.push(Some(QuoteVolume));
        }
    }
    columns.resize(width, None);
    columns
}

/// Whether a text is a time and not just a number.
fn is_time(text: &str, of_day: bool, times: &Times) -> bool {
    if of_day {
        return timestamp::parse_of_day(text, 0).is_ok();
    }
    times.read(text).is_ok()
}

/// Reads whether the buyer's order was resting; also from the taker's side, a seller's where it was.
pub(super) fn buyer_is_maker(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    // a seller takes the bid and is told by the side of the ask
    if is(&["true", "1", "sell", "s", "a"]) {
        Some(true)
    } else if is(&["false", "0", "buy", "b"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
