//! Makes the module's script ask a policy before it writes markup, or starts a script or a worker.
//!
//! The page's policy (`require-trusted-types-for 'script'`) takes a plain text in none of these places. They all
//! lie in the script that wasm-bindgen writes: Leptos' templates, the two tables that are written as text, the
//! script that draws the charts, the workers, the service worker. The one policy that the page allows looks at what
//! it is given: markup that nothing in can run, and scripts of the page's own folder or that it has made itself.

use crate::failure::{Explain as _, Failure, Outcome};
use std::fs;
use std::path::Path;

/// The policy. A browser without Trusted Types is given the text as it is, after the same look at it.
const POLICY: &str = r#"
const folder = new URL(".", import.meta.url).href;
const rules = {
    createHTML(html) {
        if (/<\s*(script|iframe|object|embed|base|link|meta)\b|\son\w+\s*=|javascript:/i.test(html)) {
            throw new TypeError("markup that could run a script: " + html.slice(0, 100));
        }
        return html;
    },
    createScriptURL(address) {
        const url = new URL(address, folder).href;
        if (!url.startsWith(folder) && !url.startsWith("blob:" + new URL(folder).origin + "/")) {
            throw new TypeError("a script from elsewhere: " + url.slice(0, 100));
        }
        return address;
    },
};
const trusted = globalThis.trustedTypes ? trustedTypes.createPolicy("spreadscope", rules) : rules;
"#;

/// Where a text becomes markup or the address of a script: what stands before and after the text, and what the
/// policy calls it. Each is written once.
const SINKS: [(&str, &str, &str); 4] = [
    (".innerHTML = ", ";", "createHTML"),
    (".src = ", ";", "createScriptURL"),
    ("new Worker(", ", ", "createScriptURL"),
    (".register(", ")", "createScriptURL"),
];
/// How wasm-bindgen reads a text out of the module.
const TEXT: &str = "getStringFromWasm0(";

/// Changes a script that wasm-bindgen has written.
///
/// # Errors
/// The script cannot be read or written, or is not as wasm-bindgen wrote it when this was made.
pub(super) fn guard(script: &Path) -> Outcome<()> {
    let text = fs::read_to_string(script).explain(|| format!("read {}", script.display()))?;
    fs::write(script, guarded(&text)?).explain(|| format!("write {}", script.display()))
}

fn guarded(script: &str) -> Outcome<String> {
    let mut script = script.to_owned();
    for (before, after, rule) in SINKS {
        script = wrapped(&script, before, after, rule)?;
    }
    // after the imports, which come first in a module
    Ok(script + POLICY)
}

/// The script with the one text between `before` and `after` shown to the policy.
fn wrapped(script: &str, before: &str, after: &str, rule: &str) -> Outcome<String> {
    let start = [before, TEXT].concat();
    let [head, tail] = script.split(&start).collect::<Vec<_>>()[..] else {
        return Err(Failure::new(format!(
            "wasm-bindgen's script has {} places like `{start}`, where there was one: look at \
             xtask/src/site/trusted.rs",
            script.matches(&start).count()
        )));
    };
    let close = [")", after].concat();
    let Some((arguments, rest)) = tail.split_once(&close) else {
        return Err(Failure::new(format!("wasm-bindgen's script has `{start}` without an end")));
    };
    Ok(format!("{head}{before}trusted.{rule}({TEXT}{arguments})){after}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "
    a: function(arg0, arg1, arg2) {
        arg0.innerHTML = getStringFromWasm0(arg1, arg2);
    },
    b: function(arg0, arg1, arg2) {
        arg0.src = getStringFromWasm0(arg1, arg2);
    },
    c: function() { return handleError(function (arg0, arg1, arg2) {
        const ret = new Worker(getStringFromWasm0(arg0, arg1), arg2);
        return ret;
    }, arguments); },
    d: function(arg0, arg1, arg2) {
        const ret = arg0.register(getStringFromWasm0(arg1, arg2));
        return ret;
    },
";

    #[test]
    fn each_text_that_could_run_is_shown_to_the_policy() {
        let script = guarded(SCRIPT).unwrap();
        for line in [
            "arg0.innerHTML = trusted.createHTML(getStringFromWasm0(arg1, arg2));",
            "arg0.src = trusted.createScriptURL(getStringFromWasm0(arg1, arg2));",
            "new Worker(trusted.createScriptURL(getStringFromWasm0(arg0, arg1)), arg2);",
            "arg0.register(trusted.createScriptURL(getStringFromWasm0(arg1, arg2)));",
        ] {
            assert!(script.contains(line), "{line} in {script}");
        }
    }

    #[test]
    fn a_place_that_is_there_twice_or_not_at_all_is_told() {
        assert!(guarded("").is_err() && guarded(&SCRIPT.repeat(2)).is_err());
    }
}
