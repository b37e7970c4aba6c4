//! The Python package: its wheel and source distribution are built, installed
//! into clean environments and tested there. Everything lives under
//! `target/python`.

use crate::run::{run, run_in, run_quietly, say};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the tests themselves need. The package works with 3.10.
const MINIMUM: (u32, u32) = (3, 11);
/// Interpreters that the wheel is tried on where they are installed.
const OTHERS: std::ops::RangeInclusive<u32> = 10..=16;
const PROJECT: &str = "bindings-python";

pub(crate) fn test() -> Result<(), String> {
    let root = crate::root();
    let project = root.join(PROJECT);
    let work = root.join("target/python");
    let interpreter = interpreter()?;
    check_java()?;

    let environment = Environment(work.join("venv"));
    environment.prepare(&interpreter, &project.join("requirements-test.txt"))?;
    let tool = |name: &str| environment.program(name);
    for (title, arguments) in [
        ("Python format", &["format", "--check", ".", "../examples"][..]),
        ("Python lint", &["check", ".", "../examples"]),
    ] {
        run_in(&project, title, Command::new(tool("ruff")).args(arguments))?;
    }

    // Needs no package of ours; the schemas come with the program.
    for (schema, files) in [
        ("vendor.github-workflows", &["workflows/ci.yml", "workflows/release.yml"][..]),
        ("vendor.dependabot", &["dependabot.yml"]),
    ] {
        let mut check = Command::new(tool("check-jsonschema"));
        check.args(["--quiet", "--builtin-schema", schema]).args(files);
        run_in(&root.join(".github"), &format!("schema {schema}"), &mut check)?;
    }

    let (wheel, sdist) = environment.build(&project, &work)?;

    // From the source distribution to another wheel, as pip does where there
    // is none for a machine.
    let from_source = work.join("from-source");
    drop(fs::remove_dir_all(&from_source));
    let mut build = environment.pip();
    build.args([
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-cache-dir",
    ]);
    build.arg("--wheel-dir").arg(&from_source).arg(&sdist);
    run("Python wheel from the sdist", with_cargo(&mut build, &work, &environment))?;

    let smoke = project.join("tests/smoke.py");
    let try_wheel = |title: &str, interpreter: &Path, wheel: &Path| {
        let clean = Environment(work.join("clean"));
        clean.make(interpreter)?;
        let mut install = clean.pip();
        run(
            &format!("{title}: install"),
            install.args(["install", "--quiet", "--no-index"]).arg(wheel),
        )?;
        run(title, Command::new(clean.python()).arg("-I").arg(&smoke))
    };
    try_wheel("Python wheel, clean", &interpreter, &wheel)?;
    let from_source = package(&from_source, "whl")?;
    try_wheel("Python sdist, clean", &interpreter, &from_source)?;
    for (version, interpreter) in other_interpreters() {
        try_wheel(&format!("Python wheel on {version}"), &interpreter, &wheel)?;
    }

    let mut install = environment.pip();
    install.args(["install", "--quiet", "--no-deps", "--force-reinstall"]);
    run("Python wheel: install", install.arg(&wheel))?;
    let mut tests = Command::new(environment.python());
    tests.args(["-m", "pytest"]);
    // Spark's tests may run where another Spark is installed.
    tests.env_remove("SPARK_HOME").env_remove("PYTHONPATH");
    run_in(&project, "Python tests", &mut tests)
}

/// Builds the wheel and the source distribution, and lists what is in each.
pub(crate) fn contents() -> Result<[(PathBuf, Vec<String>); 2], String> {
    const LIST: &str = "import sys, tarfile, zipfile
path = sys.argv[1]
wheel = path.endswith('.whl')
names = zipfile.ZipFile(path).namelist() if wheel else tarfile.open(path).getnames()
print('\\n'.join(sorted(names)))";
    let root = crate::root();
    let (project, work) = (root.join(PROJECT), root.join("target/python"));
    let environment = Environment(work.join("venv"));
    environment.prepare(&interpreter()?, &project.join("requirements-test.txt"))?;
    let (wheel, sdist) = environment.build(&project, &work)?;
    let list = |path: PathBuf| -> Result<(PathBuf, Vec<String>), String> {
        let mut python = Command::new(environment.python());
        let names = run_quietly("contents", python.args(["-c", LIST]).arg(&path))?;
        Ok((path, names.lines().map(str::to_owned).collect()))
    };
    Ok([list(wheel)?, list(sdist)?])
}

/// Cargo's work goes to a folder of its own: maturin builds with other
/// settings, and both would build everything anew in turns.
fn with_cargo<'c>(
    command: &'c mut Command,
    work: &Path,
    environment: &Environment,
) -> &'c mut Command {
    let mut path = vec![environment.0.join(Environment::PROGRAMS)];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = env::join_paths(path).unwrap_or_default();
    command.env("CARGO_TARGET_DIR", work.join("cargo")).env("PATH", path)
}

/// A virtual environment.
struct Environment(PathBuf);

impl Environment {
    const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

    fn program(&self, name: &str) -> PathBuf {
        self.0.join(Self::PROGRAMS).join(name)
    }

