//! Interleaved rounds, and their medians.

/// One thing that is measured: what does it, on what, and how fast.
pub(crate) struct Case<'c> {
    pub(crate) engine: String,
    pub(crate) workload: &'static str,
    /// Bytes of one run, and calls.
    pub(crate) bytes: usize,
    pub(crate) calls: usize,
    pub(crate) run: Box<dyn FnMut() -> u64 + 'c>,
    /// What every run must count; found in the first round.
    pub(crate) counted: Option<u64>,
    /// Seconds of processor time for each run, one a round.
    pub(crate) seconds: Vec<f64>,
}

impl<'c> Case<'c> {
    pub(crate) fn new(
        engine: impl Into<String>,
        workload: &'static str,
        (bytes, calls): (usize, usize),
        run: impl FnMut() -> u64 + 'c,
    ) -> Case<'c> {
        Case {
            engine: engine.into(),
            workload,
            bytes,
            calls,
            run: Box::new(run),
            counted: None,
            seconds: Vec::new(),
        }
    }

    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn best(&self) -> f64 {
        self.seconds.iter().copied().fold(f64::NAN, f64::min)
    }

    /// Megabytes (10^6) a second, by the median round.
    pub(crate) fn rate(&self) -> f64 {
        self.bytes as f64 / self.median() / 1e6
    }

    pub(crate) fn best_rate(&self) -> f64 {
        self.bytes as f64 / self.best() / 1e6
    }

    /// Nanoseconds a call.
    pub(crate) fn nanoseconds(&self) -> f64 {
        self.median() * 1e9 / self.calls as f64
    }
}

/// A round is at least this long for each case, in seconds.
const ROUND: f64 = 0.02;

/// Runs every case once a round, so that what disturbs the machine disturbs
/// all alike.
pub(crate) fn measure(cases: &mut [Case<'_>], rounds: usize) {
    let mut repeats = Vec::new();
    for case in cases.iter_mut() {
        let started = processor_time();
        case.counted = Some((case.run)());
        let once = (processor_time() - started).max(1e-9);
        repeats.push(((ROUND / once).ceil() as usize).clamp(1, 100_000));
    }
    for _ in 0..rounds {
        for (case, repeats) in cases.iter_mut().zip(&repeats) {
            let started = processor_time();
            for _ in 0..*repeats {
                let counted = (case.run)();
                assert_eq!(
                    case.counted,
                    Some(counted),
                    "{} on {}",
                    case.engine,
                    case.workload
                );
            }
            case.seconds.push((processor_time() - started) / *repeats as f64);
        }
    }
}

/// Processor time of this thread, in seconds: other programs do not count.
pub(crate) fn processor_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of the right type.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
