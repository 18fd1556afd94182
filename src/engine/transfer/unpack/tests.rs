//! Files of each form, whole, cut and damaged.

use super::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use std::io::Write as _;

/// Reads a file as the host would; the largest amount held is checked on the way.
fn unpack(file: &[u8]) -> Result<Vec<u8>, String> {
    all(&mut Unpack::new(file.len() as u64), file)
}

fn all(unpack: &mut Unpack, file: &[u8]) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    for _ in 0..100_000 {
        match unpack.want() {
            Want::Nothing => return Ok(text),
            Want::Read => {
                let before = text.len();
                unpack.read(|part| text.extend_from_slice(part))?;
                assert!(text.len() - before <= 2 * TEXT, "{}", text.len() - before);
            }
            Want::Slice { offset, length } => {
                assert!(length > 0 && length <= SLICE.max(1 << 20));
                let from = usize::try_from(offset).unwrap();
                unpack.give(&file[from..from + usize::try_from(length).unwrap()]);
                assert!(unpack.pending.len() <= 2 << 20);
            }
        }
    }
    panic!("no end");
}

fn text(length: usize) -> Vec<u8> {
    let line = |at: usize| format!("{},{}.{:02},0.5\n", 1_700_000_000_000_usize + at, at % 977, at % 83);
    (0..).flat_map(|at| line(at).into_bytes()).take(length).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// An archive of `files`: name, method and text.
fn zip(files: &[(&str, u16, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, method, text) in files {
        let packed = if *method == 8 { deflate(text) } else { text.to_vec() };
        let length = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let mut fields = vec![20, 0, 0, 0];
        fields.extend(method.to_le_bytes());
        fields.extend([0; 4]);
        fields.extend(Crc32::of(text).to_le_bytes());
        fields.extend(length(packed.len()));
        fields.extend(length(text.len()));
        fields.extend(name_length);
        let offset = length(archive.len());
        archive.extend(b"PK\x03\x04");
        archive.extend(&fields);
        archive.extend([3, 0]);
        archive.extend(name.as_bytes());
        archive.extend(b"xyz");
        archive.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 12]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let lengths = [directory.len(), archive.len()].map(|length| u32::try_from(length).unwrap().to_le_bytes());
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend(lengths.concat());
    archive.extend(b"\x05\0words");
    archive
}

#[test]
fn a_plain_file_is_its_own_text() {
    for length in [0, 1, 1_000, 1_000_000] {
        assert_eq!(unpack(&text(length)).unwrap(), text(length));
    }
}

#[test]
fn gzip_is_unpacked_also_in_several_parts() {
    let whole = text(1_500_000);
    assert_eq!(unpack(&gzip(&whole)).unwrap(), whole);
    let parts = [gzip(&whole[..700_000]), gzip(&whole[700_000..])].concat();
    assert_eq!(unpack(&parts).unwrap(), whole);
}

#[test]
fn the_table_of_a_zip_archive_is_read_and_other_files_are_named() {
    let whole = text(1_500_000);
    for method in [0, 8] {
        let archive =
            zip(&[("notes.md", 0, b"words"), ("folder/", 0, b""), ("BTCUSDT-1m.csv", method, &whole)]);
        assert_eq!(unpack(&archive).unwrap(), whole, "method {method}");
    }
    let archive = zip(&[
        ("README.txt", 0, b"hello"),
        ("__MACOSX/._a.csv", 0, b"x"),
        ("notes.md", 0, b"words"),
        ("data/a.csv", 8, b"1"),
        ("data/b.csv", 8, b"2"),
        (".DS_Store", 0, b"x"),
    ]);
    let read = |wanted: Option<&str>| {
        let mut reader = Unpack::of(archive.len() as u64, wanted.map(str::to_owned));
        let text = all(&mut reader, &archive);
        (reader, text)
    };
    let (reader, text) = read(None);
    assert_eq!((reader.inner_name(), text), (Some("data/a.csv"), Ok(b"1".to_vec())));
    assert_eq!(
        (reader.others(), reader.left_out()),
        (&["data/b.csv".to_owned()][..], &["README.txt".to_owned(), "notes.md".to_owned()][..])
    );
    assert_eq!(read(Some("data/b.csv")).1, Ok(b"2".to_vec()));
    assert_eq!(read(Some("c.csv")).1.unwrap_err(), "c.csv is not in the zip archive");
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_comes_in_small_pieces() {
    let bomb = gzip(&vec![b'x'; 64 << 20]);
    assert!(bomb.len() < 100_000);
    assert_eq!(unpack(&bomb).unwrap().len(), 64 << 20);
}

#[test]
fn what_cannot_be_read_is_said() {
    let cases: [(Vec<u8>, &str); 7] = [
        (
            b"PAR1\x15\x04".to_vec(),
            "its form is Parquet, which is not read here: write it as CSV or JSON, plain or as zip or gzip",
        ),
        (
            zip(&[("[Content_Types].xml", 8, b"<x/>"), ("xl/workbook.xml", 8, b"<x/>")]),
            "it is a workbook, which is not read here: save its sheet as CSV",
        ),
        (zip(&[("a.csv", 12, b"1")]), "a.csv is compressed by method 12; only deflate (8) is read here"),
        (zip(&[]), "the zip archive is empty"),
        (b"PK\x03\x04".to_vec(), "the zip archive has no end: it was not downloaded whole"),
        (gzip(b"1,2,3")[..20].to_vec(), "the gzip file is cut short"),
        (
            [gzip(b"1,2,3"), b"0123456789".to_vec()].concat(),
            "something that is not gzip follows in the gzip file",
        ),
    ];
    for (file, reason) in cases {
        assert_eq!(unpack(&file).unwrap_err(), reason);
    }
}

#[test]
fn no_cut_and_no_flipped_bit_goes_unnoticed() {
    let whole = text(3_000);
    for file in [gzip(&whole), zip(&[("a.csv", 8, &whole)]), zip(&[("a.csv", 0, &whole)])] {
        for cut in (0..file.len()).step_by(7) {
            // an empty file is an empty text
            assert!(unpack(&file[..cut]).is_err() || cut < 2, "{cut}");
        }
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            if let Ok(text) = unpack(&damaged) {
                // fields that say nothing about the text: times, names, versions
                assert!(text == whole || damaged[..4] != file[..4], "{at}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(kind in 0_usize..3, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let start: &[u8] = [&b""[..], b"\x1F\x8B\x08\0\0\0\0\0\0\x03", b"PK\x03\x04"][kind];
        let file = [start, &bytes].concat();
        prop_assert_eq!(unpack(&file), unpack(&file));
    }
}

#[test]
fn what_is_packed_twice_or_is_no_text_inside_an_archive_is_refused_by_its_name() {
    for method in [0, 8] {
        for content in [gzip(&text(5_000)), zip(&[("a.csv", 8, &text(5_000))])] {
            let said = unpack(&zip(&[("BTCUSDT-1m.csv", method, &content)])).unwrap_err();
            assert!(said.starts_with("BTCUSDT-1m.csv is packed once more"), "{said}");
        }
        let said = unpack(&zip(&[("bars.csv", method, b"PAR1 and the rest")])).unwrap_err();
        assert!(said.starts_with("its form is Parquet"), "{said}");
    }
}
