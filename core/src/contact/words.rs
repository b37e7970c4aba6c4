//! Words around identifiers: what says that one follows, and what may stand
//! between a platform and its identifier.

use super::characters::{Quiet, among};
use super::title;

/// What a word before an identifier says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A platform, by its name in packs.
    Platform(&'static str),
    Phone,
    /// A group, of whatever platform.
    Group,
    /// Somebody to talk to: the platform is not told.
    Person,
    /// The same, and it is the writer.
    Me,
}

/// Letters that mean a platform where they stand alone before an identifier,
/// or right before its digits.
const LETTERS: &[(&str, &str)] = &[
    ("wechat", "v"),
    ("wechat", "vx"),
    ("wechat", "wx"),
    ("wechat", "wei"),
    ("wechat", "weixin"),
    ("wechat", "wechat"),
    ("wechat", "wxh"),
    ("qq", "q"),
    ("qq", "qq"),
    ("qq", "qqh"),
    ("telegram", "tg"),
    ("telegram", "telegram"),
    ("phone", "tel"),
    ("phone", "phone"),
];

/// Characters that mean a platform.
const WECHAT: &str = "微薇徽嶶溦徵征威维惟唯崴魏葳炜蔚巍媺隇霺纬√∨戚";
const QQ: &str = "扣筘釦叩抠寇蔻";

/// The platform that one character means before an identifier. Longer names are
/// the pack's.
pub(super) fn lone(c: char) -> Option<Word> {
    if among!(WECHAT, c) {
        Some(Word::Platform("wechat"))
    } else if among!(QQ, c) {
        Some(Word::Platform("qq"))
    } else {
        None
    }
}

/// The word that letters are, all of them.
pub(super) fn letters(mut is: impl FnMut(&str) -> bool) -> Option<Word> {
    let (name, _) = LETTERS.iter().find(|(_, letters)| is(letters))?;
    Some(if *name == "phone" { Word::Phone } else { Word::Platform(name) })
}

/// What two characters in a row say.
pub(super) fn pair(before: char, c: char) -> Option<Word> {
    Some(match (before, c) {
        ('电', '话')
        | ('手', '机')
        | ('致', '电')
        | ('热', '线')
        | ('拨', '打')
        | ('来', '电') => Word::Phone,
        ('加' | '找' | '私' | '系' | '滴', '我') => Word::Me,
        ('联', '系') | ('添', '加') | ('咨', '询') | ('客', '服') => Word::Person,
        ('企', '鹅') | ('球', '球') | ('口', '口') => Word::Platform("qq"),
        ('群', '号') | ('流' | '加' | '进' | '入', '群') | ('加' | '进', '裙') => {
            Word::Group
        }
        _ => return None,
    })
}

/// The first characters of [`pair`].
const FIRSTS: &str = "电手致热拨来加找私系滴联添咨客企球口群流进入";

/// Characters that say nothing, as most do.
pub(super) static QUIET: Quiet = {
    assert!(title::FIRST == '公');
    Quiet::but(&[WECHAT, QQ, FIRSTS, "公\\"])
};

/// Whether [`pair`] may say something of a character and the next.
#[inline]
pub(super) fn begins_pair(c: char) -> bool {
    among!(FIRSTS, c)
}

/// Whether a character goes between a platform and its identifier.
pub(super) fn is_connector(c: char) -> bool {
    among!(
        "号码账帐是为搜索联系客服群裙聊咨询的我你您加添请找同步私详谈领取信芯心欣辛新或者和及跟与友星官方老师下在线售后专员微薇扣筘釦叩q v x",
        c
    )
}

/// Whether a character makes a lone one the platform's whole name.
pub(super) fn completes(c: char) -> bool {
    among!("信芯心欣辛", c)
}

/// Whether a connector leaves no doubt that an identifier follows, even one
/// that looks like a word.
pub(super) fn announces(c: char) -> bool {
    among!("号码账帐是为搜索加我聊信芯心", c)
}

/// Whether a mark keeps letters apart from the platform before them, so that
/// they are likely no identifier: `微信、facebook`.
pub(super) fn parts(c: char) -> bool {
    !c.is_whitespace() && !among!(":\"'“”‘’([【「『《<@#=\u{2190}→↓☞➡👉", c)
}

/// Whether a character joins two platforms that share an identifier.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '/' | '\\' | '或' | '、' | '&' | '和' | '|' | '同' | '号')
}

/// Letters that stand next to a platform without being an identifier.
pub(super) fn is_common(mut is: impl FnMut(&str) -> bool) -> bool {
    const COMMON: &[&str] = &[
        "wechat",
        "weixin",
        "telegram",
        "whatsapp",
        "facebook",
        "twitter",
        "instagram",
        "tiktok",
        "douyin",
        "alipay",
        "taobao",
        "weibo",
        "iphone",
        "ipad",
        "android",
        "windows",
        "macos",
        "harmony",
        "token",
        "tokens",
        "cookie",
        "cookies",
        "account",
        "accounts",
        "version",
        "business",
        "server",
        "webhook",
        "python",
        "github",
        "google",
        "chrome",
        "xposed",
        "mobile",
        "desktop",
        "official",
        "support",
        "service",
        "contact",
        "group",
        "channel",
        "please",
        "online",
        "xiaohongshu",
        "messenger",
        "message",
        "openid",
        "unionid",
        "appid",
        "usdt-trc20",
        "trc20",
        "hello",
        "login",
        "password",
        "ipados",
        "tencent",
        "hongbao",
    ];
    COMMON.iter().any(|word| is(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_begin_with_their_first_characters() {
        for c in '\u{80}'..='\u{FFFF}' {
            let says = "话机电线打我系加询服鹅球口号群裙"
                .chars()
                .any(|next| pair(c, next).is_some());
            assert!(begins_pair(c) || !says, "{c}");
        }
    }
}
