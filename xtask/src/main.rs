//! Throwaway.
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let source = std::fs::read_to_string(path).unwrap();
    let started = std::time::Instant::now();
    let ruleset = match huoyan::Ruleset::compile(&source) { Ok(r) => r, Err(e) => { println!("{e}"); return } };
    println!("{} bytes, {:?}", ruleset.to_bytes().len(), started.elapsed());
    for (name, size) in ruleset.section_sizes() { if size > 20000 {println!("  {name} {size}"); }}
    std::fs::write("core/packs/wechat-trade.huoyan", ruleset.to_bytes()).unwrap();
    match huoyan::check_examples("wechat-trade.toml", &source) {
        Ok((_, count)) => println!("{count} examples hold"),
        Err(error) => println!("{error}"),
    }
}
