//! Where the name of a platform ends and its identifier begins.

use super::words::{self, Word};
use crate::fold::{self, Fold};

/// Whether a name that ends at a place does not end inside a word, unless
/// the digits of its identifier follow: `加q12345` but not `加qazx12345`.
pub(super) fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    // The letters at the end of the name, the last first.
    let mut tail = [' '; 8];
    let (mut length, mut at) = (0, end);
    while let Some((fold, width)) = seen_before(text, at) {
        let c = fold.first();
        if length == tail.len() || !c.is_ascii_alphanumeric() {
            break;
        }
        tail[length] = c;
        length += 1;
        at -= width;
    }
    if length == 0 {
        return true;
    }
    let rest = fold::fold_bytes(text).starting_at(end).take(24);
    let (mut digits, mut letters, mut hyphen) = (0, 0, false);
    for c in rest.map(|next| next.char) {
        match c {
            '0'..='9' => digits += 1,
            'a'..='z' => letters += 1,
            '-' | '_' if digits == 0 => hyphen = true,
            _ => break,
        }
    }
    let known =
        words::letters(|word| tail[..length].iter().rev().copied().eq(word.chars()));
    match (digits, letters) {
        (0, 0) => true,
        (0, _) => false,
        (_, _) if hyphen => true,
        (4.., 0) => known.is_some(),
        // `加vabc123`; for others the letters are the identifier's.
        (3.., _) => {
            known == Some(Word::Platform("wechat")) && start < at && is_close(text, at)
        }
        _ => false,
    }
}

/// Whether a letter, not a mark, stands right before a place.
fn is_close(text: &[u8], at: usize) -> bool {
    seen_before(text, at).is_some_and(|(fold, _)| fold.noise().is_none())
}

/// The last character before a place of which there is something to be seen, and
/// how many bytes there are from it to the place.
fn seen_before(text: &[u8], at: usize) -> Option<(Fold, usize)> {
    let mut taken = 0;
    // As far as a hit looks.
    for _ in 0..8 {
        let (c, length) = fold::decode_last_escaped(text, at.checked_sub(taken)?)?;
        taken += length;
        let fold = fold::lookup(c);
        if !fold.is_unseen() {
            return Some((fold, taken));
        }
    }
    None
}

/// `\/`, a letter V drawn with strokes, of which the first ends at a place.
/// Gives its end.
pub(super) fn strokes(text: &[u8], mut at: usize) -> Option<usize> {
    for _ in 0..2 {
        let folded = fold::fold_bytes(text).starting_at(at).next()?;
        match folded.char {
            '/' => return Some(folded.end),
            ' ' => at = folded.end,
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_no_word_goes_on() {
        // What is before the name, the name, what is behind it.
        let rows = [
            ("", "微信", "abc", true),
            ("", "vx", "：abc", true),
            ("", "tg", "abc", false),
            // The digits of an identifier that the letters announce.
            ("", "加q", "12345", true),
            ("", "加q", "1234", true),
            ("", "加q", "123", false),
            ("", "加qazx", "12345", false),
            // Nobody writes a hyphen in a name.
            ("", "tg", "_ab12", true),
            ("", "tg", "a_12345", true),
            ("", "tg", "12-34", false),
            // Only a V behind a verb has an identifier that begins with letters.
            ("", "加v", "abc123", true),
            ("", "加v", "abc12", false),
            ("", "加 v", "abc123", false),
            ("找", "v", "abc123", false),
            ("", "v", "abc123", false),
            ("", "加q", "abc123", false),
        ];
        for (before, name, behind, wanted) in rows {
            let text = [before, name, behind].concat();
            let (start, end) = (before.len(), before.len() + name.len());
            assert_eq!(is_whole(text.as_bytes(), start, end), wanted, "{text}");
        }
    }

    #[test]
    fn two_strokes_are_a_letter_with_one_space_between_at_most() {
        assert_eq!(strokes(b"\\/x", 1), Some(2));
        assert_eq!(strokes(b"\\ /x", 1), Some(3));
        assert_eq!(strokes(b"\\  /x", 1), None);
        assert_eq!(strokes(b"\\x/", 1), None);
        assert_eq!(strokes(b"\\", 1), None);
    }
}
