//! Fixed work whose instructions `cargo xtask instructions` counts.

use huoyan::{Ruleset, Scratch};
use std::hint::black_box;

const BENIGN: &str = "周末我们去郊外走了走，山里的空气很好，中午在农家吃了顿便饭，老板很热情，还送了我们一袋\
    自己种的蔬菜。下午天气转凉，孩子们在溪边捡了不少石头，大家都说下次还要再来，住上一晚看看星星。";
const ADS: &str = "长期出售V信老号，带支付，15-30天满月，加薇❤：abc123456，量大从优";

// The counter looks for this name; the symbol must not be mangled.
#[unsafe(no_mangle)]
#[inline(never)]
#[allow(unsafe_code)]
fn measured(ruleset: &Ruleset<'_>, scratch: &mut Scratch, text: &str) -> u64 {
    match text.is_empty() {
        true => u64::from(Ruleset::from_bytes(ruleset.to_bytes()).is_ok()),
        false => {
            let flagged = ruleset.scan(scratch, text).is_flagged();
            u64::from(flagged) + scratch.steps()
        }
    }
}

fn main() {
    let ruleset = Ruleset::compile(include_str!("workload.toml")).expect("a sound pack");
    let mut scratch = Scratch::new(&ruleset);
    let text = match std::env::args().nth(1).as_deref() {
        Some("benign") => BENIGN.repeat(200),
        Some("ads") => [ADS, "。"].concat().repeat(20),
        _ => String::new(),
    };
    black_box(measured(black_box(&ruleset), &mut scratch, black_box(&text)));
}
