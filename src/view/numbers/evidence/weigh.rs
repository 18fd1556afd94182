//! One sentence that weighs the tests and names those that dissent.

use super::about::about;
use crate::view::numbers::format;
use spreadscope_engine::analytics::evidence::{
    Evidence, EvidenceKind, Examined, Finding, FitDirection, Found, Group, Stance,
};

const JOHANSEN: &str = "Johansen";

/// The tests that decide whether the pair is cointegrated, with their names.
const TOGETHER: [(EvidenceKind, &str); 3] = [
    (EvidenceKind::EngleGrangerYOnX, "Engle-Granger"),
    (EvidenceKind::JohansenTrace, JOHANSEN),
    (EvidenceKind::PhillipsOuliaris, "Phillips-Ouliaris"),
];

/// Returns the sentence on `evidence`; `clock` gives the time of day of a moment.
pub(super) fn weigh(evidence: Option<&Evidence>, clock: &dyn Fn(i64) -> String) -> String {
    let Some(Evidence { main, .. }) = evidence else { return "The tests have not been run yet.".to_owned() };
    if let Some(part) = part(main) {
        return format!("The tests of cointegration have {part}: too early to say.");
    }
    let views = Views::of(main);
    let mut clauses: Vec<String> = together(&views).into_iter().collect();
    clauses.extend(ranks(main));
    if clauses.is_empty() {
        return "No test of cointegration can be computed on this sample.".to_owned();
    }
    clauses.extend(one_way_only(main));
    clauses.extend(past_dissents(main, &views));
    clauses.extend(reversion_dissents(main, &views, clock));
    clauses.extend(objections(main, clock));
    clauses.extend(plain_tests_dissent(main, &views));
    clauses.extend(beside(evidence));
    format!("{}.", capital(&clauses.join("; ")))
}

/// How much of their sample the tests of cointegration have, if it is not full.
fn part(examined: &Examined) -> Option<String> {
    let mut findings = TOGETHER.iter().filter_map(|(kind, _)| examined.finding(*kind));
    findings.find_map(Finding::part).map(format::part)
}

/// The names of the tests by what they say about the pair.
struct Views {
    hold: Vec<&'static str>,
    doubt: Vec<&'static str>,
}

impl Views {
    fn of(main: &Examined) -> Self {
        Self {
            hold: names(main, &TOGETHER, |stance| stance == Stance::For),
            // rank 2 is neither: it has a clause of its own
            doubt: names(main, &TOGETHER, |stance| stance != Stance::For)
                .into_iter()
                .filter(|name| *name != JOHANSEN || rank(main, EvidenceKind::JohansenTrace) != Some(2))
                .collect(),
        }
    }
}

fn rank(main: &Examined, kind: EvidenceKind) -> Option<usize> {
    match main.found(kind)? {
        Found::Rank(found) => Some(found.rank),
        _ => None,
    }
}

