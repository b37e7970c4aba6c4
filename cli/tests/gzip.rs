//! Input that gzip packed reads as if it were not packed; what is cut or damaged never
//! passes for read.

mod common;

use common::{Folder, PACK, huoyan, run, scan, scan_json};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

fn packed(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    pack(GzEncoder::new(Vec::new(), Compression::best()), bytes.as_ref())
}

fn pack(mut encoder: GzEncoder<Vec<u8>>, bytes: &[u8]) -> Vec<u8> {
    encoder.write_all(bytes).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

/// Each post is flagged.
fn posts(count: usize) -> String {
    "出售微信\n".repeat(count)
}

#[test]
fn formats_are_told_as_if_it_were_not_packed() {
    let folder = Folder::new("gzip-formats");
    for (name, text) in [
        ("a.jsonl", "{\"id\": \"x\", \"text\": \"出售微信\"}\n{\"text\": \"今天\"}\n"),
        ("a.csv", "text,id\n\"出售\n微信\",x\n今天,y"),
        ("one-column.csv", "text\n出售微信\n今天\n"),
        ("one-column.tsv", "text\n出售微信\n今天\n"),
        ("a.txt", "\u{FEFF}出售微信\r\n今天"),
        ("by-first-line", "id\ttext\nx\t出售微信\ny\t今天\n"),
    ] {
        let plain = folder.file(name, text);
        let wanted = scan_json(&[&plain], "");
        assert_eq!((wanted.status, wanted.records().len()), (0, 2), "{name}");
        for end in [".gz", ".GZ"] {
            let file = folder.file(&format!("{name}{end}"), packed(text));
            let run = scan_json(&[&file], "");
            assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{file}");
            assert_eq!(run.stdout, wanted.stdout, "{file}");
        }
    }
    let rows = "id,text\nx,出售微信\n";
    assert_eq!(scan_json(&[], packed(rows)).ids(), "x!");
    assert_eq!(scan_json(&["--format", "text"], packed(rows)).ids(), "1 2!");
    // Not packed in spite of its name, as some clients leave it.
    assert_eq!(scan_json(&[&folder.file("b.csv.gz", rows)], "").ids(), "x!");
}

#[test]
fn other_commands_read_it_too() {
    let post = "出售微信，ＶＸ\n";
    for args in [&["mask", "--pack", PACK][..], &["fold"]] {
        let plain = run(args, post.as_bytes());
        let same = run(args, &packed(post));
        assert_eq!((same.status, &same.stdout), (0, &plain.stdout), "{args:?}");
    }
    let labelled = "{\"text\": \"出售微信\", \"label\": \"account_trade\"}\n";
    let args = ["eval", "--pack", PACK, "--output", "json"];
    let same = run(&args, &packed(labelled));
    assert_eq!((same.status, same.stdout), (0, run(&args, labelled.as_bytes()).stdout));
}

#[test]
fn members_are_read_one_after_the_other() {
    let header =
        GzBuilder::new().filename("posts.txt").comment("说明").extra(vec![0; 999]);
    let named =
        pack(header.write(Vec::new(), Compression::fast()), "微信\n今".as_bytes());
    let mut checked = packed("天\n");
    checked[3] |= 2;
    checked.splice(10..10, [0x12, 0x34]);
    let members =
        [packed("出售"), named, packed(""), packed(""), checked, packed("批发VX")];
    let mut input = members.concat();
    assert_eq!(scan_json(&[], &input).ids(), "1! 2 3!");
    // The rest of a block on a disk or tape.
    input.resize(input.len() + 100_000, 0);
    let run = scan_json(&["--check"], &input);
    assert_eq!((run.status, run.ids().as_str()), (1, "1! 2 3!"), "{}", run.stderr);
    input.extend_from_slice(posts(1).as_bytes());
    let run = scan_json(&[], &input);
    assert_eq!((run.status, run.ids().as_str()), (2, "1! 2 3!"));
    let told = format!("from byte {} on, is no gzip", input.len() - posts(1).len());
    assert!(run.stderr.contains(&told), "{}", run.stderr);
}

#[test]
fn what_is_cut_is_an_error_wherever_it_is_cut() {
    let folder = Folder::new("gzip-cut");
    let first = packed(posts(2));
    let whole = [&first[..], &packed("批发微信\n")].concat();
    for length in 0..whole.len() {
        let file = folder.file("posts.txt.gz", &whole[..length]);
        let run = scan_json(&[&file], "");
        if length == first.len() {
            assert_eq!((run.status, run.ids().as_str()), (0, "1! 2!"));
            continue;
        }
        assert_eq!(run.status, 2, "{length}");
        let told = format!("{file}: is cut: its gzip data stop in the middle, at byte ");
        assert!(run.stderr.starts_with(&format!("{told}{length}; ")), "{}", run.stderr);
        if length > first.len() {
            assert!(run.ids().starts_with("1! 2!"), "{length}: {}", run.ids());
        }
    }
    // Without compression it is plain how much was read.
    let stored = GzEncoder::new(Vec::new(), Compression::none());
    let stored = pack(stored, posts(1_000).as_bytes());
    let post = posts(1).len();
    for threads in ["1", "2"] {
        let cut = &stored[..10 + 5 + post * 700 + post / 2];
        let run = scan_json(&["--threads", threads], cut);
        // The half of a post is all that there is of it.
        assert_eq!((run.status, run.records().len()), (2, 701));
        assert!(run.stderr.starts_with("stdin: is cut: "), "{}", run.stderr);
    }
}

#[test]
fn what_was_read_before_the_damage_is_scanned() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(posts(20_000).as_bytes()).expect("a Vec takes all");
    encoder.flush().expect("a Vec takes all");
    let mut input = encoder.get_ref().clone();
    let at = input.len();
    // No block begins like this.
    input.extend_from_slice(&[0xFF; 100]);
    let folder = Folder::new("gzip-damaged");
    for name in ["posts.txt.gz", "posts.gz"] {
        let file = folder.file(name, &input);
        let good = folder.file("good.txt", "批发微信\n");
        let run = scan_json(&["--check", &file, &good], "");
        assert_eq!((run.status, run.records().len()), (2, 20_001));
        let told =
            format!("{file}: is damaged: its gzip data cannot be unpacked at byte ");
        let place =
            run.stderr.strip_prefix(&told).and_then(|rest| rest.split(';').next());
        let place: usize = place.and_then(|p| p.parse().ok()).expect("a place");
        assert!((at..at + 100).contains(&place), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1);
    }
    let masked = run(&["mask", "--pack", PACK], &input);
    assert_eq!((masked.status, masked.stdout.lines().count()), (2, 20_000));
    let rows = [packed("text,id\n出售微信,x\n"), packed("批发微信,y\n\"批发")].concat();
    let run = scan_json(&[], &rows[..rows.len() - 1]);
    assert_eq!((run.status, run.ids().as_str()), (2, "x! y!"));
    assert!(run.stderr.starts_with("stdin: is cut: "), "{}", run.stderr);
}

