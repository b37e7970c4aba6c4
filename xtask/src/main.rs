//! Tasks of the project: `cargo xtask help`.
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let source = std::fs::read_to_string(path).unwrap();
    let started = std::time::Instant::now();
    match huoyan::Ruleset::compile(&source) {
        Ok(ruleset) => {
            println!("{} bytes, {:?}", ruleset.to_bytes().len(), started.elapsed());
            for (name, size) in ruleset.section_sizes() { println!("  {name} {size}"); }
            for text in std::env::args().skip(2) { println!("{text}: {:#?}", ruleset.explain(&text)); }
        }
        Err(error) => println!("{error}"),
    }
}
