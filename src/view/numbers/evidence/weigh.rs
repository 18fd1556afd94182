//! One sentence that weighs the tests and names those that dissent.

use super::about::about;
use spreadscope_engine::analytics::evidence::{Evidence, EvidenceKind, Examined, Found, Group, Stance};

/// The tests that decide whether the pair is cointegrated, with their names.
const TOGETHER: [(EvidenceKind, &str); 3] = [
    (EvidenceKind::EngleGrangerYOnX, "Engle-Granger"),
    (EvidenceKind::JohansenTrace, "Johansen"),
    (EvidenceKind::PhillipsOuliaris, "Phillips-Ouliaris"),
];

/// Returns the sentence on `evidence`; `clock` gives the time of day of a moment.
pub(super) fn weigh(evidence: Option<&Evidence>, clock: &dyn Fn(i64) -> String) -> String {
    let Some(Evidence { main, .. }) = evidence else { return "The tests have not been run yet.".to_owned() };
    let mut clauses = vec![match together(main) {
        Ok(clause) => clause,
        Err(reason) => return reason,
    }];
    clauses.extend(one_way_only(main));
    clauses.extend(objections(main, clock));
    clauses.extend(plain_tests_dissent(main));
    clauses.extend(beside(evidence));
    format!("{}.", clauses.join("; "))
}

