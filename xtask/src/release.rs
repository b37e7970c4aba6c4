//! Whether a release may be made: versions, changelog, and what each package holds.
//! `.github/workflows/release.yml` makes it, from a tag.

use crate::run::{cargo, run, run_quietly, say, stage};
use std::fs;
use std::path::Path;

/// Crates that are published, in the order of their dependencies.
const CRATES: &[&str] = &["huoyan", "huoyan-cli"];
/// What crates.io takes, compressed.
const CRATE_BYTES_MAX: u64 = 10 << 20;

#[derive(clap::Args)]
pub(crate) struct ReleaseArgs {
    /// Only look: the changelog need not have a date yet, nor git be clean.
    #[arg(long)]
    dry_run: bool,
    /// The tag, such as v0.1.0, which must be that of the version.
    #[arg(long)]
    tag: Option<String>,
}

/// Checks all that a release consists of. Publishes nothing.
pub(crate) fn release(args: &ReleaseArgs) -> Result<(), String> {
    let version = stage("versions", versions)?;
    if let Some(tag) = args.tag.as_ref().filter(|tag| **tag != format!("v{version}")) {
        return Err(format!("the tag is {tag}, the version is {version}"));
    }
    stage("changelog", || changelog(&version, args.dry_run))?;
    if !args.dry_run {
        stage("formats", formats)?;
        stage("git", clean)?;
    }
    stage("packs", || crate::packs::generate(true))?;
    // Built as `cargo xtask test` builds, so that it need not be twice.
    let tests = "test --quiet --workspace --exclude huoyan-python --test header \
                 --test compatibility";
    run("header and fixtures", &mut cargo(tests))?;
    stage("public interface", || crate::supply::api(true))?;
    stage("crates", || crates(args.dry_run))?;
    stage("Python packages", python)?;
    say(&format!("{version} can be released: tag it v{version} and push the tag"));
    Ok(())
}

fn read(name: &str) -> Result<String, String> {
    fs::read_to_string(crate::root().join(name))
        .map_err(|error| format!("{name}: {error}"))
}

/// The version, the same wherever it stands.
fn versions() -> Result<String, String> {
    let manifest: toml::Value =
        toml::from_str(&read("Cargo.toml")?).map_err(|error| error.to_string())?;
    let workspace = &manifest["workspace"];
    let text = |value: &toml::Value| value.as_str().unwrap_or_default().to_owned();
    let version = text(&workspace["package"]["version"]);
    let mut wrong = String::new();
    let mut expect = |place: &str, found: String| {
        if found != version {
            wrong += &format!("\n  {place} has {found:?}");
        }
    };
    for name in CRATES {
        expect(
            &format!("Cargo.toml, workspace.dependencies.{name}"),
            text(&workspace["dependencies"][name]["version"]),
        );
    }
    for member in ["core", "cli", "bindings-c", "bindings-python"] {
        let name = format!("{member}/Cargo.toml");
        let own: toml::Value =
            toml::from_str(&read(&name)?).map_err(|error| error.to_string())?;
        let inherits = own["package"]["version"].get("workspace").is_some();
        expect(&name, if inherits { version.clone() } else { "its own version".into() });
    }
    let header = read("include/huoyan.h")?;
    let macros = header.lines().find_map(|line| line.strip_prefix("#define HY_VERSION "));
    expect("include/huoyan.h", macros.unwrap_or_default().trim_matches('"').to_owned());
    let lock = read("Cargo.lock")?;
    for name in CRATES {
        let entry = format!("name = \"{name}\"\nversion = \"");
        let found = lock.split(&entry).nth(1).and_then(|rest| rest.split('"').next());
        expect(&format!("Cargo.lock, {name}"), found.unwrap_or_default().to_owned());
    }
    match wrong.is_empty() {
        true => Ok(version),
        false => Err(format!("the version is {version} in Cargo.toml, but{wrong}")),
    }
}

/// The changelog has the version first, with a date unless it is only looked at.
fn changelog(version: &str, dry_run: bool) -> Result<(), String> {
    let text = read("CHANGELOG.md")?;
    let latest = text.lines().find_map(|line| line.strip_prefix("## "));
    let latest = latest.unwrap_or_default();
    let (found, date) = latest.split_once(' ').unwrap_or((latest, ""));
    if found != version {
        return Err(format!(
            "CHANGELOG.md begins with {found:?}; write a section `## {version} (date)`"
        ));
    }
    let is_date = date.len() == 12 && date.starts_with("(20");
    if !is_date && !dry_run {
        return Err(format!(
            "CHANGELOG.md has {date:?} for {version}, which is no (date)"
        ));
    }
    Ok(())
}

/// The fixture of the ruleset format that this release writes is kept from now on.
fn formats() -> Result<(), String> {
    const FILE: &str = "core/tests/compatibility.rs";
    let format = huoyan::Ruleset::FORMAT;
    match read(FILE)?.contains(&format!("const RELEASED: Option<u32> = Some({format});"))
    {
        true => Ok(()),
        false => Err(format!(
            "{FILE}: set RELEASED to Some({format}), so that its fixture stays"
        )),
    }
}

fn clean() -> Result<(), String> {
    let mut git = std::process::Command::new("git");
    let changed = run_quietly("git", git.args(["status", "--porcelain"]))?;
    match changed.trim().is_empty() {
        true => Ok(()),
        false => Err(format!("git has changes that are not committed:\n{changed}")),
    }
}

