//! The layers, checked by reading the sources: who imports whom, where colours are, how long files get.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} in {}", folder.display());
    found
}

/// Returns offending lines as `path:line: text`.
fn lines_with(files: &[PathBuf], offends: impl Fn(&str) -> bool) -> Vec<String> {
    let mut offending = Vec::new();
    for file in files {
        for (number, line) in fs::read_to_string(file).unwrap().lines().enumerate() {
            if offends(line) {
                offending.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    offending
}

/// Returns the table of README.md between its markers: what each layer must not use.
fn forbidden() -> Vec<(String, Vec<String>)> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme
        .split_once("<!-- layers:begin -->")
        .and_then(|(_, rest)| rest.split_once("<!-- layers:end -->"))
        .expect("README.md has the table of layers between its markers")
        .0;
    table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let layer = cells[0].trim_matches('`').to_owned();
            let names = cells[2].split(',').map(|name| name.trim().trim_matches('`').to_owned());
            (layer, names.filter(|name| !name.is_empty()).collect())
        })
        .collect()
}

#[test]
fn each_layer_imports_only_what_the_readme_allows() {
    let table = forbidden();
    assert_eq!(table.len(), 5, "{table:?}");
    for (layer, forbidden) in table {
        assert!(!forbidden.is_empty(), "{layer}");
        let folder = root().join("src").join(&layer);
        let mut sources = files(&folder, "rs");
        // a crate's own tests may read fixtures in any way
        sources.retain(|file| !file.starts_with(folder.join("tests")));
        // an example is a program of its own
        sources.retain(|file| !file.starts_with(folder.join("examples")));
        let offending = lines_with(&sources, |line| {
            let code = line.trim_start();
            !code.starts_with("//")
                && forbidden.iter().any(|name| {
                    code.contains(&format!("{name}::")) || code.starts_with(&format!("use {name};"))
                })
        });
        assert!(offending.is_empty(), "{layer} may not use {forbidden:?}:\n{}", offending.join("\n"));
    }
}

/// Returns the id and the path of a box of the diagram, given as `id[path]` or the id alone.
fn shown(text: &str) -> (&str, Option<PathBuf>) {
    let (id, label) = text.trim().split_once('[').unwrap_or((text.trim(), text.trim()));
    let label = label.trim_end_matches(']').split(',').next().unwrap_or(label);
    let path = label.trim().replace("::", "/").replace("spreadscope_", "");
    let src = root().join("src");
    let places = ["", "engine"].map(|folder| src.join(folder).join(&path));
    let found = places.into_iter().flat_map(|place| [place.with_extension("rs"), place]);
    (id, found.into_iter().find(|place| place.exists()))
}

/// Returns the lines of `source` that are not comments.
fn without_comments(source: &str) -> String {
    source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Returns the code of a box, without comments, as one text.
fn text_of(place: &Path) -> String {
    let file = place.with_extension("rs");
    let mut sources = if place.is_dir() { files(place, "rs") } else { Vec::new() };
    sources.extend(Some(file).filter(|file| file.exists()));
    let code = sources.iter().map(|source| fs::read_to_string(source).unwrap()).collect::<String>();
    without_comments(&code)
}

#[test]
fn the_diagram_shows_modules_that_are_there_and_arrows_from_user_to_used() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let diagram = readme.split_once("```mermaid").and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
    let mut places = std::collections::BTreeMap::new();
    let mut arrows = Vec::new();
    for line in diagram.lines().filter(|line| line.contains(" --> ") && !line.contains(" -- ")) {
        let boxes: Vec<&str> = line.split(" --> ").collect();
        for text in &boxes {
            let (id, place) = shown(text);
            let known = places.entry(id).or_insert_with(|| place.clone());
            assert!(known.is_some(), "the diagram shows {text}, and there is no such module");
        }
        arrows.extend(boxes.windows(2).map(|pair| (shown(pair[0]).0, shown(pair[1]).0)));
    }
    assert!(arrows.len() > 10, "{arrows:?}");
    for (from, to) in arrows {
        let place = |id: &str| places[id].clone().unwrap();
        let name = |id: &str| place(id).file_stem().unwrap().to_string_lossy().into_owned();
        let knows = |one: &str, other: &str| {
            let (text, other) = (text_of(&place(one)), name(other));
            text.contains(&format!("{other}::")) || text.contains(&format!("::{other}"))
        };
        assert!(knows(from, to), "the diagram says that {from} uses {to}, and it does not");
        assert!(!knows(to, from), "the diagram says that {from} uses {to}, and {to} uses {from} too");
    }
}

