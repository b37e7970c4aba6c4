//! `cargo xtask fit-weights`: the weights of a pack from labelled posts.
//!
//! For each category a post is an example: the rules that fired at its best
//! place, and whether its label is that category. Posts of other categories
//! are left out, since an offer of one kind is often one of another too. The
//! pack's own examples are posts that count several times. The fit moves weights
//! from where the pack has them, as far as the posts ask.

mod model;

use crate::run::say;
use clap::Args;
use huoyan::{Category, Ruleset, Scratch};
use model::{Example, Options, fit, margin};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Value};

/// Folds of the cross-validation.
const FOLDS: usize = 5;
/// Times that each post's best place is chosen anew.
const ROUNDS: usize = 3;

#[derive(Args)]
pub(crate) struct FitArgs {
    /// Labelled posts: JSON lines with `text` and `label`; a file that ends in
    /// .txt is posts without an offer, one a line
    #[arg(required = true, value_name = "LABELLED")]
    posts: Vec<PathBuf>,
    /// The pack whose weights are fitted
    #[arg(long, default_value = "core/packs/wechat-trade.toml")]
    pack: PathBuf,
    /// Write the weights into the pack; without it they are only shown
    #[arg(long)]
    write: bool,
    /// How strongly weights are held where the pack has them
    #[arg(long, default_value_t = 1.0)]
    strength: f64,
    /// How much a post without an offer counts, beside one with an offer
    #[arg(long, default_value_t = 1.0)]
    caution: f64,
    /// The same for one category, such as contact_solicitation=0.5
    #[arg(long, value_name = "CATEGORY=N", value_parser = category_caution)]
    caution_for: Vec<(Category, f64)>,
}

fn category_caution(text: &str) -> Result<(Category, f64), String> {
    let (name, number) = text.split_once('=').ok_or("write CATEGORY=N")?;
    let known = Category::from_name(name);
    let category = known.ok_or_else(|| format!("unknown category `{name}`"))?;
    let number: f64 = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    Ok((category, number))
}

impl FitArgs {
    fn caution(&self, category: Category) -> f64 {
        let own = self.caution_for.iter().rev().find(|(known, _)| *known == category);
        own.map_or(self.caution, |(_, caution)| *caution)
    }
}

#[derive(Deserialize)]
struct Row {
    text: String,
    label: String,
    /// The one category that an example of the pack tells of.
    #[serde(skip)]
    only: Option<Category>,
}

/// How much an example of the pack counts, beside a post.
const EXAMPLE_IMPORTANCE: f64 = 3.0;