/// Returns the names of those of `tests` whose stance satisfies `is`.
fn names<'a>(
    main: &Examined,
    tests: &[(EvidenceKind, &'a str)],
    is: impl Fn(Stance) -> bool,
) -> Vec<&'a str> {
    let stands = |kind| main.stance(kind).is_some_and(&is);
    tests.iter().filter(|(kind, _)| stands(*kind)).map(|(_, name)| *name).collect()
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn verb<'a>(names: &[&str], one: &'a str, many: &'a str) -> &'a str {
    if names.len() == 1 { one } else { many }
}

fn together(main: &Examined) -> Result<String, String> {
    let hold = names(main, &TOGETHER, |stance| stance == Stance::For);
    let doubt = names(main, &TOGETHER, |stance| stance != Stance::For);
    match (&hold[..], &doubt[..]) {
        ([], []) => Err("No test of cointegration can be computed on this sample.".to_owned()),
        ([only], []) => Ok(format!("{only} finds the pair cointegrated at 5 %")),
        (_, []) => Ok(format!("{} agree at 5 %: the pair is cointegrated", listed(&hold))),
        ([], [only]) => Ok(format!("{only} does not find the pair cointegrated at 5 %")),
        ([], _) => Ok(format!("{} agree at 5 %: the pair is not shown to be cointegrated", listed(&doubt))),
        _ => Ok(format!(
            "the tests disagree: {} {} the pair cointegrated at 5 %, {} {} not",
            listed(&hold),
            verb(&hold, "finds", "find"),
            listed(&doubt),
            verb(&doubt, "does", "do"),
        )),
    }
    .map(|sentence| capital(&sentence))
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn one_way_only(main: &Examined) -> Option<String> {
    let y_on_x = main.stance(EvidenceKind::EngleGrangerYOnX)?;
    let x_on_y = main.stance(EvidenceKind::EngleGrangerXOnY)?;
    match (y_on_x, x_on_y) {
        (Stance::For, Stance::For) => None,
        (Stance::For, _) => Some("Engle-Granger finds it for y on x only".to_owned()),
        (_, Stance::For) => Some("Engle-Granger finds it for x on y only".to_owned()),
        _ => None,
    }
}

fn objections(main: &Examined, clock: &dyn Fn(i64) -> String) -> Vec<String> {
    let mut clauses = Vec::new();
    if main.stance(EvidenceKind::Kpss) == Some(Stance::Against) {
        let moved = match main.found(EvidenceKind::ZivotAndrews) {
            Some(Found::Break { at, .. }) => format!("the mean may have moved at {}", clock(at.0)),
            _ => "the mean may have moved".to_owned(),
        };
        clauses.push(format!("KPSS objects: {moved}"));
    }
    for kind in [EvidenceKind::VarianceRatio, EvidenceKind::Hurst] {
        if main.stance(kind) == Some(Stance::Against) {
            clauses.push(format!(
                "{} objects: changes continue more than those of a random walk",
                about(kind).title
            ));
        }
    }
    if main.stance(EvidenceKind::MeanCrossings) == Some(Stance::Against) {
        clauses.push("the spread crosses its mean far less often than expected".to_owned());
    }
    clauses
}

/// Returns the tests of the spread that disagree with those of the pair, in words.
fn plain_tests_dissent(main: &Examined) -> Option<String> {
    let plain: Vec<(EvidenceKind, &str)> = Group::Stationary
        .kinds()
        .filter(|kind| *kind != EvidenceKind::Kpss)
        .map(|kind| (kind, about(kind).title))
        .collect();
    let hold = names(main, &TOGETHER, |stance| stance == Stance::For);
    let doubt = names(main, &TOGETHER, |stance| stance != Stance::For);
    let stationary = names(main, &plain, |stance| stance == Stance::For);
    let wandering = names(main, &plain, |stance| stance == Stance::Undecided);
    if hold.is_empty() && !stationary.is_empty() {
        let say = verb(&stationary, "says", "say");
        return Some(format!(
            "{} {say} stationary, but on a fitted spread that is too optimistic",
            listed(&stationary)
        ));
    }
    if doubt.is_empty() && !wandering.is_empty() {
        return Some(format!("{} {} not confirm it", listed(&wandering), verb(&wandering, "does", "do")));
    }
    None
}

/// Returns where the comparison gives a different answer, in words.
fn beside(evidence: Option<&Evidence>) -> Option<String> {
    let Evidence { main, beside, .. } = evidence?;
    let other = beside.as_ref()?;
    let holds = |examined: &Examined| {
        TOGETHER.iter().filter(|(kind, _)| examined.stance(*kind) == Some(Stance::For)).count()
    };
    let name = format!("{} bars, {}", other.interval.as_str(), other.direction.as_str());
    match (holds(main), holds(other)) {
        (0, 0) => None,
        (_, 0) => Some(format!("on {name} none of the tests finds it")),
        (0, _) => Some(format!("on {name} {} of {} find it", holds(other), TOGETHER.len())),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use spreadscope_engine::analytics::cointegration::CriticalValues;
    use spreadscope_engine::analytics::evidence::{
        Answer, EvidenceAsk, Finding, FitDirection, PValue, RankFound, RankStep, TestFound,
    };
    use spreadscope_engine::settings::test_options::{FitTerms, LagRule};
    use spreadscope_engine::{Interval, UnixMillis};

    fn test(p: f64) -> TestFound {
        let critical = CriticalValues { one_percent: -3.9, five_percent: -3.3, ten_percent: -3.0 };
        TestFound { statistic: -3.0, p_value: PValue::Exactly(p), critical, lags: 1.0 }
    }

    fn rank(statistic: f64) -> Found {
        let critical = CriticalValues { one_percent: 19.9, five_percent: 15.5, ten_percent: 13.4 };
        let step = |statistic| RankStep { statistic, critical };
        Found::Rank(RankFound { none: step(statistic), one: step(1.0), rank: usize::from(statistic > 15.5) })
    }

    pub(crate) fn evidence(found: &[(EvidenceKind, Found)]) -> Evidence {
        let finding = |&(kind, found): &(EvidenceKind, Found)| Finding {
            kind,
            bars: 900,
            answer: Answer::Found(found),
        };
        let main = Examined {
            direction: FitDirection::YOnX,
            interval: Interval::OneSecond,
            lag_rule: LagRule::Aic,
            fit_terms: FitTerms::Constant,
            open_time: UnixMillis(899_000),
            bars: 900,
            carried_share: 0.1,
            findings: found.iter().map(finding).collect(),
        };
        Evidence { ask: EvidenceAsk::default(), main, beside: None, traces: Vec::new() }
    }

    fn said(ps: [f64; 2], johansen: f64, more: &[(EvidenceKind, Found)]) -> String {
        let mut found = vec![
            (EvidenceKind::EngleGrangerYOnX, Found::Test(test(ps[0]))),
            (EvidenceKind::JohansenTrace, rank(johansen)),
            (EvidenceKind::PhillipsOuliaris, Found::Test(test(ps[1]))),
        ];
        found.extend_from_slice(more);
        weigh(Some(&evidence(&found)), &|millis| format!("at{millis}"))
    }

    #[test]
    fn agreement_is_one_clause() {
        assert_eq!(
            said([0.01, 0.02], 20.0, &[]),
            "Engle-Granger, Johansen and Phillips-Ouliaris agree at 5 %: the pair is cointegrated."
        );
        assert_eq!(
            said([0.3, 0.2], 9.0, &[]),
            "Engle-Granger, Johansen and Phillips-Ouliaris agree at 5 %: the pair is not shown to be cointegrated."
        );
    }

    #[test]
    fn dissent_is_named() {
        assert_eq!(
            said([0.01, 0.2], 20.0, &[]),
            "The tests disagree: Engle-Granger and Johansen find the pair cointegrated at 5 %, Phillips-Ouliaris does \
             not."
        );
        let moved = Found::Break { test: test(0.2), at: UnixMillis(5) };
        let kpss = [(EvidenceKind::Kpss, Found::Test(test(0.01))), (EvidenceKind::ZivotAndrews, moved)];
        assert!(said([0.01, 0.01], 20.0, &kpss).ends_with("; KPSS objects: the mean may have moved at at5."));
        let plain = [(EvidenceKind::Adf, Found::Test(test(0.01)))];
        assert!(
            said([0.3, 0.2], 9.0, &plain)
                .ends_with("; ADF says stationary, but on a fitted spread that is too optimistic.")
        );
        let one_way = [(EvidenceKind::EngleGrangerXOnY, Found::Test(test(0.4)))];
        assert!(said([0.01, 0.01], 20.0, &one_way).ends_with("; Engle-Granger finds it for y on x only."));
        let hurst = [(EvidenceKind::Hurst, Found::Hurst { exponent: 0.7, longest_bars: 64 })];
        assert!(said([0.01, 0.01], 20.0, &hurst).contains("Hurst exponent objects"));
    }

    #[test]
    fn what_stands_beside_is_named_where_it_answers_otherwise() {
        let both = |p: f64| evidence(&[(EvidenceKind::EngleGrangerYOnX, Found::Test(test(p)))]);
        let slower = Examined { interval: Interval::OneMinute, ..both(0.6).main };
        let compared = Evidence { beside: Some(slower), ..both(0.01) };
        assert_eq!(
            weigh(Some(&compared), &|_| String::new()),
            "Engle-Granger finds the pair cointegrated at 5 %; on 1m bars, y on x none of the tests finds it."
        );
        assert_eq!(weigh(None, &|_| String::new()), "The tests have not been run yet.");
        let none = weigh(Some(&evidence(&[])), &|_| String::new());
        assert_eq!(none, "No test of cointegration can be computed on this sample.");
    }
}
