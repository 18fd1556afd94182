//! A module that counts how often each of its functions has run.

use super::anatomy::Anatomy;
use super::plan::number;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction, Module,
    ValType,
};
use wasmparser::{CodeSectionReader, ExportSectionReader, GlobalSectionReader, Parser};

/// What the name of a global begins with that counts; the place of its function among those with a body follows.
const RAN: &str = "ran ";

/// `module` with a global for each function.
pub(super) fn recording(module: &[u8]) -> Result<Vec<u8>, Error> {
    let anatomy = Anatomy::read(module)?;
    let mut out = Module::new();
    Recorder { anatomy: &anatomy }.parse_core_module(&mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

struct Recorder<'a> {
    anatomy: &'a Anatomy<'a>,
}

impl Recorder<'_> {
    fn global(&self, function: usize) -> u32 {
        number(self.anatomy.globals.len() + function)
    }
}

impl Reencode for Recorder<'_> {
    type Error = std::convert::Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_global_section(self, globals, section)?;
        let kind = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        for _ in &self.anatomy.functions {
            globals.global(kind, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        for function in 0..self.anatomy.functions.len() {
            exports.export(&format!("{RAN}{function}"), ExportKind::Global, self.global(function));
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for (place, body) in section.into_iter().enumerate() {
            let body = body?;
            let mut function = self.new_function_with_parsed_locals(&body)?;
            let global = self.global(place);
            function.instruction(&Instruction::GlobalGet(global)).instruction(&Instruction::I32Const(1));
            function.instruction(&Instruction::I32Add).instruction(&Instruction::GlobalSet(global));
            for operator in body.get_operators_reader()? {
                function.instruction(&self.instruction(operator?)?);
            }
            code.function(&function);
        }
        Ok(())
    }
}
