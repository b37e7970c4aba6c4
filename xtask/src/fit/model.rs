//! Regularised logistic regression with the signs of the weights held.
//!
//! The loss is the mean over examples of `ln(1 + e^-margin)`, times their
//! weights, plus `strength / 2` times the squared distance of each weight from
//! where it started. Coordinate descent with exact second derivatives finds a
//! minimum, the same every time. What speaks for a category counts only up to
//! the pack's saturation, as it does in a scan.

/// What one example comes to: the offset and the rules that fired.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// Log-odds that no weight changes: the bias.
    pub(crate) bias: f64,
    /// What the disguises cost.
    pub(crate) risk: f64,
    /// Indices of the weights that are added, each once.
    pub(crate) rules: Vec<usize>,
    /// Whether the sum should be positive.
    pub(crate) wanted: bool,
    /// How much the example counts.
    pub(crate) importance: f64,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// How strongly weights are held where they started.
    pub(crate) strength: f64,
    /// The least that a weight may come to, away from zero.
    pub(crate) least: f64,
    /// Most that the rules which speak for a category may add.
    pub(crate) saturation: f64,
}

const SWEEPS_MAX: usize = 500;
/// Sweeps end when no weight moves further than this.
const STILL: f64 = 1e-5;

/// What the rules that speak for a category gain, and what speaks against.
fn sides(example: &Example, weights: &[f64]) -> (f64, f64) {
    let of = |side: fn(&f64) -> bool| -> f64 {
        example.rules.iter().map(|rule| weights[*rule]).filter(side).sum()
    };
    (example.risk + of(|weight| *weight > 0.0), of(|weight| *weight <= 0.0))
}

/// Log-odds of an example.
pub(crate) fn margin(example: &Example, weights: &[f64], saturation: f64) -> f64 {
    let (gained, against) = sides(example, weights);
    example.bias + gained.min(saturation) + against
}

/// The weights that fit the examples best, near those they start from.
pub(crate) fn fit(examples: &[&Example], start: &[f64], options: Options) -> Vec<f64> {
    let mut weights = start.to_vec();
    let mut sums: Vec<(f64, f64)> =
        examples.iter().map(|example| sides(example, &weights)).collect();
    let mut of_rule: Vec<Vec<usize>> = vec![Vec::new(); start.len()];
    for (number, example) in examples.iter().enumerate() {
        for rule in &example.rules {
            of_rule[*rule].push(number);
        }
    }
    for _ in 0..SWEEPS_MAX {
        let mut moved = 0.0f64;
        for rule in 0..weights.len() {
            if of_rule[rule].is_empty() {
                continue;
            }
            let (mut slope, mut curve) =
                (options.strength * (weights[rule] - start[rule]), options.strength);
            for number in &of_rule[rule] {
                let example = examples[*number];
                let (gained, against) = sums[*number];
                if start[rule] > 0.0 && gained > options.saturation {
                    // More of the same changes nothing here.
                    continue;
                }
                let margin = example.bias + gained.min(options.saturation) + against;
                let probability = 1.0 / (1.0 + (-margin).exp());
                let target = f64::from(u8::from(example.wanted));
                slope += example.importance * (probability - target);
                // The curvature is at most a quarter; a floor keeps steps sane.
                let bend = (probability * (1.0 - probability)).max(1e-3);
                curve += example.importance * bend;
            }
            let step = (slope / curve).clamp(-1.0, 1.0);
            let next = held(weights[rule] - step, start[rule], options.least);
            let change = next - weights[rule];
            for number in &of_rule[rule] {
                match start[rule] > 0.0 {
                    true => sums[*number].0 += change,
                    false => sums[*number].1 += change,
                }
            }
            weights[rule] = next;
            moved = moved.max(change.abs());
        }
        if moved < STILL {
            break;
        }
    }
    weights
}

/// A weight with the sign that it started with.
fn held(weight: f64, start: f64, least: f64) -> f64 {
    match start > 0.0 {
        true => weight.max(least),
        false => weight.min(-least),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(rules: &[usize], wanted: bool) -> Example {
        Example { bias: -4.0, risk: 0.0, rules: rules.to_vec(), wanted, importance: 1.0 }
    }

    const OPTIONS: Options = Options { strength: 0.1, least: 0.05, saturation: 100.0 };

    #[test]
    fn weights_move_as_far_as_the_examples_ask() {
        let examples =
            [example(&[0, 1], true), example(&[0], false), example(&[2], true)];
        let all: Vec<&Example> = examples.iter().collect();
        let weights = fit(&all, &[2.0, 1.0, 5.0, 3.0], OPTIONS);
        assert!(margin(&examples[0], &weights, 100.0) > 0.0, "{weights:?}");
        assert!(margin(&examples[1], &weights, 100.0) < 0.0, "{weights:?}");
        assert!(weights[2] > 5.0);
        // No example tells of the last.
        assert_eq!(weights[3], 3.0);
    }

    #[test]
    fn signs_are_held() {
        // Everything asks for the opposite sign.
        let examples = vec![example(&[0], false); 50];
        let others = vec![example(&[1], true); 50];
        let all: Vec<&Example> = examples.iter().chain(&others).collect();
        let weights = fit(&all, &[1.0, -1.0], OPTIONS);
        assert_eq!(weights, [0.05, -0.05]);
    }

    #[test]
    fn saturation_lets_what_speaks_against_decide() {
        let examples = vec![example(&[0, 1, 2], false); 9];
        let all: Vec<&Example> = examples.iter().collect();
        let options = Options { saturation: 8.0, ..OPTIONS };
        let weights = fit(&all, &[9.0, 9.0, -1.0], options);
        assert!(weights[2] < -4.0, "{weights:?}");
        assert!(margin(&examples[0], &weights, 8.0) < 0.0);
    }

    #[test]
    fn the_minimum_has_no_slope() {
        let examples =
            [example(&[0, 1], true), example(&[1], false), example(&[0], true)];
        let all: Vec<&Example> = examples.iter().collect();
        let start = [1.0, 1.0];
        let weights = fit(&all, &start, OPTIONS);
        for rule in 0..2 {
            let slope: f64 = examples
                .iter()
                .filter(|example| example.rules.contains(&rule))
                .map(|example| {
                    let p = 1.0 / (1.0 + (-margin(example, &weights, 100.0)).exp());
                    p - f64::from(u8::from(example.wanted))
                })
                .sum();
            let slope = slope + OPTIONS.strength * (weights[rule] - start[rule]);
            assert!(slope.abs() < 1e-3, "{slope}");
        }
    }
}
