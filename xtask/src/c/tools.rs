//! Programs that the tests of the C interface need, found or installed.

use crate::run::{run_quietly, say};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest CMake that the project's files are written for.
const CMAKE_MINIMUM: (u32, u32) = (3, 22);

/// Programs to build with.
pub(crate) struct Tools {
    pub(crate) cmake: PathBuf,
    pub(crate) ctest: PathBuf,
    ninja: PathBuf,
}

impl Tools {
    /// CMake and Ninja of the system, or else of a virtual environment of
    /// Python in `folder`, made for this.
    pub(crate) fn find(folder: &Path) -> Result<Tools, String> {
        let environment = folder.join("venv");
        let own = environment.join("bin");
        let system = Path::new("");
        let has_cmake = answers("cmake", &["--version"])
            .is_some_and(|text| version(&text) >= Some(CMAKE_MINIMUM));
        let has_ninja = answers("ninja", &["--version"]).is_some();
        let mut missing = Vec::new();
        if !has_cmake && !own.join("cmake").exists() {
            missing.push("cmake>=3.22,<5");
        }
        if !has_ninja && !own.join("ninja").exists() {
            missing.push("ninja");
        }
        if !missing.is_empty() {
            say(&format!(
                "    installing {} into {}",
                missing.join(", "),
                environment.display()
            ));
            let hint = |error: String| {
                format!(
                    "{error}\ncmake {}.{} or newer and ninja are needed: install them, or \
                     python3 with venv and a way to PyPI",
                    CMAKE_MINIMUM.0, CMAKE_MINIMUM.1
                )
            };
            let mut venv = Command::new("python3");
            run_quietly("venv", venv.args(["-m", "venv"]).arg(&environment))
                .map_err(hint)?;
            let mut pip = Command::new(own.join("pip"));
            run_quietly("pip", pip.args(["install", "--quiet"]).args(missing))
                .map_err(hint)?;
        }
        let place = |has: bool| if has { system } else { own.as_path() };
        Ok(Tools {
            cmake: place(has_cmake).join("cmake"),
            ctest: place(has_cmake).join("ctest"),
            ninja: place(has_ninja).join("ninja"),
        })
    }

    /// Configures a project; builds it all, or only some targets.
    pub(crate) fn build(
        &self,
        source: &Path,
        build: &Path,
        settings: &[String],
        targets: &[&str],
    ) -> Result<(), String> {
        let title = build.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut configure = Command::new(&self.cmake);
        configure.arg("-S").arg(source).arg("-B").arg(build).args(["-G", "Ninja"]);
        configure.arg(format!("-DCMAKE_MAKE_PROGRAM={}", self.ninja.display()));
        configure.args(settings);
        run_quietly(&title, &mut configure)?;
        let mut compile = Command::new(&self.cmake);
        compile.arg("--build").arg(build);
        if !targets.is_empty() {
            compile.arg("--target").args(targets);
        }
        run_quietly(&title, &mut compile).map(drop)
    }
}

/// What a program prints, if it is there and content.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// The first version number in a text.
fn version(text: &str) -> Option<(u32, u32)> {
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = number.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// Whether something is there, if need be after `apt-get install` of Debian
/// packages, which root may do. Says so where it cannot be had.
pub(crate) fn need(what: &str, packages: &[&str], is_there: impl Fn() -> bool) -> bool {
    if is_there() {
        return true;
    }
    let list = packages.join(" ");
    let is_root = answers("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let has_apt = answers("apt-get", &["--version"]).is_some();
    if is_root && has_apt {
        say(&format!("    installing {list}"));
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends"]);
        install.args(packages).env("DEBIAN_FRONTEND", "noninteractive");
        let mut installed = run_quietly("apt-get", &mut install);
        if installed.is_err() {
            // The lists of packages may be missing or old.
            let _ = run_quietly(
                "apt-get",
                Command::new("apt-get").args(["update", "--quiet"]),
            );
            installed = run_quietly("apt-get", &mut install);
        }
        if installed.is_ok() && is_there() {
            return true;
        }
    }
    say(&format!(
        "    {what}: SKIPPED, {list} could not be had; install it and run again"
    ));
    false
}

/// Whether the C compiler builds programs with this sanitizer that run here.
pub(crate) fn has_sanitizer(folder: &Path, flag: &str) -> bool {
    let (source, program) = (folder.join("sanitizer.c"), folder.join("sanitizer"));
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let built = fs::write(&source, "int main(void) { return 0; }\n").is_ok()
        && Command::new(compiler)
            .arg(flag)
            .arg(&source)
            .arg("-o")
            .arg(&program)
            .output()
            .is_ok_and(|output| output.status.success());
    let runs = built && Command::new(&program).output().is_ok_and(|o| o.status.success());
    if !runs {
        say(&format!(
            "    {flag}: SKIPPED, the C compiler cannot use it here; install its runtime \
             (libasan, libubsan, libtsan of your compiler) and run again"
        ));
    }
    runs
}
