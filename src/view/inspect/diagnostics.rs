//! Everything that a fault report needs, as JSON.

use super::{Page, alerts, analytics, count, feed, rows_json};
use crate::view::files::export::parameters;
use crate::view::files::table;
use crate::view::screen::model::Model;
use spreadscope_engine::UnixMillis;

/// Returns settings, feed with its log, gaps and store, tests, alerts, notices, and the browser's own words for what
/// the notices say plainly.
pub fn diagnostics(
    model: &Model,
    browser: &str,
    notices: &[String],
    raw: &[String],
    now: UnixMillis,
) -> String {
    let mut out = String::from("{\"settings\":");
    table::object(&mut out, &parameters(&model.settings, now.0));
    out.push_str(",\n\"browser\":");
    table::push_json_text(&mut out, browser);
    let Page { facts, tables, .. } = feed::page(model);
    out.push_str(",\n\"feed\":");
    table::object(&mut out, &facts);
    for table in &tables {
        rows_json(&mut out, table);
    }
    out.push_str(",\n\"tests\":");
    table::object(&mut out, &analytics::adf(model).facts);
    out.push_str(",\n\"alerts\":");
    table::object(&mut out, &alerts::page(model).facts);
    out.push_str(",\n\"bars\":");
    count(model.series.len() as u64).json(&mut out);
    for (name, texts) in [("notices", notices), ("browser_errors", raw)] {
        out.push_str(",\n\"");
        out.push_str(name);
        out.push_str("\":[");
        for (place, text) in texts.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            table::push_json_text(&mut out, text);
        }
        out.push(']');
    }
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::inspect::tests::model;
    use spreadscope_engine::archive::StorageStatus;
    use spreadscope_engine::base::note::{FeedNote, NoteKind};

    #[test]
    fn a_report_of_a_fault_is_whole_and_json_whatever_the_browser_says() {
        let mut model = model(60);
        model.storage = Some(StorageStatus { usage_bytes: Some(12), ..StorageStatus::default() });
        for kind in [NoteKind::Gap, NoteKind::Lost] {
            model.notes.push_front(FeedNote { time: UnixMillis(0), kind, words: "\"why\"".into() });
        }
        let (notices, raw) = (["one\ntwo".to_owned()], ["Uncaught Error: \"x\"".to_owned()]);
        let text = diagnostics(&model, "Agent \"x\"\\", &notices, &raw, UnixMillis(0));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["browser"], "Agent \"x\"\\");
        assert_eq!(value["notices"][0], "one\ntwo");
        assert_eq!(value["browser_errors"][0], "Uncaught Error: \"x\"");
        assert_eq!(value["settings"]["y"], "BTCUSDT");
        assert_eq!(value["missing_bars"].as_array().unwrap().len(), 2);
        assert_eq!(value["connections"][0]["event"], "Connection lost");
        assert_eq!(value["gaps_and_repairs"][0]["details"], "\"why\"");
        assert_eq!(value["feed"]["storage_used_bytes"], 12);
    }
}