    fn python(&self) -> PathBuf {
        self.program("python")
    }

    fn pip(&self) -> Command {
        let mut pip = Command::new(self.python());
        pip.args(["-m", "pip", "--disable-pip-version-check"]);
        pip
    }

    /// The wheel and the source distribution of the project.
    fn build(&self, project: &Path, work: &Path) -> Result<(PathBuf, PathBuf), String> {
        let packages = work.join("packages");
        drop(fs::remove_dir_all(&packages));
        let maturin = |title: &str, command: &[&str]| {
            let mut maturin = Command::new(self.program("maturin"));
            maturin.args(command).arg("--manifest-path").arg(project.join("Cargo.toml"));
            maturin.arg("--out").arg(&packages);
            run(title, with_cargo(&mut maturin, work, self))
        };
        let python = self.python();
        let python = python.to_string_lossy();
        maturin("Python wheel", &["build", "--release", "--interpreter", &python])?;
        maturin("Python sdist", &["sdist"])?;
        Ok((package(&packages, "whl")?, package(&packages, "tar.gz")?))
    }

    /// Makes the environment anew.
    fn make(&self, interpreter: &Path) -> Result<(), String> {
        let mut make = Command::new(interpreter);
        make.args(["-m", "venv", "--clear"]).arg(&self.0);
        run("Python environment", &mut make).map_err(|error| {
            format!("{error}; on Debian, `apt-get install python3-venv` brings venv")
        })
    }

    /// An environment with what a file of requirements names; kept while the
    /// file does not change.
    fn prepare(&self, interpreter: &Path, requirements: &Path) -> Result<(), String> {
        let wanted = fs::read_to_string(requirements)
            .map_err(|error| format!("{}: {error}", requirements.display()))?;
        let stamp = self.0.join("requirements-test.txt");
        let has = self.python().exists();
        if has && fs::read_to_string(&stamp).is_ok_and(|present| present == wanted) {
            return Ok(());
        }
        self.make(interpreter)?;
        let mut install = self.pip();
        install.args(["install", "--quiet", "--requirement"]).arg(requirements);
        run("Python packages for the tests", &mut install)?;
        fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
    }
}

/// The only file in a folder that ends so.
fn package(folder: &Path, ending: &str) -> Result<PathBuf, String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found = entries.flatten().map(|entry| entry.path());
    found
        .find(|path| path.to_string_lossy().ends_with(ending))
        .ok_or_else(|| format!("{} holds no .{ending}", folder.display()))
}

/// The Python to test with: `HUOYAN_PYTHON`, or `python3`.
fn interpreter() -> Result<PathBuf, String> {
    let named = env::var_os("HUOYAN_PYTHON").map(PathBuf::from);
    let path =
        named.unwrap_or_else(|| if cfg!(windows) { "python" } else { "python3" }.into());
    let wanted = format!("Python {}.{} or newer", MINIMUM.0, MINIMUM.1);
    match version(&path) {
        Some(found) if found >= MINIMUM => Ok(path),
        Some((major, minor)) => Err(format!(
            "the tests of the Python package need {wanted}, and {} is {major}.{minor}; name \
             another one in HUOYAN_PYTHON",
            path.display()
        )),
        None => Err(format!(
            "the tests of the Python package need {wanted}, and {} does not run; install it, \
             or name it in HUOYAN_PYTHON",
            path.display()
        )),
    }
}

/// Major and minor version of an interpreter, if it runs.
fn version(interpreter: &Path) -> Option<(u32, u32)> {
    let output = Command::new(interpreter).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.trim().strip_prefix("Python ")?.split('.');
    let mut number = || numbers.next()?.parse::<u32>().ok();
    Some((number()?, number()?)).filter(|_| output.status.success())
}

/// Other versions of Python on this machine, by name or as pyenv keeps them.
fn other_interpreters() -> Vec<(String, PathBuf)> {
    let home = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".pyenv")));
    let kept = home.and_then(|home| fs::read_dir(home.join("versions")).ok());
    let kept: Vec<PathBuf> = kept
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin/python3"))
        .collect();
    let mut found = Vec::new();
    for minor in OTHERS {
        let named = PathBuf::from(format!("python3.{minor}"));
        let mut candidates = std::iter::once(&named).chain(&kept);
        if let Some(path) = candidates.find(|path| version(path) == Some((3, minor))) {
            found.push((format!("3.{minor}"), path.clone()));
        }
    }
    found
}

/// Spark's tests start a cluster, which is Java.
fn check_java() -> Result<(), String> {
    let home = env::var_os("JAVA_HOME").map(|home| Path::new(&home).join("bin/java"));
    let java = home.unwrap_or_else(|| "java".into());
    let output = Command::new(&java).arg("-version").output();
    if output.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    say("    the tests of the Python package start a Spark cluster");
    Err(format!(
        "Java 17 or newer is needed, and {} does not run; on Debian, `apt-get install \
         openjdk-17-jre-headless` brings it, elsewhere set JAVA_HOME",
        java.display()
    ))
}
