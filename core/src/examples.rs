//! Running the examples of a pack.

use crate::category::Category;
use crate::pack::{self, Example, PackError, Problem};
use crate::ruleset::Ruleset;
use crate::scan::Scratch;
use crate::score::shown_score;

/// Compiles a pack and runs every example of the pack and of its rules: a `match` must be
/// flagged in its category (that of the rule; in any, if an example of the pack names
/// none), a `pass` must not. Gives the ruleset and the number of examples.
///
/// # Errors
///
/// [`PackError`] that shows each example that fails, at its place in the
/// source.
pub fn check_examples(
    name: &str,
    source: &str,
) -> Result<(Ruleset<'static>, usize), PackError> {
    let pack = pack::parse(name, source)?;
    let ruleset = Ruleset::of_pack(name, source, &pack)?;
    let mut scratch = Scratch::new(&ruleset);
    let of_rules = pack.rules.iter().flat_map(|rule| {
        rule.examples.iter().map(move |example| (Some(rule.id.as_str()), example))
    });
    let examples = of_rules.chain(pack.examples.iter().map(|example| (None, example)));
    let (mut problems, mut count) = (Vec::new(), 0);
    for (rule, example) in examples {
        count += 1;
        problems.extend(problem(&ruleset, &mut scratch, rule, example));
    }
    match problems.is_empty() {
        true => Ok((ruleset, count)),
        false => Err(PackError::new(name, source, problems)),
    }
}

/// What is wrong with an example, which may be one of a rule.
fn problem(
    ruleset: &Ruleset<'_>,
    scratch: &mut Scratch,
    rule: Option<&str>,
    example: &Example,
) -> Option<Problem> {
    let is_meant =
        |category: Category| example.category.is_none_or(|own| own == category);
    let verdict = ruleset.scan(scratch, &example.text);
    let found = verdict.findings().filter(|finding| is_meant(finding.category()));
    let found = found.map(|finding| finding.score()).reduce(f32::max);
    let (must, does) = match (found.is_some(), example.flagged) {
        (false, true) => ("must be flagged", "is not"),
        (true, false) => ("must pass", "is flagged"),
        _ => return None,
    };
    let score = found.unwrap_or_else(|| {
        let explanation = ruleset.explain(&example.text);
        let own = explanation.places.iter().filter(|place| is_meant(place.category));
        own.map(|place| place.score).fold(0.0, f32::max)
    });
    let of_rule = rule.map(|id| format!(" of rule `{id}`")).unwrap_or_default();
    let category = example.category.map(|own| format!(" as {own}")).unwrap_or_default();
    let shown = shown_score(score, !example.flagged);
    let what = format!("an example{of_rule} {must}{category} and {does}");
    let problem = Problem::new(example.span.clone(), what)
        .label(format!("score {shown}, threshold {}", ruleset.threshold()))
        .help("`huoyan explain --pack FILE` with this text shows what was seen");
    Some(problem)
}
