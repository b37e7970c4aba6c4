//! Runs: the stretches of letters and digits that may be identifiers.

use super::Kind;
use super::digits::{self, Sureness};
use super::window::Window;
use super::words;
use crate::fold::Noise;

/// Most digits of a number that is an identifier: a telephone number with its
/// country.
pub(super) const DIGITS_MAX: usize = 13;
/// Fewest digits of a number in groups; fewer are a range, `100-300`.
const SEPARATED_MIN: usize = 7;
/// Longest run that is read, in plain characters.
const RUN_MAX: usize = 40;

/// A stretch of letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Bytes of the original text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Plain characters that the window has for it.
    pub(super) length: usize,
    pub(super) kind: Kind,
    /// Digits and letters of the value.
    pub(super) digits: usize,
    pub(super) letters: usize,
    /// What comes after.
    pub(super) next: char,
    /// It reads like a date.
    pub(super) is_date: bool,
}

/// Reads the run at a place of the window. `spelled` also takes numbers that
/// are written in words for a run.
pub(super) fn read(window: &mut Window<'_>, from: usize, spelled: bool) -> Option<Run> {
    let first = window.char(from);
    if first.is_ascii_alphanumeric() {
        let token = token(window, from);
        let is_number = token.is_number() || begins_with_number(window, from);
        return if is_number {
            number(window, from)
        } else {
            Some(name(window, from, token))
        };
    }
    if spelled && digits::read(first).is_some() {
        number_in_words(window, from)
    } else {
        None
    }
}

/// Letters, digits and marks without a gap.
struct Token {
    length: usize,
    digits: usize,
    letters: usize,
    /// Letters that look like digits.
    shapes: usize,
    starts_with_digit: bool,
}

impl Token {
    /// Whether it is a number, perhaps with letters for digits: `26o2o6`.
    fn is_number(&self) -> bool {
        let shaped = self.digits >= 3 && self.digits >= self.letters;
        self.starts_with_digit
            && (self.letters == 0 || (self.letters == self.shapes && shaped))
    }
}

/// Whether a number goes right over into something else: into the name of the
/// next platform (`123456qq654321`), or, if it is long, into whatever letters.
fn begins_with_number(window: &mut Window<'_>, from: usize) -> bool {
    let digits =
        (0..RUN_MAX).take_while(|n| window.char(from + n).is_ascii_digit()).count();
    if digits >= 8 {
        return true;
    }
    let after = from + digits;
    let letters =
        (0..10).take_while(|n| window.char(after + n).is_ascii_lowercase()).count();
    digits >= 6
        && window.char(after + letters).is_ascii_digit()
        && words::letters(|word| window.is(after, letters, word)).is_some()
}

fn token(window: &mut Window<'_>, from: usize) -> Token {
    let starts_with_digit = window.char(from).is_ascii_digit();
    let mut token =
        Token { length: 0, digits: 0, letters: 0, shapes: 0, starts_with_digit };
    while token.length < RUN_MAX {
        let c = window.char(from + token.length);
        match c {
            '0'..='9' => token.digits += 1,
            'a'..='z' => {
                token.letters += 1;
                token.shapes += usize::from(digits::read(c).is_some());
            }
            '_' => {}
            '-' if window.char(from + token.length + 1).is_ascii_alphanumeric() => {}
            _ => break,
        }
        token.length += 1;
    }
    token
}

/// A name: the token, and numerals that go on with it.
fn name(window: &mut Window<'_>, from: usize, token: Token) -> Run {
    let (mut length, mut digits) = (token.length, token.digits);
    let mut numerals = 0;
    while numerals < 12
        && digits::numeral(window.char(from + length + numerals)).is_some()
    {
        numerals += 1;
    }
    if numerals > 0 && digits::begins_word(window.char(from + length + numerals)) {
        numerals -= 1;
    }
    if numerals > 1 {
        length += numerals;
        digits += numerals;
        // The name may go on in plain letters.
        while length < RUN_MAX && window.char(from + length).is_ascii_alphanumeric() {
            digits += usize::from(window.char(from + length).is_ascii_digit());
            length += 1;
        }
    }
    while length > 1 && matches!(window.char(from + length - 1), '_' | '-') {
        length -= 1;
    }
    Run {
        start: window.start(from),
        end: window.end(from + length),
        length,
        kind: Kind::Name,
        digits,
        letters: token.letters,
        next: window.char(from + length),
        is_date: false,
    }
}

/// What stands between two groups of digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Space,
    Mark,
}

