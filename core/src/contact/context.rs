//! What the text before an identifier says about it.

use super::words;
use super::words::Word;
use crate::fold::{FoldedChar, Noise};
use crate::ruleset::{Ruleset, Text};

/// Most visible noise between a platform and its identifier.
const NOISE_MAX: u8 = 14;
/// What a line break or the end of a sentence costs of it.
const STOP_NOISE: u8 = 5;
/// Most connecting words.
const CONNECTORS_MAX: u8 = 10;
/// Most other characters; the last of all must be a colon.
const FOREIGN_MAX: u8 = 7;

/// Whom an identifier that follows is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A platform of the pack, by index.
    Named(u8),
    Phone,
    Group,
    /// Somebody to talk to.
    Person,
    /// The writer: `找我`.
    Me,
}

/// The platforms that this module itself can tell, by index in the pack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) wechat: Option<u8>,
    pub(super) qq: Option<u8>,
    pub(super) telegram: Option<u8>,
}

impl Known {
    pub(super) fn of(ruleset: &Ruleset<'_>) -> Known {
        let names = ruleset.platform_names();
        let find = |wanted: &str| {
            let fits = |name: &Text| usize::from(name.length.get()) == wanted.len();
            let is_it = |name: &Text| fits(name) && ruleset.string(*name) == wanted;
            let place = names.iter().position(is_it);
            place.and_then(|place| u8::try_from(place).ok())
        };
        Known { wechat: find("wechat"), qq: find("qq"), telegram: find("telegram") }
    }

    pub(super) fn place(&self, word: Word) -> Option<Place> {
        match word {
            Word::Platform("wechat") => self.wechat.map(Place::Named),
            Word::Platform("qq") => self.qq.map(Place::Named),
            Word::Platform("telegram") => self.telegram.map(Place::Named),
            Word::Platform(_) => None,
            Word::Phone => Some(Place::Phone),
            Word::Group => Some(Place::Group),
            Word::Person => Some(Place::Person),
            Word::Me => Some(Place::Me),
        }
    }
}

/// What was named last, and what stood between it and here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    pub(super) place: Option<Place>,
    /// Named by so little that only an identifier right behind counts.
    pub(super) is_lone: bool,
    /// Named by a word that may as well mean itself.
    pub(super) is_doubtful: bool,
    /// It has had an identifier already.
    pub(super) is_used: bool,
    /// Nothing but joiners since: another platform shares the identifier.
    pub(super) is_joined: bool,
    /// The platform that shares it, named second.
    second: Option<Place>,
    pub(super) noise: u8,
    pub(super) connectors: u8,
    pub(super) foreign: u8,
    /// The last visible character was a colon.
    pub(super) after_colon: bool,
    /// Other marks than colons, brackets and quotes, or words that go on with
    /// a sentence, have come since.
    pub(super) is_broken: bool,
}

impl Context {
    /// A platform, or a word that says as much, has been named.
    pub(super) fn name(&mut self, place: Place, is_lone: bool) {
        let general = matches!(place, Place::Person | Place::Me | Place::Group);
        let named = matches!(self.place, Some(Place::Named(_) | Place::Phone));
        if named && !self.is_used {
            if general && self.foreign == 0 {
                self.connectors = self.connectors.saturating_add(1);
                self.is_joined = false;
                return;
            }
            // The first of several names is the one.
            let same = is_lone && self.place == Some(place);
            if !general && (self.is_joined || same || self.second == Some(place)) {
                if self.place != Some(place) {
                    self.second = Some(place);
                }
                (self.noise, self.foreign) = (0, 0);
                return;
            }
        }
        *self = Context {
            place: Some(place),
            is_lone,
            is_joined: true,
            ..Context::default()
        };
    }

    /// An identifier was found for it; another may follow.
    pub(super) fn use_up(&mut self) {
        *self = Context {
            place: self.place,
            is_lone: self.is_lone,
            is_used: true,
            ..Context::default()
        };
    }

    pub(super) fn clear(&mut self) {
        *self = Context::default();
    }

    pub(super) fn is_alive(&self) -> bool {
        self.place.is_some()
    }

    /// A character that names nothing.
    pub(super) fn pass(&mut self, folded: &FoldedChar) {
        if self.place.is_none() {
            return;
        }
        let c = folded.char;
        if self.place == Some(Place::Person) && self.is_joined && c == '我' {
            self.place = Some(Place::Me);
            return;
        }
        self.is_joined &= words::is_joiner(c);
        match folded.fold.noise() {
            Some(Noise::Stop | Noise::Break) => self.noise += STOP_NOISE,
            Some(_) => self.noise += 1,
            None if words::is_connector(c) => {
                self.connectors += 1;
                self.is_broken |= !words::announces(c);
                // The name is whole: `崴信`.
                self.is_lone &= !words::completes(c);
            }
            None => self.foreign += 1,
        }
        if matches!(c, '验' | '校') {
            // A verification code follows, if anything.
            self.clear();
            return;
        }
        if folded.fold.noise().is_some() {
            self.is_broken |= words::parts(c);
        }
        if c != ' ' {
            self.after_colon = matches!(c, ':' | ';' | '=');
        }
        let foreign_max = match (self.is_used, self.is_lone) {
            (true, _) => 0,
            (_, true) => 2,
            _ => FOREIGN_MAX,
        };
        if self.noise > NOISE_MAX
            || self.connectors > CONNECTORS_MAX
            || self.foreign > foreign_max
        {
            self.clear();
        }
    }

