//! Running the examples of a pack.

use crate::pack::{self, PackError, Problem};
use crate::ruleset::Ruleset;
use crate::scan::Scratch;
use crate::score::shown_score;

/// Compiles a pack and runs every example of every rule: a `match` must be
/// flagged in the rule's category, a `pass` must not. Gives the ruleset and
/// the number of examples.
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
    let mut problems = Vec::new();
    let mut count = 0;
    for rule in &pack.rules {
        for example in &rule.examples {
            count += 1;
            let verdict = ruleset.scan(&mut scratch, &example.text);
            let found = verdict.findings().find(|f| f.category() == rule.category);
            if found.is_some() == example.flagged {
                continue;
            }
            let (must, does) = match example.flagged {
                true => ("must be flagged", "is not"),
                false => ("must pass", "is flagged"),
            };
            let score = match found {
                Some(finding) => finding.score(),
                None => {
                    let explanation = ruleset.explain(&example.text);
                    let places = explanation.places.iter();
                    let own = places.filter(|place| place.category == rule.category);
                    own.map(|place| place.score).fold(0.0, f32::max)
                }
            };
            let shown = shown_score(score, !example.flagged);
            problems.push(
                Problem::new(
                    example.span.clone(),
                    format!(
                        "an example of rule `{}` {must} as {} and {does}",
                        rule.id, rule.category
                    ),
                )
                .label(format!("score {shown}, threshold {}", ruleset.threshold()))
                .help("`huoyan explain --pack FILE` with this text shows what was seen"),
            );
        }
    }
    match problems.is_empty() {
        true => Ok((ruleset, count)),
        false => Err(PackError::new(name, source, problems)),
    }
}
