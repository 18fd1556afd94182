//! What a module is made of, as far as it takes to move functions out of it.

use crate::profile;
use std::collections::BTreeSet;
use wasm_encoder::reencode::Error;
use wasmparser::{
    ElementItems, ExternalKind, FuncType, FunctionBody, GlobalType, KnownCustom, MemoryType, Name, Operator,
    Parser, Payload, TableType, TypeRef,
};

/// A module, read once.
#[derive(Debug)]
pub(super) struct Anatomy<'a> {
    pub(super) signatures: Vec<FuncType>,
    /// How many functions come first that are imported.
    pub(super) imported: u32,
    /// The signature of each function, imported ones first.
    pub(super) types: Vec<u32>,
    /// The functions that are not imported.
    pub(super) functions: Vec<Function<'a>>,
    /// Functions that something else than a call of the module's own can reach: exports, tables, the start.
    pub(super) roots: BTreeSet<u32>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) tables: Vec<TableType>,
    pub(super) globals: Vec<GlobalType>,
}

/// A function with a body.
#[derive(Debug)]
pub(super) struct Function<'a> {
    /// Its short name, which is the same in each build; empty where it has none.
    pub(super) name: String,
    pub(super) body: FunctionBody<'a>,
    /// What it calls by name.
    pub(super) calls: BTreeSet<u32>,
    /// Whether it refers to what a second module cannot: a segment of data, or the address of a function.
    pub(super) is_bound: bool,
}

impl<'a> Anatomy<'a> {
    /// Reads a module.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn read(module: &'a [u8]) -> Result<Self, Error> {
        let mut read = Self {
            signatures: Vec::new(),
            imported: 0,
            types: Vec::new(),
            functions: Vec::new(),
            roots: BTreeSet::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
        };
        for payload in Parser::new(0).parse_all(module) {
            read.take(payload?)?;
        }
        Ok(read)
    }

    /// The index of a function by its place among those with a body.
    pub(super) fn index(&self, function: usize) -> u32 {
        self.imported + u32::try_from(function).expect("Invariant: a module counts its functions in 32 bits")
    }

    /// The function with a body that has this index.
    pub(super) fn defined(&self, index: u32) -> Option<&Function<'a>> {
        self.functions.get(index.checked_sub(self.imported)? as usize)
    }

    /// The signature of the function that has this index.
    pub(super) fn signature(&self, index: u32) -> &FuncType {
        &self.signatures[self.types[index as usize] as usize]
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), Error> {
        match payload {
            Payload::TypeSection(section) => {
                for signature in section.into_iter_err_on_gc_types() {
                    self.signatures.push(signature?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(signature) | TypeRef::FuncExact(signature) => {
                            self.types.push(signature);
                            self.imported += 1;
                        }
                        TypeRef::Table(table) => self.tables.push(table),
                        TypeRef::Memory(memory) => self.memories.push(memory),
                        TypeRef::Global(global) => self.globals.push(global),
                        TypeRef::Tag(_) => {}
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for signature in section {
                    self.types.push(signature?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.roots.extend((export.kind == ExternalKind::Func).then_some(export.index));
                }
            }
            Payload::StartSection { func, .. } => drop(self.roots.insert(func)),
            Payload::ElementSection(section) => {
                for element in section {
                    self.take_elements(element?.items)?;
                }
            }
            Payload::CodeSectionEntry(body) => self.functions.push(Function::read(body)?),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        self.take_names(subsection?)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take_elements(&mut self, items: ElementItems<'a>) -> Result<(), Error> {
        match items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.roots.insert(function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    for operator in expression?.get_operators_reader() {
                        if let Operator::RefFunc { function_index } = operator? {
                            self.roots.insert(function_index);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn take_names(&mut self, names: Name<'a>) -> Result<(), Error> {
        let Name::Function(names) = names else { return Ok(()) };
        for naming in names {
            let naming = naming?;
            let place = naming.index.checked_sub(self.imported).map(|place| place as usize);
            if let Some(function) = place.and_then(|place| self.functions.get_mut(place)) {
                function.name = profile::short(naming.name);
            }
        }
        Ok(())
    }
}

impl<'a> Function<'a> {
    fn read(body: FunctionBody<'a>) -> Result<Self, Error> {
        let mut function = Self { name: String::new(), calls: BTreeSet::new(), is_bound: false, body };
        for operator in function.body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } => drop(function.calls.insert(function_index)),
                Operator::ReturnCall { function_index } | Operator::RefFunc { function_index } => {
                    function.calls.insert(function_index);
                    function.is_bound = true;
                }
                Operator::MemoryInit { .. }
                | Operator::DataDrop { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. }
                | Operator::Throw { .. }
                | Operator::TryTable { .. } => function.is_bound = true,
                _ => {}
            }
        }
        Ok(function)
    }
}
