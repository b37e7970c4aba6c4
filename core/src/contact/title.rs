//! Names of public accounts: `公众号搜：…`.

use super::window::Window;
use core::ops::Range;

/// The first character of `公众号`.
pub(super) const FIRST: char = '公';
/// Longest name that is read, in characters.
const TITLE_MAX: usize = 10;

/// Words that go on with a sentence instead of giving a name.
const VERBS: &[&str] = &[
    "点击", "回复", "关注", "进入", "登录", "打开", "请", "您", "我", "可", "的", "了解",
    "查看", "里", "上", "中", "后", "内", "和", "或", "是", "有", "现", "发送", "输入",
    "功能", "搜",
];

/// Reads `公众号`, perhaps with marks between, and the name of the account
/// that it announces. Gives the bytes of the name.
///
/// The name stands between marks, after `搜`, a colon or a quote. Where the
/// word itself is taken apart by marks, a mark is enough.
pub(super) fn read(window: &mut Window<'_>) -> Option<Range<usize>> {
    let mut at = 1;
    let inside = marks(window, &mut at);
    let (true, mut apart) = (window.char(at) == '众', inside > 0) else { return None };
    at += 1;
    apart |= marks(window, &mut at) > 0;
    let mut announced = false;
    if window.char(at) == '号' {
        at += 1;
    } else if !apart {
        return None;
    }
    marks(window, &mut at);
    announced |= closes(window.char(at - 1));
    if window.char(at) == '搜' {
        at += 1 + usize::from(window.char(at + 1) == '索');
        announced = true;
        if marks(window, &mut at) == 0 {
            return None;
        }
    }
    let parted = apart && is_mark(window, at - 1);
    if !announced && !parted {
        return None;
    }
    let mut length = 0;
    let mut foreign = 0;
    while length <= TITLE_MAX && window.char(at + length).is_alphanumeric() {
        foreign += usize::from(!window.char(at + length).is_ascii());
        length += 1;
    }
    let verb = VERBS
        .iter()
        .any(|verb| verb.chars().enumerate().all(|(n, c)| window.char(at + n) == c));
    let is_title = (2..=TITLE_MAX).contains(&length) && foreign > 0 && !verb;
    is_title.then(|| window.start(at)..window.end(at + length))
}

/// Passes over marks; gives their number.
fn marks(window: &mut Window<'_>, at: &mut usize) -> usize {
    let from = *at;
    while *at < from + 3 && is_mark(window, *at) {
        *at += 1;
    }
    *at - from
}

fn is_mark(window: &mut Window<'_>, at: usize) -> bool {
    window.get(at).is_some_and(|folded| folded.fold.noise().is_some())
}

/// Whether a mark announces a name.
fn closes(c: char) -> bool {
    matches!(c, ':' | '“' | '"' | '「' | '『')
}
