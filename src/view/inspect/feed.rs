//! `/feed`: the connection, its cost, its log, and what is stored.

use super::{FactLine, Page, ROWS, Table, count, maybe_count, maybe_time, maybe_whole, time};
use crate::view::charts::gaps::gaps;
use crate::view::feed::status;
use crate::view::feed::storage;
use crate::view::files::table::Cell;
use crate::view::numbers::tiles::trades_per_sec;
use crate::view::screen::model::Model;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::base::symbol::Leg;

pub(super) fn page(model: &Model) -> Page {
    let mut facts = of_feed(model);
    facts.extend(of_storage(model));
    Page {
        title: "Feed".to_owned(),
        about: "The connection, its data and what is stored; below, its log.".to_owned(),
        facts,
        tables: vec![
            notes(model, "connections", "Connection log", |kind| !is_about_trades(kind)),
            notes(model, "gaps_and_repairs", "Gaps and repairs", is_about_trades),
            missing(model),
        ],
    }
}

const fn is_about_trades(kind: NoteKind) -> bool {
    matches!(kind, NoteKind::Gap | NoteKind::Repaired | NoteKind::Outage)
}

fn notes(model: &Model, name: &'static str, title: &'static str, wanted: fn(NoteKind) -> bool) -> Table {
    let rows = model.notes.iter().filter(|note| wanted(note.kind)).take(ROWS).map(|note| {
        vec![time(note.time.0), Cell::word(status::note_kind(note.kind)), Cell::Text(note.words.clone())]
    });
    Table { name, title, columns: vec!["time", "event", "details"], rows: rows.collect() }
}

fn missing(model: &Model) -> Table {
    let gaps = gaps(&model.series, 0..model.series.len());
    let rows = gaps.iter().rev().take(ROWS).map(|gap| {
        vec![
            time(gap.from),
            time(gap.to),
            count(gap.bars as u64),
            Cell::word(gap.leg),
            Cell::word(gap.origin.as_str()),
        ]
    });
    Table {
        name: "missing_bars",
        title: "Missing bars",
        columns: vec!["from", "to", "bars", "leg", "kind"],
        rows: rows.collect(),
    }
}

fn of_feed(model: &Model) -> Vec<FactLine> {
    let Some(live) = &model.live else { return Vec::new() };
    let feed = &live.feed;
    vec![
        ("phase", Cell::word(status::phase_name(&feed.phase))),
        ("phase_in_words", Cell::Text(status::phase_label(&feed.phase))),
        ("source", Cell::word(&feed.source)),
        ("host", Cell::word(&feed.host)),
        ("history", Cell::Text(status::backfill_label(&feed.backfill))),
        ("connected_ms", maybe_whole(feed.connected_millis)),
        ("reconnects", count(u64::from(feed.reconnects))),
        ("exchange_time", maybe_time(live.exchange_time)),
        ("clock_skew_ms", maybe_whole(feed.clock_skew_millis)),
        ("messages_per_sec", Cell::Number(feed.frames_per_sec)),
        ("messages", count(feed.frames)),
        ("y_trades_per_sec", Cell::maybe(trades_per_sec(model, Leg::Y).ok())),
        ("x_trades_per_sec", Cell::maybe(trades_per_sec(model, Leg::X).ok())),
        ("trades", count(feed.trades)),
        ("duplicates", count(feed.duplicates)),
        ("reordered", count(feed.reordered)),
        ("missing_trades", count(feed.missing)),
        ("repaired_trades", count(feed.repaired)),
        ("rejected_messages", count(feed.rejected)),
        ("last_rejection", Cell::word(feed.last_rejection.as_deref().unwrap_or("none"))),
        ("y_last_trade_age_ms", maybe_whole(live.y.age_millis)),
        ("x_last_trade_age_ms", maybe_whole(live.x.age_millis)),
        ("request_weight_this_minute", count(u64::from(feed.weight_spent))),
        (
            "request_weight_per_minute_at_most",
            count(u64::from(model.settings.source.offer().weight_per_minute)),
        ),
    ]
}

fn of_storage(model: &Model) -> Vec<FactLine> {
    let Some(stored) = &model.storage else { return Vec::new() };
    vec![
        ("storage", Cell::word(storage::state_label(Some(stored)))),
        ("storage_used_bytes", maybe_count(stored.usage_bytes)),
        ("storage_quota_bytes", maybe_count(stored.quota_bytes)),
        ("storage_persistent", stored.persistent.map_or(Cell::Number(f64::NAN), Cell::Flag)),
        ("stored_since", maybe_time(stored.oldest)),
        ("stored_spans", count(stored.spans as u64)),
        ("last_written", maybe_time(stored.last_write_local)),
        ("storage_problem", Cell::word(stored.problem.as_deref().unwrap_or("none"))),
        ("spans_deleted_for_room", count(stored.deleted_for_room as u64)),
        ("imports_without_room", count(stored.imports_without_room.len() as u64)),
        ("imports_failed", count(stored.imports_failed.len() as u64)),
        ("unreadable_record", Cell::word(stored.unreadable.as_deref().unwrap_or("none"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::archive::{StorageMode, StorageStatus};
    use spreadscope_engine::base::note::FeedNote;
    use spreadscope_engine::{Settings, UnixMillis};

    #[test]
    fn the_log_is_parted_into_the_connections_life_and_the_trades() {
        let mut model = Model::new(Settings::default());
        let kinds = [NoteKind::Repaired, NoteKind::Lost, NoteKind::Gap, NoteKind::Connected];
        model.notes.extend(kinds.map(|kind| FeedNote { time: UnixMillis(0), kind, words: "w".into() }));
        let Page { tables, .. } = page(&model);
        let told = |table: &Table| -> Vec<String> {
            table.rows.iter().map(|row| super::super::text(&row[1])).collect()
        };
        assert_eq!(told(&tables[0]), ["Connection lost", "Connected"]);
        assert_eq!(told(&tables[1]), ["Repaired", "Gap"]);
    }

    #[test]
    fn what_is_not_known_of_the_store_is_absent_and_not_nought() {
        let mut model = Model::new(Settings::default());
        let stored =
            StorageStatus { mode: StorageMode::Stored, usage_bytes: Some(7), ..StorageStatus::default() };
        model.storage = Some(stored);
        let Page { facts, .. } = page(&model);
        let told =
            |name: &str| facts.iter().find(|fact| fact.0 == name).map(|fact| super::super::text(&fact.1));
        assert_eq!(told("storage_used_bytes").as_deref(), Some("7"));
        assert_eq!(told("storage_quota_bytes").as_deref(), Some(crate::view::numbers::format::ABSENT));
    }
}