/// Returns the names of those of `tests` whose stance satisfies `is`.
fn names(
    main: &Examined,
    tests: &[(EvidenceKind, &'static str)],
    is: impl Fn(Stance) -> bool,
) -> Vec<&'static str> {
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

fn together(Views { hold, doubt }: &Views) -> Option<String> {
    Some(match (&hold[..], &doubt[..]) {
        ([], []) => return None,
        ([only], []) => format!("{only} finds the pair cointegrated at 5 %"),
        (_, []) => format!("{} agree at 5 %: the pair is cointegrated", listed(hold)),
        ([], [only]) => format!("{only} does not find the pair cointegrated at 5 %"),
        ([], _) => format!("{} agree at 5 %: the pair is not shown to be cointegrated", listed(doubt)),
        _ => format!(
            "the tests disagree: {} {} the pair cointegrated at 5 %, {} {} not",
            listed(hold),
            verb(hold, "finds", "find"),
            listed(doubt),
            verb(doubt, "does", "do"),
        ),
    })
}

/// What Johansen's ranks say beyond cointegrated or not.
fn ranks(main: &Examined) -> Vec<String> {
    let Some(trace) = rank(main, EvidenceKind::JohansenTrace) else { return Vec::new() };
    let mut clauses = Vec::new();
    if trace == 2 {
        clauses.push(
            "Johansen finds rank 2: each leg is stationary by itself, which is no relation between them"
                .to_owned(),
        );
    }
    if let Some(largest) = rank(main, EvidenceKind::JohansenMaxEigenvalue).filter(|rank| *rank != trace) {
        clauses.push(format!("Johansen's largest eigenvalue gives rank {largest}, the trace rank {trace}"));
    }
    clauses
}

/// Where the past lookbacks disagree with the newest.
fn past_dissents(main: &Examined, views: &Views) -> Option<String> {
    let Some(&Found::PastShare { cointegrated, tested, .. }) = main.found(EvidenceKind::PastShare) else {
        return None;
    };
    // lookbacks that are nearly the same say nothing
    let mostly = main.stance(EvidenceKind::PastShare)? == Stance::For;
    let only = match (views.hold.is_empty(), mostly) {
        (false, false) => "only ",
        (true, true) => "yet ",
        _ => return None,
    };
    let [cointegrated, tested] = [cointegrated, tested].map(|count| format::count(count as u64));
    Some(format!("{only}{cointegrated} of {tested} past lookbacks were cointegrated"))
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
fn plain_tests_dissent(main: &Examined, Views { hold, doubt }: &Views) -> Option<String> {
    let plain: Vec<(EvidenceKind, &'static str)> = Group::Stationary
        .kinds()
        .filter(|kind| *kind != EvidenceKind::Kpss)
        .map(|kind| (kind, about(kind).title))
        .collect();
    let stationary = names(main, &plain, |stance| stance == Stance::For);
    let wandering = names(main, &plain, |stance| stance == Stance::Undecided);
    if hold.is_empty() && !stationary.is_empty() {
        let say = verb(&stationary, "says", "say");
        return Some(format!(
            "{} {say} stationary, but on a fitted spread that is too optimistic",
            listed(&stationary)
        ));
    }
    if !hold.is_empty() && doubt.is_empty() && !wandering.is_empty() {
        return Some(format!("{} {} not confirm it", listed(&wandering), verb(&wandering, "does", "do")));
    }
    None
}

/// Returns where the tests of reversion and of a break say otherwise than those of the pair, in plain words.
fn reversion_dissents(
    main: &Examined,
    Views { hold, doubt }: &Views,
    clock: &dyn Fn(i64) -> String,
) -> Vec<String> {
    const MEASURES: [(EvidenceKind, &str); 4] = [
        (EvidenceKind::HalfLife, "half-life"),
        (EvidenceKind::OrnsteinUhlenbeck, "Ornstein-Uhlenbeck"),
        (EvidenceKind::VarianceRatio, "variance ratio"),
        (EvidenceKind::Hurst, "Hurst exponent"),
    ];
    let mut clauses = Vec::new();
    let broken = main.stance(EvidenceKind::ZivotAndrews);
    if hold.is_empty() {
        let reverting = names(main, &MEASURES, |stance| stance == Stance::For);
        if !reverting.is_empty() {
            let say = verb(&reverting, "says", "say");
            clauses.push(format!("yet {} {say} that the spread reverts", listed(&reverting)));
        }
        if let (Some(Stance::For), Some(Found::Break { at, .. })) =
            (broken, main.found(EvidenceKind::ZivotAndrews))
        {
            let at = clock(at.0);
            clauses.push(format!("Zivot-Andrews finds it stationary with a break at {at}"));
        }
    } else if doubt.is_empty() {
        let [unshown, walking] = [&MEASURES[..2], &MEASURES[2..]]
            .map(|measures| names(main, measures, |stance| stance == Stance::Undecided));
        if !unshown.is_empty() {
            let do_not = verb(&unshown, "does", "do");
            clauses.push(format!("{} {do_not} not show reversion", listed(&unshown)));
        }
        if !walking.is_empty() {
            let look = verb(&walking, "looks", "look");
            clauses.push(format!("{} {look} like that of a random walk", listed(&walking)));
        }
        if broken == Some(Stance::Undecided) {
            clauses.push("Zivot-Andrews, which allows for a break, does not confirm it".to_owned());
        }
    }
    clauses
}

/// Returns where the comparison gives a different answer, in words.
fn beside(evidence: Option<&Evidence>) -> Vec<String> {
    let Some(Evidence { main, beside: Some(other), .. }) = evidence else { return Vec::new() };
    let name = format!("{} bars, {}", other.interval.as_str(), other.direction.as_str());
    if let Some(part) = part(other) {
        let because = other.short_because.iter().map(|because| format!(": {because}"));
        return vec![format!("on {name} it is too early to say ({part}{})", because.collect::<String>())];
    }
    let mut clauses = Vec::new();
    match (holds(main), holds(other)) {
        (0, 0) => {}
        (_, 0) => clauses.push(format!("on {name} none of the tests finds it")),
        (0, found) => clauses.push(format!("on {name} {found} of {} find it", TOGETHER.len())),
        _ => {}
    }
    let objects = |examined: &Examined| examined.stance(EvidenceKind::Kpss) == Some(Stance::Against);
    if objects(other) && !objects(main) {
        clauses.push(format!("on {name} KPSS objects"));
    }
    clauses
}

/// Returns how many of the tests of cointegration find it in the direction of `examined`.
fn holds(examined: &Examined) -> usize {
    let of_its_direction = |kind| match (kind, examined.direction) {
        (EvidenceKind::EngleGrangerYOnX, FitDirection::XOnY) => EvidenceKind::EngleGrangerXOnY,
        (kind, _) => kind,
    };
    let finds = |kind| examined.stance(of_its_direction(kind)) == Some(Stance::For);
    TOGETHER.iter().filter(|(kind, _)| finds(*kind)).count()
}

#[cfg(test)]
pub(super) mod tests;
