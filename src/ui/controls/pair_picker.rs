//! The choice of another pair, directly below the pair in the bar.

use crate::ui::controls::pairs::{known_pairs, request_markets};
use crate::ui::controls::settings::FieldError;
use crate::ui::controls::settings_field::SymbolField;
use crate::ui::on_demand::Opened;
use crate::ui::preferences;
use crate::ui::reactive::effect;
use crate::ui::state::use_desk;
use crate::view::settings::form::Draft;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::settings::SettingsError;

/// The picker's id, for the button that opens it.
pub const PICKER_ID: &str = "pair-picker";

/// The contents of the picker's popover.
#[component]
pub fn PairPicker() -> impl IntoView {
    let desk = use_desk();
    let Opened { count, .. } = expect_context();
    let draft = RwSignal::new(desk.settings.with_untracked(Draft::of));
    let errors: RwSignal<Vec<SettingsError>> = RwSignal::new(Vec::new());
    effect(move || {
        if count.get() > 0 {
            draft.set(desk.settings.with_untracked(Draft::of));
            errors.set(Vec::new());
            request_markets(desk, &draft.with_untracked(|draft| draft.source.clone()));
        }
    });
    let apply = move || match draft.with_untracked(|draft| draft.read(&desk.settings.get_untracked())) {
        Ok(settings) => {
            preferences::apply(desk, settings);
            page::hide_popover(PICKER_ID);
        }
        Err(found) => errors.set(found),
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                apply();
            }
        >
            <div class="pair-fields">
                <SymbolField name="y" id="pick-y" label="y, the leg explained" draft errors/>
                <button
                    class="control" type="button" aria-label="Swap the legs" title="Swap"
                    on:click=move |_| draft.update(|draft| core::mem::swap(&mut draft.y, &mut draft.x))
                >"⇄"</button>
                <SymbolField name="x" id="pick-x" label="x, the leg that explains" draft errors/>
            </div>
            <FieldError name="pair" errors/>
            {known_pairs(desk, draft)}
            <button class="primary" type="submit" data-action="pick-pair">"Show"</button>
        </form>
    }
}
