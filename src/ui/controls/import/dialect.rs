//! A file's format: what the user can set when it is not recognised.

use crate::view::files::import::dialect as change;
use crate::web::clock;
use leptos::prelude::*;
use spreadscope_engine::transfer::plan::Plan;

/// The list of zones to choose from.
const ZONES_ID: &str = "import-zones";

/// The fields; for a file that is not a table only those that its times need.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
pub fn Dialect(plan: Plan, show: Callback<Plan>) -> impl IntoView {
    let is_table = change::table(&plan).is_some();
    let with = |change: fn(&Plan, &str) -> Plan| {
        let plan = plan.clone();
        move |text: String| show.run(change(&plan, &text))
    };
    let (order, numbers, decimal) = (change::order(&plan), change::numbers(&plan), change::decimal(&plan));
    let separator = change::separator(&plan);
    let (orders, kinds) = (with(change::with_order), with(change::with_numbers));
    let (separators, decimals) = (with(change::with_separator), with(change::with_decimal));
    let lines = change::table(&plan).map(|table| (table.header_line, table.skipped_lines));
    let lines = lines.map(|(header, skipped)| {
        let (headers, skips) = (with(header_line), with(skipped_lines));
        view! {
            <LineField label="Header in line" name="header-line" value=header choose=headers/>
            <LineField label="Lines above the rows" name="skipped-lines" value=skipped choose=skips/>
        }
    });
    let zone = plan.times.zone.words();
    let zones = with(change::with_zone);
    let local = clock::zone_name().map(|name| view! { <option value=name>"your own"</option> });
    let known = change::ZONES.map(|name| view! { <option value=name></option> }).collect_view();
    view! {
        {lines}
        {is_table.then(|| view! {
            <Choices label="Column separator" name="separator" chosen=separator options=&change::SEPARATORS choose=separators/>
            <Choices label="Decimal sign" name="decimal" chosen=decimal.to_owned() options=&change::DECIMALS choose=decimals/>
        })}
        <Choices label="Dates" name="date-order" chosen=order.to_owned() options=&change::ORDERS choose=orders/>
        <Choices label="Numbers as times" name="numbers" chosen=numbers.to_owned() options=&change::NUMBERS choose=kinds/>
        <label class="field-inline">
            <span>"Times without a zone are in"</span>
            <input
                type="text" data-control="file-zone" list=ZONES_ID autocomplete="off" spellcheck="false" value=zone
                on:change:target=move |event| zones(event.target().value())
            />
            <datalist id=ZONES_ID>{local} {known}</datalist>
        </label>
    }
}

fn header_line(plan: &Plan, text: &str) -> Plan {
    text.parse().map_or_else(|_| plan.clone(), |line| change::with_header_line(plan, line))
}

fn skipped_lines(plan: &Plan, text: &str) -> Plan {
    text.parse().map_or_else(|_| plan.clone(), |lines| change::with_skipped_lines(plan, lines))
}

#[component]
fn LineField(
    label: &'static str,
    name: &'static str,
    value: u64,
    choose: impl Fn(String) + Send + 'static,
) -> impl IntoView {
    view! {
        <label class="field-inline">
            <span>{label}</span>
            <input
                type="number" min="0" max="1000" data-control=name value=value
                on:change:target=move |event| choose(event.target().value())
            />
        </label>
    }
}

#[component]
fn Choices(
    label: &'static str,
    name: &'static str,
    chosen: String,
    options: &'static [(&'static str, &'static str)],
    choose: impl Fn(String) + Send + 'static,
) -> impl IntoView {
    let option = |(value, text): &'static (&'static str, &'static str)| {
        view! { <option value=*value prop:selected=chosen == *value>{*text}</option> }
    };
    let options = options.iter().map(option).collect_view();
    view! {
        <label class="field-inline">
            <span>{label}</span>
            <select data-control=name on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}
