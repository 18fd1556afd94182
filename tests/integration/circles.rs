//! No circles between files: which files of a crate name which, read from the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A file as its module path: `["market", "leg"]`.
type Module = Vec<String>;

/// Returns the modules below `folder`, without examples, fuzz targets and tests.
fn modules(folder: &Path) -> BTreeMap<Module, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["examples", "fuzz", "tests", "target"].contains(&name.as_str()) {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !name.ends_with("tests") {
                let inside = path.strip_prefix(folder).unwrap().with_extension("");
                let mut module: Module =
                    inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                module.retain(|part| part != "mod" && part != "lib");
                found.insert(module, code(&path));
            }
        }
    }
    found
}

/// Returns a file's code without comments and tests.
fn code(path: &PathBuf) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]");
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Expands a use tree: `a::{b, c::d}` gives `a::b` and `a::c::d`.
fn paths(before: &[String], tree: &str, into: &mut Vec<Vec<String>>) {
    let mut depth = 0;
    let parts = tree.split(|letter| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        letter == ',' && depth == 0
    });
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let (path, inner) = part.split_once('{').map_or((part, None), |(path, inner)| (path, Some(inner)));
        let names = path.split("::").map(|name| name.split(" as ").next().unwrap_or(name).trim());
        let mut path = before.to_vec();
        path.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
        match inner {
            Some(inner) => paths(&path, inner.trim_end().trim_end_matches('}'), into),
            None => into.push(path),
        }
    }
}

/// Returns every path in the code of a file, and those that it re-exports with `pub use`.
fn named(code: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let (mut all, mut passed_on, mut rest) = (Vec::new(), Vec::new(), String::new());
    for statement in code.split_inclusive(';') {
        let start = statement.rfind("\nuse ").or_else(|| statement.starts_with("use ").then_some(0));
        let public = statement.rfind("pub use ").or_else(|| {
            let at = statement.rfind("pub(")?;
            statement[at..].split_once(") use ").filter(|(inside, _)| !inside.contains('\n')).map(|_| at)
        });
        let Some(at) = public.or(start).filter(|_| statement.ends_with(';')) else {
            rest.push_str(statement);
            continue;
        };
        rest.push_str(&statement[..at]);
        let tree = statement[at..].split_once("use ").map_or("", |(_, tree)| tree.trim_end_matches(';'));
        let before = all.len();
        paths(&[], tree, &mut all);
        if public.is_some() {
            passed_on.extend_from_slice(&all[before..]);
        }
    }
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    for word in rest.split(|letter| !is_word(letter)).filter(|word| word.contains("::")) {
        all.push(word.split("::").map(str::to_owned).collect());
    }
    (all, passed_on)
}

/// Returns the module that a path in the file `from` leads to, and the name within it.
fn target<'a>(
    known: &BTreeMap<Module, String>,
    from: &Module,
    path: &'a [String],
) -> Option<(Module, &'a str)> {
    let mut place = from.clone();
    let mut rest = path;
    match path.first().map(String::as_str)? {
        "crate" => (place, rest) = (Module::new(), &path[1..]),
        "super" | "self" => {
            while let Some(first) = rest.first().filter(|first| *first == "super" || *first == "self") {
                if first == "super" {
                    place.pop()?;
                }
                rest = &rest[1..];
            }
        }
        child => {
            place.push(child.to_owned());
            known.get(&place)?;
            rest = &path[1..];
        }
    }
    while let Some((child, after)) = rest.split_first() {
        place.push(child.clone());
        if !known.contains_key(&place) {
            place.pop();
            break;
        }
        rest = after;
    }
    Some((place, rest.first().map_or("", String::as_str)))
}

/// Returns which module names which; a re-exported name belongs to its maker.
fn arrows(known: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let read: BTreeMap<&Module, _> = known.iter().map(|(module, code)| (module, named(code))).collect();
    let maker = |mut place: Module, name: &str| {
        for _ in 0..4 {
            let passed_on = read.get(&place).into_iter().flat_map(|(_, passed_on)| passed_on);
            let of_name = passed_on.filter(|path| path.last().is_some_and(|last| last == name));
            match of_name.filter_map(|path| target(known, &place, path)).find(|(to, _)| *to != place) {
                Some((to, _)) => place = to,
                None => break,
            }
        }
        place
    };
    let mut arrows: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, (all, _)) in read.iter().filter(|(module, _)| !module.is_empty()) {
        let found = all.iter().filter_map(|path| target(known, module, path));
        let made = found.map(|(place, name)| maker(place, name));
        let others = made.filter(|place| place != *module && !place.is_empty());
        arrows.insert((*module).clone(), others.collect());
    }
    arrows
}

/// Returns the sets of files that can all reach one another.
fn circles(arrows: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<BTreeSet<Module>> {
    let reached = |from: &Module| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = next.pop() {
            for to in arrows.get(&module).into_iter().flatten() {
                if seen.insert(to.clone()) {
                    next.push(to.clone());
                }
            }
        }
        seen
    };
    let all: BTreeMap<&Module, BTreeSet<Module>> =
        arrows.keys().map(|module| (module, reached(module))).collect();
    let mut circles = BTreeSet::new();
    for (module, reached) in &all {
        let back: BTreeSet<Module> = reached
            .iter()
            .filter(|to| all.get(to).is_some_and(|back| back.contains(*module)))
            .cloned()
            .collect();
        if back.len() > 1 {
            circles.insert(back);
        }
    }
    circles.into_iter().collect()
}

fn planted(files: &[(&str, &str)]) -> BTreeMap<Module, String> {
    let module = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    files.iter().map(|(path, code)| (module(path), (*code).to_owned())).collect()
}

#[test]
fn a_circle_is_found_through_groups_names_passed_on_and_plain_paths() {
    let known = planted(&[
        ("", "pub mod a; pub mod b; pub mod c; pub mod d; pub mod e;"),
        ("a", "use crate::{b::{B as Renamed}, e};\nfn f() {}"),
        ("b", "mod inner;\npub use inner::B;"),
        ("b/inner", "fn g(row: &crate::c::Row) {}"),
        ("c", "\nuse super::d::D;\nstruct Row;"),
        ("d", "\nuse crate::a::A;"),
        ("e", "fn alone() {}"),
    ]);
    let found = circles(&arrows(&known));
    let names: Vec<Vec<String>> =
        found.iter().map(|circle| circle.iter().map(|module| module.join("/")).collect()).collect();
    assert_eq!(names, [["a", "b/inner", "c", "d"]]);
}

#[test]
fn no_more_than_three_files_of_a_room_name_each_other_in_a_circle() {
    let known = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine"));
    let arrows = arrows(&known);
    assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 300, "too few imports were read: {arrows:?}");
    for circle in circles(&arrows) {
        let names: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
        assert!(circle.iter().all(|module| module[0] == names[0].split('/').next().unwrap()), "{names:?}");
        let inside = circle.iter().map(|module| {
            let to: Vec<String> =
                arrows[module].intersection(&circle).map(|module| module.join("/")).collect();
            format!("{} -> {}", module.join("/"), to.join(", "))
        });
        assert!(
            circle.len() <= 3,
            "a circle of {}:\n{}",
            circle.len(),
            inside.collect::<Vec<_>>().join("\n")
        );
    }
}
