//! Any bytes load or give an error; none panic, then or while scanning.

#[path = "common/damage.rs"]
mod damage;

use damage::{Base, Random, TABLE, crc, load, reseal};
use huoyan::{LoadError, PackFileError, Ruleset, Scratch};

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

/// As few letters as possible: most of its bytes decide something.
const PLAIN: &str = r#"
format = 1
[pack]
id = "plain"
version = "1"
[[concept]]
id = "wechat"
platform = "wechat"
terms = [{ text = "微信", plain = true }, { text = "VX", plain = true }]
[[concept]]
id = "sell"
terms = [{ text = "出", plain = true, start = true }]
[[rule]]
id = "sale"
category = "account_trade"
all = ["wechat"]
any = ["sell"]
within = 16
weight = 6.0
"#;

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
    let refuse = |bytes: Vec<u8>| Ruleset::from_bytes(bytes).map(|_| ()).unwrap_err();
    assert_eq!(refuse(Vec::new()), LoadError::NotARuleset);
    assert_eq!(refuse(b"format = 1".to_vec()), LoadError::NotARuleset);
    assert!(matches!(
        refuse(bytes[..100].to_vec()),
        LoadError::Length { found: 100, .. }
    ));
    let mut changed = bytes.clone();
    changed[8] = 9;
    assert_eq!(refuse(changed), LoadError::Version { found: 9, supported: 1 });
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(refuse(changed), LoadError::Checksum);
    // Another layout is told from damage, if nothing else is wrong.
    let layout = u32::from_le_bytes(bytes[20..24].try_into().unwrap());
    let mut changed = bytes.clone();
    changed[20] ^= 1;
    assert_eq!(refuse(changed.clone()), LoadError::Checksum);
    reseal(&mut changed, crc);
    let other = LoadError::Layout { version: 1, found: layout ^ 1, supported: layout };
    assert_eq!(refuse(changed.clone()), other);
    changed.truncate(TABLE);
    reseal(&mut changed, crc);
    assert_eq!(refuse(changed.clone()), other);
    changed[20] ^= 1;
    reseal(&mut changed, crc);
    assert!(matches!(refuse(changed), LoadError::Length { found: TABLE, .. }));

    for (error, words) in [
        (LoadError::NotARuleset, &["`huoyan compile`"][..]),
        (LoadError::Version { found: 9, supported: 1 }, &["9", "reads 1", "again"]),
        (
            LoadError::Layout { version: 1, found: 0x1234, supported: 0xABCD },
            &["version 1", "00001234", "0000abcd", "again"],
        ),
        (LoadError::Length { found: 100, announced: 200 }, &["100", "200", "cut"]),
        (LoadError::Checksum, &["checksum", "changed"]),
        (LoadError::Damaged("no rule"), &["damaged: no rule"]),
    ] {
        let shown = error.to_string();
        assert!(words.iter().all(|word| shown.contains(word)), "{shown}");
    }
}

#[test]
fn files_are_told_apart_by_their_bytes() {
    let compiled = Ruleset::load("small.toml", PACK.as_bytes()).expect("a sound pack");
    let bytes = compiled.to_bytes();
    assert!(Ruleset::is_compiled(bytes) && !Ruleset::is_compiled(PACK.as_bytes()));
    let again = Ruleset::load("small.huoyan", bytes).expect("sound bytes");
    assert_eq!(again.to_bytes().as_ptr(), bytes.as_ptr());
    let refuse =
        |bytes: &[u8]| Ruleset::load("x", bytes.to_vec()).map(|_| ()).unwrap_err();
    let cut = refuse(&bytes[..100]);
    assert!(matches!(cut, PackFileError::Ruleset(LoadError::Length { .. })), "{cut}");
    let PackFileError::Pack(wrong) = refuse(b"format = 2") else {
        panic!("no pack error")
    };
    assert!(wrong.to_string().contains("--> x:1"), "{wrong}");
    let picture = refuse(b"\x89PNG");
    assert_eq!(picture, PackFileError::NotText { at: 0 });
    assert!(picture.to_string().contains("byte 0; a pack is TOML"), "{picture}");
    assert!(matches!(refuse(b""), PackFileError::Pack(_)));
}

/// Damages a ruleset so many times, with its checksum put right. Returns how
/// many loaded, and how many were refused.
fn damage(base: &Base, rounds: u64) -> (u32, u32) {
    let mut scratch = Scratch::new(&Ruleset::from_bytes(&base.bytes[..]).expect("sound"));
    let (mut bytes, mut random) = (Vec::new(), Random::new(rounds));
    let (mut loaded, mut refused) = (0, 0);
    for round in 0..rounds {
        base.damage(&mut bytes, &mut random);
        reseal(&mut bytes, crc32fast::hash);
        match load(&bytes, &mut scratch) {
            Ok(steps) => {
                loaded += 1;
                // Tables that lie may cost more, but not without end.
                assert!(steps < 1_000_000, "round {round}: {steps} steps");
            }
            Err(LoadError::Checksum) => {
                panic!("round {round}: the checksum was put right")
            }
            Err(_) => refused += 1,
        }
    }
    (loaded, refused)
}

