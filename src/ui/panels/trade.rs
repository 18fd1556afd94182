//! The size of each leg and the cost of a round trip at current prices. It is analysis: nothing is ever
//! ordered.

use crate::ui::panels::group_head::GroupHead;
use crate::ui::panels::lines::Lines;
use crate::ui::panels::opened::reveal_if_opened;
use crate::ui::panels::position::PositionPart;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::{Desk, use_desk};
use crate::ui::trade::{choose, kept_position};
use crate::view::numbers::trade::{
    self as words, FEES_LABEL, FEES_NOTE, FeeChoice, Moment, OptionField, TradeOptions, about,
};
use crate::view::screen::side::SidePanel;
use crate::web::timer::{self, Interval};
use crate::web::{clock, page};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::analytics::sizing::Sizing;

/// Interval at which the engine is told that the order books are wanted.
const PERIOD_MILLIS: u32 = 4_000;

/// The panel.
#[component]
pub fn TradePanel() -> impl IntoView {
    let desk = use_desk();
    desk.panels.position.set(kept_position());
    reveal_if_opened(desk, SidePanel::Trade);
    let look = move || {
        if !page::hidden() {
            desk.send(Command::Quote);
        }
    };
    effect(move || {
        desk.settings.track();
        look();
    });
    let timer = StoredValue::<Option<Interval>, LocalStorage>::new_local(None);
    timer.set_value(Some(timer::every(PERIOD_MILLIS, look)));
    on_cleanup(move || timer.set_value(None));
    // as of the last refresh, so that a pause keeps it; only the user's choices change it then
    let moment = desk.derive(move |model| {
        let is_replay = desk.replay.playback.with_untracked(|replay| replay.is_on);
        Moment::of(model, clock::now(), is_replay)
    });
    let trade = memo(move |_| {
        let options = desk.panels.trade.get();
        moment.with(|moment| words::reckon(moment, &options))
    });
    let sentence =
        memo(move |_| trade.with(|trade| trade.as_ref().map_or_else(Clone::clone, words::must_be_beyond)));
    let head =
        memo(move |_| moment.with(|moment| trade.with(|trade| words::head_lines(moment, trade.as_ref()))));
    let overruled = memo(move |_| {
        let options = desk.panels.trade.get();
        moment.with(|moment| words::slippage_note(moment, &options))
    });
    let sizes =
        memo(move |_| moment.with(|moment| trade.with(|trade| words::size_lines(moment, trade.as_ref()))));
    let costs = memo(move |_| {
        let options = desk.panels.trade.get();
        moment.with(|moment| trade.with(|trade| words::cost_lines(moment, trade.as_ref(), &options)))
    });
    let books = memo(move |_| {
        let options = desk.panels.trade.get();
        moment.with(|moment| words::book_lines(moment, &options))
    });
    let nothing = memo(|_| None);
    let refused = RwSignal::new(Vec::new());
    let still_for = memo(move |_| {
        let options = desk.panels.trade.get();
        refused.with(|refused| OptionField::still_for(refused, &options))
    });
    view! {
        <section class="panel trade" aria-label="Trade" tabindex="-1" data-panel="trade">
            <header class="panel-head"><h2 tabindex="-1">"Trade"</h2></header>
            <p class="panel-sentence" data-line="pays">{sentence}</p>
            {move || still_for.get().map(|why| view! { <p class="field-error" data-line="still-for">{why}</p> })}
            <Lines lines=head class="trade-head"/>
            <div class="panel-rest">
            <GroupHead about=about::SIZES>{about::SIZES.title}</GroupHead>
            <div class="trade-fields">
                <NumberOption desk field=OptionField::Notional refused overruled=nothing/>
                <SizingChoice desk/>
            </div>
            <Lines lines=sizes class="trade-lines"/>
            <GroupHead about=about::COSTS>{about::COSTS.title}</GroupHead>
            <div class="trade-fields">
                <NumberOption desk field=OptionField::Fee refused overruled=nothing/>
                <PresetChoice desk/>
                <p class="note" data-line="fees-note">{FEES_NOTE}</p>
                <NumberOption desk field=OptionField::Slippage refused overruled/>
                <Toggle
                    desk name="from-book" label="Slippage from the order books"
                    read=|options| options.from_book
                    write=|options, on| TradeOptions { from_book: on, ..options }
                />
            </div>
            <Lines lines=costs class="trade-lines"/>
            <Lines lines=books class="trade-lines"/>
            <Toggle
                desk name="shade" label="Shade on the z chart where a trade does not pay"
                read=|options| options.shades
                write=|options, on| TradeOptions { shades: on, ..options }
            />
            <PositionPart moment trade/>
            <a class="control trade-backtest" href="#/backtest">"Would it have paid? Backtest"</a>
            <p class="note">
                "Arithmetic on public prices, not advice: nothing is ordered here, and nothing can be. Notional is the \
                 money of the first leg, or of both where they are sized by gross exposure."
            </p>
            </div>
        </section>
    }
}

