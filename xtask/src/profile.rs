//! Lists the page's module by crate and by function, to show what has grown.

use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::collections::BTreeMap;
use std::fs;
use wasmparser::{BinaryReaderError, KnownCustom, Name, Parser, Payload, TypeRef};

/// Number of functions listed.
const FUNCTIONS: usize = 40;
/// Crates with fewer bytes of code are counted among the others.
const LISTED: usize = 2_000;

/// Prints the profile of the module that the last build left in `target/parts`. It is taken before wasm-opt,
/// which drops the names, and so is a few percent larger than what a visit loads.
///
/// # Errors
/// There is no such module, or it cannot be read.
pub(crate) fn print(shell: &Shell) -> Outcome<()> {
    let folder = shell.target().join("parts/bound");
    let files = fs::read_dir(&folder).explain(|| format!("read {}", folder.display()))?;
    let mut modules =
        files.flatten().map(|file| file.path()).filter(|path| path.extension() == Some("wasm".as_ref()));
    let path = modules.next().ok_or_else(|| Failure::new(format!("{} has no module", folder.display())))?;
    let module = fs::read(&path).explain(|| format!("read {}", path.display()))?;
    let (functions, data) = sizes(&module).explain(|| format!("read {}", path.display()))?;
    let mut crates: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, bytes) in &functions {
        *crates.entry(crate_of(name)).or_default() += bytes;
    }
    let code: usize = crates.values().sum();
    println!("{code:>9} bytes of code, {data} of data; by crate:");
    let (listed, others): (Vec<_>, Vec<_>) = crates.into_iter().partition(|(_, bytes)| *bytes >= LISTED);
    let others = others.iter().map(|(_, bytes)| bytes).sum();
    print_sorted(listed.into_iter().chain([("others", others)]).collect(), usize::MAX);
    println!("the largest functions:");
    print_sorted(functions.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect(), FUNCTIONS);
    Ok(())
}

fn print_sorted(mut sizes: Vec<(&str, usize)>, most: usize) {
    sizes.sort_by_key(|(name, bytes)| (std::cmp::Reverse(*bytes), *name));
    for (name, bytes) in sizes.into_iter().take(most) {
        println!("{bytes:>9} {}", name.chars().take(140).collect::<String>());
    }
}

/// Returns bytes of code by function name, which several functions may share, and bytes of data.
fn sizes(module: &[u8]) -> Result<(BTreeMap<String, usize>, u64), BinaryReaderError> {
    let (mut imported, mut data) = (0, 0);
    let (mut bodies, mut names) = (Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes().len()),
            Payload::DataSection(section) => data = section.range().end - section.range().start,
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { continue };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for naming in functions {
                        let naming = naming?;
                        names.insert(naming.index as usize, plain(naming.name));
                    }
                }
            }
            _ => {}
        }
    }
    let mut sizes = BTreeMap::new();
    for (index, bytes) in (imported..).zip(bodies) {
        let name = names.get(&index).copied().unwrap_or("without a name");
        *sizes.entry(name.to_owned()).or_default() += bytes;
    }
    Ok((sizes, data))
}

/// Returns a name without the hash that distinguishes its instances.
fn plain(name: &str) -> &str {
    match name.rsplit_once("::h") {
        Some((plain, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => plain,
        _ => name,
    }
}

/// A name without what another build of the same source has otherwise, and of each path the type, or the last two words:
/// by these a function is still told from the next.
pub(crate) fn short(name: &str) -> String {
    let mut short = String::new();
    let mut path: Vec<&str> = Vec::new();
    let mut rest = without_number(plain(name));
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        path.extend((!word.is_empty()).then_some(word));
        rest = without_digits(behind);
        let goes_on = rest
            .strip_prefix("::")
            .filter(|next| next.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if let (Some(next), false) = (goes_on, path.is_empty()) {
            rest = next;
            continue;
        }
        let is_type = path.last().is_some_and(|word| word.starts_with(char::is_uppercase));
        short.push_str(&path[path.len().saturating_sub(if is_type { 1 } else { 2 })..].join("::"));
        path.clear();
        let mut letters = rest.chars();
        short.extend(letters.next());
        rest = letters.as_str();
    }
    short
}

/// A name without the number by which wasm-opt tells it from the same one.
fn without_number(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((before, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            before
        }
        _ => name,
    }
}

/// What follows the digits in brackets by which a crate is told from another of its name.
fn without_digits(name: &str) -> &str {
    let inside = name.strip_prefix('[').and_then(|inside| inside.split_once(']'));
    match inside {
        Some((digits, behind))
            if digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            behind
        }
        _ => name,
    }
}

/// Returns the crate of a function: that of the type it is a method of or, if this is a parameter or a
/// reference, that of the trait.
fn crate_of(name: &str) -> &str {
    let first = |path: &str| {
        path.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(path.len())
    };
    let Some(of) = name.strip_prefix('<') else { return &name[..first(name)] };
    let of = of.trim_start_matches(['&', '<', '*']);
    let of = ["mut ", "dyn ", "const "].iter().fold(of, |of, word| of.strip_prefix(word).unwrap_or(of));
    let word = &of[..first(of)];
    let is_path = of[word.len()..].starts_with("::") || of[word.len()..].starts_with('[');
    match of.split_once(" as ") {
        Some((_, of_trait)) if !is_path => &of_trait[..first(of_trait)],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_of_the_crate_of_its_type_or_of_its_trait() {
        let cases = [
            ("spreadscope::view::charts::draw", "spreadscope"),
            ("<spreadscope_stats::hedge::Model as core::clone::Clone>::clone", "spreadscope_stats"),
            ("<&mut postcard::ser::Serializer<F> as serde_core::ser::Serializer>::f64", "postcard"),
            ("<T as tachys::view::IntoAny>::into_any::build", "tachys"),
            ("<dlmalloc[e24a]::Dlmalloc<S>>::malloc", "dlmalloc"),
            ("<f64 as core[e24a]::str::FromStr>::from_str", "core"),
            ("memcpy", "memcpy"),
        ];
        for (name, of) in cases {
            assert_eq!(crate_of(name), of, "{name}");
        }
    }

    #[test]
    fn a_hash_is_no_part_of_a_name() {
        assert_eq!(plain("core::mem::drop::h0123456789abcdef"), "core::mem::drop");
        assert_eq!(plain("view::height"), "view::height");
    }

    #[test]
    fn a_short_name_has_the_ends_of_its_paths_and_no_digits_of_a_build() {
        let cases = [
            (
                "<[f64] as core[e24a27700634d609]::hash::Hash>::hash::h0123456789abcdef",
                "<[f64] as Hash>::hash",
            ),
            ("spreadscope::ui::panels::legs::__legs::{closure#0}", "legs::__legs::{closure#0}"),
            (
                "core[e24a27700634d609]::ptr::drop_in_place::<[alloc::vec::Vec<u8>; 2]>",
                "ptr::drop_in_place::<[Vec<u8>; 2]>",
            ),
            ("<alloc::string::String>::push.3233", "<String>::push"),
            ("memcpy", "memcpy"),
        ];
        for (name, words) in cases {
            assert_eq!(short(name), words);
        }
    }
}
