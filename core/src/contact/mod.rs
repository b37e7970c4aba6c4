//! Contacts: the account identifiers that a post gives.
//!
//! Looked for only in the stretch of text around hits. A stretch is read once,
//! from left to right, with one thing in mind: what was named last (the
//! context). Where letters or digits begin, they are
//!
//! 1. an address: a link, a domain (`xy123点com` too), a mail address. A link to
//!    Telegram also gives the name in it;
//! 2. the name of a platform: the hits of the pack, and a few short forms that
//!    mean a platform only before an identifier (`V`, `薇`, `\/`, `扣`);
//! 3. an identifier, if the context reaches to it. Between a platform and its
//!    identifier may stand marks, emoji, spaces and connecting words (`号`,
//!    `搜`, `客服`); other words only before a colon. Several identifiers may
//!    follow one platform, and one may stand before its platform
//!    (`abc123 微信`);
//! 4. nothing, which ends the context.
//!
//! Where two platforms share an identifier (`QQ/微信：12345678`) the first is
//! told. An identifier that only `找我`, `联系` or `咨询` announces is for
//! `unknown`, unless it is a mobile telephone number, which is told anywhere.
//! Numbers of groups (`群：12345678`) are for `qq`.
//!
//! Identifiers wear disguises of their own: separators and emoji between
//! digits, numerals (`七八三`), words that sound like digits (`久弎琪`), letters
//! for digits (`26o2`). [`Kind`] says what of a span is the value.
//!
//! Numbers that count something (`588元`), dates, ranges, and words that often
//! stand next to a platform (`微信 iPhone`) are no identifiers.

mod border;
mod characters;
mod context;
mod digits;
mod extractor;
mod judge;
mod run;
mod title;
mod url;
mod window;
mod words;

use crate::fold;
use crate::ruleset::Ruleset;
use crate::scan::Hit;
use alloc::vec::Vec;
use core::ops::Range;
use extractor::Extractor;

/// An identifier found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContactRecord {
    pub(crate) platform: Platform,
    pub(crate) kind: Kind,
    /// Bytes of the original text.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Where an identifier is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// A platform of the pack, by index.
    Named(u8),
    Phone,
    Url,
    Unknown,
}

/// What an identifier is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Digits, and what stands for them: numerals, homophones, letters.
    Digits,
    /// Letters, digits, `_` and `-`; numerals are digits.
    Name,
    /// A link, a domain or a mail address; `点` is a dot.
    Url,
    /// The name of a public account, in whatever characters.
    Title,
}

impl Platform {
    pub(crate) fn name<'n>(self, named: impl FnOnce(u8) -> &'n str) -> &'n str {
        match self {
            Platform::Named(number) => named(number),
            Platform::Phone => "phone",
            Platform::Url => "url",
            Platform::Unknown => "unknown",
        }
    }
}

impl Kind {
    /// What a folded character is in the identifier's value, if it belongs to
    /// it.
    pub(crate) fn plain(self, c: char) -> Option<char> {
        match (self, c) {
            (Kind::Digits, _) => digits::digit(c),
            (Kind::Name, 'a'..='z' | '0'..='9' | '_' | '-') => Some(c),
            (Kind::Name, _) if !c.is_ascii() => digits::numeral(c),
            (Kind::Url, '点' | '。') => Some('.'),
            (Kind::Url, _) => c.is_ascii_graphic().then_some(c),
            (Kind::Title, _) => c.is_alphanumeric().then_some(c),
            _ => None,
        }
    }
}

impl ContactRecord {
    /// The identifier undisguised: letters in lower case, numerals and what
    /// else stands for digits as digits, without separators.
    pub(crate) fn value<'t>(
        &self,
        text: &'t [u8],
    ) -> impl Iterator<Item = char> + use<'t> {
        let kind = self.kind;
        let span = text.get(self.start as usize..self.end as usize).unwrap_or(&[]);
        let mut rest =
            fold::fold_bytes(span).filter_map(move |folded| kind.plain(folded.char));
        let mut last = ['\0'; 2];
        core::iter::from_fn(move || {
            let mut c = rest.next()?;
            // `.c0m` is never meant.
            if kind == Kind::Url && c == '0' && last == ['.', 'c'] {
                c = 'o';
            }
            last = [last[1], c];
            Some(c)
        })
    }
}

