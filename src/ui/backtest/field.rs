//! One setting of the form: a number with its slider, or a choice of words.

use super::session::Session;
use crate::ui::reactive::memo;
use crate::view::backtest::fields;
use leptos::prelude::*;
use spreadscope_engine::backtest::settings::{Kind, Setting};

pub(super) fn field(session: Session, setting: &'static Setting) -> impl IntoView {
    let shown = fields::field(setting.name);
    let value = memo(move |_| {
        let parameters = session.base.with(|base| session.choice.with(|choice| choice.parameters(base)));
        fields::text(setting, &parameters)
    });
    let changed = move || session.choice.with(|choice| choice.changes(setting.name)).to_string();
    let error = RwSignal::new(String::new());
    let take = move |text: String| match session.change(|choice, base| choice.set(setting.name, &text, base))
    {
        Ok(()) => error.set(String::new()),
        Err(reason) => error.set(reason),
    };
    let slide = move |text: String| {
        // what a slider cannot take, its number field says when it is typed there
        drop(session.change(|choice, base| choice.slide(setting.name, &text, base)));
        error.set(String::new());
    };
    let id = format!("bt-{}", setting.name);
    let (about_id, error_id) = (format!("{id}-about"), format!("{id}-error"));
    let described = format!("{about_id} {error_id}");
    let unit = fields::unit(setting);
    let range = fields::range(setting);
    let about = if range.is_empty() { shown.about.to_owned() } else { format!("{} {range}.", shown.about) };
    let control = match setting.kind {
        Kind::Words(words) | Kind::Several(words) => {
            let option = move |word: &'static str| {
                let chosen = move || value.with(|value| value == word);
                view! { <option value=word prop:selected=chosen>{fields::word(word)}</option> }
            };
            view! {
                <select
                    id=id.clone() data-setting=setting.name aria-describedby=described
                    on:change:target=move |event| take(event.target().value())
                >{words.iter().map(|word| option(word)).collect_view()}</select>
            }
            .into_any()
        }
        Kind::Number { .. } => {
            let slider = shown.slider.map(|(from, to, step)| {
                // a slider has no position for "none"
                let place =
                    move || value.with(|value| if value == "none" { "0".to_owned() } else { value.clone() });
                view! {
                    <input
                        class="bt-slider" type="range" min=from max=to step=step data-slider=setting.name
                        aria-label=format!("{}, slider", shown.label) prop:value=place
                        on:input:target=move |event| slide(event.target().value())
                        on:change:target=move |event| event.target().set_value(&place())
                    />
                }
            });
            view! {
                {slider}
                <input
                    id=id.clone() type="text" inputmode="decimal" autocomplete="off" data-setting=setting.name
                    aria-invalid=move || error.with(|error| !error.is_empty()).to_string()
                    aria-describedby=described prop:value=move || value.get()
                    on:change:target=move |event| take(event.target().value())
                />
            }
            .into_any()
        }
    };
    let is_choice = matches!(setting.kind, Kind::Words(_));
    view! {
        <div class="bt-field" class:bt-choice=is_choice data-changed=changed title=about.clone()>
            <label class="bt-label" for=id.clone()>
                {shown.label}{(!unit.is_empty()).then(|| view! { <small>{format!(" {unit}")}</small> })}
            </label>
            {control}
            <span class="visually-hidden" id=about_id>{about.clone()}</span>
            <p class="field-error" id=error_id data-error=setting.name>{error}</p>
        </div>
    }
}
