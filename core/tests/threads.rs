//! One ruleset serves many threads, and may be replaced while it does.

#![cfg(all(feature = "compile", feature = "builtin"))]

#[allow(dead_code, reason = "the example has a `main` of its own")]
#[path = "../examples/hot_swap.rs"]
mod hot_swap;

use huoyan::{Evidence, Finding, Ruleset, Scratch, Stream, Verdict};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

const THREADS: usize = 8;

#[test]
fn types_may_go_where_threads_need_them() {
    fn shared<T: Send + Sync>() {}
    shared::<Ruleset<'static>>();
    shared::<Scratch>();
    shared::<Stream<'static>>();
    shared::<Verdict<'static>>();
    shared::<Finding<'static>>();
    shared::<Evidence<'static>>();
    shared::<huoyan::Report>();
    shared::<huoyan::LoadError>();
    shared::<huoyan::PackError>();
}

/// All of a verdict that can be told apart.
fn told(verdict: &Verdict<'_>) -> String {
    let mut told = format!("{:?} {}", verdict.category(), verdict.score());
    for finding in verdict.findings() {
        let evidence: Vec<_> =
            finding.evidence().map(|e| (e.range(), e.means())).collect();
        told += &format!(" {:?} {evidence:?}", finding.range());
    }
    for contact in verdict.contacts() {
        told += &contact.value().collect::<String>();
    }
    told
}

fn posts() -> Vec<String> {
    let source = include_str!("../packs/wechat-trade.toml");
    let pack = huoyan::pack::parse("wechat-trade.toml", source).expect("the own pack");
    pack.rules.into_iter().flat_map(|rule| rule.examples).map(|e| e.text).collect()
}

/// The first use of the built-in ruleset and of the compiler's tables, by all
/// threads at once.
#[test]
fn first_uses_may_meet() {
    let start = Barrier::new(THREADS);
    let pack = hot_swap::pack("1", "微信");
    let made: Vec<_> = thread::scope(|scope| {
        let work = || {
            start.wait();
            let builtin = Ruleset::builtin();
            let own = Ruleset::compile(&pack).expect("a sound pack");
            (std::ptr::from_ref(builtin).addr(), own.to_bytes().to_vec())
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    assert!(made.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn threads_see_what_one_sees() {
    let (ruleset, posts) = (Ruleset::builtin(), posts());
    let scan = |from: usize| {
        let mut scratch = Scratch::new(ruleset);
        let mut seen = vec![String::new(); posts.len()];
        for at in (0..posts.len()).map(|at| (at + from) % posts.len()) {
            seen[at] = told(&ruleset.scan(&mut scratch, &posts[at]));
        }
        seen
    };
    let alone = scan(0);
    assert!(alone.iter().any(|told| told.starts_with("Some(")));
    assert_eq!(ruleset.scan_many(&posts, |verdict| told(&verdict)), alone);
    thread::scope(|scope| {
        let scan = &scan;
        let threads: Vec<_> =
            (0..THREADS).map(|n| scope.spawn(move || scan(n * 31))).collect();
        for thread in threads {
            assert_eq!(thread.join().expect("a thread"), alone);
        }
    });
}

/// Each scan has one ruleset, whichever was current when it began.
#[test]
fn rules_are_replaced_under_load() {
    let packs = [hot_swap::pack("1", "微信"), hot_swap::pack("2", "扣扣")];
    let time = Duration::from_millis(500);
    let (seen, loads) = hot_swap::serve(&packs, hot_swap::POSTS, 4, time);
    assert!(loads >= 4 && seen.len() == 2, "{loads} loads, {seen:?}");
    for (version, (posts, flagged)) in seen {
        assert!(posts > 0 && flagged * 3 == posts, "{version}: {flagged} of {posts}");
    }
}