/// Finds the identifiers in a stretch of the text.
///
/// `hits` are those of the stretch, by their ends. Adds to `found` in the
/// order of the text; what is there already is not added again. Never
/// enlarges `found`. Takes time in proportion to the length of the stretch;
/// returns the steps that it took, and whether an identifier had no room.
pub(crate) fn extract(
    ruleset: &Ruleset<'_>,
    text: &[u8],
    range: Range<usize>,
    hits: &[Hit],
    found: &mut Vec<ContactRecord>,
) -> (u64, bool) {
    let mut extractor = Extractor::new(ruleset, text, hits, found);
    let steps = extractor.run(range);
    (steps, extractor.is_full)
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use crate::ruleset::Ruleset;
    use crate::scan::Scratch;

    const PACK: &str = r#"
        format = 1
        [pack]
        id = "contacts"
        version = "1"
        [[concept]]
        id = "wechat"
        platform = "wechat"
        terms = [{ text = "微信", disguise = ["homophone", "glyph"] }, "VX", "加V", "加微"]
        [[concept]]
        id = "qq"
        platform = "qq"
        terms = ["QQ", "扣扣"]
        [[concept]]
        id = "telegram"
        platform = "telegram"
        terms = ["Telegram", "TG"]
        [[concept]]
        id = "offer"
        terms = ["出售", "老号"]
        [[rule]]
        id = "offer"
        category = "account_trade"
        all = ["offer"]
        within = 8
        weight = 6.0
    "#;

    /// Platform and value of every contact, in the order of the text.
    fn contacts(texts: &[&str]) -> Vec<Vec<String>> {
        let ruleset = Ruleset::compile(PACK).unwrap();
        let mut scratch = Scratch::new(&ruleset);
        let mut all = Vec::new();
        for text in texts {
            let verdict = ruleset.scan(&mut scratch, text);
            let found = verdict.contacts().map(|contact| {
                assert_eq!(contact.text(), &text[contact.range()]);
                format!("{} {}", contact.platform(), contact.value().collect::<String>())
            });
            all.push(found.collect());
        }
        all
    }

    #[track_caller]
    fn assert_contacts(rows: &[(&str, &[&str])]) {
        let texts: Vec<&str> = rows.iter().map(|(text, _)| *text).collect();
        for ((text, wanted), found) in rows.iter().zip(contacts(&texts)) {
            assert_eq!(&found, wanted, "{text}");
        }
    }

    #[test]
    fn identifiers_belong_to_the_platform_before_them() {
        assert_contacts(&[
            ("老号，微信号：kanhua_2207", &["wechat kanhua_2207"]),
            ("老号加V：ｈｕａ５５⑥⑦", &["wechat hua5567"]),
            ("老号，扣扣 30 41 52 63 74", &[]),
            ("老号，扣扣 304152637", &["qq 304152637"]),
            ("老号QQ：304152637、415263748", &["qq 304152637", "qq 415263748"]),
            ("老号微信hua5567或者lin8890", &["wechat hua5567", "wechat lin8890"]),
            ("老号 TG客服：@laohao_shop", &["telegram laohao_shop"]),
            ("老号+薇：hua5567", &["wechat hua5567"]),
            (r"老号加\/：16600223344", &["wechat 16600223344"]),
            ("老号联系扣304152637", &["qq 304152637"]),
            ("老号加v16600223344", &["wechat 16600223344"]),
            ("老号q304152637", &["qq 304152637"]),
            // What goes right on with a name may be no identifier of it.
            ("老号 TGabc12345", &[]),
            ("老号，QQ：1234567qq7654321", &["qq 1234567", "qq 7654321"]),
            ("老号微信123456qq", &[]),
        ]);
    }

    #[test]
    fn the_first_of_two_platforms_is_told_and_the_last_of_two_sentences() {
        assert_contacts(&[
            ("老号 QQ/微信：304152637", &["qq 304152637"]),
            ("老号 电话/微信：16600223344", &["phone 16600223344"]),
            ("出售微信号，QQ：304152637", &["qq 304152637"]),
            ("微信16600223344QQ304152637老号", &["wechat 16600223344", "qq 304152637"]),
        ]);
    }

    #[test]
    fn an_identifier_may_stand_before_its_platform() {
        assert_contacts(&[
            ("老号 hua55667 微信", &["wechat hua55667"]),
            ("老号 hua55667 微信，谢谢", &["wechat hua55667"]),
            ("老号 hua55667 微信支付", &[]),
            ("老号 16600223344 请加微信", &["phone 16600223344"]),
            ("订单 304152637 微信支付，老号", &[]),
        ]);
    }

    #[test]
    fn numbers_are_read_in_all_their_disguises() {
        assert_contacts(&[
            ("老号微信：166-0022 3344", &["wechat 16600223344"]),
            ("老号QQ：30～415～26～37", &["qq 304152637"]),
            ("老号QQ：3🌹0🌹4🌹1🌹5🌹2🌹6", &["qq 3041526"]),
            ("老号QQ：3o4l52637", &["qq 304152637"]),
            ("老号QQ：叁零四一五二六三七", &["qq 304152637"]),
            ("老号扣扣三洞思妖午二六散七一起玩", &["qq 304152637"]),
            ("老号微信：hua七八三", &["wechat hua783"]),
            ("老号QQ：三洞思妖午二六", &["qq 3041526"]),
            // Words behind a name, a sum behind a number, letters before one.
            ("老号QQ山水叁零四一五二六三七", &[]),
            ("老号QQ：3041526七八九", &["qq 3041526"]),
            ("老号QQ：304-052637", &["qq 304052637"]),
            ("老号QQ：304-o52637", &[]),
        ]);
    }

    #[test]
    fn addresses_are_told_as_they_are_meant() {
        assert_contacts(&[
            (
                "老号 https://t.me/laohao_shop 下单",
                &["url https://t.me/laohao_shop", "telegram laohao_shop"],
            ),
            ("老号见 laohao88点com。Abc", &["url laohao88.com"]),
            ("老号见 www.laohao88.c0m/a?b=1，", &["url www.laohao88.com/a?b=1"]),
            ("老号见 www.laohao80.com，", &["url www.laohao80.com"]),
            ("老号发邮箱 hua@laohao88.com", &["unknown hua@laohao88.com"]),
            ("老号用 qq.com 注册", &[]),
            // A dot that is written out makes only common ones domains.
            ("老号见 laohao88.store", &["url laohao88.store"]),
            ("老号见 laohao88点store", &[]),
        ]);
    }

    #[test]
    fn what_only_a_verb_announces_is_unknown_and_mobiles_are_phones() {
        assert_contacts(&[
            ("出售老号，找我hua5567", &["unknown hua5567"]),
            ("出售老号，找我12345", &[]),
            ("出售老号，有意联系 304152637", &["unknown 304152637"]),
            ("出售老号 16600223344 王", &["phone 16600223344"]),
            ("老号交流群：304152637", &["qq 304152637"]),
        ]);
    }

    #[test]
    fn a_public_account_has_a_name_of_its_own() {
        assert_contacts(&[
            ("老号都在微信公众号搜：看花老号铺，", &["wechat 看花老号铺"]),
            ("老号，微信公众号（订阅号）", &[]),
            ("老号，微信公众号：huahuahua", &[]),
        ]);
    }

    #[test]
    fn counts_dates_codes_and_words_are_no_identifiers() {
        assert_contacts(&[
            ("老号微信 12000元", &[]),
            ("老号微信 2026-11-05 更新", &[]),
            ("老号微信 1000-2000 起", &[]),
            ("微信验证码：304152，老号", &[]),
            ("老号支持微信、facebook", &[]),
            ("老号微信 iPhone 版", &[]),
            ("老号微信500usdt", &[]),
            ("老号微信：2026 12 05", &[]),
            ("老号微信：2026 1234 567", &["wechat 20261234567"]),
        ]);
    }

    #[test]
    fn the_less_a_name_says_the_longer_and_nearer_its_identifier_is() {
        assert_contacts(&[
            ("老号薇：hua55", &[]),
            ("老号薇：hua556", &["wechat hua556"]),
            ("老号薇 kanhuashan", &[]),
            ("老号薇：kanhuashan", &["wechat kanhuashan"]),
            ("老号微信。。hua5567", &["wechat hua5567"]),
            ("老号微信。。。hua5567", &[]),
        ]);
    }

    #[test]
    fn what_nobody_sees_changes_no_contact() {
        const SIGNS: [&str; 7] = [
            "\u{200B}",
            "\u{AD}",
            "\u{2066}",
            "\u{FE0F}",
            "\u{E0100}",
            "\u{200B}\u{2060}\u{FEFF}",
            "&#8203;",
        ];
        for text in [
            "老号 https://t.me/laohao_shop?start=1 下单",
            "老号 t.me/s/laohao_shop。",
            "老号见 laohao88点com:8080/a_b/c-d.html，下单",
            "老号见 www.laohao88.c0m/a?b=1，",
            "老号发邮箱 hua@laohao88.com",
            "老号 TG客服：@laohao_shop",
            "老号，微信号：kanhua_2207",
            "老号加vhua55677",
            "老号微信：166-0022 3344",
            "老号QQ：3🌹0🌹4🌹1🌹5🌹2🌹6",
            "老号扣扣三洞思妖午二六散七一起玩",
            "老号都在微信公众号搜：看花老号铺，",
            "老号 hua55667 微信",
            r"老号加\/：16600223344",
            "微信16600223344QQ304152637老号",
        ] {
            let plain = contacts(&[text]);
            assert_ne!(plain, [Vec::<String>::new()], "{text}");
            let places = text.char_indices().map(|(at, _)| at).skip(1);
            let made: Vec<String> = places
                .flat_map(|at| {
                    let (before, after) = text.split_at(at);
                    SIGNS.map(|sign| [before, sign, after].concat())
                })
                .collect();
            let texts: Vec<&str> = made.iter().map(String::as_str).collect();
            for (text, found) in texts.iter().zip(contacts(&texts)) {
                assert_eq!(found, plain[0], "{text:?}");
            }
        }
    }

    #[test]
    fn the_list_never_grows_and_nothing_is_told_twice() {
        let ruleset = Ruleset::compile(PACK).unwrap();
        let mut scratch = Scratch::new(&ruleset);
        let text = "微信：hua5567，".repeat(4000);
        let verdict = ruleset.scan(&mut scratch, &text);
        let mut last = 0;
        for contact in verdict.contacts() {
            assert!(contact.range().start >= last);
            last = contact.range().end;
        }
        assert!(
            verdict.truncated()
                && verdict.contacts().count() == crate::limits::CONTACTS_MAX
        );
    }
}
