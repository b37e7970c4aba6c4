//! Huoyan in projects of other people: installed, and built from its sources.

use super::Places;
use super::tools::{self, Tools};
use crate::run::run_quietly;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What an installation consists of, under its prefix.
const INSTALLED: [&str; 11] = [
    "include/huoyan.h",
    "include/huoyan.hpp",
    "LIB/cmake/huoyan/huoyan-config-version.cmake",
    "LIB/cmake/huoyan/huoyan-config.cmake",
    "LIB/libhuoyan.a",
    "LIB/libhuoyan.so",
    "LIB/libhuoyan.so.ABI",
    "LIB/libhuoyan.so.VERSION",
    "LIB/pkgconfig/huoyan.pc",
    "share/doc/huoyan/LICENSE-APACHE",
    "share/doc/huoyan/LICENSE-MIT",
];

/// Installs into a prefix of its own, and builds a project against that.
pub(super) fn installed(places: &Places, tools: &Tools) -> Result<(), String> {
    let prefix = places.work.join("prefix");
    install(tools, &places.work.join("plain"), &prefix, None)?;
    files_are(&prefix, "lib")?;
    // Moved, as packages are: nothing may remember where it was built.
    let moved = places.work.join("moved");
    let _ = fs::remove_dir_all(&moved);
    fs::rename(&prefix, &moved)
        .map_err(|error| format!("{}: {error}", prefix.display()))?;
    let build = places.work.join("installed");
    let _ = fs::remove_dir_all(&build);
    let settings = [
        format!("-DCMAKE_PREFIX_PATH={}", moved.display()),
        "-DCMAKE_FIND_PACKAGE_NO_PACKAGE_REGISTRY=ON".into(),
    ];
    tools.build(
        &places.sources.join("tests/install/installed"),
        &build,
        &settings,
        &[],
    )?;
    for library in ["shared", "static"] {
        for program in ["c11", "cpp17", "cpp20"] {
            finds_something(&build.join(format!("{program}-{library}")), None)?;
        }
    }
    by_pkg_config(places, &moved)?;
    debian(places, tools)?;
    fixed_place(places, tools)
}

fn install(
    tools: &Tools,
    build: &Path,
    prefix: &Path,
    staged: Option<&Path>,
) -> Result<(), String> {
    let _ = fs::remove_dir_all(staged.unwrap_or(prefix));
    let mut command = Command::new(&tools.cmake);
    command.arg("--install").arg(build).arg("--prefix").arg(prefix);
    if let Some(staged) = staged {
        command.env("DESTDIR", staged);
    }
    run_quietly("install", &mut command).map(drop)
}

/// The files of an installation are those of the list.
fn files_are(prefix: &Path, library: &str) -> Result<(), String> {
    let header = fs::read_to_string(prefix.join("include/huoyan.h"))
        .map_err(|error| format!("{}: {error}", prefix.display()))?;
    let macro_of = |name: &str| {
        let line =
            header.lines().find_map(|l| l.strip_prefix(&format!("#define {name} ")));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    let (abi, version) = (macro_of("HY_ABI_VERSION"), macro_of("HY_VERSION"));
    let wanted: BTreeSet<String> = INSTALLED
        .iter()
        .map(|name| {
            name.replace("LIB", library).replace("ABI", &abi).replace("VERSION", &version)
        })
        .collect();
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(prefix.join(&folder)).map_err(|error| error.to_string())?;
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else {
                found.insert(path.display().to_string());
            }
        }
    }
    match found == wanted {
        true => Ok(()),
        false => Err(format!("installed are {found:#?}, and should be {wanted:#?}")),
    }
}

/// Runs one of the first programs, which must tell what it found.
fn finds_something(program: &Path, libraries: Option<&Path>) -> Result<(), String> {
    let mut command = Command::new(program);
    if let Some(folder) = libraries {
        command.env("LD_LIBRARY_PATH", folder);
    }
    let text = run_quietly("program", &mut command)?;
    match text.contains("出售") {
        true => Ok(()),
        false => Err(format!("{} found nothing: {text:?}", program.display())),
    }
}

