//! A service that gets new rules while it works.
//!
//! Threads scan with the ruleset of the moment; another one compiles the next and
//! puts it in its place. A scan that has begun keeps the ruleset that it began with,
//! and nobody waits. `cargo run --release --package huoyan --example hot_swap`

use arc_swap::ArcSwap;
use huoyan::{Ruleset, Scratch};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// The ruleset of the moment.
pub(crate) struct Rules(ArcSwap<Ruleset<'static>>);

impl Rules {
    pub(crate) fn new(ruleset: Ruleset<'static>) -> Rules {
        Rules(ArcSwap::from_pointee(ruleset))
    }

    /// What scans that begin now should use.
    pub(crate) fn current(&self) -> Arc<Ruleset<'static>> {
        self.0.load_full()
    }

    /// Compiles a pack and puts it in the place of the ruleset. With a mistake in
    /// the pack all stays as it was.
    pub(crate) fn reload(&self, pack: &str) -> Result<(), huoyan::PackError> {
        self.0.store(Arc::new(Ruleset::compile(pack)?));
        Ok(())
    }
}

/// What a worker saw: for each version of the pack, posts and flagged posts.
pub(crate) type Seen = BTreeMap<String, (u64, u64)>;

/// What the threads tell each other.
#[derive(Default)]
pub(crate) struct Signals {
    stop: AtomicBool,
    /// Batches of posts that were scanned.
    batches: AtomicU64,
}

/// Scans posts over and over until told to stop.
pub(crate) fn work(rules: &Rules, posts: &[&str], signals: &Signals) -> Seen {
    let mut seen = Seen::new();
    let mut scratch = Scratch::new(&rules.current());
    while !signals.stop.load(Ordering::Relaxed) {
        // One ruleset for one batch; a post a batch would do as well.
        let ruleset = rules.current();
        if !scratch.fits(&ruleset) {
            scratch.fit(&ruleset);
        }
        if !seen.contains_key(ruleset.version()) {
            seen.insert(ruleset.version().to_owned(), (0, 0));
        }
        let Some(counts) = seen.get_mut(ruleset.version()) else { continue };
        for post in posts {
            counts.0 += 1;
            counts.1 += u64::from(ruleset.is_flagged(&mut scratch, post));
        }
        signals.batches.fetch_add(1, Ordering::Relaxed);
    }
    seen
}

/// Reloads the packs in turn, each twice at least, while so many threads work. Gives
/// what they saw and how often a pack was loaded.
pub(crate) fn serve(
    packs: &[String],
    posts: &[&str],
    threads: usize,
    time: Duration,
) -> (Seen, u64) {
    let first = Ruleset::compile(&packs[0]).expect("a sound pack");
    let (rules, signals) = (Rules::new(first), Signals::default());
    thread::scope(|scope| {
        let work = || work(&rules, posts, &signals);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let (started, mut loads) = (std::time::Instant::now(), 1);
        // Packs change seldom; here, as soon as one of these batches must have begun
        // with the latest.
        let enough = threads as u64 + 1;
        for pack in packs.iter().cycle().skip(1) {
            let before = signals.batches.load(Ordering::Relaxed);
            while signals.batches.load(Ordering::Relaxed) < before + enough {
                thread::sleep(Duration::from_millis(1));
            }
            if started.elapsed() >= time && loads >= 2 * packs.len() as u64 {
                break;
            }
            rules.reload(pack).expect("a sound pack");
            loads += 1;
        }
        signals.stop.store(true, Ordering::Relaxed);
        let mut all = Seen::new();
        for worker in workers {
            for (version, (posts, flagged)) in worker.join().expect("a worker") {
                let counts = all.entry(version).or_default();
                (counts.0, counts.1) = (counts.0 + posts, counts.1 + flagged);
            }
        }
        (all, loads)
    })
}

/// A pack that knows one platform.
pub(crate) fn pack(version: &str, platform: &str) -> String {
    format!(
        r#"
        format = 1
        [pack]
        id = "swapped"
        version = "{version}"
        [[concept]]
        id = "platform"
        terms = ["{platform}"]
        [[concept]]
        id = "sell"
        terms = ["出售"]
        [[rule]]
        id = "sell"
        category = "account_trade"
        all = ["platform", "sell"]
        within = 12
        weight = 8.0
        "#
    )
}

pub(crate) const POSTS: &[&str] = &["出售微.信号", "出售扣.扣号", "今天天气不错"];

#[allow(clippy::print_stdout)]
fn main() {
    let packs = [pack("1", "微信"), pack("2", "扣扣")];
    let (seen, loads) = serve(&packs, POSTS, 2, Duration::from_secs(3));
    println!("{loads} rulesets were loaded");
    for (version, (posts, flagged)) in seen {
        println!("version {version}: {flagged} of {posts} posts flagged");
    }
}
