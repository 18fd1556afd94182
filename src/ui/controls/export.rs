//! Tables for download: which one, in which format, of everything or of what the charts show.

use crate::ui::address;
use crate::ui::on_demand::Opened;
use crate::ui::reactive::effect;
use crate::ui::state::{Desk, use_desk};
use crate::view::charts::range::Span;
use crate::view::files::export::{Job, What};
use crate::view::files::table::Format;
use crate::web::{clock, download, timer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use spreadscope_engine::Command;
use spreadscope_engine::analytics::evidence::EvidenceOptions;
use spreadscope_engine::bars::ticks::TICKS_KEPT;

/// The menu's id, for the button that opens it.
pub const MENU_ID: &str = "export-menu";

/// A file that the user has requested.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    what: What,
    format: Format,
    span: Option<Span>,
}

/// The menu of tables: the contents of its popover.
#[component]
pub fn ExportMenu() -> impl IntoView {
    let desk = use_desk();
    let visible_only = RwSignal::new(false);
    let Opened { count, .. } = expect_context();
    // computed on demand, and ready before the user reaches the button
    effect(move || {
        if count.get() > 0 {
            let beside = desk.panels.evidence.get_untracked().beside;
            desk.send(Command::Examine(EvidenceOptions { beside, ..EvidenceOptions::default() }));
        }
    });
    // the engine holds the ticks: the file is written when they have arrived
    let waiting = StoredValue::<Option<Wanted>>::new(None);
    Effect::watch(
        move || desk.inspected.get(),
        move |_, _, _| {
            let all = desk.model.with_value(|model| {
                model.inspection.as_ref().is_some_and(|inspection| inspection.ticks_requested == TICKS_KEPT)
            });
            if let Some(wanted) = waiting.get_value().filter(|_| all) {
                waiting.set_value(None);
                write(desk, wanted);
            }
        },
        false,
    );
    let save = move |what: What, format: Format| {
        let span = visible_only
            .get_untracked()
            .then(|| desk.model.with_value(|model| desk.look.range.get_untracked().bounds(&model.series)));
        let wanted = Wanted { what, format, span };
        if what == What::Ticks {
            waiting.set_value(Some(wanted));
            desk.send(Command::Inspect { ticks: TICKS_KEPT });
        } else {
            write(desk, wanted);
        }
    };
    view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || visible_only.get()
                    on:change:target=move |event| visible_only.set(event.target().checked())
                />
                "Only what the charts show"
            </label>
            {What::ALL.into_iter().map(|what| table(what, save)).collect_view()}
            <button class="control" type="button" data-action="copy-link" on:click=move |_| address::copy_link(desk)>
                "Copy link to this screen"
            </button>
    }
}

fn table(what: What, save: impl Fn(What, Format) + Copy + Send + 'static) -> AnyView {
    let kinds = Format::ALL.map(|format| {
        view! {
            <button
                class="control"
                type="button"
                data-export=format!("{}.{}", what.as_str(), format.as_str())
                aria-label=format!("{} as {}", what.label(), format.label())
                on:click=move |_| save(what, format)
            >
                {format.label()}
            </button>
        }
        .into_any()
    });
    view! { <div class="export-row"><span>{what.label()}</span>{kinds.into_iter().collect_view()}</div> }
        .into_any()
}

/// Writes the file, with a pause after each part so that the page stays responsive.
fn write(desk: Desk, Wanted { what, format, span }: Wanted) {
    let settings = desk.model.with_value(|model| model.settings.clone());
    let mut job = Job::new(what, format, span, &settings, clock::now(), desk.replayed());
    spawn_local(async move {
        let mut parts = Vec::new();
        while let Some(part) = desk.model.with_value(|model| job.more(model)) {
            parts.push(part);
            timer::breathe().await;
        }
        desk.say_saved(&job.name, download::save(&job.name, format.mime(), &parts));
    });
}
