//! From log-odds to scores.

/// The score of a place with these log-odds: `100 · 1 / (1 + e^-x)`, from 0 to
/// 100.
///
/// ```
/// assert_eq!(huoyan::score(0.0), 50.0);
/// assert!(huoyan::score(4.0) > 98.0 && huoyan::score(-40.0) < 0.001);
/// ```
pub fn score(log_odds: f32) -> f32 {
    100.0 / (1.0 + exp(-log_odds))
}

/// A score, from 0 to 100, as it is shown to people: without decimals, rounded to the
/// nearest. What is not flagged is rounded down, so that it does not look like a threshold
/// that it does not reach. The command line writes scores like this, in JSON as well.
///
/// ```
/// assert_eq!(huoyan::shown_score(49.6, true), 50);
/// assert_eq!(huoyan::shown_score(49.6, false), 49);
/// ```
pub fn shown_score(score: f32, is_flagged: bool) -> u8 {
    // `as` rounds towards zero; `f32::round` is not in `core`.
    let raise = if is_flagged { 0.5 } else { 0.0 };
    (score + raise) as u8
}

/// The log-odds at which [`score`] reaches a threshold.
pub(crate) fn log_odds_at(score: f32) -> f32 {
    // Bisection: the threshold is asked for once a scan at most.
    let (mut low, mut high) = (-60.0f32, 60.0f32);
    for _ in 0..48 {
        let middle = (low + high) / 2.0;
        match self::score(middle) < score {
            true => low = middle,
            false => high = middle,
        }
    }
    high
}

/// e^x without the standard library: 2^n · 2^f by a polynomial for 2^f.
///
/// The coefficients are those of the Taylor series of 2^f around 0; on
/// [-0.5, 0.5] the error is below 3e-7 relative.
fn exp(x: f32) -> f32 {
    let scaled = x.clamp(-80.0, 80.0) * core::f32::consts::LOG2_E;
    let whole = if scaled >= 0.0 { scaled + 0.5 } else { scaled - 0.5 } as i32;
    let y = (scaled - whole as f32) * core::f32::consts::LN_2;
    let series = 1.0
        + y * (1.0
            + y * (0.5
                + y * (1.0 / 6.0 + y * (1.0 / 24.0 + y * (1.0 / 120.0 + y / 720.0)))));
    series * f32::from_bits(((whole + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_to_std() {
        for i in -8000..=8000 {
            let x = i as f32 / 100.0;
            let error = (f64::from(exp(x)) / f64::from(x).exp() - 1.0).abs();
            assert!(error < 1e-5, "e^{x}: {error}");
        }
    }

    #[test]
    fn shown_scores_are_whole() {
        let shown = |score| (shown_score(score, false), shown_score(score, true));
        assert_eq!(shown(0.0), (0, 0));
        assert_eq!(shown(49.4), (49, 49));
        assert_eq!(shown(49.5), (49, 50));
        assert_eq!(shown(100.0), (100, 100));
    }

    #[test]
    fn threshold_inverts_score() {
        for threshold in [1.0, 50.0, 75.0, 99.0] {
            assert!((score(log_odds_at(threshold)) - threshold).abs() < 0.01);
        }
    }
}
