//! Texts that are meant to cost much, or to break something.

/// No input may cost more elementary steps a byte than this.
#[allow(dead_code)]
pub(crate) const STEPS_MAX: f64 = 450.0;

/// Ordinary text.
pub(crate) const BENIGN: &str = "今天天气不错，我们去公园走走吧。";

/// The dearest texts that the fuzz target `steps` has found, each repeated.
pub(crate) const DEAREST: &[&str] = &["+Q&"];

/// One of each class of what is not UTF-8.
pub(crate) const INVALID: &[(&str, &[u8])] = &[
    ("lone continuation", b"\x80"),
    ("overlong in two bytes", b"\xC0\x80"),
    ("overlong in three bytes", b"\xE0\x80\x80"),
    ("overlong in four bytes", b"\xF0\x80\x80\x80"),
    ("two bytes cut", b"\xC3"),
    ("three bytes cut after one", b"\xE5"),
    ("three bytes cut after two", b"\xE5\xBE"),
    ("four bytes cut after two", b"\xF0\x9F"),
    ("four bytes cut after three", b"\xF0\x9F\x9A"),
    // As WTF-8 and CESU-8 write them.
    ("high surrogate", b"\xED\xA1\x8C"),
    ("low surrogate", b"\xED\xBE\xB4"),
    ("pair of surrogates", b"\xED\xA1\x8C\xED\xBE\xB4"),
    ("beyond Unicode", b"\xF4\x90\x80\x80"),
    ("five bytes", b"\xF8\x88\x80\x80\x80"),
    ("six bytes", b"\xFC\x84\x80\x80\x80\x80"),
    ("never a byte of UTF-8", b"\xFE\xFF"),
];

/// What most inputs have, in bytes.
pub(crate) const LENGTH: usize = 1 << 18;

/// Ordinary, hostile and invalid inputs, most of 256 kB.
#[allow(dead_code)]
pub(crate) fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let fill = |unit: &str| unit.repeat(LENGTH / unit.len()).into_bytes();
    // Marks as Zalgo generators heap them: many on each letter.
    let zalgo = |text: &str, marks: usize| -> String {
        let marks: String = ('\u{300}'..='\u{36F}').cycle().take(marks).collect();
        text.chars().flat_map(|c| [c.to_string(), marks.clone()]).collect()
    };
    let mut inputs = vec![
        ("ordinary", "大量Ｖ信号出售，老号带支付，加V：abc12345".into()),
        ("benign", BENIGN.into()),
        ("marks", format!("微{}信号出售", "\u{0301}".repeat(10_000)).into_bytes()),
        ("no match", fill("山高月小水落石出之夜")),
        ("all matches", fill("微信号出售")),
        ("all disguised", fill("徽❤呺初售，亻言")),
        ("one symbol", fill("号")),
        ("pinyin", fill("weixinhaochushou")),
        ("identifiers", fill("加V：a1b2c3d4e5f6 ")),
        ("digits", fill("1")),
        ("noise", fill("・")),
        ("news", fill("法院判决出售微信号获刑")),
        ("spaced", fill("微 信 号 出 售 ")),
        ("expansions", fill("⑩⑫㎏🆗")),
        // All noise: of every class, and what costs a gap nothing.
        ("invisible", fill("\u{200B}\u{2060}\u{AD}\u{FE0F}")),
        ("hits in what is not seen", {
            let hidden = "\u{200B}".repeat(60);
            fill(
                &"微信号，出售加V：hua5567"
                    .chars()
                    .flat_map(|c| [c.to_string(), hidden.clone()])
                    .collect::<String>(),
            )
        }),
        ("every noise", fill(" -.·、，★●_\u{200B}\u{301}\u{E000}\u{3000}\n。！🌟丶")),
        ("Zalgo", fill(&zalgo("微信号出售", 40))),
        ("Zalgo in Latin", fill(&zalgo("weixin vx qq", 24))),
        // All anchors, none of which comes to anything; matches and near matches.
        ("anchors", fill("微信 VX QQ 支付宝 ")),
        ("names of platforms", fill("weixinvxqqwechattelegram")),
        ("stars and spaces", fill("★ ")),
        ("signs behind stops", fill(&["。 ".repeat(50).as_str(), "＋"].concat())),
        ("names far apart", fill(&["抖音", &"的一是不在有和".repeat(43)].concat())),
        ("nearly", fill("微住号山售微信山出日")),
        ("match, no match", fill("微信号出售山高月小而石自现")),
        ("match far, match", fill("出售山高月小而石自现山高月小而石微信号")),
        ("letters of one word", fill("微微信信号号出出售售")),
        ("letters and noise", fill("v.x.w.q.")),
        // What is read reversed, escaped, or cut.
        ("overrides", fill("\u{202E}售出号信微")),
        ("escaped overrides", fill("&#8238;售出号信微")),
        ("escaped overrides and pinyin", fill("&#8238;nixiew")),
        ("escaped overrides alone", fill("&#8238;")),
        ("overrides alone", fill("\u{202E}")),
        ("escapes", fill("&#24494;%E4%BF%A1\\u53f7")),
        ("halves of escapes", fill("&#%E5%B\\u5f&#x\\u{")),
        ("byte order marks", fill("\u{FEFF}微\u{FEFF}信")),
        ("byte order marks alone", fill("\u{FEFF}")),
        ("NUL", fill("\0")),
        ("NUL between", fill("微\0信\0号\0")),
        ("links", fill("https://t.me/a1b2c3d4 ")),
        ("phones", fill("微信16600223344")),
        ("one long identifier", fill("微信：a1b2c3d4e5f6a1b2c3d4e5f6")),
    ];
    // What may go on to be a link at every dot.
    for (name, unit) in [
        ("dots", "a."),
        ("hyphens", "a-"),
        ("dots and more", "aa.bb-cc_"),
        ("numbers and dots", "1."),
        ("mail", "a@a."),
    ] {
        inputs.push((name, fill(&format!("微信:{}", unit.repeat(80)))));
    }
    let mut invalid = fill("微信号出售");
    for at in (0..invalid.len()).step_by(7) {
        invalid[at] = 0xFF;
    }
    inputs.push(("invalid", invalid));
    inputs.push(("cut", "微信号出售".as_bytes()[..13].to_vec()));
    let repeat = |unit: &[u8]| unit.repeat(LENGTH / unit.len());
    for (name, bytes) in INVALID {
        inputs.push((name, repeat(bytes)));
    }
    inputs.push(("invalid in offers", {
        let all: Vec<u8> =
            INVALID.iter().flat_map(|(_, bytes)| *bytes).copied().collect();
        repeat(&["大量Ｖ信号".as_bytes(), &all, "出售，老号带支付".as_bytes()].concat())
    }));
    inputs.extend(DEAREST.iter().map(|unit| ("dearest", fill(unit))));
    inputs
}
