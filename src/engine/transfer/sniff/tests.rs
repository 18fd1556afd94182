use super::*;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn plan(text: &str, names: &[&str]) -> Plan {
    super::plan(text, names, Coding::Utf8, NOW)
}

fn look(name: &str, text: &str) -> Preview {
    preview(text, plan(text, &[name]), true)
}

#[test]
fn a_table_is_read_by_its_header_and_its_name() {
    let text = "# daily\ndate,close,open,high,low\n2024-08-08,2,1,3,0.5\n2024-08-09,x,1,1,1\n2024-08-10,1,1,1,1\n2024-08-11,1,1,1,1\n";
    let Preview { plan, columns, rows, problems, notes, .. } = look("BTCUSDT.csv", text);
    assert_eq!((plan.kind, plan.step_millis), (Kind::Bars, Some(86_400_000)));
    assert_eq!(plan.symbol.unwrap().as_str(), "BTCUSDT");
    assert_eq!(columns, ["date", "close", "open", "high", "low"]);
    let prices = rows[0].read.as_ref().unwrap().prices;
    assert_eq!((rows[0].line, prices), (3, Some([1.0, 3.0, 0.5, 2.0])));
    assert_eq!(rows[1].read, Err("close must be a positive decimal, was \"x\"".into()));
    assert_eq!((problems.len(), notes.len()), (0, 2), "{problems:?} {notes:?}");
}

#[test]
fn json_and_frames_are_told_apart() {
    let trade = r#"{"symbol":"btcusdt","ts":"2024-08-08T23:54:15.342Z","price":1,"size":2}"#;
    let seen = look("x.ndjson", trade);
    assert_eq!((seen.plan.form, seen.problems.len(), seen.rows.len()), (Form::Ndjson, 0, 1));
    let nameless = trade.replace("symbol", "coin");
    assert_eq!(look("my recording.ndjson", &nameless).problems, ["The symbol is not known."]);
    let frame = "wss://host <-> 1\n1633998512.0: {\"stream\":\"a@depth\",\"data\":{}}\n";
    assert_eq!(look("x", frame).plan.form, Form::Frames);
}

#[test]
fn rows_of_both_legs_are_shown_once_for_each() {
    let head = "# y: BTCUSDT\n# x: ETHUSDT\n# interval: 1m\n";
    let text = format!("{head}time,y_close,x_close,x_origin\n2024-08-08,2,,missing\n2024-08-09,0,1,live\n");
    let Preview { plan, rows, problems, notes, .. } = look("a.csv", &text);
    assert_eq!((plan.step_millis, problems.len()), (Some(60_000), 0), "{problems:?}");
    assert_eq!(notes[0], "A row holds a bar of BTCUSDT and one of ETHUSDT.");
    let seen: Vec<(u64, Result<_, _>)> = rows
        .into_iter()
        .map(|row| (row.line, row.read.map(|read| (read.symbol.unwrap(), read.known))))
        .collect();
    let refused = "BTCUSDT: close must be a positive decimal, was \"0\"".to_owned();
    let expected = [
        (5, Ok(("BTCUSDT".to_owned(), true))),
        (5, Ok(("ETHUSDT".to_owned(), false))),
        (6, Ok(("ETHUSDT".to_owned(), true))),
        (6, Err(refused)),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn what_is_no_table_of_prices_is_shown_with_its_problem() {
    let seen = look("notes.txt", "dear diary\ntoday it rained\n");
    assert_eq!(seen.problems[0], "No column is the time.");
    assert_eq!(seen.rows[0].cells, ["today it rained"]);
    assert_eq!(look("BTCUSDT.csv", "").problems.last().unwrap(), "There is no row in it.");
}

#[test]
fn a_line_that_the_slice_has_cut_is_not_judged() {
    let text = "1605499846,15993.5,0.026472\n1605499846,15994.96,0.2\n160549";
    let seen = preview(text, plan(text, &["BTCUSDT.csv"]), false);
    assert_eq!((seen.plan.kind, seen.rows.len()), (Kind::Trades, 2));
}
