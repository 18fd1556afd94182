//! Files chosen or dropped: shown one after another, each imported or skipped.

use crate::ui::reactive::effect;
use crate::ui::state::{Desk, use_desk};
use crate::view::files::import::{Stage, words};
use crate::web::file::Picked;
use leptos::prelude::*;
use std::collections::VecDeque;

/// The files of one choice.
#[derive(Debug, Default)]
struct Turn {
    now: Option<Picked>,
    waiting: VecDeque<Picked>,
}

impl Turn {
    fn names(&self) -> Vec<String> {
        self.waiting.iter().map(|file| file.name.clone()).collect()
    }

    /// Queues the other files of an archive directly behind the one shown.
    fn follow_with(&mut self, inner: &[String]) {
        let Some(archive) = &self.now else { return };
        for inner in inner.iter().rev() {
            let name = format!("{}/{inner}", archive.name);
            self.waiting.push_front(Picked { name, ..archive.clone() });
        }
    }
}

/// The file input.
#[component]
pub fn Chooser() -> impl IntoView {
    let desk = use_desk();
    let over = RwSignal::new(false);
    let turn = StoredValue::new_local(Turn::default());
    let waiting: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let finished: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let open_next = move || {
        let next = turn.try_update_value(|turn| {
            let next = turn.waiting.pop_front()?;
            turn.now = Some(next.clone());
            waiting.set(turn.names());
            Some(next)
        });
        if let Some(next) = next.flatten() {
            desk.open_file(&next);
        }
    };
    let choose = move |files: Vec<Picked>| {
        finished.set(Vec::new());
        if files.len() > 1 {
            // the markets of this choice are the ones to show
            desk.model.update_value(|model| model.import.taken.clear());
        }
        turn.update_value(|turn| turn.waiting = files.into());
        open_next();
    };
    let outcome = follow_outcome(desk);
    effect(move || {
        let Some((_, outcome)) = outcome.get() else { return };
        let (now, more) = turn.with_value(|turn| (turn.now.clone(), !turn.waiting.is_empty()));
        if let Some(Picked { name, .. }) = now.filter(|_| more) {
            finished.update(|finished| finished.push(format!("{name}: {outcome}")));
            open_next();
        }
    });
    let others = follow_others(desk);
    effect(move || {
        let Some((_, others)) = others.get() else { return };
        if finished.with_untracked(Vec::is_empty) {
            desk.model.update_value(|model| model.import.taken.clear());
        }
        turn.update_value(|turn| turn.follow_with(&others));
        waiting.set(turn.with_value(Turn::names));
    });
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        choose(Picked::all_of_drop(&event));
    };
    view! {
        <label
            class="drop"
            data-over=move || over.get().then_some("")
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <span>"Choose files, or drop them here"</span>
            <small>
                "Bars or trades as tables or JSON, as exchanges, vendors and spreadsheets write them; Binance's archive \
                 files; recorded frames; also as zip or gzip. The files stay on this machine."
            </small>
            <input
                type="file" multiple data-control="file" accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.zip,.gz"
                on:change=move |event| choose(Picked::all_of_input(&event))
            />
        </label>
        <ul class="finished" aria-label="Files before this one">
            {move || finished.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
        </ul>
        <Show when=move || !waiting.with(Vec::is_empty)>
            <p class="note" data-waiting=move || waiting.with(Vec::len)>"Then: " {move || waiting.get().join(", ")}</p>
        </Show>
    }
}

/// The outcome of the newest file once it is finished; the number tells apart two files with equal outcomes.
fn follow_outcome(desk: Desk) -> Memo<Option<(u64, String)>> {
    desk.follow(|model| Some((model.import.import, words::outcome(&model.import.stage)?)))
}

/// The other tables in the archive that the newest file is.
fn follow_others(desk: Desk) -> Memo<Option<(u64, Vec<String>)>> {
    desk.follow(|model| match &model.import.stage {
        Stage::Shown(preview) if !preview.others.is_empty() => {
            Some((model.import.import, preview.others.clone()))
        }
        _ => None,
    })
}
