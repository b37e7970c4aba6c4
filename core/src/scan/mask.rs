//! Masking: findings and contacts out of sight.

use super::verdict::Verdict;
use crate::fold::decode;
use core::fmt::{self, Write};

/// Writes a text with the findings and contacts of its verdict masked by `*`,
/// one for each code point; white space stays.
///
/// # Errors
///
/// What `out` returns.
pub fn mask(verdict: &Verdict<'_>, text: &str, out: &mut impl Write) -> fmt::Result {
    let mut pieces = mask_bytes(verdict, text.as_bytes());
    // Pieces are code points of a string, or `*`.
    pieces.try_for_each(|piece| out.write_str(core::str::from_utf8(piece).unwrap_or("*")))
}

/// [`mask`] for bytes that need not be valid UTF-8: the pieces of the masked
/// text. An invalid sequence counts as one code point. Allocates nothing.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use huoyan::{Ruleset, Scratch, mask_bytes};
///
/// let (ruleset, text) = (Ruleset::builtin(), "大量V信号出售");
/// let mut scratch = Scratch::new(ruleset);
/// let verdict = ruleset.scan(&mut scratch, text);
/// let masked: Vec<u8> = mask_bytes(&verdict, text.as_bytes()).flatten().copied().collect();
/// assert!(masked.ends_with(b"**"));
/// # }
/// ```
pub fn mask_bytes<'t>(
    verdict: &Verdict<'_>,
    text: &'t [u8],
) -> impl Iterator<Item = &'t [u8]> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let (c, length) = decode(rest)?;
        let covered = verdict.findings().any(|finding| finding.range().contains(&at))
            || verdict.contacts().any(|contact| contact.range().contains(&at));
        at += length;
        if covered && !c.is_whitespace() { Some(&b"*"[..]) } else { rest.get(..length) }
    })
}
