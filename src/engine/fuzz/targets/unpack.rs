//! Files of any form, unpacked: plain, gzip, zip.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::transfer::unpack::{SLICE, Unpack, Want};

/// Text beyond this length adds nothing: a small file may unpack to a very large one.
const ENOUGH: usize = 4 << 20;

fuzz_target!(|file: &[u8]| {
    let mut unpack = Unpack::new(file.len() as u64);
    let mut length = 0;
    while length < ENOUGH {
        match unpack.want() {
            Want::Nothing => break,
            Want::Slice { offset, length } => {
                assert!(length > 0 && length <= SLICE.max(1 << 20));
                let from = usize::try_from(offset).expect("within the file");
                unpack.give(&file[from..from + usize::try_from(length).expect("within the file")]);
            }
            Want::Read => {
                if unpack.read(|text| length += text.len()).is_err() {
                    break;
                }
            }
        }
    }
});
