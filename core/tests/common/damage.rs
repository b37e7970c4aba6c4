//! Damage to the bytes of rulesets that gets past the checksum.

use huoyan::{LoadError, Ruleset, Scratch};
use std::ops::Range;

/// Where the checksum begins to count.
pub(crate) const CHECKED_FROM: usize = 20;
/// Where the table of sections lies.
pub(crate) const TABLE: usize = 24;

/// A generator that is the same everywhere (xorshift).
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        // Zero would stay zero.
        Random(seed ^ 0x2545_F491_4F6C_DD1D | 1 << 63)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16) as usize % limit.max(1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// CRC-32 (IEEE 802.3) by a table of single bytes.
pub(crate) fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let (mut crc, mut bit) = (byte as u32, 0);
            while bit < 8 {
                crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
                bit += 1;
            }
            table[byte] = crc;
            byte += 1;
        }
        table
    };
    let step = |crc: u32, byte: &u8| {
        crc >> 8 ^ TABLE[((crc ^ u32::from(*byte)) & 0xFF) as usize]
    };
    !bytes.iter().fold(!0, step)
}

/// Puts the right length and checksum into damaged bytes, so that the body is
/// reached. `sum` is the CRC-32 to use, which may be a faster one than [`crc`].
pub(crate) fn reseal(bytes: &mut [u8], sum: impl Fn(&[u8]) -> u32) {
    if bytes.len() < CHECKED_FROM {
        return;
    }
    let length = bytes.len() as u32;
    bytes[12..16].copy_from_slice(&length.to_le_bytes());
    let sum = sum(&bytes[CHECKED_FROM..]);
    bytes[16..20].copy_from_slice(&sum.to_le_bytes());
}

/// A ruleset's bytes, and where their sections lie.
pub(crate) struct Base {
    pub(crate) bytes: Vec<u8>,
    /// Those that are not empty.
    pub(crate) sections: Vec<Range<usize>>,
}

impl Base {
    pub(crate) fn new(ruleset: &Ruleset<'_>) -> Base {
        let bytes = ruleset.to_bytes().to_vec();
        let word = |at: usize| {
            let field = bytes[at..at + 4].try_into().expect("four bytes");
            u32::from_le_bytes(field) as usize
        };
        let count = ruleset.section_sizes().count();
        let sections = (0..count)
            .map(|number| {
                word(TABLE + 8 * number)
                    ..word(TABLE + 8 * number) + word(TABLE + 8 * number + 4)
            })
            .filter(|range| !range.is_empty())
            .collect();
        Base { bytes, sections }
    }

    /// Copies the bytes into `damaged` and changes a few of them: as single
    /// bytes, as numbers on or beyond the borders of what they count, as runs
    /// that come from elsewhere, or as sections that lie elsewhere. The
    /// checksum is still the old one.
    pub(crate) fn damage(&self, damaged: &mut Vec<u8>, random: &mut Random) {
        damaged.clear();
        damaged.extend_from_slice(&self.bytes);
        for _ in 0..1 + random.below(4) {
            self.edit(damaged, random);
        }
        if random.below(32) == 0 {
            damaged.truncate(random.below(damaged.len()));
        }
    }

    fn edit(&self, damaged: &mut [u8], random: &mut Random) {
        // Small sections as often as large ones: that is where most breaks.
        let section = self.sections[random.below(self.sections.len())].clone();
        let at = section.start + random.below(section.len());
        match random.below(10) {
            0..=2 => damaged[at] = random.below(256) as u8,
            3 => damaged[at] ^= 1 << random.below(8),
            4..=6 => {
                let width = random.pick(&[2, 4]);
                // Mostly whole fields of tables whose records begin evenly.
                let at = match random.below(4) {
                    0 => at,
                    _ => section.start + (at - section.start) / width * width,
                };
                let other = self.sections[random.below(self.sections.len())].len();
                let limit = other / random.pick(&[1, 2, 4, 8, 12, 16, 20, 24]);
                let number = match random.below(6) {
                    0 => limit,
                    1 => limit.wrapping_sub(1),
                    2 => limit + 1,
                    3 => random
                        .pick(&[0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000]),
                    4 => random.pick(&[
                        0xFFFF,
                        0x1_0000,
                        0x7FFF_FFFF,
                        0x8000_0000,
                        0xFFFF_FFFE,
                        0xFFFF_FFFF,
                    ]),
                    _ => random.below(limit + 2),
                };
                let number = (number as u32).to_le_bytes();
                if let Some(field) = damaged.get_mut(at..at + width) {
                    field.copy_from_slice(&number[..width]);
                }
            }
            7 | 8 => {
                // A run from elsewhere in the section: cycles, records twice.
                let most = random.pick(&[2, 4, 8, 32]);
                let length = 1 + random.below(most);
                let from = section.start + random.below(section.len());
                let length = length.min(section.end - from.max(at));
                damaged.copy_within(from..from + length, at);
            }
            _ => {
                let entry = TABLE + 4 * random.below(2 * self.sections.len());
                let known = u32::from_le_bytes(
                    damaged[entry..entry + 4].try_into().expect("four bytes"),
                );
                let number = match random.below(5) {
                    0 => 0,
                    1 => known.wrapping_add(1 + random.below(16) as u32),
                    2 => known.wrapping_sub(1 + random.below(16) as u32),
                    3 => random.below(damaged.len() + 2) as u32,
                    _ => known / 2,
                };
                damaged[entry..entry + 4].copy_from_slice(&number.to_le_bytes());
            }
        }
    }
}

/// Texts that reach every part of a scanner: folds, expansions, patterns,
/// contacts, overrides, invalid sequences, a text without anything.
pub(crate) const TEXTS: &[&[u8]] = &[
    "大量V信号15天，ＶＸ 徽❤ 亻言 weixin 微信息 ⑩天 出售".as_bytes(),
    "\u{202E}号信微\u{202C}&#24494;信%E5%BE%AE\\u4fe1 加V：a1b2c3d4 微.信.号㎏🆗 vx号出 16600223344".as_bytes(),
    b"\xE5\xBE\xAE\xFF\xE4\xBF\xA1\xE5\xBE 15",
    "山高月小水落石出之夜the quick brown fox".as_bytes(),
];

/// Scans with a ruleset, reads all that it tells, and gives the steps of the
/// dearest text.
pub(crate) fn use_it(ruleset: &Ruleset<'_>, scratch: &mut Scratch) -> u64 {
    let mut steps = 0;
    for text in TEXTS {
        let verdict = ruleset.scan_bytes(scratch, text);
        for finding in verdict.findings() {
            let _ = (finding.text(), finding.rules().count(), finding.score());
            finding.evidence().for_each(|e| {
                let _ = (e.text(), e.means(), e.concept(), e.disguises());
            });
        }
        verdict.attributes().for_each(|a| {
            let _ = (a.name(), a.value());
        });
        verdict.contacts().for_each(|c| {
            let _ = (c.platform(), c.value().count());
        });
        let _ = (verdict.platforms().count(), verdict.score(), verdict.category());
        steps = steps.max(scratch.steps());
    }
    steps
}

/// Loads damaged bytes with their checksum put right, and scans with them if
/// they load. Gives the steps of the dearest text, or the error.
pub(crate) fn load(bytes: &[u8], scratch: &mut Scratch) -> Result<u64, LoadError> {
    let ruleset = Ruleset::from_bytes(bytes)?;
    scratch.fit(&ruleset);
    let _ = (
        ruleset.id(),
        ruleset.version(),
        ruleset.concepts().count(),
        ruleset.rules().count(),
    );
    Ok(use_it(&ruleset, scratch))
}
