//! The C and C++ interface: its header, its tests, its packaging.

mod install;
pub(crate) mod rows;
mod service;
pub(crate) mod tools;

use crate::run::{cargo, run, run_quietly, say, stage};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tools::Tools;

/// Writes include/huoyan.h.
pub(crate) fn generate_header() -> Result<(), String> {
    let mut command = cargo("test --quiet --package huoyan-c --test header the_header");
    run("header", command.env("HUOYAN_WRITE_HEADER", "1"))
}

/// Places that the stages share.
struct Places {
    sources: PathBuf,
    /// Where all of this builds.
    work: PathBuf,
    /// Where cargo builds, the same for all.
    target: PathBuf,
}

impl Places {
    fn find() -> Result<Places, String> {
        let root = crate::root();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        let work = target.join("c");
        fs::create_dir_all(&work)
            .map_err(|error| format!("{}: {error}", work.display()))?;
        Ok(Places { sources: root.join("bindings-c"), work, target })
    }

    /// Settings of every configuration.
    fn settings(&self, more: &[&str]) -> Vec<String> {
        let target = format!("-DHUOYAN_CARGO_TARGET_DIR={}", self.target.display());
        let more = more.iter().map(|setting| (*setting).to_owned());
        std::iter::once(target).chain(more).collect()
    }
}

/// Builds and tests all of it.
pub(crate) fn test(load: bool) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        say("    C and C++: SKIPPED, the suites run on Linux so far");
        return Ok(());
    }
    let places = Places::find()?;
    let tools = Tools::find(&places.work)?;
    stage("C: features", features)?;
    stage("C: plain", || plain(&places, &tools))?;
    stage("C: symbols and libraries", || symbols(&places))?;
    stage("C: address and undefined-behaviour sanitizers", || address(&places, &tools))?;
    stage("C: thread sanitizer", || thread(&places, &tools))?;
    stage("C: Valgrind", || valgrind(&places))?;
    stage("C: installed, by CMake and pkg-config", || {
        install::installed(&places, &tools)
    })?;
    stage("C: built inside other projects", || install::embedded(&places, &tools))?;
    if load {
        stage("C: a service under load", || service::test(&places, &tools))?;
    }
    Ok(())
}

/// The library builds without its optional parts.
fn features() -> Result<(), String> {
    for features in ["", "builtin", "compile"] {
        let arguments = format!(
            "check --quiet --package huoyan-c --no-default-features --features={features}"
        );
        run_quietly("features", cargo(&arguments).env("RUSTFLAGS", "-D warnings"))?;
    }
    Ok(())
}

fn ctest(tools: &Tools, build: &Path, more: &[&str]) -> Result<(), String> {
    let mut command = Command::new(&tools.ctest);
    command.arg("--test-dir").arg(build).args(["--output-on-failure", "--parallel", "2"]);
    command.args(["--timeout", "120", "--no-tests=error"]).args(more);
    run_quietly("ctest", &mut command).map(drop)
}

fn plain(places: &Places, tools: &Tools) -> Result<(), String> {
    let build = places.work.join("plain");
    let settings = [
        "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
        "-DHUOYAN_TESTS=ON",
        "-DHUOYAN_EXAMPLES=ON",
    ];
    tools.build(&places.sources, &build, &places.settings(&settings), &[])?;
    ctest(tools, &build, &[])?;
    for program in ["first-c", "first-cpp"] {
        let mut command = Command::new(build.join("examples").join(program));
        let text = run_quietly(program, &mut command)?;
        if !text.contains("出售") {
            return Err(format!("{program} found nothing: {text:?}"));
        }
    }
    Ok(())
}

