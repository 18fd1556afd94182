//! Which columns are the open, high, low and close of one market, by their numbers: where names do not say it.

use super::continuity::opens_first;
use super::role::Role;

/// Rows by which columns are judged.
const FEWEST: usize = 5;
/// Prices of one bar are nearer to each other than by this factor; volumes are not.
const NEAREST: f64 = 1.6;

/// Columns that may stand beside the prices of a bar: its volumes.
const BESIDE: usize = 2;

/// Looks for the prices of a bar among the columns at `places`: `timed` has a time of each row and its numbers in these.
/// `known`: the roles that their names have. `None` if the columns may be of several markets: one that is always the
/// highest and one that is always the lowest do not make a bar by themselves.
pub(super) fn find(
    timed: &[(i64, Vec<f64>)],
    places: &[usize],
    known: &dyn Fn(usize) -> Option<Role>,
) -> Option<Vec<(Role, usize)>> {
    let rows: Vec<&Vec<f64>> = timed.iter().map(|(_, prices)| prices).collect();
    if rows.len() < FEWEST || places.len() > 5 + BESIDE {
        return None;
    }
    let is_near = |one: usize, other: usize| {
        rows.iter().all(|row| row[one] < row[other] * NEAREST && row[other] < row[one] * NEAREST)
    };
    // those at the level of the first price, or of the second where the first is a volume
    let group = (0..places.len())
        .map(|first| (0..places.len()).filter(|at| is_near(first, *at)).collect::<Vec<usize>>())
        .find(|group| matches!(group.len(), 4 | 5))?;
    // two of five may be the close: the later one is that in another way, where the others follow each other as bars do
    if group.len() == 5 {
        let without = |left_out: usize| {
            let kept: Vec<usize> = (0..places.len()).filter(|at| *at != left_out).collect();
            let rows = timed.iter().map(|(time, row)| (*time, kept.iter().map(|at| row[*at]).collect()));
            let rows: Vec<(i64, Vec<f64>)> = rows.collect();
            let places: Vec<usize> = kept.iter().map(|at| places[*at]).collect();
            let found = find(&rows, &places, known)?;
            let column = |role| {
                let (_, place) = found.iter().find(|(own, _)| *own == role)?;
                places.iter().position(|at| at == place)
            };
            let (open, close) = (column(Role::Open)?, column(Role::Close)?);
            let follow: Vec<(i64, f64, f64)> =
                rows.iter().map(|(time, row)| (*time, row[open], row[close])).collect();
            (opens_first(&follow) == Some(true)).then_some(found)
        };
        return group.iter().rev().find_map(|at| without(*at));
    }
    let is_over = |at: usize| rows.iter().all(|row| group.iter().all(|other| row[at] >= row[*other]));
    let is_under = |at: usize| rows.iter().all(|row| group.iter().all(|other| row[at] <= row[*other]));
    let high = *group.iter().find(|at| is_over(**at))?;
    let low = *group.iter().find(|at| is_under(**at) && **at != high)?;
    let inner: Vec<usize> = group.iter().copied().filter(|at| *at != high && *at != low).collect();
    let [first, second] = inner[..] else { return None };
    let named = |at: usize| known(places[at]).filter(|role| role.is_price());
    let contradicts = |at: usize, role: Role| named(at).is_some_and(|own| own != role);
    if contradicts(high, Role::High) || contradicts(low, Role::Low) {
        return None;
    }
    let follows =
        opens_first(&timed.iter().map(|(time, row)| (*time, row[first], row[second])).collect::<Vec<_>>());
    let open_first = match (named(first), named(second)) {
        (Some(Role::Open), _) | (_, Some(Role::Close | Role::Price)) => Some(true),
        (Some(Role::Close | Role::Price), _) | (_, Some(Role::Open)) => Some(false),
        _ if first < high.min(low) && second > high.max(low) => Some(true),
        _ => follows,
    };
    let is_named = group.iter().any(|at| named(*at).is_some());
    // prices of one market reach its highest and its lowest, and go on from bar to bar
    let reached = |row: &&&Vec<f64>| {
        row[first].max(row[second]) >= row[high] || row[first].min(row[second]) <= row[low]
    };
    let touches = rows.iter().filter(reached).count() * 20 >= rows.len();
    let is_one_market = is_named || touches || follows.is_some();
    let open_first = open_first.filter(|_| is_one_market)?;
    let (open, close) = if open_first { (first, second) } else { (second, first) };
    let roles = [(Role::Open, open), (Role::High, high), (Role::Low, low), (Role::Close, close)];
    Some(roles.map(|(role, at)| (role, places[at])).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(
        order: &str,
        names: &[(usize, Role)],
        row: impl Fn(i64) -> [f64; 4],
    ) -> Option<Vec<(Role, usize)>> {
        let timed: Vec<(i64, Vec<f64>)> = (0..20_i64)
            .map(|at| {
                let [open, high, low, close] = row(at);
                let price = |letter: char| match letter {
                    'o' => open,
                    'h' => high,
                    'l' => low,
                    'c' => close,
                    'a' => close * 0.96,
                    _ => 9_000.0,
                };
                (at, order.chars().map(price).collect())
            })
            .collect();
        let places: Vec<usize> = (1..=order.len()).collect();
        find(&timed, &places, &|at| names.iter().find(|(place, _)| *place == at).map(|(_, role)| *role))
    }

    fn continuous(at: i64) -> [f64; 4] {
        let price = |at: i64| 100.0 + (at * 7 % 5) as f64;
        let (open, close) = (price(at), price(at + 1));
        [open, open.max(close) + 0.5, open.min(close) - 0.5, close]
    }

    #[test]
    fn four_columns_are_those_of_a_bar_where_one_holds_the_others() {
        // the close in another way is left out
        for order in ["ohlc", "cohl", "ochl", "hloc", "ohlcv", "vlhco", "ohlca", "ohlcav"] {
            let places = |letter: char| order.find(letter).unwrap() + 1;
            let bar = [(Role::Open, 'o'), (Role::High, 'h'), (Role::Low, 'l'), (Role::Close, 'c')];
            let expected = bar.map(|(role, letter)| (role, places(letter))).to_vec();
            assert_eq!(found(order, &[], continuous), Some(expected), "{order}");
        }
    }

    #[test]
    fn markets_of_one_level_are_not_a_bar() {
        let markets = |at: i64| [100.0, 120.0 + at as f64 / 10.0, 80.0, 101.0];
        assert_eq!(found("ohlc", &[], markets), None, "one is always the highest");
        let crossing = |at: i64| [100.0 + (at % 3) as f64, 101.0, 100.5, 99.0 + (at % 5) as f64];
        assert_eq!(found("ohlc", &[], crossing), None);
        let named = found("ohlc", &[(1, Role::Open)], markets);
        assert!(named.is_some(), "a name tells");
        assert_eq!(found("ohlc", &[(2, Role::Low)], continuous), None, "a name that cannot be");
    }
}
