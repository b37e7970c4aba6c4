//! `include/huoyan.h` is what the sources say, and says their version.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Set by `cargo xtask gen-header`: write the header instead of comparing.
const WRITE: &str = "HUOYAN_WRITE_HEADER";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn header() -> PathBuf {
    folder().join("../include/huoyan.h")
}

/// What stands between the includes and the declarations.
fn preamble() -> String {
    let part = |name: &str| env::var(name).unwrap_or_else(|_| panic!("no {name}"));
    let (major, minor, patch) = (
        part("CARGO_PKG_VERSION_MAJOR"),
        part("CARGO_PKG_VERSION_MINOR"),
        part("CARGO_PKG_VERSION_PATCH"),
    );
    format!(
        r#"
/* Version of this header. */
#define HY_VERSION_MAJOR {major}
#define HY_VERSION_MINOR {minor}
#define HY_VERSION_PATCH {patch}
#define HY_VERSION "{major}.{minor}.{patch}"

#if defined(_WIN32) && defined(HY_SHARED)
#  define HY_API __declspec(dllimport)
#elif defined(__GNUC__) && __GNUC__ >= 4
#  define HY_API __attribute__((visibility("default")))
#else
#  define HY_API
#endif

/* Compilers warn where the status of a call is dropped, which a cast to void does
 * not change with GCC. Define it as nothing to do without. */
#ifndef HY_MUST_USE
#  if defined(__GNUC__)
#    define HY_MUST_USE __attribute__((warn_unused_result))
#  else
#    define HY_MUST_USE
#  endif
#endif

/* First values of the structs that callers allocate. */
#define HY_ERROR_INIT {{ sizeof(hy_error), HY_OK, 0, 0, UINT64_MAX, 0, 0, 0, {{ 0 }} }}
#define HY_RESULT_INIT {{ sizeof(hy_result), 0, HY_CATEGORY_NONE, 0, NULL, 0, NULL, 0, \
                         NULL, 0, NULL, 0 }}
#define HY_RULESET_INFO_INIT {{ sizeof(hy_ruleset_info), 0, {{ NULL, 0 }}, {{ NULL, 0 }}, \
                               0, 0, 0, 0, 0 }}"#
    )
}

fn generate() -> String {
    let mut config = cbindgen::Config::from_file(folder().join("cbindgen.toml"))
        .expect("cbindgen.toml");
    config.after_includes = Some(preamble());
    let bindings = cbindgen::Builder::new()
        .with_crate(folder())
        .with_config(config)
        .generate()
        .expect("the sources, as cbindgen reads them");
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = String::from_utf8(text).expect("a header in UTF-8");
    text.lines().map(|line| finish(line) + "\n").collect()
}

/// Gives macros of numbers a form that is safe in any expression.
fn finish(line: &str) -> String {
    let Some((name, value)) = line.split_once(' ').and_then(|(define, rest)| {
        let (name, value) = rest.split_once(' ')?;
        (define == "#define" && name.starts_with("HY_")).then_some((name, value))
    }) else {
        return line.to_owned();
    };
    let is_number = |text: &str| text.parse::<i64>().is_ok();
    let value = match value.strip_prefix("(1 << ").and_then(|v| v.strip_suffix(')')) {
        Some(bit) if is_number(bit) => format!("(UINT64_C(1) << {bit})"),
        _ if value == u32::MAX.to_string() => format!("UINT32_C({value})"),
        _ if value.starts_with('-') && is_number(value) => format!("({value})"),
        _ => value.to_owned(),
    };
    format!("#define {name} {value}")
}

#[test]
fn the_header_is_up_to_date() {
    let generated = generate();
    if env::var_os(WRITE).is_some() {
        fs::write(header(), generated).expect("include/huoyan.h is writable");
        return;
    }
    let found = fs::read_to_string(header()).expect("include/huoyan.h");
    assert!(
        found == generated,
        "include/huoyan.h is not up to date: run `cargo xtask gen-header`"
    );
}

/// Every exported function is declared, and listed for the linker's check.
#[test]
fn all_functions_are_declared_and_listed() {
    let header = fs::read_to_string(header()).expect("include/huoyan.h");
    let mut exported = Vec::new();
    for path in sources(&folder().join("src")) {
        let source = fs::read_to_string(path).expect("a source file");
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            if line.trim() == "#[unsafe(no_mangle)]" {
                let declared = lines.next().unwrap_or_default();
                let name = declared.split("fn ").nth(1).and_then(|r| r.split('(').next());
                exported.push(name.expect("a function").to_owned());
            }
        }
    }
    exported.sort();
    for name in &exported {
        assert!(header.contains(&format!("{name}(")), "{name} is not in the header");
    }
    let listed = fs::read_to_string(folder().join("huoyan.symbols")).expect("the list");
    let listed: Vec<&str> = listed.lines().filter(|l| !l.starts_with('#')).collect();
    assert_eq!(exported, listed, "bindings-c/huoyan.symbols");
}

/// Pointers are read in one file.
#[test]
fn raw_pointers_are_read_in_ffi_only() {
    for path in sources(&folder().join("src")) {
        if path.ends_with("ffi.rs") {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source file");
        for forbidden in [
            "from_raw",
            "into_raw",
            ".as_ref()",
            ".as_mut()",
            "transmute",
            ".read()",
            ".write(",
            ".add(",
            "UnsafeCell",
        ] {
            assert!(
                !source.contains(forbidden),
                "{}: `{forbidden}` belongs into ffi.rs",
                path.display()
            );
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a source folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let found: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "rs")).collect();
    assert!(found.len() > 10, "{} files", found.len());
    found
}