/// Returns the engine's rooms in the order of its crate documentation.
fn rooms() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/engine/lib.rs")).unwrap();
    let rooms: Vec<String> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("//! ")?.split_once(". [`"))
        .filter(|(number, _)| number.parse::<u32>().is_ok())
        .filter_map(|(_, rest)| rest.split_once("`]: "))
        .map(|(room, _)| room.to_owned())
        .collect();
    for room in &rooms {
        assert!(
            lib.contains(&format!("pub mod {room};")),
            "the documentation lists {room}, and lib.rs has it not"
        );
    }
    assert_eq!(rooms.len(), lib.matches("pub mod ").count(), "{rooms:?}");
    rooms
}

/// Returns what lib.rs re-exports at the crate's root, by the room it comes from.
fn offered_at_the_root() -> std::collections::BTreeMap<String, String> {
    let lib = fs::read_to_string(root().join("src/engine/lib.rs")).unwrap();
    let mut offered = std::collections::BTreeMap::new();
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub use ")) {
        let (room, names) = line.split_once("::").expect("a room and what is in it");
        for name in names.split(|c: char| !c.is_alphanumeric()).filter(|name| !name.is_empty()) {
            offered.insert(name.to_owned(), room.to_owned());
        }
    }
    offered
}

/// Returns the names that follow `crate::` in code, one per path: `crate::{A, b::C}` gives A and b.
fn named_from_the_root(source: &str) -> Vec<String> {
    let code = without_comments(source);
    let first_word = |text: &str| {
        let text = text.trim_start();
        text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())].to_owned()
    };
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(first_word(rest));
            continue;
        };
        let mut depth = 0;
        names.push(first_word(group));
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(first_word(&group[at + 1..])),
                _ => {}
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Returns the rooms that a source of `room` names but must not.
fn upward(rooms: &[String], room: &str, source: &str) -> Vec<String> {
    let offered = offered_at_the_root();
    let place = |name: &str| rooms.iter().position(|room| room == name);
    let own = place(room).unwrap_or_else(|| panic!("{room} is in no list of rooms"));
    let named = named_from_the_root(source).into_iter();
    let named = named.map(|name| offered.get(&name).cloned().unwrap_or(name));
    named.filter(|name| place(name).is_some_and(|place| place > own)).collect()
}

#[test]
fn a_room_of_the_engine_imports_rooms_above_it_alone() {
    let rooms = rooms();
    assert!(rooms.len() > 12, "{rooms:?}");
    for room in &rooms {
        for file in files(&root().join("src/engine").join(room), "rs") {
            let upward = upward(&rooms, room, &fs::read_to_string(&file).unwrap());
            assert!(upward.is_empty(), "{} is in {room} and names {upward:?}", file.display());
        }
    }
    let planted = "use crate::{Pair, base::time, Command};\nfn f(row: crate::analytics::Row) {}";
    assert_eq!(upward(&rooms, "market", planted), ["messages", "analytics"]);
    assert_eq!(upward(&rooms, "engine", planted), [""; 0]);
}

#[test]
fn colours_and_font_sizes_are_named_in_tokens_css_alone() {
    let styles: Vec<PathBuf> = files(&root().join("style"), "css")
        .into_iter()
        .filter(|file| !file.ends_with("tokens.css"))
        .collect();
    let offending = lines_with(&styles, |line| {
        let line = line.trim();
        let colour =
            line.contains(": #") || line.contains("rgb(") || line.contains("hsl(") || line.contains("oklch(");
        let size = line.starts_with("font-size:") && !line.contains("var(");
        !line.starts_with("/*") && (colour || size)
    });
    assert!(offending.is_empty(), "{}", offending.join("\n"));
}

#[test]
fn files_stay_short_enough_to_be_one_idea() {
    const LONGEST: usize = 400;
    let mut sources = files(&root().join("src"), "rs");
    sources.extend(files(&root().join("tests"), "rs"));
    sources.extend(files(&root().join("xtask"), "rs"));
    sources.retain(|file| !file.ends_with("mackinnon.rs"));
    let long: Vec<String> = sources
        .iter()
        .map(|file| (file, fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
