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

/// The plain characters of three bytes but for some, a bit for each code point of the
/// Basic Multilingual Plane.
pub(super) struct Quiet([u64; 1 << 10]);

impl Quiet {
    pub(super) const fn but(sets: &[&str]) -> Quiet {
        let (mut bits, mut word, mut set) = (fold::plain_bits(), 0, 0);
        // Neither shorter ones nor surrogates.
        while word < bits.len() {
            if word < 0x800 / 64 || word >= 0xD800 / 64 && word < 0xE000 / 64 {
                bits[word] = 0;
            }
            word += 1;
        }
        while set < sets.len() {
            let mut at = 0;
            while at < sets[set].len() {
                let (c, next) = decode(sets[set].as_bytes(), at);
                bits[c as usize / 64] &= !(1 << (c as u32 % 64));
                at = next;
            }
            set += 1;
        }
        Quiet(bits)
    }

    /// Whether a code point is one of them.
    #[inline(always)]
    pub(super) fn has(&self, code_point: u16) -> bool {
        self.0[usize::from(code_point) / 64] >> (code_point % 64) & 1 != 0
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
    fn what_is_plain_is_quiet_but_for_some() {
        static QUIET: super::Quiet = super::Quiet::but(&["号码", "➡"]);
        for code_point in 0..=u16::MAX {
            let c = char::from_u32(code_point.into());
            let is_plain = c.filter(|c| *c >= '\u{800}' && !"号码➡".contains(*c));
            let is_plain = is_plain.is_some_and(|c| {
                let fold = fold::lookup(c);
                fold.only() == Some(c)
                    && fold.disguise().is_none()
                    && fold.noise().is_none()
            });
            assert_eq!(QUIET.has(code_point), is_plain, "{code_point:04X}");
        }
        assert!("号码➡".chars().all(|c| !QUIET.has(c as u16)));
    }
}
