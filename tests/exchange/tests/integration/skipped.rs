//! A test that lacks its data reports that, and is counted.

use std::process::Command;

/// Set for the child process that runs the skipping test.
const CHILD: &str = "SPREADSCOPE_SKIPS";

#[test]
fn a_test_that_skips_prints_one_line_and_adds_it_to_the_list() {
    if std::env::var_os(CHILD).is_some() {
        spreadscope_exchange::skip("nothing to test with");
        return;
    }
    let name = std::thread::current().name().unwrap().to_owned();
    let list = std::env::temp_dir().join(format!("spreadscope-skipped-{}", std::process::id()));
    std::fs::write(&list, "SKIPPED before: it\n").unwrap();
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name])
        .env(CHILD, "1")
        .env("SPREADSCOPE_SKIPPED", &list)
        .output()
        .unwrap();
    let listed = std::fs::read_to_string(&list).unwrap();
    std::fs::remove_file(&list).unwrap();
    let line = format!("SKIPPED {name}: nothing to test with\n");
    assert_eq!(listed, format!("SKIPPED before: it\n{line}"));
    assert_eq!(String::from_utf8(run.stderr).unwrap(), line);
    assert!(run.status.success());
}