    /// Letters or digits that are no identifier.
    pub(super) fn pass_run(&mut self, length: usize) {
        self.foreign += 2;
        (self.is_joined, self.after_colon) = (false, false);
        if length > 3
            || self.is_used
            || self.foreign > if self.is_lone { 2 } else { FOREIGN_MAX }
        {
            self.clear();
        }
    }

    /// Whether an identifier here belongs to what was named.
    pub(super) fn reaches(&self) -> bool {
        self.foreign == 0 || self.after_colon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WECHAT: Place = Place::Named(0);
    const QQ: Place = Place::Named(1);

    fn named(place: Place, is_lone: bool) -> Context {
        let mut context = Context::default();
        context.name(place, is_lone);
        context
    }

    #[test]
    fn the_first_of_several_names_is_the_one() {
        let mut context = named(WECHAT, false);
        context.name(QQ, false);
        assert_eq!((context.place, context.second), (Some(WECHAT), Some(QQ)));
        // Both are known by now, whatever stands between.
        (context.is_joined, context.noise) = (false, 3);
        context.name(QQ, false);
        assert_eq!((context.place, context.noise), (Some(WECHAT), 0));
    }

    #[test]
    fn a_name_that_comes_again_begins_anew_unless_it_is_so_little() {
        for is_lone in [true, false] {
            let mut context = named(WECHAT, is_lone);
            (context.is_joined, context.foreign) = (false, 2);
            context.name(WECHAT, is_lone);
            assert_eq!((context.is_joined, context.foreign), (!is_lone, 0));
        }
    }

    #[test]
    fn whom_to_ask_takes_the_place_of_a_name_that_other_words_part_from_it() {
        let mut context = named(WECHAT, false);
        context.name(Place::Person, false);
        assert_eq!((context.place, context.connectors), (Some(WECHAT), 1));
        context.foreign = 1;
        context.name(Place::Person, false);
        assert_eq!(context.place, Some(Place::Person));
    }

    /// The context once a text has been passed.
    fn passed(mut context: Context, text: &str) -> Context {
        crate::fold::fold(text).for_each(|folded| context.pass(&folded));
        context
    }

    #[test]
    fn somebody_to_talk_to_is_the_writer_right_before_me() {
        let person = named(Place::Person, false);
        assert_eq!(passed(person, "我").place, Some(Place::Me));
        assert_eq!(passed(person, "号").place, Some(Place::Person));
        assert_eq!(passed(person, "山我").place, Some(Place::Person));
        assert_eq!(passed(named(WECHAT, false), "我").place, Some(WECHAT));
    }

    #[test]
    fn what_is_passed_is_counted_by_its_kind() {
        let counts = |text: &str| {
            let context = passed(named(WECHAT, false), text);
            (context.noise, context.connectors, context.foreign, context.is_broken)
        };
        assert_eq!(counts("  "), (2, 0, 0, false));
        assert_eq!(counts("。"), (STOP_NOISE, 0, 0, true));
        assert_eq!(counts("："), (1, 0, 0, false));
        assert_eq!(counts("、"), (1, 0, 0, true));
        assert_eq!(counts("号："), (1, 1, 0, false));
        assert_eq!(counts("的的号"), (0, 3, 0, true));
        assert_eq!(counts("山水"), (0, 0, 2, false));
    }

    #[test]
    fn a_character_that_completes_a_name_makes_it_a_whole_one() {
        assert!(!passed(named(WECHAT, true), "信").is_lone);
        assert!(passed(named(WECHAT, true), "号").is_lone);
    }

    #[test]
    fn a_name_reaches_so_far() {
        let alive = |context: Context, text: &str| passed(context, text).is_alive();
        assert!(!Context::default().is_alive());
        let name = named(WECHAT, false);
        let spaces = " ".repeat(usize::from(NOISE_MAX));
        assert!(alive(name, &spaces) && !alive(name, &(spaces + " ")));
        let connectors = "号".repeat(usize::from(CONNECTORS_MAX));
        assert!(alive(name, &connectors) && !alive(name, &(connectors + "号")));
        let foreign = "山".repeat(usize::from(FOREIGN_MAX));
        assert!(alive(name, &foreign) && !alive(name, &(foreign + "山")));
        // A lone character not so far, and one that has its identifier not at all.
        let lone = named(WECHAT, true);
        assert!(alive(lone, "山水") && !alive(lone, "山水月"));
        let mut used = name;
        used.use_up();
        assert!(alive(used, " ") && !alive(used, "山"));
        // A code to verify with is no identifier.
        assert!(!alive(name, "验"));
    }

    #[test]
    fn letters_that_are_no_identifier_count_twice() {
        let after = |mut context: Context, lengths: &[usize]| {
            lengths.iter().for_each(|length| context.pass_run(*length));
            context
        };
        let colon = passed(named(WECHAT, false), "：");
        assert!(colon.after_colon && colon.reaches());
        let context = after(colon, &[3]);
        assert!(!context.after_colon && !context.is_joined && !context.reaches());
        assert_eq!((context.foreign, context.is_alive()), (2, true));
        assert!(!after(colon, &[4]).is_alive());
        assert!(after(colon, &[1, 1, 1]).is_alive());
        assert!(!after(colon, &[1, 1, 1, 1]).is_alive());
        let lone = named(WECHAT, true);
        assert!(after(lone, &[1]).is_alive() && !after(lone, &[1, 1]).is_alive());
        let mut used = colon;
        used.use_up();
        assert!(!after(used, &[1]).is_alive());
    }

    #[test]
    fn a_name_that_is_used_up_stays_what_it_was() {
        let mut context = named(WECHAT, true);
        context.use_up();
        assert!(context.is_lone && context.is_used && context.is_alive());
    }
}