/// Builds by the flags that pkg-config gives, with either library.
fn by_pkg_config(places: &Places, prefix: &Path) -> Result<(), String> {
    let has = || tools::answers("pkg-config", &["--version"]).is_some();
    if !tools::need("pkg-config", &["pkg-config"], has) {
        return Ok(());
    }
    let flags = |more: &[&str]| {
        let mut command = Command::new("pkg-config");
        command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
        run_quietly(
            "pkg-config",
            command.args(["--cflags", "--libs"]).args(more).arg("huoyan"),
        )
    };
    let statically = flags(&["--static"])?;
    for (name, flags) in [
        ("shared", &flags(&[])?),
        ("static", &statically),
        ("all-static", &format!("-static {statically}")),
    ] {
        let program = places.work.join(format!("pkg-config-{name}"));
        let mut command = Command::new("cc");
        command.args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        command.arg(places.sources.join("examples/first.c")).arg("-o").arg(&program);
        for flag in flags.split_whitespace() {
            // The shared library lies next to the static one.
            let own = name == "static" && flag == "-lhuoyan";
            command.arg(if own { "-l:libhuoyan.a" } else { flag });
        }
        run_quietly("cc", &mut command)?;
        finds_something(&program, Some(&prefix.join("lib")))?;
    }
    Ok(())
}

/// A staged installation into /usr, as a Debian package is made.
fn debian(places: &Places, tools: &Tools) -> Result<(), String> {
    let (build, staged) = (places.work.join("debian"), places.work.join("staged"));
    let multiarch = tools::answers("cc", &["-print-multiarch"]).unwrap_or_default();
    let library = match multiarch.trim() {
        "" => "lib".to_owned(),
        triplet => format!("lib/{triplet}"),
    };
    let settings = [
        "-DCMAKE_INSTALL_PREFIX=/usr".to_owned(),
        format!("-DCMAKE_INSTALL_LIBDIR={library}"),
    ];
    let settings = [places.settings(&[]), settings.to_vec()].concat();
    tools.build(&places.sources, &build, &settings, &[])?;
    install(tools, &build, Path::new("/usr"), Some(&staged))?;
    files_are(&staged.join("usr"), &library)?;
    let package = staged.join("usr").join(&library).join("pkgconfig/huoyan.pc");
    let text = fs::read_to_string(&package).map_err(|error| error.to_string())?;
    let up = "/..".repeat(1 + library.split('/').count());
    match text.contains(&format!("prefix=${{pcfiledir}}{up}\n"))
        && !text.contains(&*places.work.to_string_lossy())
    {
        true => Ok(()),
        false => Err(format!("huoyan.pc names places of the build:\n{text}")),
    }
}

/// Libraries that go to a place which no prefix moves; and what cargo is asked for.
fn fixed_place(places: &Places, tools: &Tools) -> Result<(), String> {
    let build = places.work.join("fixed-place");
    let settings = ["-DCMAKE_INSTALL_PREFIX=/usr", "-DCMAKE_INSTALL_LIBDIR=/opt/lib"];
    tools.build(&places.sources, &build, &places.settings(&settings), &[])?;
    let holds = |file: &str, wanted: &str| {
        let text = fs::read_to_string(build.join(file)).map_err(|e| e.to_string())?;
        let what = || format!("{file} does not say {wanted:?}");
        text.contains(wanted).then_some(()).ok_or_else(what)
    };
    holds("huoyan.pc", "prefix=/usr\nlibdir=/opt/lib\nincludedir=${prefix}/include\n")?;
    holds("build.ninja", " --locked ")
}

/// Builds projects that take Huoyan's sources in.
pub(super) fn embedded(places: &Places, tools: &Tools) -> Result<(), String> {
    let project = places.sources.join("tests/install/subdirectory");
    for by in ["add_subdirectory", "FetchContent"] {
        let build = places.work.join(by);
        let by = format!("-DBY={by}");
        let sources = format!("-DSOURCES={}", crate::root().display());
        tools.build(&project, &build, &places.settings(&[&by, &sources]), &[])?;
        for program in ["c-shared", "c-static", "cpp-shared", "cpp-static"] {
            finds_something(&build.join(program), None)?;
        }
    }
    Ok(())
}
