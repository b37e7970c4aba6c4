//! What must not be shown as it stands.

use super::table::{Noise, lookup};

/// Whether a code point must be shown as an escape: it moves the cursor or the
/// direction of writing, or nothing of it would be seen. `before` is the code
/// point before it, `None` at the start of the text.
///
/// Selectors and joiners of emoji are not hidden behind what they belong to.
///
/// ```
/// use huoyan::fold::is_hidden;
///
/// assert!(is_hidden('\u{200B}', Some('微')));
/// assert!(is_hidden('\u{202E}', None));
/// assert!(is_hidden('\u{FE0F}', Some('微')));
/// assert!(!is_hidden('\u{FE0F}', Some('❤')));
/// assert!(!is_hidden('信', None));
/// ```
pub fn is_hidden(c: char, before: Option<char>) -> bool {
    match lookup(c).noise() {
        Some(Noise::Invisible) if matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{200D}') => {
            !before.is_some_and(|b| {
                b == '\u{FE0F}' || lookup(b).noise() == Some(Noise::Symbol)
            })
        }
        Some(Noise::Invisible | Noise::Private | Noise::Break) => true,
        _ => c.is_control(),
    }
}
