//! Kinds of disguise, as bits of a set.

use crate::ffi::{boundary, output};
use crate::status::*;
use crate::text::hy_str;
use engine::fold::Disguise;

/// A set of disguises: HY_DISGUISE_* combined by `|`. A later version may set
/// further bits.
pub type hy_disguises = u64;

/// Upper case.
pub const HY_DISGUISE_CASE: hy_disguises = 1 << 0;
/// Full or half width: `ＶＸ`.
pub const HY_DISGUISE_WIDTH: hy_disguises = 1 << 1;
/// A style: `𝐕`.
pub const HY_DISGUISE_STYLE: hy_disguises = 1 << 2;
/// Circled or squared: `ⓥ`.
pub const HY_DISGUISE_ENCLOSED: hy_disguises = 1 << 3;
/// A digit of another script.
pub const HY_DISGUISE_DIGIT: hy_disguises = 1 << 4;
/// Diacritics: `ṽ`.
pub const HY_DISGUISE_DIACRITIC: hy_disguises = 1 << 5;
/// Looks like a Latin letter: `ѵ`.
pub const HY_DISGUISE_HOMOGLYPH: hy_disguises = 1 << 6;
/// A traditional character: `註`.
pub const HY_DISGUISE_TRADITIONAL: hy_disguises = 1 << 7;
/// A variant: `囘`.
pub const HY_DISGUISE_VARIANT: hy_disguises = 1 << 8;
/// Another compatibility form.
pub const HY_DISGUISE_COMPATIBILITY: hy_disguises = 1 << 9;
/// A radical: `⽀`.
pub const HY_DISGUISE_RADICAL: hy_disguises = 1 << 10;
/// Invisible code points between letters.
pub const HY_DISGUISE_INVISIBLE: hy_disguises = 1 << 11;
/// Combining marks.
pub const HY_DISGUISE_COMBINING: hy_disguises = 1 << 12;
/// Private-use code points.
pub const HY_DISGUISE_PRIVATE: hy_disguises = 1 << 13;
/// Spaces, punctuation, symbols or emoji between letters.
pub const HY_DISGUISE_SEPARATOR: hy_disguises = 1 << 14;
/// A letter repeated.
pub const HY_DISGUISE_REPEAT: hy_disguises = 1 << 15;
/// A letter or digit put between.
pub const HY_DISGUISE_FILLER: hy_disguises = 1 << 16;
/// A rare character that sounds alike: `嶶`.
pub const HY_DISGUISE_RARE_HOMOPHONE: hy_disguises = 1 << 17;
/// A character that contains the letter: `薇`.
pub const HY_DISGUISE_COMPONENT: hy_disguises = 1 << 18;
/// A character in parts: `亻言`.
pub const HY_DISGUISE_SPLIT: hy_disguises = 1 << 19;
/// Pinyin: `weixin`.
pub const HY_DISGUISE_PINYIN: hy_disguises = 1 << 20;
/// A common character that sounds alike: `威`.
pub const HY_DISGUISE_HOMOPHONE: hy_disguises = 1 << 21;
/// A character that sounds nearly alike: `卫`.
pub const HY_DISGUISE_NEAR_HOMOPHONE: hy_disguises = 1 << 22;
/// A character that looks alike: `徽`.
pub const HY_DISGUISE_GLYPH: hy_disguises = 1 << 23;
/// Initials: `V`, `wx`.
pub const HY_DISGUISE_INITIALS: hy_disguises = 1 << 24;
/// An emoji: `❤`.
pub const HY_DISGUISE_EMOJI: hy_disguises = 1 << 25;
/// Another order: `信微`.
pub const HY_DISGUISE_REORDER: hy_disguises = 1 << 26;
/// A letter left out.
pub const HY_DISGUISE_DROP: hy_disguises = 1 << 27;
/// Bopomofo: `ㄨㄟ`.
pub const HY_DISGUISE_BOPOMOFO: hy_disguises = 1 << 28;
/// An escape: `&#24494;`.
pub const HY_DISGUISE_ESCAPE: hy_disguises = 1 << 29;
/// Displayed from right to left.
pub const HY_DISGUISE_OVERRIDE: hy_disguises = 1 << 30;
/// How many kinds this version knows: bits 0 to HY_DISGUISE_COUNT - 1.
pub const HY_DISGUISE_COUNT: u32 = 31;

