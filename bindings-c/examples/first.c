#include <huoyan.h>
#include <stdio.h>

int main(void) {
    const char text[] = "大量Ｖ信号出售，老号带支付";
    const hy_ruleset *ruleset = NULL;
    hy_scratch *scratch = NULL;
    hy_finding found[8];
    size_t count = 0;
    if (hy_ruleset_builtin(&ruleset) != HY_OK || hy_scratch_new(ruleset, &scratch) != HY_OK) return 1;
    if (hy_scan_into(ruleset, scratch, text, sizeof text - 1, found, 8, &count) != HY_OK) return 1;
    for (size_t i = 0; i < count && i < 8; i++) printf("%.*s: score %.0f\n", (int)found[i].text.len, found[i].text.data, found[i].score);
    hy_scratch_free(scratch);
    hy_ruleset_free(ruleset);
}