#[test]
fn no_damaged_byte_goes_unnoticed() {
    let whole = packed(posts(3) + "今天天气不错\n");
    let sum = whole.len() - 8;
    for (at, byte) in whole.iter().enumerate() {
        // The time, the system and the like mean nothing here.
        if (4..10).contains(&at) {
            continue;
        }
        for other in [byte ^ 0x80, byte ^ 0x04, !byte] {
            let mut input = whole.clone();
            input[at] = other;
            let run = scan_json(&["--format", "text"], &input);
            if at < 2 {
                // No gzip: lines of bytes.
                assert!(run.stderr.contains("not valid UTF-8"), "{}", run.stderr);
                continue;
            }
            // Some bits of the last byte may stand for nothing.
            if at + 1 == sum && run.status == 0 {
                assert_eq!(run.ids(), "1! 2! 3! 4");
                continue;
            }
            assert_eq!(run.status, 2, "byte {at}");
            assert!(run.stderr.contains("stdin: is "), "{}", run.stderr);
            if at >= sum {
                assert_eq!(run.ids(), "1! 2! 3! 4");
                let told = "do not come to their checksum";
                assert!(run.stderr.contains(told), "{}", run.stderr);
            }
        }
    }
}

#[test]
fn what_is_in_it_is_refused_as_ever() {
    let mut tar = b"posts.txt".to_vec();
    tar.resize(257, 0);
    tar.extend_from_slice(b"ustar  \0");
    tar.resize(1024, 0);
    for (inner, hint) in [
        (packed(posts(1)), "is compressed by gzip twice"),
        (tar.clone(), "is a tar archive"),
        (b"PK\x03\x04".to_vec(), "is a zip archive"),
        (b"\xFF\xFEa\0".to_vec(), "is UTF-16"),
    ] {
        let run = scan(&[], packed(inner));
        assert_eq!((run.status, run.stderr.contains(hint)), (2, true), "{}", run.stderr);
    }
    assert!(scan(&[], tar).stderr.contains("is a tar archive"));
    // A post may say it.
    let post = "a".repeat(257) + "ustar\n";
    assert_eq!(scan(&["--check"], post).status, 0);
}

#[test]
fn findings_come_before_the_packed_input_ends() {
    let mut child = huoyan()
        .args(["scan", "--pack", PACK, "--output", "json", "--format", "text"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stdin = child.stdin.take().expect("piped");
    let mut encoder = GzEncoder::new(stdin, Compression::best());
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    for id in ["1", "2", "3"] {
        encoder.write_all(posts(1).as_bytes()).expect("the program reads");
        encoder.flush().expect("the program reads");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        assert!(line.starts_with(&format!("{{\"id\":\"{id}\"")), "{line}");
    }
    drop(encoder);
    assert!(child.wait().expect("the program ends").success());
}

/// One line of 1 GiB, within the memory that a line of 16 MiB takes.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_by_the_longest_post_and_not_by_the_input() {
    let folder = Folder::new("gzip-bomb");
    let part = packed(vec![b'a'; 16 << 20]);
    let line = part.repeat(64);
    let after = packed("\n\"出售微信\"\n");
    let text = folder.file("bomb.txt.gz", [&line[..], &after].concat());
    let csv = [&packed("text\n\"")[..], &line, &packed("\"\n出售微信\n")].concat();
    let csv = folder.file("bomb.csv.gz", csv);
    for (file, ids) in [(&text, "1? 2!"), (&csv, "2? 3!")] {
        let limited = format!(
            "ulimit -v 262144; exec '{}' scan --pack '{PACK}' --threads 1 --output json \
             '{file}'",
            env!("CARGO_BIN_EXE_huoyan"),
        );
        let output = std::process::Command::new("sh").args(["-c", &limited]).output();
        let output = output.expect("sh starts");
        let run = common::Run {
            status: output.status.code().expect("an exit status"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        };
        assert_eq!((run.status, run.ids().as_str()), (0, ids), "{}", run.stderr);
        assert!(run.stderr.contains("longer than 16 MiB"), "{}", run.stderr);
    }
}
