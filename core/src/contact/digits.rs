//! Readings of characters as digits.
//!
//! Folding already makes plain digits of full-width, circled, styled and
//! other-script ones. What is left is ambiguous: numerals of Chinese writing,
//! words that sound like digits, letters that look like them. They are digits
//! only inside a run of digits, which is for [`super::run`] to judge.

use super::characters::{among, count, decode};

/// How sure it is that a character stands for a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sureness {
    /// A plain digit.
    Plain,
    /// A numeral: `七`, `柒`, `〇`.
    Numeral,
    /// A letter or sign that looks like a digit: `o`, `l`, `○`.
    Shape,
    /// A word that sounds like a digit: `久`, `琪`.
    Sound,
}

/// The characters of each digit, after folding: numerals, then those that
/// sound like it.
const DIGITS: [(&str, &str); 10] = [
    ("〇零", "洞灵林玲铃凌令另龄淋临拎"),
    ("一壹弌幺", "妖腰邀医衣依伊易义吆"),
    ("二贰弍两", "儿而耳尔饵俩"),
    ("三叁弎", "散伞山叄仨"),
    ("四肆亖", "司思斯丝死寺似撕"),
    ("五伍", "吴午舞武吾无雾捂误"),
    ("六陆", "溜留流刘柳碌遛"),
    ("七柒", "其琪奇棋期妻漆齐骑"),
    ("八捌", "扒巴把爸吧霸芭拔叭"),
    ("九玖", "久酒就旧究韭舅灸玫"),
];

/// How many characters there are in [`DIGITS`].
const COUNT: usize = {
    let (mut digit, mut number) = (0, 0);
    while digit < DIGITS.len() {
        number += count(DIGITS[digit].0) + count(DIGITS[digit].1);
        digit += 1;
    }
    number
};

/// The characters of [`DIGITS`], ascending, with what they are.
const READINGS: [(char, (u8, Sureness)); COUNT] = {
    let mut found = [('\0', (0, Sureness::Plain)); COUNT];
    let (mut digit, mut number) = (0, 0);
    while digit < DIGITS.len() {
        let (numerals, sounds) = DIGITS[digit];
        let kinds = [(numerals, Sureness::Numeral), (sounds, Sureness::Sound)];
        let mut kind = 0;
        while kind < kinds.len() {
            let (text, sureness) = kinds[kind];
            let mut at = 0;
            while at < text.len() {
                let (c, next) = decode(text.as_bytes(), at);
                at = next;
                let mut place = number;
                while place > 0 && found[place - 1].0 as u32 > c as u32 {
                    found[place] = found[place - 1];
                    place -= 1;
                }
                found[place] = (c, (digit as u8, sureness));
                number += 1;
            }
            kind += 1;
        }
        digit += 1;
    }
    found
};

/// What a folded character is as a digit, 0 to 9, and how surely.
pub(super) fn read(c: char) -> Option<(u8, Sureness)> {
    match c {
        '0'..='9' => Some((c as u8 - b'0', Sureness::Plain)),
        'o' | '○' | '◯' => Some((0, Sureness::Shape)),
        'l' | 'i' => Some((1, Sureness::Shape)),
        c if c.is_ascii() => None,
        c => {
            let place = READINGS.binary_search_by_key(&c, |(known, _)| *known).ok()?;
            READINGS.get(place).map(|(_, reading)| *reading)
        }
    }
}

/// The digit that a folded character stands for in a run of digits.
pub(super) fn digit(c: char) -> Option<char> {
    read(c).map(|(digit, _)| char::from(b'0' + digit))
}

/// The digit that a numeral stands for; plain digits are their own.
pub(super) fn numeral(c: char) -> Option<char> {
    let (digit, sureness) = read(c)?;
    matches!(sureness, Sureness::Plain | Sureness::Numeral)
        .then(|| char::from(b'0' + digit))
}

/// Whether a character after a number says what it counts, so that it is no
/// identifier: `588元`.
pub(super) fn is_unit(c: char) -> bool {
    among!("元块圆个天年月日万亿千百%次条人粉份名点岁斤米套枚单分秒起位币期字家倍张", c)
}

/// Whether a numeral before this character is the beginning of a word rather
/// than the end of a number: `一起`.
pub(super) fn begins_word(c: char) -> bool {
    among!("起个下次些样直定天年月块般位对点路种名元百千万切共旦生边会", c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_has_numerals_and_sounds_and_no_character_two_readings() {
        let mut seen = std::collections::HashSet::new();
        for (numerals, sounds) in DIGITS {
            assert!(!numerals.is_empty() && !sounds.is_empty());
            for c in numerals.chars().chain(sounds.chars()) {
                assert!(seen.insert(c), "{c} twice");
            }
        }
    }

    #[test]
    fn readings_tell_how_sure_they_are() {
        assert_eq!(read('7'), Some((7, Sureness::Plain)));
        assert_eq!(read('柒'), Some((7, Sureness::Numeral)));
        assert_eq!(read('琪'), Some((7, Sureness::Sound)));
        assert_eq!(read('o'), Some((0, Sureness::Shape)));
        assert_eq!(read('十'), None, "often a plus sign");
        assert_eq!(
            (digit('久'), numeral('久'), numeral('九')),
            (Some('9'), None, Some('9'))
        );
    }
}
