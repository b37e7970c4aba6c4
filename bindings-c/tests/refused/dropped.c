/* A status that is dropped: compilers say so. */
#include <huoyan.h>

void drop(hy_scratch *scratch, const hy_ruleset *ruleset);

void drop(hy_scratch *scratch, const hy_ruleset *ruleset) {
    hy_scratch_fit(scratch, ruleset);
}
