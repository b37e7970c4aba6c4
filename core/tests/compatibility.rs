//! Packs and rulesets of past versions: what is promised to load loads, and means
//! what it meant. STABILITY.md says how a folder is added.

#![cfg(feature = "compile")]

use huoyan::fold::Disguise;
use huoyan::{Category, LoadError, Ruleset, Scratch, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Set by `cargo xtask gen-fixtures`: write those of this version instead of
/// comparing.
const WRITE: &str = "HUOYAN_WRITE_FIXTURES";
/// The newest version of the ruleset format that a release has written. Its
/// folder and those before it are never written again.
const RELEASED: Option<u32> = None;
/// Format of packs that this library reads.
const PACK_FORMAT: u32 = 1;

#[derive(Deserialize)]
struct Texts {
    text: Vec<String>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
struct Expected {
    #[serde(default)]
    text: Vec<Told>,
}

/// What a text comes to.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Told {
    text: String,
    score: f32,
    platforms: Vec<String>,
    contacts: Vec<String>,
    attributes: Vec<String>,
    findings: Vec<Place>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Place {
    category: String,
    score: f32,
    span: (usize, usize),
    rules: Vec<String>,
    evidence: Vec<String>,
}

/// Scores are compared to a tenth.
fn tenths(score: f32) -> f32 {
    (score * 10.0).round() / 10.0
}

fn told(text: &str, verdict: &Verdict<'_>) -> Told {
    let places = verdict.findings().map(|finding| {
        let evidence = finding.evidence().map(|seen| {
            let disguises: Vec<&str> =
                seen.disguises().iter().map(|d| d.name()).collect();
            let means = seen.means().unwrap_or("a pattern");
            format!(
                "{} {} is {means} {}",
                seen.concept(),
                seen.text(),
                disguises.join(" ")
            )
        });
        Place {
            category: finding.category().name().to_owned(),
            score: tenths(finding.score()),
            span: (finding.range().start, finding.range().end),
            rules: finding.rules().map(str::to_owned).collect(),
            evidence: evidence.map(|line| line.trim_end().to_owned()).collect(),
        }
    });
    let contacts = verdict.contacts().map(|contact| {
        format!("{} {}", contact.platform(), contact.value().collect::<String>())
    });
    let attributes = verdict
        .attributes()
        .map(|attribute| format!("{} {}", attribute.name(), attribute.text()));
    Told {
        text: text.to_owned(),
        score: tenths(verdict.score()),
        platforms: verdict.platforms().map(str::to_owned).collect(),
        contacts: contacts.collect(),
        attributes: attributes.collect(),
        findings: places.collect(),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compatibility")
}

/// The versions of the ruleset format that have a fixture.
fn versions() -> Vec<u32> {
    let entries = fs::read_dir(folder()).expect("tests/compatibility");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut versions: Vec<u32> = names
        .map(|name| name.to_string_lossy().parse().expect("a folder named by a version"))
        .collect();
    versions.sort_unstable();
    versions
}

fn read(version: u32, name: &str) -> String {
    let path = folder().join(version.to_string()).join(name);
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn scan_all(ruleset: &Ruleset<'_>, version: u32) -> Expected {
    let texts: Texts = toml::from_str(&read(version, "texts.toml")).expect("texts");
    let mut scratch = Scratch::new(ruleset);
    let mut scan = |text: &String| told(text, &ruleset.scan(&mut scratch, text));
    Expected { text: texts.text.iter().map(&mut scan).collect() }
}

fn assert_same(found: &Expected, wanted: &Expected, what: &str) {
    assert_eq!(found.text.len(), wanted.text.len(), "{what}");
    for (found, wanted) in found.text.iter().zip(&wanted.text) {
        assert_eq!(found, wanted, "{what}");
    }
}

#[test]
fn packs_and_rulesets_of_every_version_mean_what_they_meant() {
    if env::var_os(WRITE).is_some() {
        write();
    }
    let versions = versions();
    assert_eq!(versions.last(), Some(&Ruleset::FORMAT), "run `cargo xtask gen-fixtures`");
    for version in versions {
        let expected: Expected =
            serde_json::from_str(&read(version, "expected.json")).expect("expected.json");
        assert!(expected.text.iter().any(|told| !told.findings.is_empty()));
        let pack = huoyan::check_examples("pack.toml", &read(version, "pack.toml"));
        let (compiled, examples) = pack.unwrap_or_else(|error| panic!("{error}"));
        assert!(examples > 0);
        assert_same(&scan_all(&compiled, version), &expected, "compiled");

        let path = folder().join(version.to_string()).join("pack.huoyan");
        let bytes = fs::read(&path).expect("pack.huoyan");
        match Ruleset::from_bytes(bytes) {
            Ok(loaded) => {
                assert_eq!(version, Ruleset::FORMAT, "a version that is not promised");
                assert_same(&scan_all(&loaded, version), &expected, "loaded");
            }
            Err(error @ LoadError::Layout { .. }) => panic!(
                "{error}. The tables changed but not their version: raise VERSION in \
                 core/src/ruleset/format.rs if {version} is released (the newest that is: \
                 {RELEASED:?}); then run `cargo xtask gen-packs` and `gen-fixtures`"
            ),
            Err(error) => {
                // Until the format is stable a library reads its own version alone.
                let other =
                    LoadError::Version { found: version, supported: Ruleset::FORMAT };
                assert_eq!(error, other, "{version}: run `cargo xtask gen-fixtures`");
                assert!(error.to_string().contains("compile the pack again"));
            }
        }
    }
}

/// Writes the folder of this version, with the pack and texts of the one before.
fn write() {
    let newest = *versions().last().expect("a version");
    let own = folder().join(Ruleset::FORMAT.to_string());
    if RELEASED >= Some(Ruleset::FORMAT) {
        panic!(
            "version {RELEASED:?} is released, its fixture stays; raise VERSION in \
             core/src/ruleset/format.rs if the tables changed"
        );
    }
    fs::create_dir_all(&own).expect("a folder");
    let pack = read(newest, "pack.toml");
    let ruleset = Ruleset::compile(&pack).unwrap_or_else(|error| panic!("{error}"));
    let save = |name: &str, bytes: &[u8]| fs::write(own.join(name), bytes).expect(name);
    save("pack.toml", pack.as_bytes());
    save("texts.toml", read(newest, "texts.toml").as_bytes());
    save("pack.huoyan", ruleset.to_bytes());
    let expected = scan_all(&ruleset, Ruleset::FORMAT);
    let expected = serde_json::to_string_pretty(&expected).expect("expected.json");
    save("expected.json", format!("{expected}\n").as_bytes());
}

/// The keys that the error of an unknown one names.
fn keys(source: &str) -> Vec<String> {
    let error = Ruleset::compile(source).map(|_| ()).expect_err("an unknown key");
    let message = &error.diagnostics()[0].message;
    let (_, known) = message.split_once("expected").expect("the known keys");
    let names: Vec<String> =
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(names.len() > 1, "{message}");
    names
}

/// The pack of the newest version uses all that the format has.
#[test]
fn the_pack_uses_all_of_its_format() {
    let newest = *versions().last().expect("a version");
    let source = read(newest, "pack.toml");
    assert!(source.contains(&format!("\nformat = {PACK_FORMAT}\n")));
    let head = "format = 1\n[pack]\nid = 'p'\nversion = '1'\n";
    let mut all = BTreeSet::new();
    for table in [
        String::from("zzz = 1\nformat = 1\n"),
        format!("{head}zzz = 1\n"),
        format!("{head}[[concept]]\nzzz = 1\n"),
        format!("{head}[[concept]]\nid = 'a'\nterms = [{{ zzz = 1 }}]\n"),
        format!("{head}[[rule]]\nzzz = 1\n"),
        format!("{head}[[rule]]\n[[rule.example]]\nzzz = 1\n"),
    ] {
        all.extend(keys(&table));
    }
    // What a pack adds to is another in each version.
    assert!(all.remove("extends"));
    for key in &all {
        let used = [format!("{key} ="), format!("[{key}]"), format!("[[{key}]]")];
        let nested = format!(".{key}]]");
        assert!(
            used.iter().any(|form| source.contains(form)) || source.contains(&nested),
            "the pack does not use `{key}`"
        );
    }
    assert!(all.len() > 25, "{all:?}");
    for category in Category::ALL {
        assert!(source.contains(&format!("category = \"{category}\"")), "{category}");
    }
    for kind in Disguise::ALL.iter().copied() {
        let named = format!(
            "{head}[[concept]]\nid = 'a'\nterms = [{{ text = '微', disguise = ['{}'] }}]\n",
            kind.name()
        );
        if Ruleset::compile(&named).is_ok() {
            assert!(source.contains(&format!("\"{}\"", kind.name())), "{kind:?}");
        }
    }
}
