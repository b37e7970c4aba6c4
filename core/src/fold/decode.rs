//! UTF-8 decoding that never fails.

/// What an invalid sequence decodes to: U+FFFD.
pub const REPLACEMENT: char = '\u{FFFD}';

/// Decodes the code point at the start of `bytes`, with its length in bytes.
///
/// An invalid sequence gives U+FFFD and the length of its maximal subpart
/// (Unicode 17, section 3.9, "U+FFFD Substitution of Maximal Subparts"), as
/// [`String::from_utf8_lossy`](https://doc.rust-lang.org/std/string/struct.String.html#method.from_utf8_lossy)
/// does. `None` at the end of input.
#[inline(always)]
pub fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let (code_point, length) = decode_number(bytes)?;
    Some((char::from_u32(code_point).unwrap_or(REPLACEMENT), length))
}

/// [`decode`] without the proof that the number is a `char`, which it is: the
/// scanner's loop saves what the proof costs.
#[inline(always)]
pub(crate) fn decode_number(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((u32::from(first), 1));
    }
    // Most Chinese text.
    if let Some(code_point) = decode_three_at(bytes, 0) {
        return Some((code_point, 3));
    }
    let (rare, length) = decode_rare(bytes);
    Some((rare as u32, length))
}

/// The code point that three bytes are, if they are one: neither overlong nor a
/// surrogate. Its upper bits, and the lower six.
#[inline(always)]
pub(crate) fn halves_of_three(bytes: [u8; 3]) -> Option<(u32, u32)> {
    let bits = bits_of_three(bytes)?;
    let (upper, lower) = (u32::from(bits >> 6), u32::from(bits & 0x3F));
    // From U+0800 on; most are below the surrogates.
    if upper.wrapping_sub(0x800 >> 6) >= 0xD000 >> 6 && upper < 0xE000 >> 6 {
        return None;
    }
    Some((upper, lower))
}

/// The bits that three bytes have, if they have the form of a code point, though they may
/// be overlong or a surrogate.
#[inline(always)]
pub(crate) fn bits_of_three(bytes: [u8; 3]) -> Option<u16> {
    let [first, second, third] = bytes;
    // All three at once.
    let word = u32::from_le_bytes([first, second, third, 0]);
    let bits = (word & 0xF) << 12 | word >> 2 & 0xFC0 | word >> 16 & 0x3F;
    (word & 0xC0_C0_F0 == 0x80_80_E0).then_some(bits as u16)
}

/// The same of the first two that eight bytes have, the first byte in the lowest bits.
#[inline(always)]
pub(crate) fn bits_of_two_threes(word: u64) -> Option<[u16; 2]> {
    /// The same for both.
    const fn both(bits: u64) -> u64 {
        bits << 24 | bits
    }
    let bits =
        (word & both(0xF)) << 12 | word >> 2 & both(0xFC0) | word >> 16 & both(0x3F);
    let has_form = word & both(0xC0_C0_F0) == both(0x80_80_E0);
    has_form.then_some([bits as u16, (bits >> 24) as u16])
}

/// The same as one number.
#[inline(always)]
fn decode_three(bytes: [u8; 3]) -> Option<u32> {
    halves_of_three(bytes).map(|(upper, lower)| upper << 6 | lower)
}

/// The same of the three bytes from a place on.
#[inline(always)]
pub(crate) fn decode_three_at(bytes: &[u8], at: usize) -> Option<u32> {
    decode_three(*bytes.get(at..)?.first_chunk()?)
}

#[cold]
#[inline(never)]
fn decode_rare(bytes: &[u8]) -> (char, usize) {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match core::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() > 0 => {
            core::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(error) => {
            return (REPLACEMENT, error.error_len().unwrap_or(head.len()).max(1));
        }
    };
    valid.chars().next().map_or((REPLACEMENT, 1), |found| (found, found.len_utf8()))
}

/// Decodes the code point that ends at the end of `bytes`, with its length.
///
/// An invalid sequence gives U+FFFD and length 1. `None` on empty input.
pub fn decode_last(bytes: &[u8]) -> Option<(char, usize)> {
    // What most text is made of.
    match bytes {
        [.., last] if last.is_ascii() => return Some((char::from(*last), 1)),
        [.., a, b, c] => {
            if let Some(found) = decode_three([*a, *b, *c]).and_then(char::from_u32) {
                return Some((found, 3));
            }
        }
        _ => {}
    }
    for length in 1..=bytes.len().min(4) {
        let tail = &bytes[bytes.len() - length..];
        if tail[0] & 0xC0 != 0x80 {
            return match decode(tail) {
                Some((found, taken)) if taken == length => Some((found, length)),
                _ => Some((REPLACEMENT, 1)),
            };
        }
    }
    bytes.last().map(|_| (REPLACEMENT, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard library's lossy decoding is the slow, obvious reference.
    fn assert_like_std(bytes: &[u8]) {
        let (mut found, mut at) = (String::new(), 0);
        while let Some((c, length)) = decode(&bytes[at..]) {
            found.push(c);
            at += length;
        }
        assert_eq!(found, String::from_utf8_lossy(bytes), "{bytes:x?}");
        assert_eq!(at, bytes.len());
    }

    #[test]
    fn decodes_as_std_does_on_every_pair_and_borders() {
        for a in 0..=255u8 {
            for b in 0..=255u8 {
                assert_like_std(&[a, b]);
                for tail in
                    [&[0x80u8, 0xBF][..], &[0x41], &[0xE5, 0xBE, 0xAE], &[0xF0, 0x9F]]
                {
                    assert_like_std(&[&[a, b], tail].concat());
                }
            }
        }
    }

    #[test]
    fn two_at_once_are_each_as_it_is_alone() {
        let pieces =
            ["微", "ﾟ", "\u{800}", "\u{FFFF}", "éa", "abc", "𝐕"].map(str::as_bytes);
        let broken: [&[u8]; 4] =
            [&[0xE0, 0x80, 0x80], &[0xED, 0xBF, 0xBF], &[0xE5, 0xBE, 0x2E], &[0xF5; 3]];
        let pieces: Vec<[u8; 3]> = pieces
            .iter()
            .chain(&broken)
            .map(|piece| *piece.first_chunk().unwrap())
            .collect();
        for (first, second) in
            pieces.iter().flat_map(|a| pieces.iter().map(move |b| (a, b)))
        {
            let mut bytes = [0xFF; 8];
            bytes[..3].copy_from_slice(first);
            bytes[3..6].copy_from_slice(second);
            let both = bits_of_two_threes(u64::from_le_bytes(bytes));
            let alone = bits_of_three(*first).zip(bits_of_three(*second));
            assert_eq!(both.map(|[a, b]| (a, b)), alone, "{bytes:x?}");
        }
        for first in 0x80..=0xFF {
            let bytes = [0xE5, first, 0xAE, 0xE5, 0xBE, first, 0, 0];
            let both = bits_of_two_threes(u64::from_le_bytes(bytes));
            assert_eq!(both.is_some(), first & 0xC0 == 0x80);
        }
    }

    #[test]
    fn last_is_the_mirror_of_first() {
        for c in ['v', 'é', '微', '𝐕'] {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            assert_eq!(decode_last(bytes), decode(bytes));
        }
        assert_eq!(decode_last(&[0xBE, 0xAE]), Some((REPLACEMENT, 1)));
        assert_eq!(decode_last(&[]), None);
    }
}
