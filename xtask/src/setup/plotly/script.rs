//! plotly.js as written by its bundler in readable form: a list of modules by path, each of which requires
//! others by name.
//!
//! ```js
//!   // src/lib/noop.js
//!   var require_noop = __commonJS({
//!     "src/lib/noop.js"(exports, module) {
//!       "use strict";
//!       module.exports = function noop() {
//!       };
//!     }
//!   });
//! ```
//!
//! Every line is indented by its depth, and whatever is opened is closed by a line of the same indentation: no
//! more is assumed about the JavaScript.

use crate::failure::{Failure, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// Where the licence ends and the script begins.
const LICENCE_END: &str = "*/\n";
const BEGINS: &str = "\"use strict\";\nvar Plotly = (() => {\n";
/// How the script ends, and the module that it returns.
const ENDS: &str = "  return require_index_basic();\n})();\n";
const ENTRY: &str = "require_index_basic";
/// The wrapper that runs a module's text when it is first required; and the same in fewer words, without its
/// path.
const WRAPPER: &str = "  var __commonJS = (cb, mod) => function __require() {
    try {
      return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
    } catch (e) {
      throw mod = 0, e;
    }
  };
";
const SHORT_WRAPPER: &str = "  var __commonJS = (body, module) => () => (module || body((module = { exports: {} }).exports, module), module.exports);
";
/// The replacement for what is cut, in whole or in part: called, it names what is missing.
const REFUSAL: &str = "  var __cut = (feature) => {
    const refuse = () => {
      throw new Error(\"plotly.js is cut down here and has no \" + feature);
    };
    return new Proxy(refuse, { get: () => refuse });
  };
";

/// One module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    /// The name by which others require it.
    pub(super) name: String,
    pub(super) path: String,
    /// The parameters that the wrapper passes to its text.
    parameters: String,
    /// Its body, line by line.
    pub(super) text: String,
}

impl Module {
    /// Replaces its whole body.
    pub(super) fn replace(&mut self, text: String) {
        "exports, module".clone_into(&mut self.parameters);
        self.text = text;
    }
}

/// The whole script.
#[derive(Debug)]
pub(super) struct Script {
    licence: String,
    /// The helpers of the bundler.
    helpers: String,
    pub(super) modules: Vec<Module>,
}

impl Script {
    /// Parses a script.
    ///
    /// # Errors
    /// The script does not have the expected structure.
    pub(super) fn parse(script: &str) -> Outcome<Self> {
        let script = script.split_once(ENDS).ok_or_else(|| unknown("its end"))?.0;
        let (licence, script) = script.split_once(LICENCE_END).ok_or_else(|| unknown("its licence"))?;
        let (_, script) = script.split_once(BEGINS).ok_or_else(|| unknown("its beginning"))?;
        let mut lines = script.lines().peekable();
        let mut helpers = String::new();
        let mut modules = Vec::new();
        while let Some(line) = lines.next() {
            let Some(name) = of_name(line) else {
                if line.is_empty() || line.starts_with("  // ") {
                    continue;
                }
                if !modules.is_empty() {
                    return Err(unknown(line));
                }
                helpers.extend([line, "\n"]);
                continue;
            };
            let head = lines.next().and_then(of_path).ok_or_else(|| unknown(name))?;
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "  });").collect();
            let Some((&"    }", body)) = body.split_last() else { return Err(unknown(head.0)) };
            modules.push(Module {
                name: name.to_owned(),
                path: head.0.to_owned(),
                parameters: head.1.to_owned(),
                text: body.join("\n"),
            });
        }
        if !helpers.contains(WRAPPER) {
            return Err(unknown("what wraps its modules"));
        }
        let helpers = helpers.replacen(WRAPPER, &format!("{SHORT_WRAPPER}{REFUSAL}"), 1);
        Ok(Self { licence: format!("{licence}{LICENCE_END}"), helpers, modules })
    }

    /// Returns the licence notice, which stays with the script.
    pub(super) fn licence(&self) -> &str {
        &self.licence
    }

    /// Returns the module at `path`.
    ///
    /// # Errors
    /// There is no such module.
    pub(super) fn module(&mut self, path: &str) -> Outcome<&mut Module> {
        self.modules.iter_mut().find(|module| module.path == path).ok_or_else(|| unknown(path))
    }

    /// Drops modules that are never required, starting from the one that the script returns.
    pub(super) fn keep_wanted(&mut self) {
        let by_name: BTreeMap<&str, &Module> =
            self.modules.iter().map(|module| (module.name.as_str(), module)).collect();
        let mut wanted = BTreeSet::new();
        let mut open = vec![ENTRY];
        while let Some(name) = open.pop() {
            let Some(module) = by_name.get(name) else { continue };
            if wanted.insert(module.name.clone()) {
                open.extend(words(&module.text).filter(|word| word.starts_with("require_")));
            }
        }
        self.modules.retain(|module| wanted.contains(&module.name));
    }

    /// Returns the script without its licence, to be minified.
    pub(super) fn text(&self) -> String {
        let modules = self.modules.iter().map(|Module { name, parameters, text, .. }| {
            format!("  var {name} = __commonJS(function({parameters}) {{\n{text}\n  }});\n")
        });
        format!("{BEGINS}{}{}{ENDS}", self.helpers, modules.collect::<String>())
    }
}

