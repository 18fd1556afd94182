//! The settings of the cointegration tests.

use crate::ui::controls::settings_field::number_fields;
use crate::view::settings::form::Draft;
use leptos::prelude::*;
use spreadscope_engine::settings::test_options::{FitTerms, LagRule};
use spreadscope_engine::settings::{About, SettingsError};

/// The sample, the terms of the regression, and how its lags are chosen.
pub fn test_fields(draft: RwSignal<Draft>, errors: RwSignal<Vec<SettingsError>>) -> AnyView {
    let terms = FitTerms::ALL.map(|terms| {
        let chosen = move || draft.with(|draft| draft.test_terms == terms);
        (terms.as_str(), terms.label(), Signal::derive(chosen))
    });
    let rules = LagRule::ALL.map(|rule| {
        let chosen = move || draft.with(|draft| draft.test_lags == rule);
        (rule.as_str(), rule.label(), Signal::derive(chosen))
    });
    let choose_terms = move |text: String| {
        if let Some(terms) = FitTerms::parse(&text) {
            draft.update(|draft| draft.test_terms = terms);
        }
    };
    let choose_rule = move |text: String| {
        if let Some(rule) = LagRule::parse(&text) {
            draft.update(|draft| draft.test_lags = rule);
        }
    };
    view! {
        <fieldset>
            <legend>"Tests"</legend>
            {number_fields(About::Tests, draft, errors)}
            {choice("Fit with", "test-terms", &terms, choose_terms)}
            <p class="field-hint">
                "Terms of the fit of y on x whose residual is tested. With a trend the spread may drift at a steady \
                 pace; the tests are then stricter. They reach Engle-Granger, Johansen, Phillips-Ouliaris, DF-GLS, \
                 Phillips-Perron, KPSS and ADF; Zivot-Andrews always has a trend. Default \
                 constant."
            </p>
            {choice("Lags by", "test-lags", &rules, choose_rule)}
            <p class="field-hint">
                "How many past changes Engle-Granger, ADF, DF-GLS and Zivot-Andrews allow for. BIC takes fewest, AIC \
                 more, the t-statistic most. Johansen always has one; Phillips-Ouliaris, Phillips-Perron and KPSS \
                 take theirs from the sample. Default AIC."
            </p>
        </fieldset>
    }
    .into_any()
}

/// A select: value, label, and whether each option is the chosen one.
fn choice(
    label: &'static str,
    control: &'static str,
    options: &[(&'static str, &'static str, Signal<bool>)],
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let option = |&(value, label, chosen): &(&'static str, &'static str, Signal<bool>)| {
        view! { <option value=value prop:selected=move || chosen.get()>{label}</option> }
    };
    let options = options.iter().map(option).collect_view();
    view! {
        <label class="field-inline">
            {label}
            <select data-control=control on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
    .into_any()
}
