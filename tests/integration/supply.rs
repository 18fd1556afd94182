//! Where crates come from and under which licences, held against `deny.toml`: a light reading of what cargo itself
//! says, for machines without cargo-deny. The workflow runs the whole of it, advisories too.

use serde_json::Value;
use std::process::Command;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The licences that `deny.toml` allows.
fn allowed() -> Vec<String> {
    let table = include_str!("../../deny.toml").split_once("allow = [").unwrap().1;
    let names = table.split_once(']').unwrap().0.split(',');
    names.map(|name| name.trim().trim_matches('"').to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Whether an SPDX expression, or the older form with strokes, can be met with `allowed` licences. An exception to a
/// licence is taken for no licence of its own.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = any_of(&words, allowed);
    met && rest.is_empty()
}

fn any_of<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = all_of(words, allowed);
    while let Some(("OR", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        let (next, behind) = all_of(after, allowed);
        (met, rest) = (met || next, behind);
    }
    (met, rest)
}

fn all_of<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(words, allowed);
    while let Some(("AND", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        let (next, behind) = one(after, allowed);
        (met, rest) = (met && next, behind);
    }
    (met, rest)
}

fn one<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", within @ ..] => {
            let (met, rest) = any_of(within, allowed);
            (met && rest.first() == Some(&")"), rest.get(1..).unwrap_or_default())
        }
        [_, "WITH", _, rest @ ..] => (false, rest),
        [name, rest @ ..] => (allowed.iter().any(|allowed| allowed == name), rest),
        [] => (false, words),
    }
}

#[test]
fn an_expression_is_met_by_one_of_its_choices_and_by_all_of_what_it_joins() {
    let allowed = ["MIT", "BSD-3-Clause"].map(str::to_owned);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND BSD-3-Clause", true),
        ("MIT AND (GPL-3.0 OR Zlib)", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("MIT WITH odd-exception", false),
        ("MIT MIT", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn every_crate_is_of_crates_io_and_under_a_licence_that_is_allowed() {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let metadata: Value = serde_json::from_slice(&told.stdout).unwrap();
    let (packages, allowed) = (metadata["packages"].as_array().unwrap(), allowed());
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let (name, source) = (&package["name"], package["source"].as_str());
        assert!(source.is_none_or(|source| source == CRATES_IO), "{name} is of {source:?}");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_met(licence, &allowed), "{name} is under {licence:?}");
    }
}
