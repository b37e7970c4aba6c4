//! Any bytes load or give an error; none panic, then or while scanning.

use huoyan::{LoadError, Ruleset, Scratch};

const PACK: &str = r#"
format = 1
[pack]
id = "small"
version = "1"
bias = -3.0
[[concept]]
id = "wechat"
platform = "wechat"
except = ["微信息"]
terms = [{ text = "微信", disguise = ["homophone", "glyph", "initials", "emoji"] }, "VX"]
[[concept]]
id = "age"
pattern = '\d{1,3}天'
attribute = "age"
[[rule]]
id = "aged"
category = "account_trade"
all = ["wechat"]
any = ["age"]
within = 16
weight = 6.0
"#;

/// CRC-32 (IEEE 802.3), bit by bit: the slow, obvious form.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// Puts the right length and checksum into damaged bytes, so that the body is
/// reached.
fn reseal(bytes: &mut [u8]) {
    let length = bytes.len() as u32;
    bytes[12..16].copy_from_slice(&length.to_le_bytes());
    let sum = crc(&bytes[20..]);
    bytes[16..20].copy_from_slice(&sum.to_le_bytes());
}

fn use_it(ruleset: &Ruleset<'_>) {
    let mut scratch = Scratch::new(ruleset);
    let text = "大量V信号15天，ＶＸ 徽❤ 亻言 weixin 微信息 ⑩天";
    let verdict = ruleset.scan(&mut scratch, text);
    for finding in verdict.findings() {
        let _ = (finding.text(), finding.rules().count());
        finding.evidence().for_each(|e| {
            let _ = (e.text(), e.means(), e.concept());
        });
    }
    verdict.attributes().for_each(|a| {
        let _ = (a.name(), a.value());
    });
    verdict.contacts().for_each(|c| {
        let _ = (c.platform(), c.value().count());
    });
    let _ = verdict.platforms().count();
}

/// A generator that is the same everywhere (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn bytes_survive_the_round_trip() {
    let ruleset = Ruleset::compile(PACK).expect("a sound pack");
    let again = Ruleset::from_bytes(ruleset.to_bytes()).expect("its own bytes");
    assert_eq!(again.to_bytes(), ruleset.to_bytes());
    // Borrowed bytes are used where they lie.
    assert_eq!(again.to_bytes().as_ptr(), ruleset.to_bytes().as_ptr());
    assert_eq!((again.id(), again.version()), ("small", "1"));
    assert!(again.is_flagged(&mut Scratch::new(&again), "徽❤ 15天"));
}

#[test]
fn compiling_is_deterministic() {
    let first = Ruleset::compile(PACK).expect("a sound pack");
    let second = Ruleset::compile(PACK).expect("a sound pack");
    assert_eq!(first.to_bytes(), second.to_bytes());
}

#[test]
fn errors_say_what_is_wrong() {
    let bytes = Ruleset::compile(PACK).expect("a sound pack").to_bytes().to_vec();
    let load = |bytes: Vec<u8>| Ruleset::from_bytes(bytes).map(|_| ()).unwrap_err();
    assert_eq!(load(Vec::new()), LoadError::NotARuleset);
    assert_eq!(load(b"format = 1".to_vec()), LoadError::NotARuleset);
    assert!(matches!(load(bytes[..100].to_vec()), LoadError::Length { found: 100, .. }));
    let mut changed = bytes.clone();
    changed[8] = 9;
    assert_eq!(load(changed), LoadError::Version { found: 9, supported: 1 });
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(load(changed), LoadError::Checksum);

    for (error, words) in [
        (LoadError::NotARuleset, &["`huoyan compile`"][..]),
        (LoadError::Version { found: 9, supported: 1 }, &["9", "reads 1", "again"]),
        (LoadError::Length { found: 100, announced: 200 }, &["100", "200", "cut"]),
        (LoadError::Checksum, &["checksum", "changed"]),
        (LoadError::Damaged("no rule"), &["damaged: no rule"]),
    ] {
        let shown = error.to_string();
        assert!(words.iter().all(|word| shown.contains(word)), "{shown}");
    }
}

#[test]
fn damaged_bytes_load_or_fail_without_panic() {
    let sound = Ruleset::compile(PACK).expect("a sound pack").to_bytes().to_vec();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (mut loaded, mut refused) = (0, 0);
    for round in 0..1_500 {
        let mut bytes = sound.clone();
        // The section table and the small sections are where most breaks.
        let area = if round % 2 == 0 { 20..2_500 } else { 20..bytes.len() };
        for _ in 0..1 + random.below(4) {
            let at = area.start + random.below(area.len());
            bytes[at] = random.below(256) as u8;
        }
        if round % 10 == 0 {
            bytes.truncate(20 + random.below(sound.len() - 20));
        }
        reseal(&mut bytes);
        match Ruleset::from_bytes(bytes) {
            Ok(ruleset) => {
                loaded += 1;
                use_it(&ruleset);
            }
            Err(_) => refused += 1,
        }
    }
    assert!(loaded > 100 && refused > 100, "{loaded} loaded, {refused} refused");
}

#[test]
fn random_bytes_are_refused() {
    let mut random = Random(99);
    for _ in 0..2_000 {
        let mut bytes: Vec<u8> =
            (0..random.below(600)).map(|_| random.below(256) as u8).collect();
        assert!(Ruleset::from_bytes(bytes.clone()).is_err());
        if bytes.len() >= 24 {
            bytes[..8].copy_from_slice(b"HUOYAN\r\n");
            bytes[8..12].copy_from_slice(&1u32.to_le_bytes());
            reseal(&mut bytes);
            assert!(Ruleset::from_bytes(bytes).is_err());
        }
    }
}
