//! Input that is not what it should be as a whole: compressed, in another encoding,
//! cut off, without the field. None of it passes for read.

mod common;

use common::{Folder, run, scan, scan_json};

/// `大量微信号出售` in GBK.
const GBK: &[u8] = b"\xB4\xF3\xC1\xBF\xCE\xA2\xD0\xC5\xBA\xC5\xB3\xF6\xCA\xDB";

#[test]
fn text_in_gbk_does_not_pass_a_check() {
    let folder = Folder::new("gbk");
    let jsonl = [b"{\"text\": \"".as_slice(), GBK, b"\"}\n"].concat();
    for (name, content) in [
        ("g.txt", [GBK, b"\n"].concat()),
        ("g.csv", [b"id,text\n1,", GBK, b"\n"].concat()),
        ("g.tsv", [b"id\ttext\n1\t", GBK, b"\n"].concat()),
        ("g.jsonl", jsonl),
    ] {
        let file = folder.file(name, content);
        let checked = scan(&["--check", &file], "");
        assert_eq!(checked.status, 2, "{name}: {}", checked.stderr);
        assert!(checked.stderr.contains("iconv -f GB18030"), "{}", checked.stderr);
        assert_eq!(scan(&[&file], "").status, 0, "{name}");
    }
}

#[test]
fn utf16_without_a_mark_does_not_pass_a_check() {
    let little = |text: &str| -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    assert_eq!(scan(&["--check"], little("大量微信号出售\n")).status, 2);
    let ascii = "id,text\n1,大量微信号出售\n";
    let big: Vec<u8> = ascii.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, name) in [(little(ascii), "UTF-16LE"), (big, "UTF-16BE")] {
        let run = scan(&[], bytes);
        assert_eq!(run.status, 2, "{name}");
        assert!(run.stderr.contains(&format!("iconv -f {name}")), "{}", run.stderr);
    }
}

#[test]
fn packed_files_are_refused_by_their_first_bytes() {
    let folder = Folder::new("packed");
    for (name, head, hint) in [
        ("posts.xlsx", b"PK\x03\x04".as_slice(), "unzip -p FILE | huoyan scan"),
        ("empty.zip", b"PK\x05\x06", "unzip -p FILE | huoyan scan"),
        ("posts.zst", b"\x28\xB5\x2F\xFD", "zstd -dc FILE | huoyan scan"),
    ] {
        let file = folder.file(name, [head, b"text\n"].concat());
        let commands = [
            &["scan", &file][..],
            &["scan", "--check", &file],
            &["scan", "--format", "text", &file],
            &["eval", &file],
            &["mask", &file],
            &["fold", &file],
        ];
        for args in commands {
            let run = run(args, b"");
            assert_eq!((run.status, run.stdout.contains("text")), (2, false), "{args:?}");
            assert!(run.stderr.contains(hint), "{args:?}: {}", run.stderr);
        }
    }
    assert_eq!(scan(&["--check"], "PK").status, 0);
}

#[test]
fn a_quotation_mark_that_stays_open_is_an_error() {
    let start = "text,id\n出售微信,a\n";
    for (rest, line, ids) in [
        ("今天,b\n\"批发微信,c\n批发微信,d\n", 4, "a! b"),
        ("今天,b\n\"批发微信", 4, "a! b"),
        ("\"今天\n好\",\"批发微信,c\n", 4, "a!"),
        ("\n\n\"批发\"\"微信,c\r\n", 5, "a!"),
        ("今天,\"", 3, "a!"),
    ] {
        let run = scan_json(&["--format", "csv"], format!("{start}{rest}"));
        assert_eq!((run.status, run.ids().as_str()), (2, ids), "{rest}");
        let told = format!("stdin: the quotation mark that opens on line {line} is not");
        assert!(run.stderr.starts_with(&told), "{rest}: {}", run.stderr);
    }
    let header = scan_json(&["--format", "csv"], "\"text,id\n出售微信,a\n");
    assert_eq!(header.status, 2);
    assert!(header.stderr.contains("opens on line 1 is"), "{}", header.stderr);
    for end in ["\"批发微信\",b", "批发微信,\"b\"", "批发微信,b", "批发微信,b\r"]
    {
        let run = scan_json(&["--format", "csv"], format!("{start}{end}"));
        assert_eq!((run.status, run.ids().as_str()), (0, "a! b!"), "{end:?}");
    }
}

