//! `compile`, `test`, and `--pack` with what they make.

mod common;

use common::{Folder, PACK, huoyan, run};
use std::io::Write;
use std::process::Stdio;

#[test]
fn compiled_packs_scan_as_their_source_does() {
    let folder = Folder::new("compile");
    let source = std::fs::read_to_string(PACK).expect("the pack is there");
    let pack = folder.file("mine.toml", source);
    let compiled = run(&["compile", &pack], b"");
    assert_eq!((compiled.status, compiled.stderr.as_str()), (0, ""));
    let made = folder.path("mine.huoyan");
    assert!(
        compiled
            .stdout
            .starts_with(&format!("{made}: cli-tests 1, 5 concepts, 4 rules, "))
    );
    // Told apart by what is in it, whatever its name.
    let other = folder.path("other.toml");
    assert_eq!(run(&["compile", &pack, "-o", &other], b"").status, 0);
    let scan = |pack: &str| {
        run(&["scan", "--output", "json", "--pack", pack], "出售V信\n".as_bytes()).stdout
    };
    assert!(scan(&pack).contains("sell-wechat"));
    assert_eq!(scan(&pack), scan(&made));
    assert_eq!(scan(&pack), scan(&other));
}

#[test]
fn compile_tells_what_it_cannot_do() {
    let folder = Folder::new("compile-errors");
    let bad = folder.file("bad.toml", "format = 1\n[pack]\nid = 1\n");
    let run_bad = run(&["compile", &bad], b"");
    assert_eq!((run_bad.status, run_bad.stdout.as_str()), (2, ""));
    assert!(run_bad.stderr.contains("bad.toml:3:"), "{}", run_bad.stderr);
    assert!(!folder_has(&folder, "bad.huoyan"));

    let source = std::fs::read(PACK).expect("the pack is there");
    let own = folder.file("own.huoyan", &source);
    let run_own = run(&["compile", &own], b"");
    assert_eq!(run_own.status, 2);
    assert!(run_own.stderr.contains("would replace itself"), "{}", run_own.stderr);

    let made = folder.path("made.huoyan");
    assert_eq!(run(&["compile", PACK, "-o", &made], b"").status, 0);
    let again = run(&["compile", &made, "-o", &folder.path("again.huoyan")], b"");
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("is compiled already"), "{}", again.stderr);
}

#[test]
fn a_single_hyphen_is_standard_input_and_output() {
    let folder = Folder::new("compile-streams");
    let source = std::fs::read(PACK).expect("the pack is there");
    let made = folder.path("made.huoyan");
    assert_eq!(run(&["compile", PACK, "-o", &made], b"").status, 0);
    let expected = std::fs::read(&made).expect("the ruleset is there");
    for (args, input) in [
        (&["compile", PACK, "-o", "-"][..], b"".as_slice()),
        (&["compile", "-", "-o", "-"], &source),
        (&["compile", "-"], &source),
    ] {
        let mut child = huoyan()
            .args(args)
            .current_dir(folder.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        // A program that does not read its input closes it.
        drop(stdin.write_all(input));
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(output.stdout == expected, "{args:?}");
        let told = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(told.starts_with("stdout: cli-tests 1, 5 concepts, "), "{told}");
        assert!(!folder_has(&folder, "-"), "{args:?}");
    }
    let to_file = folder.path("piped.huoyan");
    let piped = run(&["compile", "-", "-o", &to_file], &source);
    assert_eq!((piped.status, piped.stderr.as_str()), (0, ""));
    assert!(std::fs::read(&to_file).is_ok_and(|bytes| bytes == expected));
    let tested = run(&["test", "-"], &source);
    assert_eq!(
        (tested.status, tested.stdout.as_str()),
        (0, "cli-tests: 2 examples passed\n")
    );
    let bad = run(&["test", "-"], b"format = 1\n[pack]\nid = 1\n");
    assert_eq!(bad.status, 2);
    assert!(bad.stderr.contains("stdin:3:"), "{}", bad.stderr);
}

#[test]
fn packs_of_one_and_without_examples_are_told_so() {
    const SMALL: &str = r#"
format = 1
[pack]
id = "small"
version = "1"
[[concept]]
id = "wechat"
terms = ["微信"]
[[rule]]
id = "any"
category = "account_trade"
all = ["wechat"]
within = 9
weight = 6.0
"#;
    let folder = Folder::new("small");
    let pack = folder.file("small.toml", SMALL);
    let tested = run(&["test", &pack], b"");
    let told = "small: the pack has no examples; add [[example]] or [[rule.example]]\n";
    assert_eq!((tested.status, tested.stdout.as_str()), (0, told));
    let compiled = run(&["compile", &pack], b"");
    let told = "small.huoyan: small 1, 1 concept, 1 rule, ";
    assert!(compiled.stdout.contains(told), "{}", compiled.stdout);
}

#[test]
fn damaged_rulesets_are_refused() {
    let folder = Folder::new("damaged");
    let made = folder.path("made.huoyan");
    assert_eq!(run(&["compile", PACK, "-o", &made], b"").status, 0);
    let mut bytes = std::fs::read(&made).expect("the file is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = folder.file("damaged.huoyan", bytes);
    let scan = run(&["scan", "--pack", &damaged], b"");
    assert_eq!(scan.status, 2);
    assert!(scan.stderr.contains("damaged.huoyan: "), "{}", scan.stderr);
}

#[test]
fn test_runs_the_examples() {
    let good = run(&["test", PACK], b"");
    assert_eq!(
        (good.status, good.stdout.as_str()),
        (0, "cli-tests: 2 examples passed\n")
    );
    let folder = Folder::new("test");
    let source = std::fs::read_to_string(PACK).expect("the pack is there");
    let wrong = source.replace("match = \"出售V信\"", "match = \"出售旧书\"");
    let pack = folder.file("wrong.toml", wrong);
    let run = run(&["test", &pack], b"");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("rule `sell-wechat` must be flagged"), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1B}'), "{}", run.stderr);
}

fn folder_has(folder: &Folder, name: &str) -> bool {
    std::path::Path::new(&folder.path(name)).exists()
}
