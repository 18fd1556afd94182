//! Short names for what the page's script and its module call of each other.
//!
//! wasm-bindgen tells them apart by sixteen digits of a hash each, once in the script and once in the module: five
//! hundred names that no compressor finds anything in.

use crate::failure::{Explain as _, Outcome};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{
    BinaryReaderError, Export, ExternalKind, Import, ImportSectionReader, Parser, Payload, TypeRef,
};

/// A name of fewer letters stays: it is one that people have given.
const LONG: usize = 12;
/// The module that imports are of which the script itself provides.
const PROVIDED: &str = "_bg.js";

/// Writes `script` and `module`, which belong together, again with short names between them.
///
/// # Errors
/// One of the files cannot be read or written, or the module is none.
pub(super) fn shorten(script: &Path, module: &Path) -> Outcome<()> {
    let text = fs::read_to_string(script).explain(|| format!("read {}", script.display()))?;
    let bytes = fs::read(module).explain(|| format!("read {}", module.display()))?;
    let (text, bytes) =
        shortened(&text, &bytes).explain(|| format!("shorten the names in {}", module.display()))?;
    fs::write(script, text).explain(|| format!("write {}", script.display()))?;
    fs::write(module, bytes).explain(|| format!("write {}", module.display()))
}

fn shortened(script: &str, module: &[u8]) -> Result<(String, Vec<u8>), Error> {
    let words: BTreeSet<&str> = words(script).filter(|word| is_name(word)).collect();
    let long = long_names(module)?.into_iter().filter(|name| words.contains(name));
    let free = (0..).map(|number: usize| format!("${number}")).filter(|name| !words.contains(name.as_str()));
    let names: HashMap<&str, String> = long.zip(free).collect();
    let text = self::words(script).map(|word| names.get(word).map_or(word, String::as_str)).collect();
    let mut out = Module::new();
    Shortener { names: &names }.parse_core_module(&mut out, Parser::new(0), module)?;
    Ok((text, out.finish()))
}

/// The functions that a module takes from its script and gives to it, in their order, each once.
fn long_names(module: &[u8]) -> Result<Vec<&str>, BinaryReaderError> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    names.extend(is_provided(&import).then_some(import.name));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    names.extend((export.kind == ExternalKind::Func).then_some(export.name));
                }
            }
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    names.retain(|name| name.len() >= LONG && seen.insert(*name));
    Ok(names)
}

fn is_provided(import: &Import<'_>) -> bool {
    matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)) && import.module.ends_with(PROVIDED)
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

fn is_name(word: &str) -> bool {
    word.starts_with(is_letter)
}

/// A script's names, and what stands between them, which together are the script.
fn words(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        let is_name = is_name(rest);
        let end = rest.find(|letter: char| is_letter(letter) != is_name).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

/// Writes a module again with other names for some of its functions.
struct Shortener<'a> {
    names: &'a HashMap<&'a str, String>,
}

impl Shortener<'_> {
    fn name<'n>(&'n self, name: &'n str) -> &'n str {
        self.names.get(name).map_or(name, String::as_str)
    }
}

impl Reencode for Shortener<'_> {
    type Error = std::convert::Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let name = if is_provided(&import) { self.name(import.name) } else { import.name }.to_owned();
            imports.import(import.module, &name, self.entity_type(import.ty)?);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error> {
        let is_function = export.kind == ExternalKind::Func;
        let name = if is_function { self.name(export.name) } else { export.name }.to_owned();
        exports.export(
            &name,
            self.export_kind(export.kind)?,
            self.external_index(export.kind, export.index)?,
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, Function, FunctionSection, Instruction, TypeSection,
    };

    const ALERT: &str = "__wbg_alert_0123456789abcdef";
    const INVOKE: &str = "closures_invoke_h0123456789abcdef";
    const ELSEWHERE: &str = "__wbg_load_fedcba9876543210";

    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./app_bg.js", ALERT, EntityType::Function(0));
        imports.import("./parts.js", ELSEWHERE, EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        exports.export("main", ExportKind::Func, 2).export(INVOKE, ExportKind::Func, 2);
        let mut code = CodeSection::new();
        let mut function = Function::new([]);
        function.instruction(&Instruction::End);
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    fn functions(module: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    names.extend(section.into_imports().map(|import| import.unwrap().name.to_owned()));
                }
                Payload::ExportSection(section) => {
                    names.extend(section.into_iter().map(|export| export.unwrap().name.to_owned()));
                }
                _ => {}
            }
        }
        names
    }

    #[test]
    fn script_and_module_speak_of_a_function_by_one_short_name() {
        let script =
            format!("a = {{ {ALERT}: () => wasm.{INVOKE}(x), {ALERT}2: '{ELSEWHERE}' }}; wasm.main();");
        let (text, bytes) = shortened(&script, &module()).unwrap();
        assert_eq!(text, format!("a = {{ $0: () => wasm.$1(x), {ALERT}2: '{ELSEWHERE}' }}; wasm.main();"));
        assert_eq!(functions(&bytes), ["$0", ELSEWHERE, "main", "$1"]);
    }

    #[test]
    fn a_name_that_the_script_has_is_not_given_again() {
        let (text, _) = shortened(&format!("$0({ALERT}, `${{1}}`)"), &module()).unwrap();
        assert_eq!(text, "$0($1, `${1}`)");
    }

    #[test]
    fn what_the_script_does_not_mention_keeps_its_name() {
        let (text, bytes) = shortened("run()", &module()).unwrap();
        assert_eq!(text, "run()");
        assert_eq!(functions(&bytes), [ALERT, ELSEWHERE, "main", INVOKE]);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(shortened("", b"\0asm").is_err());
    }
}
