//! Words around identifiers: what says that one follows, and what may stand
//! between a platform and its identifier.

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

/// Lone characters that mean a platform where an identifier follows. Longer
/// names are the pack's.
const LONE: &[(&str, &str)] = &[
    ("wechat", "微薇徽嶶溦徵征威维惟唯崴魏葳炜蔚巍媺隇霺纬√∨戚"),
    ("qq", "扣筘釦叩抠寇蔻"),
];

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

/// Pairs of characters that announce an identifier.
const PAIRS: &[(&str, Word)] = &[
    ("电话", Word::Phone),
    ("手机", Word::Phone),
    ("致电", Word::Phone),
    ("热线", Word::Phone),
    ("拨打", Word::Phone),
    ("来电", Word::Phone),
    ("加我", Word::Me),
    ("找我", Word::Me),
    ("联系", Word::Person),
    ("私我", Word::Me),
    ("添加", Word::Person),
    ("咨询", Word::Person),
    ("系我", Word::Me),
    ("客服", Word::Person),
    ("滴我", Word::Me),
    ("企鹅", Word::Platform("qq")),
    ("球球", Word::Platform("qq")),
    ("口口", Word::Platform("qq")),
    ("群号", Word::Group),
    ("流群", Word::Group),
    ("加群", Word::Group),
    ("进群", Word::Group),
    ("加裙", Word::Group),
    ("进裙", Word::Group),
    ("入群", Word::Group),
];

/// The platform that one character means before an identifier.
pub(super) fn lone(c: char) -> Option<Word> {
    let (name, _) = LONE.iter().find(|(_, chars)| chars.contains(c))?;
    Some(Word::Platform(name))
}

/// The word that letters are, all of them.
pub(super) fn letters(mut is: impl FnMut(&str) -> bool) -> Option<Word> {
    let (name, _) = LETTERS.iter().find(|(_, letters)| is(letters))?;
    Some(if *name == "phone" { Word::Phone } else { Word::Platform(name) })
}

/// What two characters in a row say.
pub(super) fn pair(before: char, c: char) -> Option<Word> {
    let (_, word) = PAIRS.iter().find(|(pair, _)| {
        let mut chars = pair.chars();
        chars.next() == Some(before) && chars.next() == Some(c)
    })?;
    Some(*word)
}

/// Whether a character goes between a platform and its identifier.
pub(super) fn is_connector(c: char) -> bool {
    "号码账帐是为搜索联系客服群裙聊咨询的我你您加添请找同步私详谈领取信芯心欣辛新或者和及跟与友星官方老师下在线售后专员微薇扣筘釦叩q v x".contains(c)
}

/// Whether a character makes a lone one the platform's whole name.
pub(super) fn completes(c: char) -> bool {
    "信芯心欣辛".contains(c)
}

/// Whether a connector leaves no doubt that an identifier follows, even one
/// that looks like a word.
pub(super) fn announces(c: char) -> bool {
    "号码账帐是为搜索加我聊信芯心".contains(c)
}

/// Whether a mark keeps letters apart from the platform before them, so that
/// they are likely no identifier: `微信、facebook`.
pub(super) fn parts(c: char) -> bool {
    !c.is_whitespace() && !":\"'“”‘’([【「『《<@#=\u{2190}→↓☞➡👉".contains(c)
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
