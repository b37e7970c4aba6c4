//! The programs of the README are those that the tests compile.

use std::fs;
use std::path::Path;

#[test]
fn the_readme_shows_the_first_programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file");
    let readme = read("../README.md");
    for (language, name) in [("c", "examples/first.c"), ("cpp", "examples/first.cpp")] {
        let shown = format!("```{language}\n{}```\n", read(name));
        assert!(readme.contains(&shown), "README.md does not show bindings-c/{name}");
    }
}
