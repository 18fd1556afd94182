//! The user's changes to how a file is read, and to which recordings are shown.

use spreadscope_engine::settings::Source;
use spreadscope_engine::transfer::plan::{Form, Kind, Market, Plan, Role, intervals, length_words};
use spreadscope_engine::transfer::recorded::Summary;
use spreadscope_engine::{Interval, Pair, Settings, Symbol};

/// Bar lengths on offer, milliseconds: those that divide a bar of the desk.
pub const STEPS: [i64; 12] = [
    1_000, 60_000, 180_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000,
    43_200_000, 86_400_000,
];

/// Returns the bar lengths on offer, including the file's own: value and label.
pub fn steps(plan: &Plan) -> Vec<(i64, String)> {
    let mut steps = STEPS.to_vec();
    steps.extend(plan.step_millis);
    steps.sort_unstable();
    steps.dedup();
    steps.into_iter().map(|step| (step, length_words(step))).collect()
}

/// Returns the meanings of the columns, from the left; empty if there are none.
pub fn columns(plan: &Plan) -> &[Option<Role>] {
    plan.form.columns().unwrap_or_default()
}

const fn columns_mut(form: &mut Form) -> Option<&mut Vec<Option<Role>>> {
    match form {
        Form::Table(table) => Some(&mut table.columns),
        Form::Objects { columns, .. } | Form::Document { columns, .. } => Some(columns),
        Form::Ndjson | Form::Frames => None,
    }
}

/// Returns the meaning of the column `at`, for all markets of a row or for one of them.
pub fn meaning(plan: &Plan, at: usize) -> Option<Role> {
    let own = || plan.markets.iter().flat_map(|market| &market.columns).find(|(_, place)| *place == at);
    columns(plan).get(at).copied().flatten().or_else(|| own().map(|(role, _)| *role))
}

/// Returns `plan` with another meaning of the column `at`, named `name`; any other column loses that meaning.
///
/// A close or price column named after a market belongs to that market, if none is known so far.
pub fn with_role(plan: &Plan, at: usize, role: Option<Role>, name: &str) -> Plan {
    let mut plan = plan.clone();
    if plan.markets.iter().any(|market| market.columns.iter().any(|(_, place)| *place == at)) {
        for market in &mut plan.markets {
            market.columns.retain(|(_, place)| *place != at);
        }
        plan.markets.retain(|market| !market.columns.is_empty());
        if let (Some(role), Ok(symbol)) = (role, Symbol::new(name)) {
            plan.markets.push(Market { symbol, columns: vec![(role, at)] });
        }
        return plan;
    }
    if let Some(columns) = columns_mut(&mut plan.form) {
        if columns.len() <= at {
            columns.resize(at + 1, None);
        }
        for column in columns.iter_mut().filter(|column| column.is_some() && **column == role) {
            *column = None;
        }
        columns[at] = role;
    }
    let is_word = plan.kind.roles().iter().any(|role| role.name() == name.to_ascii_lowercase());
    if matches!(role, Some(Role::Close | Role::Price)) && plan.symbol.is_none() && !is_word {
        plan.symbol = Symbol::new(name).ok();
    }
    plan
}

/// Returns `plan` for rows of another kind; columns keep the meanings that both kinds have.
pub fn with_kind(plan: &Plan, kind: Kind) -> Plan {
    let mut plan = Plan { kind, ..plan.clone() };
    if let Some(columns) = columns_mut(&mut plan.form) {
        for column in columns {
            *column = match *column {
                Some(Role::Close) if kind == Kind::Trades => Some(Role::Price),
                Some(Role::Volume) if kind == Kind::Trades => Some(Role::Size),
                Some(Role::Price) if kind == Kind::Bars => Some(Role::Close),
                Some(Role::Size) if kind == Kind::Bars => Some(Role::Volume),
                other => other.filter(|role| kind.roles().contains(role)),
            };
        }
    }
    if kind == Kind::Trades {
        plan.step_millis = None;
        plan.markets.clear();
    }
    plan
}

/// Returns the role called `name` among those of `kind`.
pub fn role(kind: Kind, name: &str) -> Option<Role> {
    kind.roles().iter().copied().find(|role| role.name() == name)
}

/// Returns the two markets shown first: the first two of those `taken` last, in their order, completed from
/// those held; `None` if there are fewer than two.
pub fn first_pair(held: &[Summary], taken: &[Symbol]) -> Option<Pair> {
    let is_held = |symbol: &&Symbol| held.iter().any(|summary| summary.symbol == **symbol);
    let others = held.iter().map(|summary| &summary.symbol).filter(|symbol| !taken.contains(symbol));
    let mut symbols = taken.iter().filter(is_held).chain(others).cloned();
    let (y, x) = (symbols.next()?, symbols.next()?);
    Some(Pair { y, x })
}