const _: () = {
    assert!(Disguise::ALL.len() == HY_DISGUISE_COUNT as usize);
    assert!(1 << (Disguise::Case as u64) == HY_DISGUISE_CASE);
    assert!(1 << (Disguise::Width as u64) == HY_DISGUISE_WIDTH);
    assert!(1 << (Disguise::Style as u64) == HY_DISGUISE_STYLE);
    assert!(1 << (Disguise::Enclosed as u64) == HY_DISGUISE_ENCLOSED);
    assert!(1 << (Disguise::Digit as u64) == HY_DISGUISE_DIGIT);
    assert!(1 << (Disguise::Diacritic as u64) == HY_DISGUISE_DIACRITIC);
    assert!(1 << (Disguise::Homoglyph as u64) == HY_DISGUISE_HOMOGLYPH);
    assert!(1 << (Disguise::Traditional as u64) == HY_DISGUISE_TRADITIONAL);
    assert!(1 << (Disguise::Variant as u64) == HY_DISGUISE_VARIANT);
    assert!(1 << (Disguise::Compatibility as u64) == HY_DISGUISE_COMPATIBILITY);
    assert!(1 << (Disguise::Radical as u64) == HY_DISGUISE_RADICAL);
    assert!(1 << (Disguise::Invisible as u64) == HY_DISGUISE_INVISIBLE);
    assert!(1 << (Disguise::Combining as u64) == HY_DISGUISE_COMBINING);
    assert!(1 << (Disguise::Private as u64) == HY_DISGUISE_PRIVATE);
    assert!(1 << (Disguise::Separator as u64) == HY_DISGUISE_SEPARATOR);
    assert!(1 << (Disguise::Repeat as u64) == HY_DISGUISE_REPEAT);
    assert!(1 << (Disguise::Filler as u64) == HY_DISGUISE_FILLER);
    assert!(1 << (Disguise::RareHomophone as u64) == HY_DISGUISE_RARE_HOMOPHONE);
    assert!(1 << (Disguise::Component as u64) == HY_DISGUISE_COMPONENT);
    assert!(1 << (Disguise::Split as u64) == HY_DISGUISE_SPLIT);
    assert!(1 << (Disguise::Pinyin as u64) == HY_DISGUISE_PINYIN);
    assert!(1 << (Disguise::Homophone as u64) == HY_DISGUISE_HOMOPHONE);
    assert!(1 << (Disguise::NearHomophone as u64) == HY_DISGUISE_NEAR_HOMOPHONE);
    assert!(1 << (Disguise::Glyph as u64) == HY_DISGUISE_GLYPH);
    assert!(1 << (Disguise::Initials as u64) == HY_DISGUISE_INITIALS);
    assert!(1 << (Disguise::Emoji as u64) == HY_DISGUISE_EMOJI);
    assert!(1 << (Disguise::Reorder as u64) == HY_DISGUISE_REORDER);
    assert!(1 << (Disguise::Drop as u64) == HY_DISGUISE_DROP);
    assert!(1 << (Disguise::Bopomofo as u64) == HY_DISGUISE_BOPOMOFO);
    assert!(1 << (Disguise::Escape as u64) == HY_DISGUISE_ESCAPE);
    assert!(1 << (Disguise::Override as u64) == HY_DISGUISE_OVERRIDE);
};

/// The name of a kind of disguise, as packs and JSON write it:
/// "rare-homophone". `bit` is its place in the set, from 0. Static.
/// HY_ERR_ARGUMENT if there is none of this number.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_disguise_name(bit: u32, out_name: *mut hy_str) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let out = unsafe { output(out_name)? };
        let found = u8::try_from(bit).ok().and_then(Disguise::from_index);
        out.set(found.ok_or(HY_ERR_ARGUMENT)?.name().into());
        Ok(HY_OK)
    })
}