/// The joint at a place, and how many characters it has.
fn joint(window: &mut Window<'_>, from: usize) -> Option<(Joint, usize)> {
    let (mut length, mut kind) = (0, Joint::Space);
    while length < 4 {
        let Some(folded) = window.get(from + length) else { break };
        match (folded.char, folded.fold.noise()) {
            (_, Some(Noise::Space)) => {}
            ('-' | '~' | '—' | '–' | '_' | '·' | '.' | '*' | '\'', _) => {
                kind = Joint::Mark
            }
            ('+' | '=' | '<' | '>' | '|' | '^' | '$' | '√' | '∨', _) => break,
            (_, Some(Noise::Symbol)) if folded.char > '\u{2000}' => kind = Joint::Mark,
            _ => break,
        }
        length += 1;
    }
    (length > 0).then_some((kind, length))
}

/// Digits without a gap from a place on: how many, and whether all are plain.
fn group(window: &mut Window<'_>, from: usize) -> usize {
    let (mut length, mut plain) = (0, 0);
    while length < RUN_MAX {
        match digits::read(window.char(from + length)) {
            Some((_, Sureness::Plain)) => plain += 1,
            Some((_, Sureness::Shape)) if plain > 0 => {}
            // A numeral between digits, or where the number is not done yet.
            Some((_, Sureness::Numeral)) if plain > 0 => {
                let mut after = length + 1;
                while after < length + 4
                    && digits::numeral(window.char(from + after))
                        .is_some_and(|_| !window.char(from + after).is_ascii_digit())
                {
                    after += 1;
                }
                let sandwiched = window.char(from + after).is_ascii_digit();
                if !sandwiched && (plain >= 5 || after - length < 3) {
                    break;
                }
            }
            _ => break,
        }
        length += 1;
    }
    // Letters at the end are no digits: `123456l` may be, `5o` is a price.
    length
}

fn number(window: &mut Window<'_>, from: usize) -> Option<Run> {
    let first = group(window, from);
    let (mut length, mut count) = (first, first);
    let (mut last, mut groups) = (first, 1);
    let mut shape = [first, 0, 0];
    let mut kind = None;
    while count < DIGITS_MAX {
        let Some((joint, gap)) = joint(window, from + length) else { break };
        let next = group(window, from + length + gap);
        let narrow = match joint {
            // Groups of a number, or an area and a telephone number.
            Joint::Mark => {
                let area =
                    groups == 1 && (3..=4).contains(&last) && (7..=8).contains(&next);
                (last <= 6 && next <= 6) || area
            }
            Joint::Space => {
                let single = last == 1 && next == 1;
                single || (last <= 5 && (3..=5).contains(&next) && last >= 3)
            }
        };
        let follows = window.char(from + length + gap + next);
        let open = follows.is_ascii_lowercase()
            || (joint == Joint::Space && digits::is_unit(follows));
        let same = kind.is_none_or(|kind| kind == joint);
        if next == 0 || !narrow || open || !same && next < 3 || count + next > DIGITS_MAX
        {
            break;
        }
        kind = Some(joint);
        length += gap + next;
        count += next;
        (last, groups) = (next, groups + 1);
        if let Some(place) = shape.get_mut(groups - 1) {
            *place = next;
        }
    }
    let is_range = groups == 2 && first == last && count <= 8;
    if is_range || (groups > 1 && count < SEPARATED_MIN) {
        (length, count, groups) = (first, first, 1);
    }
    let century = (window.char(from), window.char(from + 1));
    let is_date = matches!(century, ('1', '9') | ('2', '0'))
        && ((groups == 3 && shape[0] == 4 && shape[1] <= 2 && shape[2] <= 2)
            || (groups == 2 && shape[0] == 4 && shape[1] <= 2));
    Some(Run {
        start: window.start(from),
        end: window.end(from + length),
        length,
        kind: Kind::Digits,
        digits: count,
        letters: 0,
        next: window.char(from + length),
        is_date,
    })
}

/// A number in words: numerals and what sounds like digits, at least five of
/// the first or six of both.
fn number_in_words(window: &mut Window<'_>, from: usize) -> Option<Run> {
    let (mut length, mut sure) = (0, 0);
    while length < RUN_MAX {
        match digits::read(window.char(from + length)) {
            Some((_, Sureness::Plain | Sureness::Numeral)) => sure += 1,
            Some((_, Sureness::Sound)) => {}
            Some((_, Sureness::Shape)) if length > 0 => {}
            _ => break,
        }
        length += 1;
    }
    while length > 0 && digits::begins_word(window.char(from + length)) {
        length -= 1;
        sure -= usize::from(digits::numeral(window.char(from + length)).is_some());
        if digits::numeral(window.char(from + length)).is_none() {
            break;
        }
    }
    let enough =
        (sure == length && length >= 5) || length >= 6 && sure >= 2 || length >= 8;
    (enough && length <= DIGITS_MAX).then(|| Run {
        start: window.start(from),
        end: window.end(from + length),
        length,
        kind: Kind::Digits,
        digits: length,
        letters: 0,
        next: window.char(from + length),
        is_date: false,
    })
}
