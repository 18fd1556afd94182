//! The stylesheets of a release: one file, without remarks and needless spaces.
//!
//! Eleven files that say much the same are asked for one by one and compressed apart from each other.

use crate::failure::{Explain as _, Failure, Outcome};
use crate::hash;
use std::fs;
use std::path::Path;

const LINK: &str = "<link ";

/// Puts the rules of all stylesheets of the page `html`, which lie beside it in `folder`, into one file in their order.
/// Returns the page that links to it.
///
/// # Errors
/// A stylesheet cannot be read, or the one cannot be written; or there is none.
pub(super) fn join(folder: &Path, html: &str) -> Outcome<String> {
    let (parts, files) = parted(html);
    if files.is_empty() {
        return Err(Failure::new("index.html has no stylesheet"));
    }
    let mut rules = String::new();
    for file in files {
        let path = folder.join(file);
        rules += &small(&fs::read_to_string(&path).explain(|| format!("read {}", path.display()))?);
        fs::remove_file(&path).explain(|| format!("remove {}", path.display()))?;
    }
    let file = format!("styles-{}.css", &hash::sha256_hex(rules.as_bytes())[..16]);
    let path = folder.join(&file);
    fs::write(&path, rules).explain(|| format!("write {}", path.display()))?;
    let link = format!("<link rel=\"stylesheet\" href=\"./{file}\">");
    let (first, others) = parts.split_first().expect("Invariant: what stands before a link is a part");
    Ok([*first, link.as_str(), others.concat().as_str()].concat())
}

/// What stands before, between and behind the links to stylesheets, and the files that they name.
fn parted(html: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut parts, mut files) = (Vec::new(), Vec::new());
    let (mut begin, mut from) = (0, 0);
    while let Some(start) = html[from..].find(LINK).map(|at| from + at) {
        let end = html[start..].find('>').map_or(html.len(), |length| start + length + 1);
        if let Some(file) = stylesheet(&html[start..end]) {
            parts.push(&html[begin..start]);
            files.push(file);
            begin = end;
        }
        from = end;
    }
    parts.push(&html[begin..]);
    (parts, files)
}

/// The file that a link names, if this is a stylesheet.
fn stylesheet(link: &str) -> Option<&str> {
    const HREF: &str = "href=\"./";
    let file = &link[link.find(HREF)? + HREF.len()..];
    link.contains("rel=\"stylesheet\"").then(|| file.split('"').next()).flatten()
}

/// Rules without remarks, without the last semicolon of a block, and with no space where none is needed.
fn small(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut space = false;
    while let Some(letter) = rest.chars().next() {
        if let Some(remark) = rest.strip_prefix("/*") {
            rest = remark.split_once("*/").map_or("", |(_, behind)| behind);
            space = true;
        } else if letter.is_whitespace() {
            rest = rest.trim_start();
            space = true;
        } else {
            let end =
                if letter == '"' || letter == '\'' { text_end(rest, letter) } else { letter.len_utf8() };
            let needs_space =
                space && !"{};,>".contains(letter) && !out.ends_with(['{', '}', ';', ',', ':', '>']);
            if needs_space && !out.is_empty() {
                out.push(' ');
            }
            if letter == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            space = false;
        }
    }
    out
}

/// Where the text ends that begins `rest` with the sign `quote`, which is among it.
fn text_end(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    let behind = rest.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == quote && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    behind.map_or(rest.len(), |(at, _)| at + quote.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_stay_where_they_mean_something() {
        for (css, expected) in [
            (
                "/* a */\n.a :is(b, c) > d {\n  margin: 0 auto;\n  width: calc(1px + 2px);\n}\n",
                ".a :is(b,c)>d{margin:0 auto;width:calc(1px + 2px)}",
            ),
            (".a::after { content: \"/*  \\\" ;\" / \"\"; }", ".a::after{content:\"/*  \\\" ;\" / \"\"}"),
            (
                "@media screen and (max-width: 4rem) { .a:hover .b { c: d } }",
                "@media screen and (max-width:4rem){.a:hover .b{c:d}}",
            ),
            ("a /* b */ c { d: e }", "a c{d:e}"),
            (".a { b: c; } /* not closed", ".a{b:c}"),
            (".a { b: 'not closed", ".a{b:'not closed"),
            ("", ""),
        ] {
            assert_eq!(small(css), expected);
            assert_eq!(small(expected), expected);
        }
    }

    #[test]
    fn the_links_become_one_in_the_place_of_the_first() {
        let folder = std::env::temp_dir().join(format!("spreadscope-styles-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a-1.css"), "a { b: c; }").unwrap();
        fs::write(folder.join("b-1.css"), "a { b: d; }").unwrap();
        let page = "<head><link rel=\"icon\" href=\"./i.svg\"><link rel=\"stylesheet\" href=\"./a-1.css\">\n\
            <link rel=\"stylesheet\" href=\"./b-1.css\" integrity=\"x\"/></head>";
        let joined = join(&folder, page).unwrap();
        let file = stylesheet(&joined[joined.find("<link rel=\"stylesheet\"").unwrap()..]).unwrap();
        assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), "a{b:c}a{b:d}");
        let expected = format!(
            "<head><link rel=\"icon\" href=\"./i.svg\"><link rel=\"stylesheet\" href=\"./{file}\">\n</head>"
        );
        assert_eq!(joined, expected);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(join(&folder, "<head></head>").is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