/// The shared library exports what the list says and nothing else, carries its
/// ABI in its name, and the static one needs what the packages say.
fn symbols(places: &Places) -> Result<(), String> {
    let library = places.work.join("plain/lib/libhuoyan.so");
    let list = fs::read_to_string(places.sources.join("huoyan.symbols"))
        .map_err(|error| format!("huoyan.symbols: {error}"))?;
    let listed: BTreeSet<&str> =
        list.lines().filter(|line| !line.starts_with('#')).collect();
    let mut nm = Command::new("nm");
    let text = run_quietly("nm", nm.args(["--dynamic", "--defined-only"]).arg(&library))?;
    let found: BTreeSet<&str> =
        text.lines().filter_map(|line| line.split(' ').nth(2)).collect();
    if found != listed {
        let extra: Vec<_> = found.symmetric_difference(&listed).collect();
        return Err(format!(
            "exported symbols differ from bindings-c/huoyan.symbols: {extra:?}"
        ));
    }
    let mut readelf = Command::new("readelf");
    let text = run_quietly("readelf", readelf.arg("--dynamic").arg(&library))?;
    let header = fs::read_to_string(crate::root().join("include/huoyan.h"))
        .map_err(|error| format!("huoyan.h: {error}"))?;
    let abi = header
        .lines()
        .find_map(|line| line.strip_prefix("#define HY_ABI_VERSION "))
        .ok_or("huoyan.h has no HY_ABI_VERSION")?;
    if !text.contains(&format!("soname: [libhuoyan.so.{abi}]")) {
        return Err(format!("the SONAME is not libhuoyan.so.{abi}:\n{text}"));
    }

    let cmake = fs::read_to_string(places.sources.join("cmake/static-libraries.cmake"))
        .map_err(|error| format!("static-libraries.cmake: {error}"))?;
    let stated = cmake
        .lines()
        .find_map(|line| {
            line.strip_prefix("set(HUOYAN_STATIC_LIBRARIES ")?.strip_suffix(')')
        })
        .ok_or("static-libraries.cmake sets no HUOYAN_STATIC_LIBRARIES")?;
    let mut rustc = cargo("rustc --quiet --release --package huoyan-c --lib");
    rustc.args(["--crate-type", "staticlib", "--", "--print"]);
    let needed = places.work.join("native-static-libs");
    rustc.arg(format!("native-static-libs={}", needed.display()));
    run_quietly("native-static-libs", &mut rustc)?;
    let needed = fs::read_to_string(&needed).map_err(|error| error.to_string())?;
    let needed: Vec<&str> = needed
        .split_whitespace()
        .filter_map(|flag| flag.strip_prefix("-l"))
        // Compilers link it by themselves, and `-static` has none.
        .filter(|library| *library != "gcc_s")
        .collect();
    if needed.join(" ") != stated {
        return Err(format!(
            "bindings-c/cmake/static-libraries.cmake states `{stated}`, rustc needs `{}`",
            needed.join(" ")
        ));
    }
    Ok(())
}

/// A build under a sanitizer, which must really be in it.
fn sanitized(
    places: &Places,
    tools: &Tools,
    name: &str,
    flags: &str,
    marker: &str,
) -> Result<Option<PathBuf>, String> {
    for flag in flags.split(' ').filter(|flag| flag.starts_with("-fsanitize=")) {
        if !tools::has_sanitizer(&places.work, flag) {
            return Ok(None);
        }
    }
    let build = places.work.join(name);
    let (c, cpp) =
        (format!("-DCMAKE_C_FLAGS={flags}"), format!("-DCMAKE_CXX_FLAGS={flags}"));
    let settings = [
        "-DCMAKE_BUILD_TYPE=Debug",
        "-DHUOYAN_TESTS=ON",
        "-DHUOYAN_TEST_ALLOCATION=OFF",
        &c,
        &cpp,
    ];
    tools.build(&places.sources, &build, &places.settings(&settings), &[])?;
    let program = build.join("tests/rows-test");
    let text = run_quietly("nm", Command::new("nm").arg(&program))?;
    if !text.contains(marker) {
        return Err(format!("{} was built without {marker}", program.display()));
    }
    Ok(Some(build))
}

fn address(places: &Places, tools: &Tools) -> Result<(), String> {
    let flags =
        "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer";
    match sanitized(places, tools, "address", flags, "__asan_init")? {
        Some(build) => ctest(tools, &build, &[]),
        None => Ok(()),
    }
}

fn thread(places: &Places, tools: &Tools) -> Result<(), String> {
    let Some(build) =
        sanitized(places, tools, "thread", "-fsanitize=thread", "__tsan_init")?
    else {
        return Ok(());
    };
    let mut threads = Command::new(build.join("tests/threads-test"));
    run_quietly("threads-test", threads.arg("--locked"))?;
    ctest(tools, &build, &["--tests-regex", "rows-test|wrapper"])
}

/// Memcheck on everything that it can run; Helgrind and DRD, which see into
/// the library too, on the threads.
fn valgrind(places: &Places) -> Result<(), String> {
    if !tools::need("Valgrind", &["valgrind"], || {
        tools::answers("valgrind", &["--version"]).is_some()
    }) {
        return Ok(());
    }
    let folder = places.work.join("plain/tests");
    let check = |tool: &[&str], program: &str, more: &[&str]| {
        let mut command = Command::new("valgrind");
        command.args(["--quiet", "--error-exitcode=9"]).args(tool);
        command.arg(folder.join(program)).args(more);
        run_quietly(program, &mut command).map(drop)
    };
    // What the library keeps for the process (the compiler's tables) is
    // reached by pointers into the middle of blocks: "possibly lost".
    let memory = ["--leak-check=full", "--errors-for-leak-kinds=definite,indirect"];
    for program in
        ["misuse-test", "buffers-test", "rows-test", "stream-test", "threads-test"]
    {
        check(&memory, program, &[])?;
    }
    check(&memory, "wrapper-cpp17-test", &[])?;
    check(&["--tool=helgrind"], "threads-test", &["--locked"])?;
    check(&["--tool=drd"], "threads-test", &["--locked"])
}