#[test]
fn input_of_which_nothing_can_be_read_is_an_error() {
    let posts = "{\"text\": \"今天\"}\n{\"text\": \"出售微信\"}\n";
    let missing = scan(&["--field", "nope"], posts);
    let document = scan(&["--format", "jsonl"], "{\n  \"text\": \"今天\"\n}\n");
    let array = scan(&["--format", "jsonl"], "[{\"text\": \"今天\"}]\n");
    let rows = scan(&["--format", "csv"], "text,id\n今天\n");
    for (run, what) in [
        (missing, "no post could be read: 2 bad lines"),
        (document, "no post could be read: 3 bad lines"),
        (array, "no post could be read: 1 bad line"),
        (rows, "no post could be read: 1 bad line"),
    ] {
        assert_eq!(run.status, 2, "{what}");
        assert_eq!(run.stderr.matches("error: ").count(), 1, "{}", run.stderr);
        let last = run.stderr.lines().last().unwrap_or("");
        assert!(last.starts_with(&format!("error: {what}, see above")), "{last}");
    }
    let document = scan(&["--format", "jsonl"], "{\n\"text\": \"今天\"\n}\n");
    assert!(document.stderr.contains("as jq -c . does"), "{}", document.stderr);
    let array = scan(&["--format", "jsonl"], "[\n{\"text\": 1}\n]\n");
    assert!(array.stderr.contains("as jq -c '.[]' does"), "{}", array.stderr);
    // Nothing to read is not an error.
    for format in ["text", "jsonl", "csv"] {
        assert_eq!(scan(&["--format", format], "").status, 0, "{format}");
    }
    assert_eq!(scan(&["--format", "csv"], "text\n").status, 0);
}

#[test]
fn the_same_problem_is_told_ten_times_a_file() {
    let folder = Folder::new("many-problems");
    let bad = "{}\n{\"text\": 1}\n".repeat(40_000) + "nonsense\n";
    let (first, second) = (folder.file("1.jsonl", &bad), folder.file("2.jsonl", &bad));
    for threads in ["1", "3"] {
        let run = scan(&["--threads", threads, &first, &second], "");
        assert_eq!(run.status, 2);
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert_eq!(lines.len(), 2 * 23 + 1, "{}", run.stderr);
        for (lines, file) in lines.chunks(23).zip([&first, &second]) {
            assert!(lines[0].starts_with(&format!("{file}:1: no field")), "{}", lines[0]);
            assert!(lines[19].starts_with(&format!("{file}:20: ")), "{}", lines[19]);
            let nonsense = format!("{file}:80001: not JSON");
            assert!(lines[20].starts_with(&nonsense), "{}", lines[20]);
            let more = format!("{file}: 39,990 more posts like these: without the field");
            assert_eq!(lines[21], more);
            assert!(
                lines[22]
                    .ends_with("39,990 more posts like these: a field of another type")
            );
        }
    }
    // The records have all of them, and eleven are one more than ten.
    let run = scan_json(&["--format", "jsonl"], "{}\n".repeat(11));
    assert_eq!((run.records().len(), run.stderr.lines().count()), (11, 12));
    assert!(run.stderr.contains("stdin: 1 more post like these: "), "{}", run.stderr);
    let broken = scan(&[], b"\xFF\n".repeat(12));
    assert!(broken.stderr.ends_with("2 more posts like these: not valid UTF-8\n"));
}