pub(crate) fn fit_weights(args: &FitArgs) -> Result<(), String> {
    let source = read(&args.pack)?;
    let mut rows = Vec::new();
    for path in &args.posts {
        posts(path, &mut rows)?;
    }
    let mut weights = Weights::of(&source)?;
    let start = weights.values.clone();
    let pack = huoyan::pack::parse(&args.pack.to_string_lossy(), &source)
        .map_err(|error| format!("\n{error}"))?;
    for rule in &pack.rules {
        rows.extend(rule.examples.iter().map(|example| Row {
            text: example.text.clone(),
            label: if example.flagged { rule.category.name() } else { "benign" }.into(),
            only: Some(rule.category),
        }));
    }
    let saturation = f64::from(pack.saturation);
    let options = Options { strength: args.strength, least: 0.05, saturation };
    for round in 0..ROUNDS {
        let ruleset =
            Ruleset::compile_named(&args.pack.to_string_lossy(), &weights.put(&source)?)
                .map_err(|error| format!("\n{error}"))?;
        let data = Data::of(&ruleset, &rows, &weights, args);
        if round == 0 {
            data.tell(&start, options);
        }
        for examples in &data.examples {
            let all: Vec<&Example> = examples.iter().collect();
            let fitted = fit(&all, &start, options);
            // Each rule is of one category, so that no fit undoes another.
            for rule in all.iter().flat_map(|example| &example.rules) {
                weights.values[*rule] = fitted[*rule];
            }
        }
    }
    weights.tell(&start);
    if args.write {
        fs::write(&args.pack, weights.put(&source)?)
            .map_err(|error| format!("{}: {error}", args.pack.display()))?;
        say("written; now run `cargo xtask gen-packs`");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn posts(path: &Path, rows: &mut Vec<Row>) -> Result<(), String> {
    let text = read(path)?;
    let plain = path.extension().is_some_and(|extension| extension == "txt");
    for (number, line) in text.lines().enumerate() {
        rows.push(match plain {
            true => Row { text: line.to_owned(), label: "benign".into(), only: None },
            false => serde_json::from_str(line)
                .map_err(|error| format!("{}:{}: {error}", path.display(), number + 1))?,
        });
    }
    Ok(())
}

/// The weights of a pack's rules, in the order of the rules.
struct Weights {
    ids: Vec<String>,
    values: Vec<f64>,
    index: HashMap<String, usize>,
}

impl Weights {
    fn of(source: &str) -> Result<Weights, String> {
        let document: DocumentMut =
            source.parse().map_err(|error| format!("the pack: {error}"))?;
        let mut weights =
            Weights { ids: Vec::new(), values: Vec::new(), index: HashMap::new() };
        let rules = document.get("rule").and_then(|rules| rules.as_array_of_tables());
        for rule in rules.into_iter().flatten() {
            let id = rule["id"].as_str().unwrap_or_default().to_owned();
            let weight = &rule["weight"];
            let weight = weight.as_float().or(weight.as_integer().map(|w| w as f64));
            weights.index.insert(id.clone(), weights.ids.len());
            weights.ids.push(id);
            weights.values.push(weight.unwrap_or_default());
        }
        Ok(weights)
    }

    /// The source with these weights, all else as it stands.
    fn put(&self, source: &str) -> Result<String, String> {
        let mut document: DocumentMut =
            source.parse().map_err(|error| format!("the pack: {error}"))?;
        let rules = document["rule"].as_array_of_tables_mut();
        for (rule, weight) in
            rules.into_iter().flat_map(|rules| rules.iter_mut()).zip(&self.values)
        {
            let shown = format!("{weight:.2}");
            let value: Value =
                shown.parse().map_err(|error| format!("{shown}: {error}"))?;
            if let Some(place) =
                rule.get_mut("weight").and_then(|item| item.as_value_mut())
            {
                let decor = place.decor().clone();
                *place = value;
                *place.decor_mut() = decor;
            }
        }
        Ok(document.to_string())
    }

    fn tell(&self, start: &[f64]) {
        say("\nrule                                   was     now");
        for ((id, was), now) in self.ids.iter().zip(start).zip(&self.values) {
            if (was - now).abs() >= 0.005 {
                say(&format!("{id:<34} {was:>+7.2} {now:>+7.2}"));
            }
        }
    }
}

/// Examples by category.
struct Data {
    examples: [Vec<Example>; Category::ALL.len()],
    /// Posts of each category in which none of its rules fired.
    silent: [usize; Category::ALL.len()],
}

impl Data {
    fn of(
        ruleset: &Ruleset<'_>,
        rows: &[Row],
        weights: &Weights,
        args: &FitArgs,
    ) -> Data {
        let all = ruleset.clone().with_threshold(0.0);
        let mut scratch = Scratch::new(&all);
        let mut data = Data { examples: Default::default(), silent: Default::default() };
        for row in rows {
            let label = Category::from_name(&row.label);
            // Most posts without an offer have no rule that fires.
            let places = match all.is_flagged(&mut scratch, &row.text) {
                true => ruleset.explain(&row.text).places,
                false => Vec::new(),
            };
            for (number, category) in Category::ALL.iter().copied().enumerate() {
                let wanted = label == Some(category);
                let other_spam = row.label == "other_spam"
                    && category == Category::ContactSolicitation;
                let elsewhere = row.only.is_some_and(|only| only != category);
                if (label.is_some() && !wanted) || other_spam || elsewhere {
                    continue;
                }
                let best = places
                    .iter()
                    .filter(|place| place.category == category)
                    .max_by(|a, b| a.log_odds.total_cmp(&b.log_odds));
                let Some(best) = best else {
                    data.silent[number] += usize::from(wanted);
                    continue;
                };
                let risk: f32 = best.parts.iter().map(|part| part.risk).sum();
                let known =
                    best.parts.iter().filter_map(|part| weights.index.get(&part.rule));
                data.examples[number].push(Example {
                    bias: f64::from(best.bias),
                    risk: f64::from(risk),
                    rules: known.copied().collect(),
                    wanted,
                    importance: match row.only {
                        Some(_) => EXAMPLE_IMPORTANCE,
                        None if wanted => 1.0,
                        None => args.caution(category),
                    },
                });
            }
        }
        data
    }

    /// Tells how well the weights do, as they are and cross-validated.
    fn tell(&self, start: &[f64], options: Options) {
        say(
            "category                 offers  found   false     after the fit, on posts left out",
        );
        for (number, category) in Category::ALL.iter().copied().enumerate() {
            let examples = &self.examples[number];
            let offers =
                examples.iter().filter(|e| e.wanted).count() + self.silent[number];
            let saturation = options.saturation;
            let before = Outcome::of(examples.iter(), saturation, |_| start);
            let fold = |example: usize| example % FOLDS;
            let fitted: Vec<Vec<f64>> = (0..FOLDS)
                .map(|left_out| {
                    let rest = examples.iter().enumerate();
                    let rest: Vec<&Example> = rest
                        .filter(|(number, _)| fold(*number) != left_out)
                        .map(|(_, example)| example)
                        .collect();
                    fit(&rest, start, options)
                })
                .collect();
            let left_out = |number: usize| fitted[fold(number)].as_slice();
            let after = Outcome::of(examples.iter(), saturation, left_out);
            say(&format!(
                "{:<23} {:>7} {:>6} {:>7} {:>12} found {:>6} false",
                category.name(),
                offers,
                before.found,
                before.wrong,
                after.found,
                after.wrong,
            ));
        }
    }
}

/// How many offers are found, and how many other posts are flagged.
struct Outcome {
    found: usize,
    wrong: usize,
}

impl Outcome {
    fn of<'e, 'w>(
        examples: impl Iterator<Item = &'e Example>,
        saturation: f64,
        weights: impl Fn(usize) -> &'w [f64],
    ) -> Outcome {
        let mut outcome = Outcome { found: 0, wrong: 0 };
        for (number, example) in examples.enumerate() {
            if margin(example, weights(number), saturation) >= 0.0 {
                match example.wanted {
                    true => outcome.found += 1,
                    false => outcome.wrong += 1,
                }
            }
        }
        outcome
    }
}
