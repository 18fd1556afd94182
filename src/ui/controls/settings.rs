//! The drawer with everything that can be set.

use crate::ui::controls::awake::AwakeSwitch;
use crate::ui::controls::pairs::{known_pairs, request_markets};
use crate::ui::controls::settings_field::{SymbolField, number_fields};
use crate::ui::controls::test_fields::test_fields;
use crate::ui::on_demand::Opened;
use crate::ui::panels::storage::StoragePanel;
use crate::ui::preferences;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::use_desk;
use crate::view::settings::form::{self, Draft};
use crate::web::{page, timer};
use leptos::prelude::*;
use spreadscope_engine::settings::{About, HedgeKind, PriceScale};
use spreadscope_engine::settings::{Settings, SettingsError, Source};

/// The drawer's id, for the buttons that open it.
pub const SETTINGS_ID: &str = "settings";

/// The drawer's contents.
#[component]
#[expect(clippy::too_many_lines, reason = "the form in the order in which it is seen")]
pub fn SettingsForm() -> impl IntoView {
    let desk = use_desk();
    let Opened { count, .. } = expect_context();
    let draft = RwSignal::new(desk.settings.with_untracked(Draft::of));
    let errors: RwSignal<Vec<SettingsError>> = RwSignal::new(Vec::new());
    let applied = RwSignal::new(false);
    // settings can change elsewhere, such as the interval in the top bar
    Effect::watch(
        move || desk.settings.get(),
        move |settings, _, _| {
            draft.set(Draft::of(settings));
            errors.set(Vec::new());
        },
        false,
    );
    effect(move || {
        if count.get() > 0 {
            // values typed but not applied are discarded
            draft.set(desk.settings.with_untracked(Draft::of));
            errors.set(Vec::new());
            request_markets(desk, &draft.with_untracked(|draft| draft.source.clone()));
        }
    });
    let apply = move || match draft.with_untracked(|draft| draft.read(&desk.settings.get_untracked())) {
        Ok(settings) => {
            preferences::apply(desk, settings);
            applied.set(true);
        }
        Err(found) => {
            errors.set(found);
            applied.set(false);
            // the first marked field of the form, once the fields are marked
            timer::after(0, || page::focus("#settings [aria-invalid=true]")).forget();
        }
    };
    let reset = move |_| {
        let Settings { source, .. } = desk.settings.get_untracked();
        draft.set(Draft::of(&Settings { source, ..Settings::default() }));
        errors.set(Vec::new());
        applied.set(false);
    };
    let swap = move |_| draft.update(|draft| core::mem::swap(&mut draft.y, &mut draft.x));
    let touched = memo(move |_| draft.with(|draft| *draft != desk.settings.with(Draft::of)));
    let outcome = move || {
        if errors.with(|errors| !errors.is_empty()) {
            "Not applied: see the fields marked above."
        } else if touched.get() {
            "Not applied yet."
        } else if applied.get() {
            "Applied."
        } else {
            ""
        }
    };
    view! {
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    apply();
                }
            >
                <div class="drawer-head">
                    <h2>"Settings"</h2>
                    <button
                        class="quiet" type="button" popovertarget=SETTINGS_ID popovertargetaction="hide"
                        aria-label="Close"
                    >"×"</button>
                </div>
                <div class="drawer-body">
                    <fieldset>
                        <legend>"Market"</legend>
                        <SourceField draft/>
                        <div class="pair-fields">
                            <SymbolField name="y" id="leg-y" label="y, the leg explained" draft errors/>
                            <button class="control" type="button" on:click=swap aria-label="Swap the legs" title="Swap">
                                "⇄"
                            </button>
                            <SymbolField name="x" id="leg-x" label="x, the leg that explains" draft errors/>
                        </div>
                        <FieldError name="pair" errors/>
                        {known_pairs(desk, draft)}
                    </fieldset>
                    {model_fields(draft)}
                    <fieldset>
                        <legend>"Windows"</legend>
                        {number_fields(About::Windows, draft, errors)}
                    </fieldset>
                    {test_fields(draft, errors)}
                    <fieldset>
                        <legend>"Alerts"</legend>
                        {number_fields(About::Alerts, draft, errors)}
                    </fieldset>
                    <fieldset>
                        <legend>"Screen"</legend>
                        <AwakeSwitch/>
                    </fieldset>
                    <fieldset>
                        <legend>"Data on this device"</legend>
                        {number_fields(About::Storage, draft, errors)}
                        <StoragePanel/>
                    </fieldset>
                </div>
                <div class="drawer-foot">
                    <p role="status">{outcome}</p>
                    <button class="control" type="button" on:click=reset>"Defaults"</button>
                    <button class="primary" type="submit" data-action="apply">"Apply"</button>
                </div>
            </form>
    }
}