/// A number, applied on blur or Enter; a refused one keeps its sentence. While it is not in force, it is greyed, with
/// the reason below.
#[component]
fn NumberOption(
    desk: Desk,
    field: OptionField,
    /// The numbers whose entries were refused.
    refused: RwSignal<Vec<OptionField>>,
    overruled: Memo<Option<String>>,
) -> impl IntoView {
    let error = RwSignal::new(String::new());
    let id = format!("trade-{}", field.name());
    let error_id = format!("{id}-error");
    let accept = move || {
        error.set(String::new());
        refused.update(|refused| refused.retain(|other| *other != field));
    };
    let take = move |text: String| match field.parse(&text) {
        Ok(value) => {
            accept();
            choose(desk, field.with(desk.panels.trade.get_untracked(), value));
        }
        Err(reason) => {
            error.set(format!("{reason}."));
            refused.update(|refused| refused.push(field));
        }
    };
    let value = memo(move |_| field.read(&desk.panels.trade.get()).to_string());
    // a preset's value takes the place of one that was refused
    effect(move || {
        value.track();
        accept();
    });
    view! {
        <div class="field">
            <label for=id.clone()>{field.label()}</label>
            <input
                id=id type="text" inputmode="decimal" autocomplete="off" data-option=field.name()
                aria-invalid=move || error.with(|error| !error.is_empty()).to_string()
                aria-describedby=error_id.clone()
                prop:value=move || value.get()
                disabled=move || overruled.with(Option::is_some)
                on:change:target=move |event| take(event.target().value())
            />
            <p class="field-error" id=error_id data-error=field.name()>{error}</p>
            {move || overruled.get().map(|why| view! { <p class="note" data-line="overruled">{why}</p> })}
        </div>
    }
}

#[component]
fn SizingChoice(desk: Desk) -> impl IntoView {
    let label = |sizing| match sizing {
        Sizing::HedgeRatio => "By the hedge ratio",
        Sizing::DollarNeutral => "Dollar neutral",
        Sizing::Gross => "Gross exposure",
    };
    let options = Sizing::ALL.map(|sizing| {
        let chosen = move || desk.panels.trade.get().sizing == sizing;
        view! { <option value=sizing.as_str() prop:selected=chosen>{label(sizing)}</option> }
    });
    let take = move |text: String| {
        if let Some(sizing) = Sizing::parse(&text) {
            choose(desk, TradeOptions { sizing, ..desk.panels.trade.get_untracked() });
        }
    };
    view! {
        <label class="field-inline">
            "Sized"
            <select data-control="sizing" on:change:target=move |event| take(event.target().value())>{options}</select>
        </label>
    }
}

/// The venue's fee tiers: choosing one sets the fee.
#[component]
fn PresetChoice(desk: Desk) -> impl IntoView {
    let choices = words::fee_choices();
    let offered = choices.clone();
    let in_force = memo(move |_| words::fee_in_force(&offered, &desk.panels.trade.get()));
    let options = choices
        .iter()
        .enumerate()
        .map(|(place, choice)| {
            let selected = move || in_force.get() == Some(place);
            view! { <option value=place.to_string() prop:selected=selected>{choice.label.clone()}</option> }
        })
        .collect_view();
    let take = move |text: String| {
        let choice = text.parse::<usize>().ok().and_then(|place| choices.get(place));
        if let Some(FeeChoice { fee_bps, is_maker, .. }) = choice {
            choose(desk, words::with_fee(desk.panels.trade.get_untracked(), *fee_bps, *is_maker));
        }
    };
    view! {
        <label class="field-inline">
            {FEES_LABEL}
            <select data-control="fee-preset" on:change:target=move |event| take(event.target().value())>
                <option value="" disabled prop:selected=move || in_force.get().is_none()>"Custom"</option>
                {options}
            </select>
        </label>
    }
}

#[component]
fn Toggle(
    desk: Desk,
    name: &'static str,
    label: &'static str,
    read: fn(TradeOptions) -> bool,
    write: fn(TradeOptions, bool) -> TradeOptions,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox" data-control=name prop:checked=move || read(desk.panels.trade.get())
                on:change:target=move |event| {
                    choose(desk, write(desk.panels.trade.get_untracked(), event.target().checked()));
                }
            />
            {label}
        </label>
    }
}