/// Every crate builds from its package alone, which holds what it should.
fn crates(dry_run: bool) -> Result<(), String> {
    for name in CRATES {
        let mut list = cargo("package --quiet --locked --list --allow-dirty --package");
        let text = run_quietly("cargo package --list", list.arg(name))?;
        let names: Vec<String> =
            text.lines().map(|line| line.replace('\\', "/")).collect();
        let needed: &[&str] = match *name {
            "huoyan" => &["src/lib.rs", "packs/wechat-trade.huoyan", "data/fold.tsv"],
            _ => &["src/main.rs", "record.schema.json"],
        };
        let common = ["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];
        let needed: Vec<&str> = needed.iter().copied().chain(common).collect();
        check(
            name,
            &names,
            &needed,
            &[
                ("", ".cargo_vcs_info.json"),
                ("", "Cargo.lock"),
                ("", "Cargo.toml"),
                ("", "Cargo.toml.orig"),
                ("", "README.md"),
                ("", "LICENSE-APACHE"),
                ("", "LICENSE-MIT"),
                ("", "build.rs"),
                ("", "record.schema.json"),
                ("src/", ".rs"),
                ("data/", ".tsv"),
                ("packs/", ".toml"),
                ("packs/", ".huoyan"),
                ("packs/", "README.md"),
            ],
        )?;
    }
    let mut package = cargo("package --quiet --locked");
    package.args(CRATES.iter().flat_map(|name| ["--package", name]));
    if dry_run {
        package.arg("--allow-dirty");
    }
    run_quietly("cargo package", &mut package)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let folder = crate::root().join(target).join("package");
    let version = versions()?;
    for name in CRATES {
        let path = folder.join(format!("{name}-{version}.crate"));
        let size = fs::metadata(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        say(&format!("    {name}: {} bytes", size.len()));
        if size.len() > CRATE_BYTES_MAX {
            return Err(format!(
                "{} has {} bytes; crates.io takes {CRATE_BYTES_MAX}",
                path.display(),
                size.len()
            ));
        }
    }
    Ok(())
}

/// The wheel and the source distribution hold what they should.
fn python() -> Result<(), String> {
    let [(wheel, in_wheel), (sdist, in_sdist)] = crate::python::contents()?;
    let title =
        |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let needed = ["huoyan/__init__.py", "huoyan/py.typed", "huoyan/_native.pyi"];
    check(
        &title(&wheel),
        &in_wheel,
        &needed,
        &[
            ("huoyan/", ".py"),
            ("huoyan/_native", ".so"),
            ("huoyan/_native", ".pyd"),
            ("huoyan/", "_native.pyi"),
            ("huoyan/", "py.typed"),
            ("huoyan-", ".dist-info/METADATA"),
            ("huoyan-", ".dist-info/WHEEL"),
            ("huoyan-", ".dist-info/RECORD"),
            ("huoyan-", ".dist-info/entry_points.txt"),
            ("huoyan-", ".dist-info/licenses/LICENSE-APACHE"),
            ("huoyan-", ".dist-info/licenses/LICENSE-MIT"),
            ("huoyan-", ".dist-info/sboms/huoyan-python.cyclonedx.json"),
        ],
    )?;
    // The first folder is the name with the version.
    let in_sdist: Vec<String> = in_sdist
        .iter()
        .filter_map(|name| Some(name.split_once('/')?.1.to_owned()))
        .collect();
    let needed = ["PKG-INFO", "core/packs/wechat-trade.huoyan", "LICENSE-MIT"];
    check(
        &title(&sdist),
        &in_sdist,
        &needed,
        &[
            ("", "PKG-INFO"),
            ("", "README.md"),
            ("", "Cargo.toml"),
            ("", "Cargo.lock"),
            ("", "pyproject.toml"),
            ("", "LICENSE-APACHE"),
            ("", "LICENSE-MIT"),
            ("", "build.rs"),
            ("", ".rs"),
            ("cli/", "record.schema.json"),
            ("core/data/", ".tsv"),
            ("core/packs/", ".toml"),
            ("core/packs/", ".huoyan"),
            // Its tests are in it, and what they need.
            ("bindings-python/", ".py"),
            ("bindings-python/", "requirements-test.txt"),
            ("bindings-python/python/huoyan/", "_native.pyi"),
            ("bindings-python/python/huoyan/", "py.typed"),
            ("python/huoyan/", ".py"),
            ("python/huoyan/", "_native.pyi"),
            ("python/huoyan/", "py.typed"),
        ],
    )
}

/// All names that are needed are there, and none is that no pair of beginning and
/// ending allows.
fn check(
    what: &str,
    names: &[String],
    needed: &[&str],
    allowed: &[(&str, &str)],
) -> Result<(), String> {
    for name in needed {
        if !names.iter().any(|found| found == name) {
            return Err(format!("{what} lacks {name}"));
        }
    }
    let is_allowed = |name: &&String| {
        let fits =
            |(start, end): &(&str, &str)| name.starts_with(start) && name.ends_with(end);
        allowed.iter().any(fits)
    };
    let strays: Vec<_> = names.iter().filter(|name| !is_allowed(name)).collect();
    match strays.is_empty() {
        true => {
            say(&format!("    {what}: {} files", names.len()));
            Ok(())
        }
        false => Err(format!("{what} has files that do not belong there: {strays:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strays_and_gaps_are_found() {
        let names = ["src/lib.rs", "Cargo.toml"].map(str::to_owned);
        let allowed = [("src/", ".rs"), ("", "Cargo.toml")];
        assert!(check("c", &names, &["src/lib.rs"], &allowed).is_ok());
        assert!(
            check("c", &names, &["LICENSE"], &allowed).unwrap_err().contains("LICENSE")
        );
        let stray = check("c", &names, &[], &allowed[..1]).unwrap_err();
        assert!(stray.contains("Cargo.toml"), "{stray}");
    }
}