/// The hedge model, the price scale, and the models to compare with.
fn model_fields(draft: RwSignal<Draft>) -> AnyView {
    let models = HedgeKind::ALL.into_iter().map(|kind| {
        let chosen = move || draft.with(|draft| draft.hedge_model == kind);
        view! { <option value=kind.as_str() prop:selected=chosen>{kind.row().label}</option> }
    });
    let choose = move |text: String| {
        if let Some(kind) = HedgeKind::parse(&text) {
            draft.update(|draft| draft.hedge_model = kind);
        }
    };
    let scales = PriceScale::ALL.into_iter().map(|scale| {
        let label = if scale == PriceScale::Levels { "Prices" } else { "Logarithms" };
        let checked = move || draft.with(|draft| draft.price_scale == scale);
        let set = move |_| draft.update(|draft| draft.price_scale = scale);
        view! {
            <label class="radio">
                <input type="radio" name="scale" value=scale.as_str() prop:checked=checked on:change=set/>
                {label}
            </label>
        }
    });
    let beside = HedgeKind::ALL.into_iter().map(|kind| {
        let checked = move || draft.with(|draft| draft.overlays.contains(&kind));
        let set = move |_| draft.update(|draft| draft.toggle_overlay(kind));
        view! {
            <label class="radio">
                <input type="checkbox" value=kind.as_str() prop:checked=checked on:change=set/>
                {kind.row().label}
            </label>
        }
    });
    view! {
        <fieldset>
            <legend>"Hedge model"</legend>
            <label class="field-inline">
                "Estimated by"
                <select data-control="hedge-model" on:change:target=move |event| choose(event.target().value())>
                    {models.collect_view()}
                </select>
            </label>
            <p class="field-hint">
                "The ratio behind the spread and z. "
                {move || draft.with(|draft| draft.hedge_model.row().hint)}
            </p>
            <div class="radios" role="radiogroup" aria-label="Scale of prices">{scales.collect_view()}</div>
            <p class="field-hint">"Also shown in the hedge chart"</p>
            <div class="radios overlays">{beside.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn SourceField(draft: RwSignal<Draft>) -> impl IntoView {
    let desk = use_desk();
    let choices = form::sources(&draft.with_untracked(|draft| draft.source.clone()));
    if let [only] = choices.as_slice() {
        let note = match only {
            Source::Loopback { origin } => origin.clone(),
            Source::Binance | Source::BinanceUs | Source::Demo | Source::Recording => String::new(),
        };
        return view! { <p class="fixed-source">"Source: " <strong>{only.label()}</strong> " " {note}</p> }
            .into_any();
    }
    let radios = choices
        .into_iter()
        .map(|source| {
            let label = source.label();
            let chosen = source.clone();
            let checked = move || draft.with(|draft| draft.source == chosen);
            view! {
                <label class="radio">
                    <input
                        type="radio"
                        name="source"
                        prop:checked=checked
                        on:change=move |_| {
                            draft.update(|draft| draft.source = source.clone());
                            request_markets(desk, &source);
                        }
                    />
                    {label}
                </label>
            }
        })
        .collect_view();
    view! { <div class="radios" role="radiogroup" aria-label="Source">{radios}</div> }.into_any()
}

/// The sentence below a field that was refused.
#[component]
pub fn FieldError(
    /// The field's name in [`Settings`].
    name: &'static str,
    /// The errors found at the last attempt.
    errors: RwSignal<Vec<SettingsError>>,
) -> impl IntoView {
    let text =
        move || errors.with(|errors| errors.iter().find(|error| error.field == name).map(form::in_words));
    view! { <p class="field-error" id=format!("error-{name}") data-error=name>{text}</p> }
}
