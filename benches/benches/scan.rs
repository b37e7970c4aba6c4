//! Criterion benches of what a user waits for: fold, scan, compile, load.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huoyan::{Ruleset, Scratch};
use std::hint::black_box;

const BENIGN: &str = "周末我们去郊外走了走，山里的空气很好，中午在农家吃了顿便饭，老板很热情，还送了我们一袋自己种的蔬菜。";
const AD: &str = "长期出售V信老号，带支付，15-30天满月，加薇❤：abc123456，量大从优";
const ENGLISH: &str = "The quick look decides whether anything in the text may matter; most text does not. ";

fn all(criterion: &mut Criterion) {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let inputs = [
        ("message", BENIGN.to_owned()),
        ("ad", AD.to_owned()),
        ("document", BENIGN.repeat(430)),
        ("english", ENGLISH.repeat(770)),
        ("hostile", "微信号出售".repeat(4_300)),
    ];
    let mut group = criterion.benchmark_group("scan");
    for (name, text) in &inputs {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| ruleset.scan(&mut scratch, black_box(text)).is_flagged())
        });
    }
    group.finish();
    let document = &inputs[2].1;
    criterion.bench_function("fold", |bencher| {
        bencher.iter(|| ruleset.fold(black_box(document)))
    });
    criterion.bench_function("load", |bencher| {
        bencher.iter(|| Ruleset::from_bytes(black_box(ruleset.to_bytes())).is_ok())
    });
    let source = include_str!("../../core/packs/wechat-trade.toml");
    criterion.bench_function("compile", |bencher| {
        bencher.iter(|| Ruleset::compile(source).is_ok())
    });
}

criterion_group!(benches, all);
criterion_main!(benches);
