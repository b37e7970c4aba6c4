//! Sets of characters, made at compile time.

use crate::fold;

/// How many characters a string has.
pub(super) const fn count(text: &str) -> usize {
    let (bytes, mut at, mut number) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        number += (bytes[at] & 0xC0 != 0x80) as usize;
        at += 1;
    }
    number
}

/// The character that begins at a byte of a string, and where the next begins.
pub(super) const fn decode(bytes: &[u8], at: usize) -> (char, usize) {
    let first = bytes[at] as u32;
    let (length, mut code_point) = match first {
        0..0x80 => (1, first),
        0xC0..0xE0 => (2, first & 0x1F),
        0xE0..0xF0 => (3, first & 0x0F),
        _ => (4, first & 0x07),
    };
    let mut next = 1;
    while next < length {
        code_point = code_point << 6 | (bytes[at + next] & 0x3F) as u32;
        next += 1;
    }
    match char::from_u32(code_point) {
        Some(c) => (c, at + length),
        None => panic!("not UTF-8"),
    }
}

/// The characters of a string, ascending.
pub(super) const fn sorted<const N: usize>(text: &str) -> [char; N] {
    let mut found = ['\0'; N];
    let (mut at, mut number) = (0, 0);
    while at < text.len() {
        let (c, next) = decode(text.as_bytes(), at);
        at = next;
        // Insertion: the sets are short, and this runs in the compiler.
        let mut place = number;
        while place > 0 && found[place - 1] as u32 > c as u32 {
            found[place] = found[place - 1];
            place -= 1;
        }
        found[place] = c;
        number += 1;
    }
    found
}

/// The code points of three bytes that are one plain character each, and none of some, of
/// letters and of digits; a bit for each code point of the Basic Multilingual Plane.
pub(super) struct Quiet(Bits);

type Bits = [u64; 1 << 10];

const fn add(bits: &mut Bits, code_point: u32) {
    bits[code_point as usize / 64] |= 1 << (code_point % 64);
}

const fn has(bits: &Bits, code_point: u32) -> bool {
    bits[code_point as usize / 64] >> (code_point % 64) & 1 != 0
}

impl Quiet {
    pub(super) const fn but(sets: &[&str]) -> Quiet {
        let (mut said, mut set) = ([0; 1 << 10], 0);
        while set < sets.len() {
            let mut at = 0;
            while at < sets[set].len() {
                let (c, next) = decode(sets[set].as_bytes(), at);
                add(&mut said, c as u32);
                at = next;
            }
            set += 1;
        }
        let (mut bits, mut code_point) = ([0; 1 << 10], 0x800);
        while code_point <= 0xFFFF {
            let is_surrogate = code_point >= 0xD800 && code_point < 0xE000;
            if !is_surrogate
                && let Some(plain) = fold::only_seen(code_point as u16)
                && !(plain <= 0xFFFF && has(&said, plain))
                && !(plain < 0x80 && (plain as u8).is_ascii_alphanumeric())
            {
                add(&mut bits, code_point);
            }
            code_point += 1;
        }
        Quiet(bits)
    }

    /// Whether a code point is one of them.
    #[inline(always)]
    pub(super) fn has(&self, code_point: u16) -> bool {
        has(&self.0, code_point as u32)
    }
}

/// Whether a character is in a literal set: `among!("号码", c)`.
macro_rules! among {
    ($set:expr, $c:expr) => {{
        const SET: [char; $crate::contact::characters::count($set)] =
            $crate::contact::characters::sorted($set);
        SET.binary_search(&$c).is_ok()
    }};
}
pub(super) use among;

#[cfg(test)]
mod tests {
    use crate::fold;

    #[test]
    fn sets_hold_their_characters() {
        for c in "号码q➡é".chars() {
            assert!(among!("号码q➡é", c), "{c}");
        }
        assert!(!among!("号码q➡é", '微') && !among!("", 'x'));
    }

    #[test]
    fn what_is_one_character_is_quiet_but_for_some() {
        static QUIET: super::Quiet = super::Quiet::but(&["号", "码"]);
        for code_point in 0..=u16::MAX {
            let c = char::from_u32(code_point.into());
            let fold = c.filter(|c| *c >= '\u{800}').map(fold::lookup);
            let only = fold.filter(|fold| !fold.is_unseen()).and_then(|fold| fold.only());
            let is_quiet =
                only.is_some_and(|c| !c.is_ascii_alphanumeric() && !"号码".contains(c));
            assert_eq!(QUIET.has(code_point), is_quiet, "{code_point:04X}");
        }
        for c in "号號码Ａ１①⑩\u{200B}".chars() {
            assert!(!QUIET.has(c as u16), "{c:?}");
        }
        assert!("山，。“：".chars().all(|c| QUIET.has(c as u16)));
    }
}
