//! The kinds of disguise, and sets of them.

use crate::bits::Bits;
use core::fmt;
use core::iter::FusedIterator;

/// A way in which text is disguised.
///
/// The first group is undone by the fold table, for every term. The second
/// group lies between the letters of a word. The third replaces letters of a
/// term and is undone only for terms that expect it; its members may have a
/// risk in the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[repr(u8)]
#[non_exhaustive]
pub enum Disguise {
    /// Upper case. Ordinary in writing, so hits do not report it.
    Case = 0,
    /// Full-width or half-width form: `Ｖ`.
    Width = 1,
    /// Styled letter or digit: `𝐯`, `ᵛ`, `ᴠ`, `Ⅴ`.
    Style = 2,
    /// Enclosed form: `ⓥ`, `🆅`, `㊟`, `⒈`.
    Enclosed = 3,
    /// Digit of another script: `٣`.
    Digit = 4,
    /// Letter with marks: `ṽ`.
    Diacritic = 5,
    /// Letter of another script that looks alike: `ѵ`.
    Homoglyph = 6,
    /// Traditional character: `冊`.
    Traditional = 7,
    /// Variant character: `収`, or an ambiguous one such as `仮`.
    Variant = 8,
    /// CJK compatibility ideograph: `練` (U+F996).
    Compatibility = 9,
    /// Kangxi or CJK radical: `⽀`.
    Radical = 10,
    /// Invisible code points between letters.
    Invisible = 11,
    /// Combining marks between letters.
    Combining = 12,
    /// Private-use code points between letters.
    Private = 13,
    /// Visible noise between letters: spaces, punctuation, symbols, emoji.
    Separator = 14,
    /// A letter written more than once: `微微信`.
    Repeat = 15,
    /// A lone letter or digit between Chinese characters: `微1信`.
    Filler = 16,
    /// Same syllable, a character outside the 8,105 standard ones: `嶶信`.
    RareHomophone = 17,
    /// The replacement contains the character as a component: `薇` for `微`.
    Component = 18,
    /// The character's parts, one after the other: `亻言` for `信`.
    Split = 19,
    /// Latin letters of the syllable: `weixin`.
    Pinyin = 20,
    /// Same syllable, a common character, any tone: `威信`.
    Homophone = 21,
    /// Almost the same syllable (n/l, zh/z, in/ing): `卫星`.
    NearHomophone = 22,
    /// Looks alike: `徽信`; for Latin letters `√`, `\/`.
    Glyph = 23,
    /// First letter of the syllable: `V信`, `wx`.
    Initials = 24,
    /// An emoji whose name is, or sounds like, the word: `❤` for `信`.
    Emoji = 25,
    /// The term's characters in reverse: `信微`.
    Reorder = 26,
    /// A component stands for the character: `果` for `裸`.
    Drop = 27,
    /// Bopomofo spelling of the syllable: `ㄨㄟ`.
    Bopomofo = 28,
    /// Written as an escape: `&#24494;`, `%E5%BE%AE`, `\u5fae`. Undone for
    /// every term.
    Escape = 29,
    /// Displayed from right to left by an override. Undone for every term.
    Override = 30,
}

impl Disguise {
    /// Every kind, in the order of the discriminants.
    pub const ALL: &'static [Disguise] = {
        use Disguise::*;
        &[
            Case,
            Width,
            Style,
            Enclosed,
            Digit,
            Diacritic,
            Homoglyph,
            Traditional,
            Variant,
            Compatibility,
            Radical,
            Invisible,
            Combining,
            Private,
            Separator,
            Repeat,
            Filler,
            RareHomophone,
            Component,
            Split,
            Pinyin,
            Homophone,
            NearHomophone,
            Glyph,
            Initials,
            Emoji,
            Reorder,
            Drop,
            Bopomofo,
            Escape,
            Override,
        ]
    };

    /// The name that packs, JSON output and `explain` use: `"rare-homophone"`.
    pub const fn name(self) -> &'static str {
        const NAMES: [&str; 31] = [
            "case",
            "width",
            "style",
            "enclosed",
            "digit",
            "diacritic",
            "homoglyph",
            "traditional",
            "variant",
            "compatibility",
            "radical",
            "invisible",
            "combining",
            "private",
            "separator",
            "repeat",
            "filler",
            "rare-homophone",
            "component",
            "split",
            "pinyin",
            "homophone",
            "near-homophone",
            "glyph",
            "initials",
            "emoji",
            "reorder",
            "drop",
            "bopomofo",
            "escape",
            "override",
        ];
        NAMES[self as usize]
    }

    /// The kind with this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Disguise> {
        Self::ALL.iter().copied().find(|d| d.name() == name)
    }

    /// The kind with this discriminant.
    pub const fn from_index(index: u8) -> Option<Disguise> {
        if (index as usize) < Self::ALL.len() {
            Some(Self::ALL[index as usize])
        } else {
            None
        }
    }
}

impl fmt::Display for Disguise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of [`Disguise`] kinds, as a bit mask.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DisguiseSet(u32);

impl DisguiseSet {
    /// The set without a member.
    pub const EMPTY: DisguiseSet = DisguiseSet(0);

    /// Bit `n` of the mask is the kind with discriminant `n`.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set with this mask; unknown bits are dropped.
    pub const fn from_bits(bits: u32) -> DisguiseSet {
        DisguiseSet(bits & ((1 << Disguise::ALL.len()) - 1))
    }

    /// Whether the set has no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `kind` is a member.
    pub const fn contains(self, kind: Disguise) -> bool {
        self.0 & (1 << kind as u32) != 0
    }

    /// Adds `kind`.
    pub const fn insert(&mut self, kind: Disguise) {
        self.0 |= 1 << kind as u32;
    }

    /// The members of either set.
    #[must_use]
    pub const fn union(self, other: DisguiseSet) -> DisguiseSet {
        DisguiseSet(self.0 | other.0)
    }

    /// The set without `kind`.
    #[must_use]
    pub const fn without(self, kind: Disguise) -> DisguiseSet {
        DisguiseSet(self.0 & !(1 << kind as u32))
    }

    /// The members, in the order of the discriminants.
    pub fn iter(
        self,
    ) -> impl ExactSizeIterator<Item = Disguise> + DoubleEndedIterator + FusedIterator
    {
        // No mask has a bit that is no kind.
        Bits(self.0.into()).map(|bit| Disguise::ALL[usize::from(bit)])
    }
}

impl FromIterator<Disguise> for DisguiseSet {
    fn from_iter<I: IntoIterator<Item = Disguise>>(kinds: I) -> Self {
        let mut set = DisguiseSet::EMPTY;
        kinds.into_iter().for_each(|kind| set.insert(kind));
        set
    }
}

impl fmt::Debug for DisguiseSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Disguise::name)).finish()
    }
}
