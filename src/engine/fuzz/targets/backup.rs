//! Backups, damaged in any way; what can be read must be written again byte for byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::transfer::backup::{Reader, Record, Writer};

fuzz_target!(|file: &[u8]| {
    // with a valid header of our own too, since hardly any input would get past it
    for head in [Writer::new(UnixMillis(1)).1, Vec::new()] {
        let file = [head, file.to_vec()].concat();
        let (mut reader, mut records) = (Reader::default(), Vec::new());
        for slice in file.chunks(64) {
            reader.push(slice);
            loop {
                match reader.next_record() {
                    Ok(Some(record)) => records.push(record),
                    Ok(None) => break,
                    Err(_) => return,
                }
            }
        }
        let newest = reader.newest();
        if let (Ok(_), Some(newest)) = (reader.finish(), newest) {
            let (mut writer, mut again) = Writer::new(newest);
            for Record { key, value } in &records {
                again.extend(writer.record(key, value).expect("it was short enough"));
            }
            again.extend(writer.finish());
            assert_eq!(again, file);
        }
    }
});
