//! Masking: findings and contacts out of sight.

use super::verdict::Verdict;
use core::fmt::{self, Write};

/// Writes a text with the findings and contacts of its verdict masked by `*`,
/// one for each code point; white space stays.
///
/// # Errors
///
/// What `out` returns.
pub fn mask(verdict: &Verdict<'_>, text: &str, out: &mut impl Write) -> fmt::Result {
    for (at, c) in text.char_indices() {
        let covered = verdict.findings().any(|finding| finding.range().contains(&at))
            || verdict.contacts().any(|contact| contact.range().contains(&at));
        out.write_char(if covered && !c.is_whitespace() { '*' } else { c })?;
    }
    Ok(())
}
