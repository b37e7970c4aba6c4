//! The built-in ruleset, `wechat-trade`.

use crate::ruleset::Ruleset;
use alloc::boxed::Box;
use once_cell::race::OnceBox;

/// The compiled form of `packs/wechat-trade.toml`, by `cargo xtask gen-packs`.
static BYTES: &[u8] = include_bytes!("../packs/wechat-trade.huoyan");

static BUILTIN: OnceBox<Ruleset<'static>> = OnceBox::new();

impl Ruleset<'static> {
    /// The built-in ruleset, `wechat-trade`: one value for the process, loaded at
    /// first use.
    ///
    /// ```
    /// assert_eq!(huoyan::Ruleset::builtin().id(), "wechat-trade");
    /// ```
    ///
    /// # Panics
    ///
    /// Never: a test loads the embedded bytes.
    pub fn builtin() -> &'static Ruleset<'static> {
        BUILTIN.get_or_init(|| match Ruleset::from_builtin_bytes(BYTES) {
            Ok(ruleset) => Box::new(ruleset),
            Err(error) => unreachable!("the embedded ruleset: {error}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody checks them again.
    #[test]
    fn the_embedded_bytes_are_sound() {
        let checked = Ruleset::from_bytes(BYTES).expect("a ruleset");
        let builtin = Ruleset::builtin();
        assert_eq!(checked.checksum(), builtin.checksum());
        assert_eq!(checked.threshold().to_bits(), builtin.threshold().to_bits());
    }
}
