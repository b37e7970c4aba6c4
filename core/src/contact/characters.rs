//! Sets of characters, sorted at compile time.

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

/// A bit for the lowest ten bits of each of some characters.
pub(super) struct Marks([u64; Marks::WORDS]);

impl Marks {
    const WORDS: usize = 16;

    const fn word(c: char) -> usize {
        c as usize >> 6 & (Marks::WORDS - 1)
    }

    pub(super) const fn of(sets: &[&str]) -> Marks {
        let mut marks = [0; Marks::WORDS];
        let mut set = 0;
        while set < sets.len() {
            let mut at = 0;
            while at < sets[set].len() {
                let (c, next) = decode(sets[set].as_bytes(), at);
                marks[Marks::word(c)] |= 1 << (c as u32 & 63);
                at = next;
            }
            set += 1;
        }
        Marks(marks)
    }

    /// Whether a character may be one of them; no false negatives.
    #[inline]
    pub(super) const fn may_have(&self, c: char) -> bool {
        self.0[Marks::word(c)] >> (c as u32 & 63) & 1 != 0
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
    #[test]
    fn sets_hold_their_characters() {
        for c in "号码q➡é".chars() {
            assert!(among!("号码q➡é", c), "{c}");
        }
        assert!(!among!("号码q➡é", '微') && !among!("", 'x'));
    }

    #[test]
    fn marks_have_their_characters() {
        const MARKS: super::Marks = super::Marks::of(&["号码", "q➡é"]);
        assert!("号码q➡é".chars().all(|c| MARKS.may_have(c)));
        assert!(!"微信".chars().any(|c| MARKS.may_have(c)));
    }
}
