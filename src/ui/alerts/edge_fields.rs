//! A quantity, an operator and its limits: the fields that a rule's test and its conditions share.

use crate::ui::reactive::{effect, memo};
use crate::ui::state::use_desk;
use crate::view::alert::form::{EdgeDraft, FieldError};
use crate::view::alert::operator::Operator;
use crate::view::alert::{quantity, words};
use leptos::html;
use leptos::prelude::*;
use spreadscope_engine::alert::Quantity;

/// The fields of one edge.
#[component]
pub fn EdgeFields(
    /// Prefix of the fields' names: nothing, or `conditions[0].`.
    prefix: String,
    /// The operators to choose from.
    operators: &'static [Operator],
    /// Whether it is the rule's own test: quantities known between bars cannot be conditions.
    is_alone: bool,
    /// The edge as typed.
    edge: Signal<EdgeDraft>,
    /// Changes it.
    change: Callback<(EdgeDraft,)>,
    /// The errors found at the last attempt.
    errors: RwSignal<Vec<FieldError>>,
) -> impl IntoView {
    let desk = use_desk();
    let pair = desk.settings.with_untracked(|settings| settings.pair.clone());
    let quantities = Quantity::ALL
        .iter()
        .copied()
        .filter(|quantity| is_alone || !quantity.is_between_bars())
        .map(|quantity| {
            let chosen = move || edge.with(|edge| edge.quantity == quantity);
            view! { <option value=quantity.name() prop:selected=chosen>{quantity::name(quantity, &pair)}</option> }
        })
        .collect_view();
    let choices = operators
        .iter()
        .enumerate()
        .map(|(place, operator)| {
            let chosen = move || edge.with(|edge| edge.operator == *operator);
            view! { <option value=place.to_string() prop:selected=chosen>{operator.label()}</option> }
        })
        .collect_view();
    let update = move |write: &dyn Fn(&mut EdgeDraft)| {
        let mut changed = edge.get_untracked();
        write(&mut changed);
        change.run((changed,));
    };
    let is_band = memo(move |_| edge.with(|edge| edge.operator.is_band()));
    let unit = move || {
        desk.settings
            .with(|settings| quantity::unit(edge.with(|edge| edge.quantity), &settings.pair).to_owned())
    };
    let field = move |name: &str| format!("{prefix}{name}");
    let (quantity_field, operator_field) = (field("quantity"), field("operator"));
    let (value_name, low_name, high_name) = (field("value"), field("low"), field("high"));
    let first_name = move || if is_band.get() { low_name.clone() } else { value_name.clone() };
    let first_label = move || words::field(if is_band.get() { "low" } else { "value" });
    view! {
        <div class="edge">
            <select
                aria-label="Metric"
                data-field=quantity_field
                on:change:target=move |event| {
                    if let Some(quantity) = Quantity::parse(&event.target().value()) {
                        update(&|edge| edge.quantity = quantity);
                    }
                }
            >
                {quantities}
            </select>
            <select
                aria-label="Operator"
                data-field=operator_field
                on:change:target=move |event| {
                    let chosen = event.target().value().parse::<usize>().ok().and_then(|place| operators.get(place));
                    if let Some(&operator) = chosen {
                        update(&|edge| edge.operator = operator);
                    }
                }
            >
                {choices}
            </select>
            <TextField
                name=Signal::derive(first_name)
                label=Signal::derive(first_label)
                unit=Signal::derive(unit)
                errors
                value=Signal::derive(move || edge.with(|edge| edge.low.clone()))
                write=Callback::new(move |(text,): (String,)| update(&|edge| edge.low.clone_from(&text)))
            />
            <Show when=move || is_band.get()>
                <TextField
                    name=Signal::stored(high_name.clone())
                    label=Signal::stored(words::field("high"))
                    unit=Signal::derive(unit)
                    errors
                    value=Signal::derive(move || edge.with(|edge| edge.high.clone()))
                    write=Callback::new(move |(text,): (String,)| update(&|edge| edge.high.clone_from(&text)))
                />
            </Show>
        </div>
    }
}

/// A text field with its label and its error.
#[component]
pub fn TextField(
    /// The field's name in errors.
    name: Signal<String>,
    /// The label.
    label: Signal<&'static str>,
    /// The unit; may be empty.
    unit: Signal<String>,
    /// The errors found at the last attempt.
    errors: RwSignal<Vec<FieldError>>,
    /// The text.
    value: Signal<String>,
    /// Changes it.
    write: Callback<(String,)>,
    /// Whether the field takes the focus when it appears.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let input: NodeRef<html::Input> = NodeRef::new();
    effect(move || {
        if let Some(input) = input.get().filter(|_| first) {
            // a field that has just been added can take the focus
            drop(input.focus());
        }
    });
    let id = move || format!("rule-{}", name.get().replace(['[', ']', '.'], "-"));
    let error_id = move || format!("{}-error", id());
    let error = move || {
        errors.with(|errors| {
            errors.iter().find(|error| error.field == name.get()).map(|error| error.message.clone())
        })
    };
    let shown_label = move || match unit.get().as_str() {
        "" => label.get().to_owned(),
        unit => format!("{}, {unit}", label.get()),
    };
    view! {
        <div class="field">
            <label for=id>{shown_label}</label>
            <input
                node_ref=input
                id=id
                type="text"
                autocomplete="off"
                data-field=move || name.get()
                aria-invalid=move || error().is_some().to_string()
                aria-describedby=error_id
                prop:value=move || value.get()
                on:input:target=move |event| write.run((event.target().value(),))
            />
            <p class="field-error" id=error_id data-error=move || name.get()>{error}</p>
        </div>
    }
}
