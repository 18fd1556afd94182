//! A file's format as the user sets it: separator, lines above the rows, numbers and times.

use spreadscope_engine::transfer::calendar::Order;
use spreadscope_engine::transfer::number::Decimal;
use spreadscope_engine::transfer::plan::{Form, Plan, Table};
use spreadscope_engine::transfer::times::Numbers;
use spreadscope_engine::transfer::zone::Zone;

/// The order of day and month in dates: value and label.
pub const ORDERS: [(&str, &str); 4] = [
    ("none", "as they stand"),
    ("day", "day before month"),
    ("month", "month before day"),
    ("year", "year first, of two digits"),
];
/// The meaning of a number in the time column: value and label.
pub const NUMBERS: [(&str, &str); 4] = [
    ("plausible", "by its size"),
    ("1970", "since 1970"),
    ("days", "days since 1970"),
    ("excel", "Excel's days"),
];
/// The decimal sign: value and label.
pub const DECIMALS: [(&str, &str); 2] = [(".", "point"), (",", "comma")];
/// The separator between two cells: value and label.
pub const SEPARATORS: [(&str, &str); 8] = [
    (",", "comma"),
    (";", "semicolon"),
    ("\t", "tab"),
    ("|", "bar"),
    (" ", "blanks"),
    (":", "colon"),
    ("~", "tilde"),
    ("^", "caret"),
];
/// The zones on offer; the user may name any other.
pub const ZONES: [&str; 12] = [
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
];

/// Returns the value among [`ORDERS`].
pub const fn order(plan: &Plan) -> &'static str {
    match plan.times.order {
        Order::NotNeeded | Order::Ambiguous => "none",
        Order::DayFirst => "day",
        Order::MonthFirst => "month",
        Order::YearFirst => "year",
    }
}

/// Returns `plan` with another order of dates.
pub fn with_order(plan: &Plan, value: &str) -> Plan {
    let mut plan = plan.clone();
    plan.times.order = match value {
        "day" => Order::DayFirst,
        "month" => Order::MonthFirst,
        "year" => Order::YearFirst,
        _ => Order::NotNeeded,
    };
    plan
}

/// Returns the value among [`NUMBERS`].
pub const fn numbers(plan: &Plan) -> &'static str {
    match plan.times.numbers {
        Numbers::Plausible => "plausible",
        Numbers::Since1970 => "1970",
        Numbers::ExcelDays => "excel",
        Numbers::Days1970 => "days",
    }
}

/// Returns `plan` with another meaning of numbers in the time column.
pub fn with_numbers(plan: &Plan, value: &str) -> Plan {
    let mut plan = plan.clone();
    plan.times.numbers = match value {
        "1970" => Numbers::Since1970,
        "excel" => Numbers::ExcelDays,
        "days" => Numbers::Days1970,
        _ => Numbers::Plausible,
    };
    plan
}

/// Returns the value among [`DECIMALS`].
pub const fn decimal(plan: &Plan) -> &'static str {
    match &plan.form {
        Form::Table(table) if matches!(table.decimal, Decimal::Comma) => ",",
        _ => ".",
    }
}

/// Returns `plan` with another decimal sign.
pub fn with_decimal(plan: &Plan, value: &str) -> Plan {
    let mut plan = plan.clone();
    if let Form::Table(table) = &mut plan.form {
        table.decimal = if value == "," { Decimal::Comma } else { Decimal::Point };
    }
    plan
}

/// Returns the value among [`SEPARATORS`], or another sign.
pub fn separator(plan: &Plan) -> String {
    table(plan).map_or_else(String::new, |table| table.delimiter.to_string())
}

/// Returns the table's form; `None` for other kinds of file.
pub const fn table(plan: &Plan) -> Option<&Table> {
    match &plan.form {
        Form::Table(table) => Some(table),
        _ => None,
    }
}

/// Returns `plan` with another separator, which finds the columns anew.
pub fn with_separator(plan: &Plan, value: &str) -> Plan {
    anew(plan, |table| table.delimiter = value.chars().next().unwrap_or(','))
}

