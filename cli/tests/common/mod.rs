//! Running the program as users do.
#![allow(dead_code)]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The pack of the tests.
pub(crate) const PACK: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pack.toml");

/// What a run of the program left.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The JSON records written.
    pub(crate) fn records(&self) -> Vec<Value> {
        let record = |line| serde_json::from_str(line).expect("each line is JSON");
        self.stdout.lines().map(record).collect()
    }

    /// The ids of the records, flagged ones with `!`, bad ones with `?`.
    pub(crate) fn ids(&self) -> String {
        let mark = |record: &Value| match record.get("error") {
            Some(_) => "?",
            None if record["category"].is_null() => "",
            None => "!",
        };
        let id =
            |r: &Value| format!("{}{}", r["id"].as_str().expect("a string"), mark(r));
        self.records().iter().map(id).collect::<Vec<_>>().join(" ")
    }
}

/// The program.
pub(crate) fn huoyan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huoyan"));
    command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    command
}

/// Runs the program with standard input.
pub(crate) fn run(args: &[&str], input: &[u8]) -> Run {
    let mut child = huoyan()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_vec();
    // A program that does not read its input closes it.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    Run {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// `huoyan scan` with the tests' pack.
pub(crate) fn scan(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    run(&[&["scan", "--pack", PACK], args].concat(), input.as_ref())
}

/// `huoyan scan --output json` with the tests' pack.
pub(crate) fn scan_json(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    scan(&[&["--output", "json"], args].concat(), input)
}

/// A folder for the files of one test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Folder(path)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, contents).expect("the file can be written");
        path
    }
}
