//! The public interface of the core crate, as a list.

use super::write_or_compare;
use crate::run::{cargo, run_quietly, say};
use std::path::Path;

const LIST: &str = "core/public-api.txt";

/// Writes the list of all public items of `huoyan`, or compares it.
pub(crate) fn api(check: bool) -> Result<(), String> {
    // The JSON form of the documentation is unstable. A target folder of its own
    // keeps the setting from building everything anew in turns.
    let target = crate::root().join("target/api");
    let mut document = cargo("rustdoc --quiet --package huoyan --lib --all-features");
    document.arg("--target-dir").arg(&target);
    document.args(["--", "-Zunstable-options", "--output-format", "json"]);
    run_quietly("rustdoc", document.env("RUSTC_BOOTSTRAP", "1"))?;
    let items = match list(&target.join("doc/huoyan.json")) {
        Ok(items) => items,
        // Each release of the compiler may write another form.
        Err(error) if check => {
            say(&format!(
                "    public interface: SKIPPED, the list is made with Rust 1.95, and this \
                 is another: {error}"
            ));
            return Ok(());
        }
        Err(error) => return Err(format!("huoyan.json: {error}")),
    };
    write_or_compare(LIST, &items, check, "public-api")
}

fn list(json: &Path) -> Result<String, String> {
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_derived_impls(true)
        .sorted(true)
        .build()
        .map_err(|error| error.to_string())?;
    let mut text = String::new();
    for item in api.items() {
        text += &format!("{item}\n");
    }
    Ok(text)
}
