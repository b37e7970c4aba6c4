//! Behaviour rows: what is seen in a text, and what it comes to.
//!
//! The rows are data (`tests/behaviour/*.toml`); every binding runs the same.

#[path = "behaviour/rows.rs"]
mod rows;

use huoyan::{Ruleset, Scratch};
use rows::File;
use std::collections::BTreeMap;

fn check(file: &str) {
    let file: File = toml::from_str(file).expect("a file of rows");
    let own =
        file.pack.map(|pack| Ruleset::compile(&pack).unwrap_or_else(|e| panic!("{e}")));
    let ruleset = own.as_ref().unwrap_or_else(|| Ruleset::builtin());
    let mut scratch = Scratch::new(ruleset);
    let mut wrong = Vec::new();
    for row in &file.row {
        let verdict = ruleset.scan(&mut scratch, &row.text);
        let mut expect = |what: &str, found: String, wanted: String| {
            if found != wanted {
                wrong.push(format!(
                    "{}: {what}\n   found {found}\n  wanted {wanted}",
                    row.name
                ));
            }
        };
        let category = verdict.category().map(|c| c.name().to_owned());
        expect("category", format!("{category:?}"), format!("{:?}", row.category));
        if let Some(finding) = &row.finding {
            let found = verdict.findings().next().map(|f| f.text().to_owned());
            expect("finding", format!("{found:?}"), format!("{:?}", Some(finding)));
        }
        if let Some(platforms) = &row.platforms {
            let found: Vec<&str> = verdict.platforms().collect();
            expect("platforms", format!("{found:?}"), format!("{platforms:?}"));
        }
        if let Some(attributes) = &row.attributes {
            let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for attribute in verdict.attributes() {
                let values = found.entry(attribute.name().to_owned()).or_default();
                values.extend(attribute.value().map(str::to_owned));
            }
            expect("attributes", format!("{found:?}"), format!("{attributes:?}"));
        }
        let Some(hits) = &row.hits else { continue };
        let found = ruleset.explain(&row.text).hits;
        let concepts: Vec<&str> = found.iter().map(|h| h.concept.as_str()).collect();
        let wanted: Vec<&str> = hits.iter().map(|h| h.concept.as_str()).collect();
        expect("hits", format!("{concepts:?}"), format!("{wanted:?}"));
        for (found, wanted) in found.iter().zip(hits) {
            if let Some(text) = &wanted.text {
                let found = &row.text[found.range.clone()];
                expect("text", format!("{found:?}"), format!("{text:?}"));
            }
            if let Some(means) = &wanted.means {
                expect("means", found.means.clone(), means.clone());
            }
            if let Some(disguises) = &wanted.disguises {
                let found: Vec<&str> = found.disguises.iter().map(|d| d.name()).collect();
                expect("disguises", format!("{found:?}"), format!("{disguises:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn engine() {
    check(include_str!("behaviour/engine.toml"));
}

#[test]
fn wechat_trade() {
    check(include_str!("behaviour/wechat-trade.toml"));
}
