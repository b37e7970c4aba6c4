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
        let before = text.get(..at.checked_sub(taken)?)?;
        let (c, length) = fold::decode_last_escaped(before)?;
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
