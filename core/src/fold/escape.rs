//! Characters written as escapes: `&#24494;`, `%E5%BE%AE`, `\u5fae`.

use super::decode::{REPLACEMENT, decode_last, decode_number};

/// Longest escape, in bytes: four percent-encoded bytes, or two `\u` units.
pub(crate) const ESCAPE_BYTES_MAX: usize = 12;

/// Whether a byte may begin an escape.
#[inline(always)]
pub(crate) const fn begins_escape(byte: u8) -> bool {
    matches!(byte, b'&' | b'%' | b'\\')
}

/// Whether an escape may begin in some bytes.
#[inline]
pub(crate) fn may_have_escape(bytes: &[u8]) -> bool {
    // Without a way out, so that it is done with vectors.
    bytes.iter().fold(false, |found, byte| found | begins_escape(*byte))
}

/// Decodes the code point at the start of `bytes`, with its length in bytes;
/// an escape counts as the code point that it stands for.
///
/// Only escapes of code points outside ASCII are decoded: those of ASCII are
/// ordinary in links and code. Invalid UTF-8 and the end of input are as in
/// [`decode`](super::decode()).
#[inline(always)]
pub fn decode_escaped(bytes: &[u8]) -> Option<(char, usize)> {
    let (code_point, length) = decode_escaped_number(bytes)?;
    Some((char::from_u32(code_point).unwrap_or(REPLACEMENT), length))
}

/// [`decode_escaped`] as [`decode_number`](super::decode::decode_number).
#[inline(always)]
pub(crate) fn decode_escaped_number(bytes: &[u8]) -> Option<(u32, usize)> {
    let (code_point, length) = decode_number(bytes)?;
    if code_point < 0x80
        && begins_escape(code_point as u8)
        && let Some((escaped, length)) = escape(bytes)
    {
        return Some((escaped as u32, length));
    }
    Some((code_point, length))
}

/// [`decode_last`](super::decode_last) of what is before a place, where an escape is the
/// code point that it stands for. What is behind counts, too: an escape goes on as long as
/// it can.
pub(crate) fn decode_last_escaped(text: &[u8], at: usize) -> Option<(char, usize)> {
    let (c, length) = decode_last(text.get(..at)?)?;
    if c == ';' || c == '}' || c.is_ascii_hexdigit() {
        for start in (at.saturating_sub(ESCAPE_BYTES_MAX)..at).rev() {
            if begins_escape(text[start])
                && let Some((escaped, length)) = escape(&text[start..])
                && start + length == at
            {
                return Some((escaped, length));
            }
        }
    }
    Some((c, length))
}

/// A place, or the end of the escape that it is in the midst of.
pub(crate) fn end_of_escape_around(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(ESCAPE_BYTES_MAX - 1);
    if !may_have_escape(bytes.get(from..at).unwrap_or(&[])) {
        return at;
    }
    let ends =
        (from..at).filter(|start| begins_escape(bytes[*start])).filter_map(|start| {
            let (_, length) = escape(&bytes[start..])?;
            Some(start + length)
        });
    ends.fold(at, usize::max)
}

#[cold]
#[inline(never)]
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let head = &bytes[..bytes.len().min(ESCAPE_BYTES_MAX)];
    let found = match head {
        [b'&', b'#', b'x' | b'X', ..] => entity(head, 3, 16),
        [b'&', b'#', ..] => entity(head, 2, 10),
        [b'%', ..] => percent(head),
        [b'\\', b'u' | b'U', ..] => unicode(head),
        _ => None,
    };
    found.filter(|(c, _)| !c.is_ascii())
}

/// `&#24494;` or `&#x5fae;`; the semicolon may be missing.
fn entity(head: &[u8], from: usize, radix: u32) -> Option<(char, usize)> {
    let digits =
        head[from..].iter().take_while(|b| char::from(**b).is_digit(radix)).count();
    let value = number(head.get(from..from + digits)?, radix)?;
    let end = from + digits;
    Some((char::from_u32(value)?, end + usize::from(head.get(end) == Some(&b';'))))
}

/// `%E5%BE%AE`: percent-encoded UTF-8.
fn percent(head: &[u8]) -> Option<(char, usize)> {
    let mut raw = [0; 4];
    let mut length = 0;
    for (byte, unit) in raw.iter_mut().zip(head.chunks_exact(3)) {
        let (b'%', Some(value)) = (unit[0], number(&unit[1..], 16)) else { break };
        *byte = value as u8;
        length += 1;
    }
    let text = match core::str::from_utf8(&raw[..length]) {
        Ok(text) => text,
        Err(error) => core::str::from_utf8(&raw[..error.valid_up_to()]).ok()?,
    };
    let first = text.chars().next()?;
    Some((first, 3 * first.len_utf8()))
}

/// `\u5fae`, `\u{5fae}`, or a pair of surrogates.
fn unicode(head: &[u8]) -> Option<(char, usize)> {
    if let [_, _, b'{', rest @ ..] = head {
        let close = rest.iter().position(|b| *b == b'}')?;
        return Some((char::from_u32(number(&rest[..close], 16)?)?, close + 4));
    }
    let first = number(head.get(2..6)?, 16)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some((char::from_u32(first)?, 6));
    }
    let second = match head.get(6..8)? {
        [b'\\', b'u' | b'U'] => number(head.get(8..12)?, 16)?,
        _ => return None,
    };
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)?, 12))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0u32, |value, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        value.checked_mul(radix)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;

    #[test]
    fn escapes_are_read() {
        let read = |text: &str| decode_escaped(text.as_bytes()).unwrap();
        for (text, expected) in [
            ("&#24494;x", ('微', 8)),
            ("&#24494x", ('微', 7)),
            ("&#x5fAe;", ('微', 8)),
            ("%E5%BE%AE%E4", ('微', 9)),
            ("%e5%be%ae", ('微', 9)),
            ("\\u5FAE信", ('微', 6)),
            ("\\u{5fae}", ('微', 8)),
            ("\\uD83D\\uDE80", ('🚀', 12)),
            ("%F0%9F%9A%80", ('🚀', 12)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    /// `&#x4fe1` is none where `ba` follows: that is beyond all code points.
    #[test]
    fn what_is_read_from_its_end_is_what_is_read_from_its_start() {
        let texts = [
            "&#x4fe1ba",
            "a&#x61bbab",
            "&#1381234",
            "&#24494;&#20449",
            "%E5%BE%AE%E4",
            "\\uD83D\\uDE80;",
        ];
        for text in texts.map(str::as_bytes) {
            let (mut places, mut at) = (Vec::new(), 0);
            while let Some((c, length)) = decode_escaped(&text[at..]) {
                at += length;
                places.push((at, c, length));
            }
            for (at, c, length) in places {
                assert_eq!(decode_last_escaped(text, at), Some((c, length)), "{at}");
            }
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [
            "&#", "&#;", "&amp;", "&#55296;", "%zz", "%E5%B", "%20", "\\u12", "\\uD83Dx",
            "&#65;", "%",
        ] {
            assert_eq!(
                decode_escaped(text.as_bytes()),
                decode(text.as_bytes()),
                "{text}"
            );
        }
        assert_eq!(decode_escaped(b"&#99999999999;"), Some(('&', 1)));
    }
}
