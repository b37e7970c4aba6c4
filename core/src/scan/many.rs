//! Many texts in one call.

use super::lent::Lent;
use super::verdict::Verdict;
use crate::ruleset::Ruleset;
use alloc::vec::Vec;

impl Ruleset<'_> {
    /// Scans texts one after the other and gives what `map` makes of each
    /// verdict, in the order of the texts. Starts no thread.
    ///
    /// With the feature `std` the [`Scratch`](crate::Scratch) that it uses is kept for
    /// the next call, which is faster for that; at most 64 are kept in a process.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// let ruleset = huoyan::Ruleset::builtin();
    /// let posts = ["大量V信号出售，老号带支付", "今天天气不错"];
    /// let flagged = ruleset.scan_many(&posts, |verdict| verdict.is_flagged());
    /// assert_eq!(flagged, [true, false]);
    /// # }
    /// ```
    pub fn scan_many<T: AsRef<str>, R>(
        &self,
        texts: &[T],
        map: impl Fn(Verdict<'_>) -> R,
    ) -> Vec<R> {
        let mut lent = Lent::new(self);
        let scan = |text: &T| map(self.scan(lent.scratch(), text.as_ref()));
        texts.iter().map(scan).collect()
    }

    /// [`scan_many`](Self::scan_many) on the threads of the rayon pool that it
    /// is called in. The order is that of the texts all the same.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// let ruleset = huoyan::Ruleset::builtin();
    /// let posts = vec!["大量V信号出售，老号带支付"; 100];
    /// let scores = ruleset.scan_many_parallel(&posts, |verdict| verdict.score());
    /// assert_eq!(scores, ruleset.scan_many(&posts, |verdict| verdict.score()));
    /// # }
    /// ```
    #[cfg(feature = "rayon")]
    pub fn scan_many_parallel<T: AsRef<str> + Sync, R: Send>(
        &self,
        texts: &[T],
        map: impl Fn(Verdict<'_>) -> R + Sync + Send,
    ) -> Vec<R> {
        use rayon::prelude::*;
        let scan =
            |lent: &mut Lent<'_>, text: &T| map(self.scan(lent.scratch(), text.as_ref()));
        texts.par_iter().map_init(|| Lent::new(self), scan).collect()
    }
}