/// `HUOYAN_TEST_FACTOR=100` damages a hundred times as often.
fn rounds(count: u64) -> u64 {
    let factor = std::env::var("HUOYAN_TEST_FACTOR").ok().and_then(|f| f.parse().ok());
    count.saturating_mul(factor.unwrap_or(1))
}

#[test]
fn damaged_bytes_load_or_fail_without_panic() {
    for pack in [PACK, PLAIN] {
        let ruleset = Ruleset::compile(pack).expect("a sound pack");
        let (loaded, refused) = damage(&Base::new(&ruleset), rounds(15_000));
        assert!(loaded > 1_000 && refused > 1_000, "{loaded} loaded, {refused} refused");
    }
}

#[cfg(feature = "builtin")]
#[test]
fn the_damaged_builtin_ruleset_loads_or_fails_without_panic() {
    let (loaded, refused) = damage(&Base::new(Ruleset::builtin()), rounds(600));
    assert!(loaded > 60 && refused > 60, "{loaded} loaded, {refused} refused");
}

/// The first field of every section, and its last, set to what lies on the
/// border of an integer: no table is trusted because its neighbour is sound.
#[test]
fn every_section_is_checked() {
    let ruleset = Ruleset::compile(PACK).expect("a sound pack");
    let sound = ruleset.to_bytes();
    let mut scratch = Scratch::new(&ruleset);
    let names: Vec<&str> = ruleset.section_sizes().map(|(name, _)| name).collect();
    let (mut loaded, mut refused) = (0, 0);
    for number in 0..names.len() {
        let entry = TABLE + 8 * number;
        let field = |at: usize| u32::from_le_bytes(sound[at..at + 4].try_into().unwrap());
        let (start, length) = (field(entry) as usize, field(entry + 4) as usize);
        let end = (start + length).saturating_sub(4);
        let places = [entry, entry + 4, start.min(sound.len() - 4), end];
        for (place, width) in
            places.into_iter().flat_map(|at| [(at, 1), (at, 2), (at, 4)])
        {
            for value in [
                0u32,
                1,
                0x7F,
                0xFF,
                0x7FFF,
                0xFFFF,
                0x7FFF_FFFF,
                0x8000_0000,
                0xFFFF_FFFF,
            ] {
                let mut bytes = sound.to_vec();
                bytes[place..place + width]
                    .copy_from_slice(&value.to_le_bytes()[..width]);
                reseal(&mut bytes, crc);
                match load(&bytes, &mut scratch) {
                    Ok(_) => loaded += 1,
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(loaded > 100 && refused > 100, "{loaded} loaded, {refused} refused");
}

/// A block whose numbers are big-endian, as another machine might write it.
#[test]
fn another_byte_order_is_refused() {
    let mut bytes = Ruleset::compile(PACK).expect("a sound pack").to_bytes().to_vec();
    // Header and table of sections.
    let table = TABLE + 8 * Ruleset::compile(PACK).unwrap().section_sizes().count();
    bytes[8..table].chunks_exact_mut(4).for_each(<[u8]>::reverse);
    let found = Ruleset::from_bytes(&bytes[..]).map(|_| ()).unwrap_err();
    assert_eq!(found, LoadError::Version { found: 1 << 24, supported: 1 });
    // The same with a version that is read, and then with the layout as well: the
    // table is what is wrong then.
    let mut refuse = |from: usize| {
        bytes[from..from + 4].reverse();
        reseal(&mut bytes, crc);
        Ruleset::from_bytes(&bytes[..]).map(|_| ()).unwrap_err()
    };
    assert!(matches!(refuse(8), LoadError::Layout { version: 1, .. }));
    let found = refuse(20);
    assert!(matches!(found, LoadError::Damaged(_)), "{found}");
}

/// Every prefix is refused, with and without its length put right.
#[test]
fn every_prefix_is_refused() {
    let sound = Ruleset::compile(PLAIN).expect("a sound pack").to_bytes().to_vec();
    let near = (0..1_000)
        .chain((1_000..sound.len()).step_by(997))
        .chain(sound.len() - 40..sound.len());
    for length in near {
        let mut bytes = sound[..length].to_vec();
        assert!(Ruleset::from_bytes(&bytes[..]).is_err(), "{length}");
        if length >= 20 {
            reseal(&mut bytes, crc);
            assert!(Ruleset::from_bytes(&bytes[..]).is_err(), "{length} resealed");
        }
    }
}

#[test]
fn random_bytes_are_refused() {
    let mut random = Random::new(99);
    for _ in 0..2_000 {
        let mut bytes: Vec<u8> =
            (0..random.below(600)).map(|_| random.below(256) as u8).collect();
        assert!(Ruleset::from_bytes(bytes.clone()).is_err());
        if bytes.len() >= 24 {
            bytes[..8].copy_from_slice(b"HUOYAN\r\n");
            bytes[8..12].copy_from_slice(&1u32.to_le_bytes());
            reseal(&mut bytes, crc);
            assert!(Ruleset::from_bytes(bytes).is_err());
        }
    }
}
