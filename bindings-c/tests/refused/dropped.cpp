// Answers that are dropped: compilers say so.
#include <huoyan.hpp>

#if defined(DROP_COMPILED)
void drop() { huoyan::ruleset::compile(""); }
#elif defined(DROP_MASKED)
void drop(const huoyan::ruleset &ruleset, huoyan::scratch &scratch) { ruleset.mask(scratch, ""); }
#elif defined(DROP_FLAGGED)
void drop(const huoyan::ruleset &ruleset, huoyan::scratch &scratch) {
    ruleset.is_flagged(scratch, "");
}
#endif
