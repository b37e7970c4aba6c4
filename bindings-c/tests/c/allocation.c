/* Scanning, folding and masking allocate nothing. The counters stand in front
 * of the C library's own functions, for the library under test too. */
#define _GNU_SOURCE
#include "check.h"
#include <errno.h>
#include <stdatomic.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static atomic_ulong allocations;

void *malloc(size_t size) {
    atomic_fetch_add(&allocations, 1);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    atomic_fetch_add(&allocations, 1);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    atomic_fetch_add(&allocations, 1);
    return __libc_realloc(block, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    atomic_fetch_add(&allocations, 1);
    *out = __libc_memalign(alignment, size);
    return *out == NULL ? ENOMEM : 0;
}

void *aligned_alloc(size_t alignment, size_t size) {
    atomic_fetch_add(&allocations, 1);
    return __libc_memalign(alignment, size);
}

void free(void *block) {
    if (block != NULL) {
        atomic_fetch_add(&allocations, 1);
    }
    __libc_free(block);
}

static int32_t read_all(const hy_finding *finding, void *user_data) {
    size_t *seen = user_data;
    *seen += finding->text.len;
    for (uint32_t i = 0; i < finding->evidence_count; i++) {
        *seen += finding->evidence[i].concept_name.len + finding->evidence[i].means.len;
    }
    for (uint32_t i = 0; i < finding->rule_count; i++) {
        *seen += finding->rules[i].len;
    }
    return 0;
}

static int32_t read_part(const hy_result *part, void *user_data) {
    for (size_t i = 0; i < part->finding_count; i++) {
        read_all(&part->findings[i], user_data);
    }
    return 0;
}

static char long_text[1 << 20];
static char buffer[4 << 20];

int main(void) {
    const hy_ruleset *ruleset = NULL;
    hy_scratch *scratch = NULL;
    unsigned long before = atomic_load(&allocations);
    CHECK_STATUS(HY_OK, hy_ruleset_builtin(&ruleset));
    CHECK_STATUS(HY_OK, hy_scratch_new(ruleset, &scratch));
    hy_stream *stream = NULL;
    CHECK_STATUS(HY_OK, hy_stream_new(ruleset, 0, &stream));
    CHECK(atomic_load(&allocations) > before); /* The counter counts. */

    static const char *const UNITS[] = {
        "大量Ｖ信号出售，老号带支付，加V：abc12345 ",
        "今天天气不错，我们去公园走走吧。",
        "徽❤呺初售，亻言",
        "加V：a1b2c3d4e5f6 ",
        "15-30天实名带支付微信号出售 ",
        "\xFF\xFE\xE5\xBE",
        "⑩⑫㎏🆗",
        "\xE2\x80\xAE售出号信微\xE2\x80\xAC",
    };
    size_t seen = 0;
    for (size_t unit = 0; unit < sizeof UNITS / sizeof *UNITS; unit++) {
        size_t length = strlen(UNITS[unit]), filled = 0;
        for (; filled + length <= sizeof long_text; filled += length) {
            memcpy(long_text + filled, UNITS[unit], length);
        }
        size_t sizes[] = { 0, length, 40 * length, filled };
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            hy_result result = HY_RESULT_INIT;
            hy_finding findings[4];
            size_t count = 0, written = 0;
            int32_t flagged = 0;
            before = atomic_load(&allocations);
            hy_status status[] = {
                hy_scan(ruleset, scratch, long_text, sizes[i], read_all, &seen),
                hy_scan_into(ruleset, scratch, long_text, sizes[i], findings, 4, &count),
                hy_scratch_result(scratch, &result),
                hy_is_flagged(ruleset, scratch, long_text, sizes[i], &flagged),
                hy_fold(long_text, sizes[i], buffer, NULL, sizeof buffer, &written),
                hy_mask(ruleset, scratch, long_text, sizes[i], buffer, sizeof buffer,
                        &written),
                hy_stream_feed(stream, long_text, sizes[i] / 2, read_part, &seen),
                hy_stream_feed(stream, long_text + sizes[i] / 2, sizes[i] - sizes[i] / 2,
                               read_part, &seen),
                hy_stream_finish(stream, read_part, &seen),
                hy_stream_total(stream, &result),
            };
            unsigned long made = atomic_load(&allocations) - before;
            CHECK(made == 0);
            for (size_t call = 0; call < sizeof status / sizeof *status; call++) {
                CHECK_STATUS(HY_OK, status[call]);
            }
            CHECK((flagged != 0) == (count > 0) && count <= HY_FINDINGS_MAX);
        }
    }
    CHECK(seen > 1000);
    hy_stream_free(stream);
    hy_scratch_free(scratch);
    hy_ruleset_free(ruleset);
    return check_end();
}