/// Returns the name of the module that begins on this line.
fn of_name(line: &str) -> Option<&str> {
    line.strip_prefix("  var ")?.strip_suffix(" = __commonJS({")
}

/// Returns path and parameters of a module, from its second line.
fn of_path(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("    \"")?.strip_suffix(") {")?.split_once("\"(")
}

/// Returns names and keywords, in the order of the text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !is_of_name(letter))
        .filter(|word| word.starts_with(|first: char| !first.is_ascii_digit()))
}

pub(super) const fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$')
}

/// Returns the number of spaces before a line.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

pub(super) fn unknown(place: &str) -> Failure {
    Failure::new(format!("this plotly.js does not have the expected structure: {place} is not as expected"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a script of modules with these names and texts.
    pub(in crate::setup::plotly) fn script(modules: &[(&str, &str)]) -> String {
        let modules = modules.iter().map(|(name, text)| {
            let path = format!("src/{name}.js");
            format!(
                "\n  // {path}\n  var require_{name} = __commonJS({{\n    \"{path}\"(exports, module) {{\n{text}\n    }}\n  }});\n"
            )
        });
        format!(
            "/**\n* a licence\n*/\n(loader {BEGINS}{WRAPPER}{}{ENDS}window.Plotly = Plotly;",
            modules.collect::<String>()
        )
    }

    #[test]
    fn modules_are_found_by_their_paths_and_kept_where_they_are_asked_for() {
        let text = script(&[
            ("a", "      module.exports = 1;"),
            ("unasked", "      require_a();"),
            ("index_basic", "      var a = require_a();\n      module.exports = a;"),
        ]);
        let mut script = Script::parse(&text).unwrap();
        assert_eq!(script.module("src/a.js").unwrap().text, "      module.exports = 1;");
        assert!(script.module("src/b.js").unwrap_err().to_string().contains("src/b.js"));
        script.keep_wanted();
        let kept: Vec<&str> = script.modules.iter().map(|module| module.path.as_str()).collect();
        assert_eq!(kept, ["src/a.js", "src/index_basic.js"]);
        assert_eq!(script.licence(), "/**\n* a licence\n*/\n");
        let text = script.text();
        assert!(text.starts_with(BEGINS) && text.ends_with(ENDS) && !text.contains("src/"), "{text}");
        assert!(text.contains(
            "  var require_a = __commonJS(function(exports, module) {\n      module.exports = 1;\n  });\n"
        ));
    }

    #[test]
    fn a_script_of_another_make_is_refused() {
        let known = script(&[("index_basic", "      module.exports = 1;")]);
        for (change, to, place) in [
            (ENDS, "", "its end"),
            ("*/\n", "", "its licence"),
            ("var Plotly", "let Plotly", "its beginning"),
            ("throw mod = 0, e", "throw e", "what wraps its modules"),
            ("\"src/index_basic.js\"(", "(", "require_index_basic"),
            ("    }\n  });", "   }\n  });", "src/index_basic.js"),
        ] {
            let failure = Script::parse(&known.replace(change, to)).unwrap_err().to_string();
            assert!(failure.contains(place), "{failure}");
        }
    }
}