/// Returns the settings that show two recordings: `base` with its interval if possible, otherwise with the
/// shortest interval that both have.
///
/// # Errors
/// A sentence: why they cannot be shown.
pub fn show(base: &Settings, held: &[Summary], pair: Pair) -> Result<Settings, String> {
    let step = |symbol: &Symbol| {
        let found = held.iter().find(|summary| summary.symbol == *symbol);
        found.map(|summary| summary.step_millis).ok_or_else(|| format!("There is no recording of {symbol}."))
    };
    let (y, x) = (step(&pair.y)?, step(&pair.x)?);
    let shared: Vec<Interval> =
        intervals(y).filter(|interval| intervals(x).any(|other| other == *interval)).collect();
    let kept = base.source == Source::Recording && shared.contains(&base.interval);
    let interval = if kept { Some(base.interval) } else { shared.first().copied() };
    let interval =
        interval.ok_or_else(|| format!("{} and {} have no length of bar in common.", pair.y, pair.x))?;
    Ok(Settings { source: Source::Recording, pair, interval, ..base.clone() })
}

/// Returns the settings that show the recording of a link, which `linked` is of, if it is among `held` with bars of that
/// length.
pub fn linked(linked: &Settings, held: &[Summary]) -> Option<Settings> {
    show(linked, held, linked.pair.clone()).ok().filter(|settings| settings == linked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::UnixMillis;
    use spreadscope_engine::transfer::plan::Table;

    fn plan() -> Plan {
        let columns = vec![Some(Role::Time), None, Some(Role::Close)];
        Plan { step_millis: Some(90_000), ..Plan::new(Form::Table(Table::new(columns)), Kind::Bars) }
    }

    #[test]
    fn a_meaning_moves_from_one_column_to_another() {
        let moved = with_role(&plan(), 1, Some(Role::Close), "KO");
        assert_eq!(columns(&moved), [Some(Role::Time), Some(Role::Close), None]);
        assert_eq!(moved.symbol.clone().unwrap().as_str(), "KO");
        let emptied = with_role(&moved, 1, None, "KO");
        assert_eq!(columns(&emptied), [Some(Role::Time), None, None]);
        assert_eq!(with_role(&plan(), 1, Some(Role::Close), "Close").symbol, None);
        assert_eq!(with_role(&plan(), 4, Some(Role::Low), "x").problems(), ["The symbol is not known."]);
    }

    #[test]
    fn the_members_of_json_have_meanings_too() {
        let form =
            Form::Objects { names: vec!["t".into(), "x".into()], columns: vec![Some(Role::Time), None] };
        let set = with_role(&Plan::new(form, Kind::Bars), 1, Some(Role::Close), "x");
        assert_eq!(columns(&set), [Some(Role::Time), Some(Role::Close)]);
        assert_eq!(columns(&with_kind(&set, Kind::Trades))[1], Some(Role::Price));
    }

    #[test]
    fn another_kind_keeps_what_both_have() {
        let trades = with_kind(&with_role(&plan(), 1, Some(Role::High), "h"), Kind::Trades);
        assert_eq!(columns(&trades), [Some(Role::Time), None, Some(Role::Price)]);
        assert_eq!((trades.step_millis, role(Kind::Trades, "size")), (None, Some(Role::Size)));
        assert_eq!(columns(&with_kind(&trades, Kind::Bars))[2], Some(Role::Close));
    }

    #[test]
    fn the_files_own_length_is_among_those_to_choose_from() {
        let labels: Vec<String> = steps(&plan()).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels[..4], ["1 s", "1 m", "90 s", "3 m"]);
    }

    #[test]
    fn two_recordings_are_shown_at_the_shortest_interval_that_both_have() {
        let summary = |name: &str, step_millis| Summary {
            symbol: Symbol::new(name).unwrap(),
            step_millis,
            bars: 1,
            from: UnixMillis(0),
            to: UnixMillis(1),
            holes: 0,
        };
        let held = [summary("BTCUSD", 1_000), summary("ETHUSD", 60_000), summary("KO", 86_400_000)];
        let pair = first_pair(&held, &[]).unwrap();
        let taken = [Symbol::new("KO").unwrap(), Symbol::new("BTCUSD").unwrap()];
        let newest = first_pair(&held, &taken).unwrap();
        assert_eq!((newest.y.as_str(), newest.x.as_str()), ("KO", "BTCUSD"));
        let shown = show(&Settings::default(), &held, pair.clone()).unwrap();
        assert_eq!(
            (shown.interval, &shown.source, &shown.pair),
            (Interval::OneMinute, &Source::Recording, &pair)
        );
        let longer = Settings { interval: Interval::OneHour, ..shown };
        assert_eq!(show(&longer, &held, pair.clone()).unwrap().interval, Interval::OneHour);
        let with_ko = Pair { x: Symbol::new("KO").unwrap(), ..pair.clone() };
        assert_eq!(show(&longer, &held, with_ko).unwrap().interval, Interval::OneDay);
        let unknown = Pair { x: Symbol::new("PEP").unwrap(), ..pair.clone() };
        assert_eq!(show(&longer, &held, unknown).unwrap_err(), "There is no recording of PEP.");
        // that of a link opens as it was, or waits
        let of_link = |interval| Settings {
            source: Source::Recording,
            pair: pair.clone(),
            interval,
            z_window_bars: 77,
            ..longer.clone()
        };
        assert_eq!(linked(&of_link(Interval::OneHour), &held), Some(of_link(Interval::OneHour)));
        assert_eq!(linked(&of_link(Interval::OneSecond), &held), None);
        assert_eq!(linked(&of_link(Interval::OneHour), &held[1..]), None);
        assert_eq!(first_pair(&held[..1], &[]), None);
    }
}
