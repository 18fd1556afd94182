//! The choice of the span to replay.

use super::begin;
use crate::ui::reactive::memo;
use crate::ui::state::Desk;
use crate::view::numbers::format;
use crate::view::replay::span::{self, SpanChoice};
use leptos::html::Input;
use leptos::prelude::*;

/// The spans to choose from; a choice starts at once, except the one that needs two times first.
#[component]
pub fn SpanSelect(desk: Desk, is_on: Memo<bool>) -> impl IntoView {
    let is_between = RwSignal::new(false);
    let choose = move |text: String| {
        let Some(choice) = SpanChoice::parse(&text) else { return };
        is_between.set(choice == SpanChoice::Between);
        if let Some(command) = choice.command() {
            begin(desk, command);
        }
    };
    // a running replay has only its own bars on the page
    let loaded = desk.derive(|model| {
        let times = model.series.times();
        let span = times.last()? - times.first()?;
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds, below 2^53")]
        Some(format::span_millis(span as i64 + model.settings.interval.millis()))
    });
    let label = move |choice: SpanChoice| {
        let loaded = loaded.get().filter(|_| !is_on.get());
        choice.label(loaded.as_deref())
    };
    let interval = memo(move |_| desk.settings.with(|settings| settings.interval));
    let options = move || {
        SpanChoice::of(interval.get())
            .into_iter()
            .map(|choice| view! { <option value=choice.as_str()>{move || label(choice)}</option> })
            .collect_view()
    };
    view! {
        <select data-control="replay-span" aria-label="Span to replay" on:change:target=move |event| choose(event.target().value())>
            <option value="" prop:selected=true>"Replay…"</option>
            {options}
        </select>
        {move || is_between.get().then(|| view! { <Between desk is_between/> })}
    }
}

fn field_value(desk: Desk, millis: f64) -> String {
    span::field_value(millis + desk.offset_millis(millis))
}

/// Two times, and the button that replays the span between them.
#[component]
fn Between(desk: Desk, is_between: RwSignal<bool>) -> impl IntoView {
    let (from, to) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let wrong = RwSignal::new("");
    let read = move |field: NodeRef<Input>| {
        let millis = field.get_untracked()?.value_as_number();
        millis.is_finite().then(|| millis - desk.offset_millis(millis))
    };
    let replay = move |_| match span::between(read(from), read(to)) {
        Ok(command) => {
            is_between.set(false);
            begin(desk, command);
        }
        Err(reason) => wrong.set(reason),
    };
    // the span that is replayed or that of the charts, in the zone of the fields
    #[expect(clippy::cast_precision_loss, reason = "milliseconds, below 2^53")]
    let replayed = desk.replayed().map(|place| [place.from.0 as f64, place.to.0 as f64].map(Some));
    let of_charts = || {
        desk.model.with_value(|model| {
            let times = model.series.times();
            [times.first().copied(), times.last().copied()]
        })
    };
    let [first, last] = replayed
        .unwrap_or_else(of_charts)
        .map(|time| time.map(|millis| field_value(desk, millis)).unwrap_or_default());
    let zone = move || desk.look.zone.get().label();
    view! {
        <label class="field-inline"><span>"From"</span><input type="datetime-local" step="1" data-control="replay-from" value=first node_ref=from/></label>
        <label class="field-inline"><span>"to"</span><input type="datetime-local" step="1" data-control="replay-to" value=last node_ref=to/></label>
        <span class="count">{zone}</span>
        <button class="control" type="button" data-action="replay-between" on:click=replay>"Replay"</button>
        {move || (!wrong.get().is_empty()).then(|| view! { <p class="note" role="alert">{wrong}</p> })}
    }
}