/// Returns `plan` with the header in another line, 0 for none, which finds the columns anew.
pub fn with_header_line(plan: &Plan, line: u64) -> Plan {
    anew(plan, |table| {
        table.header_line = line;
        table.header_lines = u64::from(line > 0);
        table.skipped_lines = line;
    })
}

/// Returns `plan` with another number of lines before the first row, which finds the columns anew.
pub fn with_skipped_lines(plan: &Plan, lines: u64) -> Plan {
    anew(plan, |table| {
        table.skipped_lines = lines;
        if table.header_line > lines {
            (table.header_line, table.header_lines) = (lines, u64::from(lines > 0));
        }
    })
}

fn anew(plan: &Plan, change: impl FnOnce(&mut Table)) -> Plan {
    let mut plan = plan.clone();
    if let Form::Table(table) = &mut plan.form {
        change(table);
        table.names.clear();
        table.columns.clear();
        plan.markets.clear();
    }
    plan
}

/// Returns `plan` with its times in another zone.
pub fn with_zone(plan: &Plan, text: &str) -> Plan {
    let mut plan = plan.clone();
    plan.times.zone = Zone::parse(text);
    plan
}

/// Returns the key by which a file's mapping is stored: the names of its columns.
pub fn header(plan: &Plan) -> Option<String> {
    let names = match &plan.form {
        Form::Table(table) => &table.names,
        Form::Objects { names, .. } | Form::Document { names, .. } => names,
        Form::Ndjson | Form::Frames => return None,
    };
    (!names.is_empty()).then(|| names.join("\u{1f}"))
}

/// Returns `plan` read in the way an earlier file with the same header was read. It keeps its own market and
/// bar length if they are known.
pub fn as_before(plan: &Plan, before: &Plan) -> Plan {
    let mut again = before.clone();
    again.symbol = plan.symbol.clone().or(again.symbol);
    again.step_millis = plan.step_millis.or(again.step_millis);
    again.times.latest = plan.times.latest;
    (again.day, again.covers, again.coding) = (plan.day, plan.covers, plan.coding);
    again
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Symbol;
    use spreadscope_engine::transfer::plan::{Kind, Role};

    fn plan() -> Plan {
        let mut table = Table::new(vec![Some(Role::Time), Some(Role::Close)]);
        table.names = vec!["Date".to_owned(), "Close".to_owned()];
        Plan { step_millis: Some(60_000), ..Plan::new(Form::Table(table), Kind::Bars) }
    }

    #[test]
    fn what_parts_cells_and_rows_has_the_columns_found_anew() {
        for plan in
            [with_separator(&plan(), ";"), with_header_line(&plan(), 3), with_skipped_lines(&plan(), 2)]
        {
            assert_eq!(table(&plan).map(|table| (table.columns.len(), table.names.len())), Some((0, 0)));
        }
        assert_eq!(separator(&with_separator(&plan(), "\t")), "\t");
        let lower = with_skipped_lines(&with_header_line(&plan(), 3), 1);
        assert_eq!(table(&lower).map(|table| (table.header_line, table.skipped_lines)), Some((1, 1)));
        assert_eq!(table(&with_header_line(&plan(), 0)).map(|table| table.header_lines), Some(0));
    }

    #[test]
    fn a_file_is_read_as_one_with_its_header_was_and_keeps_its_own_market() {
        let before = with_order(&with_decimal(&with_zone(&plan(), "Europe/Berlin"), ","), "day");
        let before = Plan { symbol: Symbol::new("KO").ok(), absent_is_empty: true, ..before };
        let own = Plan { symbol: Symbol::new("PEP").ok(), step_millis: None, ..plan() };
        let again = as_before(&own, &before);
        assert_eq!(
            (again.symbol.as_ref().map(Symbol::as_str), again.step_millis),
            (Some("PEP"), Some(60_000))
        );
        assert_eq!((order(&again), decimal(&again), again.absent_is_empty), ("day", ",", true));
        assert_eq!(again.times.zone, Zone::Named("Europe/Berlin".into()));
        assert_eq!(header(&again), header(&own));
    }
}
