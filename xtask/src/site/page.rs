//! The built `index.html`, of which two `<meta>` elements are written after the build.

use super::policy::Policy;
use super::source::Source;
use crate::failure::{Failure, Outcome};
use crate::hash;
use std::ops::Range;

/// The page with its source, with leave to connect there, with leave to run the inline scripts that it has, with
/// a hint at the script `parts`, which the module wants at once, and without the one at the module itself.
///
/// # Errors
/// The page lacks one of the elements.
pub(super) fn stamp(html: &str, source: &Source, parts: &str) -> Outcome<String> {
    let hint = format!("<link rel=\"modulepreload\" href=\"./{parts}\" crossorigin=\"anonymous\">");
    let html = &if html.contains(&hint) {
        html.to_owned()
    } else {
        html.replacen("</head>", &(hint + "</head>"), 1)
    };
    let html = &without_module_hint(html);
    let html = with_meta(html, "name=\"spreadscope-source\"", |_before| source.meta())?;
    let hashes =
        inline_scripts(&html).into_iter().map(|script| hash::csp_source(script.as_bytes())).collect();
    with_policy(&html, |policy| {
        policy.connect_to(source.hosts());
        policy.run_scripts(hashes);
    })
}

/// The page with another source; all else stays as it was built.
///
/// # Errors
/// The page lacks one of the elements.
pub(super) fn with_source(html: &str, source: &Source) -> Outcome<String> {
    let html = with_meta(html, "name=\"spreadscope-source\"", |_before| source.meta())?;
    with_policy(&html, |policy| policy.connect_to(source.hosts()))
}

/// The page without trunk's hint to fetch the module at once: twenty times the size of all styles together, it would
/// share a slow line with them, and the frame would be seen seconds later for a module that starts no sooner.
fn without_module_hint(html: &str) -> String {
    const HINT: &str = "<link rel=\"preload\"";
    let Some(start) = html.find(HINT) else { return html.to_owned() };
    let end = html[start..].find('>').map_or(html.len(), |length| start + length + 1);
    if html[start..end].contains("application/wasm") {
        html[..start].to_owned() + &html[end..]
    } else {
        html.to_owned()
    }
}

fn with_policy(html: &str, change: impl FnOnce(&mut Policy)) -> Outcome<String> {
    with_meta(html, "http-equiv=\"Content-Security-Policy\"", |before| {
        let mut policy = Policy::parse(before);
        change(&mut policy);
        policy.text()
    })
}

/// Puts another content into the `<meta>` element with this attribute.
fn with_meta(html: &str, attribute: &str, content: impl FnOnce(&str) -> String) -> Outcome<String> {
    let place = meta_content(html, attribute)
        .ok_or_else(|| Failure::new(format!("index.html has no <meta {attribute} content=\"…\">")))?;
    let (before, after) = (&html[..place.start], &html[place.end..]);
    Ok(format!("{before}{}{after}", content(&html[place])))
}

/// Where the content of the `<meta>` element with this attribute stands.
fn meta_content(html: &str, attribute: &str) -> Option<Range<usize>> {
    const CONTENT: &str = "content=\"";
    let start = html.find(&format!("<meta {attribute}"))?;
    let end = start + html[start..].find('>')?;
    let from = start + html[start..end].find(CONTENT)? + CONTENT.len();
    let to = from + html[from..end].find('"')?;
    Some(from..to)
}

/// The text of each script that stands in the page itself.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start..];
        let Some(open) = rest.find('>') else { break };
        let Some(close) = rest[open..].find("</script>") else { break };
        if !rest[..open].contains(" src=") {
            scripts.push(&rest[open + 1..open + close]);
        }
        rest = &rest[open + close..];
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head><meta http-equiv=\"Content-Security-Policy\"\n content=\"script-src 'self'; connect-src 'self'\">\
        <meta name=\"spreadscope-source\" content=\"binance\"><script src=\"/a.js\"></script>\
        <script type=\"module\">alert('Hello, world.');</script></head>";

    #[test]
    fn the_inline_script_is_let_run_by_its_hash_alone() {
        let page = stamp(PAGE, &Source::Binance, "parts.js").unwrap();
        assert!(
            page.contains("script-src 'self' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=';"),
            "{page}"
        );
        assert!(!page.contains("unsafe-inline"));
        assert!(
            page.contains(
                "<link rel=\"modulepreload\" href=\"./parts.js\" crossorigin=\"anonymous\"></head>"
            )
        );
        assert!(page.contains("connect-src 'self' https://data-api.binance.vision "));
    }

    #[test]
    fn the_styles_do_not_share_the_line_with_the_module() {
        let hint =
            "<link rel=\"preload\" href=\"./app_bg.wasm\" as=\"fetch\" type=\"application/wasm\"></head>";
        let stamped = |page: &str| stamp(page, &Source::Binance, "parts.js").unwrap();
        assert_eq!(stamped(&PAGE.replace("</head>", hint)), stamped(PAGE));
        let of_a_font =
            PAGE.replace("</head>", "<link rel=\"preload\" href=\"./a.woff2\" as=\"font\"></head>");
        assert!(stamped(&of_a_font).contains("./a.woff2"));
    }

    #[test]
    fn stamping_again_changes_nothing() {
        let page = stamp(PAGE, &Source::Binance, "parts.js").unwrap();
        assert_eq!(stamp(&page, &Source::Binance, "parts.js"), Ok(page));
    }

    #[test]
    fn another_source_changes_the_two_places_and_nothing_else() {
        let built = stamp(PAGE, &Source::Binance, "parts.js").unwrap();
        let source = Source::loopback("http://127.0.0.1:9443").unwrap();
        let page = with_source(&built, &source).unwrap();
        assert!(
            page.contains("<meta name=\"spreadscope-source\" content=\"loopback:http://127.0.0.1:9443\">")
        );
        assert!(page.contains("connect-src 'self' http://127.0.0.1:9443 ws://127.0.0.1:9443\""));
        assert_eq!(with_source(&page, &Source::Binance), Ok(built));
    }

    #[test]
    fn a_page_without_the_elements_is_refused() {
        assert!(stamp("<head></head>", &Source::Binance, "parts.js").is_err());
    }
}
