//! The order of a module's functions: those that look alike stand side by side, where a host's compressor finds the
//! one in the other.
//!
//! The linker puts functions in the order of crates and wasm-opt in that of their use. A view and the next one, or
//! the code that drops them, are the same but for a few numbers and lie far apart: gzip, which sees 32 kB at a time,
//! misses them, and brotli pays more for a match from afar.

use crate::failure::{Explain as _, Outcome};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// Bytes of code that count as one feature of a function.
const FEATURE: usize = 6;
/// A feature of more functions than this says nothing about any two of them.
const COMMON: usize = 200;
/// Features that two functions share at least for one to follow the other.
const ALIKE: u32 = 3;

/// Writes the module in `path` again, with its functions in another order.
///
/// # Errors
/// The file cannot be read or written, or is not a module.
pub(super) fn sort(path: &Path) -> Outcome<()> {
    let module = fs::read(path).explain(|| format!("read {}", path.display()))?;
    let sorted = sorted(&module).explain(|| format!("order the functions of {}", path.display()))?;
    fs::write(path, sorted).explain(|| format!("write {}", path.display()))
}

fn sorted(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut bodies = Vec::new();
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut out = Module::new();
    Sorter::new(imported, order(&bodies)).parse_core_module(&mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

/// The order in which bodies follow each other: each by the one left that is most like it, or, where none is like
/// it, by the first that is left.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let features = rare_features(bodies);
    let mut with: HashMap<u64, Vec<usize>> = HashMap::new();
    for (body, features) in features.iter().enumerate() {
        for feature in features {
            with.entry(*feature).or_default().push(body);
        }
    }
    let mut placed = vec![false; bodies.len()];
    let mut shared = vec![0_u32; bodies.len()];
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    let mut first_left = 0;
    while order.len() < bodies.len() {
        let mut met = Vec::new();
        if let Some(&last) = order.last() {
            for &other in features[last].iter().flat_map(|feature| &with[feature]) {
                if !placed[other] {
                    if shared[other] == 0 {
                        met.push(other);
                    }
                    shared[other] += 1;
                }
            }
        }
        // the cosine of two functions, without the last one's length, which is the same for all
        let likeness = |body: usize| f64::from(shared[body]) / (features[body].len() as f64).sqrt();
        let like = met.iter().copied().filter(|body| shared[*body] >= ALIKE);
        let next = like.max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)).then(b.cmp(a)));
        let next = next.unwrap_or_else(|| {
            while placed[first_left] {
                first_left += 1;
            }
            first_left
        });
        for body in met {
            shared[body] = 0;
        }
        placed[next] = true;
        order.push(next);
    }
    order
}

/// The features of each body that it shares with some others, and not with many.
fn rare_features(bodies: &[&[u8]]) -> Vec<Vec<u64>> {
    let mut features: Vec<Vec<u64>> = Vec::with_capacity(bodies.len());
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for body in bodies {
        let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let mut of_body: Vec<u64> = body.windows(FEATURE).map(number).collect();
        of_body.sort_unstable();
        of_body.dedup();
        for feature in &of_body {
            *counts.entry(*feature).or_default() += 1;
        }
        features.push(of_body);
    }
    for of_body in &mut features {
        of_body.retain(|feature| (2..=COMMON).contains(&counts[feature]));
    }
    features
}

/// Writes a module again with its functions in `order`.
struct Sorter {
    imported: u32,
    order: Vec<usize>,
    /// Where each function now stands.
    places: Vec<u32>,
}

impl Sorter {
    fn new(imported: u32, order: Vec<usize>) -> Self {
        let mut places = vec![0; order.len()];
        for (place, function) in (imported..).zip(&order) {
            places[*function] = place;
        }
        Self { imported, order, places }
    }
}

impl Reencode for Sorter {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let defined = function.checked_sub(self.imported);
        Ok(defined.map_or(function, |function| self.places[function as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for function in &self.order {
            functions.function(types[*function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for function in self.order.clone() {
            utils::parse_function_body(self, code, bodies[function].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, ImportSection, Instruction,
        RefType, TableSection, TableType, TypeSection, ValType,
    };

    /// A module of one imported function and of three, of which the first and the last are alike and the last calls
    /// the second.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I64]);
        let mut imports = ImportSection::new();
        imports.import("env", "imported", wasm_encoder::EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(1).function(0).function(1);
        let mut exports = ExportSection::new();
        exports.export("second", ExportKind::Func, 2).export("third", ExportKind::Func, 3);
        let mut code = CodeSection::new();
        let long = |call: u32| {
            let mut function = Function::new([]);
            function.instruction(&Instruction::Call(call));
            function
                .instruction(&Instruction::I64Const(0x1234_5678_9ABC_DEF0))
                .instruction(&Instruction::End);
            function
        };
        let mut short = Function::new([]);
        short.instruction(&Instruction::Call(0)).instruction(&Instruction::End);
        code.function(&long(0)).function(&short).function(&long(2));
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 3,
            maximum: None,
            shared: false,
        });
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([1, 2, 3][..].into()));
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&exports);
        module.section(&elements).section(&code);
        module.finish()
    }

    #[test]
    fn functions_that_look_alike_stand_side_by_side() {
        let (one, other) = (&b"a function of some length"[..], &b"another thing"[..]);
        let like_one = &b"b function of some length"[..];
        assert_eq!(order(&[one, other, like_one, other]), [0, 2, 1, 3]);
        assert_eq!(order(&[]), [0; 0]);
    }

    #[test]
    fn what_refers_to_a_function_follows_it() {
        let sorted = sorted(&module()).unwrap();
        let mut seen = Vec::new();
        for payload in Parser::new(0).parse_all(&sorted) {
            match payload.unwrap() {
                Payload::ExportSection(section) => {
                    seen.push(section.into_iter().map(|export| export.unwrap().index).collect());
                }
                Payload::FunctionSection(section) => {
                    seen.push(section.into_iter().map(Result::unwrap).collect());
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let wasmparser::ElementItems::Functions(functions) = element.unwrap().items else {
                            continue;
                        };
                        seen.push(functions.into_iter().map(Result::unwrap).collect::<Vec<u32>>());
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let first = body.get_operators_reader().unwrap().read().unwrap();
                    let wasmparser::Operator::Call { function_index } = first else { continue };
                    seen.push(vec![function_index]);
                }
                _ => {}
            }
        }
        // types, exports, table, and what the first, third and second of before call
        assert_eq!(seen, [vec![1, 1, 0], vec![3, 2], vec![1, 3, 2], vec![0], vec![3], vec![0]]);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(sorted(b"\0asm").is_err());
    }
}
