//! Whether a run is an identifier, and for whom.

use super::context::{Context, Known, Place};
use super::run::{self, Run};
use super::window::Window;
use super::{Kind, Platform, digits, words};

/// The platform of the run at a place of the window, if it is an identifier
/// there.
pub(super) fn judge(
    context: &Context,
    known: &Known,
    window: &mut Window<'_>,
    from: usize,
    run: &Run,
    at_sign: bool,
) -> Option<Platform> {
    let is_number = run.kind == Kind::Digits;
    let counted = digits::is_unit(run.next) && run.digits <= 7;
    let phone = is_number && run.digits == 11 && {
        window.char(from) == '1' && matches!(window.char(from + 1), '3'..='9')
    };
    if is_number && (run.is_date || counted || run.digits > run::DIGITS_MAX) {
        return None;
    }
    let plain = run.digits == 0 && run.length == run.letters;
    let common = plain && words::is_common(|word| window.is(from, run.length, word));
    let amount = !is_number && run.digits <= 6 && {
        // Digits, then a few letters: `500usdt`.
        let digits =
            (0..run.length).take_while(|n| window.char(from + n).is_ascii_digit());
        digits.count() == run.digits && run.digits > 0 && run.letters <= 4
    };
    let is_name = |least: usize, most: usize| {
        !is_number && !common && !amount && (least..=most).contains(&run.length)
    };
    if at_sign && !is_number && (5..=32).contains(&run.length) {
        let telegram = known.telegram.map(Place::Named);
        let open =
            context.place.is_none_or(|place| matches!(place, Place::Person | Place::Me));
        let bot = (3..run.length).any(|n| n == run.length - 3 && window.is(n, 3, "bot"));
        if context.place == telegram || (open && (context.is_alive() || bot)) {
            return known.telegram.map(Platform::Named);
        }
    }
    if !context.reaches() {
        return phone.then_some(Platform::Phone);
    }
    let digits = run.digits;
    match context.place {
        Some(Place::Named(platform)) => {
            let qq = known.qq == Some(platform);
            let least = match context.foreign {
                1.. => 7,
                _ if context.is_lone => 6,
                _ => 5,
            };
            let found = match is_number {
                true if qq => (least.min(6)..=11).contains(&digits),
                true => (least..=run::DIGITS_MAX).contains(&digits),
                false if qq => false,
                false if plain && (context.is_lone || context.is_doubtful) => {
                    context.after_colon && !context.is_broken && is_name(6, 20)
                }
                false if plain => {
                    // Words often stand next to the names of other platforms.
                    let chat = [known.wechat, known.telegram].contains(&Some(platform));
                    let close = context.foreign == 0 && !context.is_broken;
                    let told = chat || context.after_colon || at_sign;
                    close && told && !context.is_used && is_name(6, 32)
                }
                false
                    if digits < 2
                        && !context.after_colon
                        && (context.is_lone || context.is_doubtful) =>
                {
                    false
                }
                false => is_name(least, 32),
            };
            found.then_some(Platform::Named(platform))
        }
        Some(Place::Phone) => (is_number && (7..=run::DIGITS_MAX).contains(&digits))
            .then_some(Platform::Phone),
        Some(Place::Group) if is_number && (6..=11).contains(&digits) => {
            Some(known.qq.map_or(Platform::Unknown, Platform::Named))
        }
        Some(Place::Person | Place::Me) if phone => Some(Platform::Phone),
        Some(Place::Person | Place::Me) if context.is_used => None,
        Some(place @ (Place::Person | Place::Me)) => {
            let number = is_number && (6..=run::DIGITS_MAX).contains(&digits);
            let told = !plain || (place == Place::Me && context.noise == 0);
            (number || (told && is_name(6, 20))).then_some(Platform::Unknown)
        }
        _ => phone.then_some(Platform::Phone),
    }
}
