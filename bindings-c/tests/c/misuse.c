/* Wrong calls get a status, write nothing, and break nothing. */
#include "check.h"
#include <limits.h>

static const char OFFER[] = "大量Ｖ信号出售，老号带支付";

/* Structs are laid out alike for C and for the library. */
_Static_assert(sizeof(hy_error) == 512, "hy_error");
_Static_assert(sizeof(hy_status) == 4 && (hy_status)-1 < 0, "hy_status");
#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(hy_finding) == 72, "hy_finding");
_Static_assert(sizeof(hy_evidence) == 80, "hy_evidence");
_Static_assert(sizeof(hy_contact) == 64, "hy_contact");
_Static_assert(sizeof(hy_attribute) == 56, "hy_attribute");
_Static_assert(sizeof(hy_result) == 80, "hy_result");
_Static_assert(sizeof(hy_ruleset_info) == 64, "hy_ruleset_info");
#endif

static int32_t never(const hy_finding *finding, void *user_data) {
    (void)finding;
    *(int *)user_data += 1;
    return 0;
}

static int32_t never_hit(const hy_evidence *hit, void *user_data) {
    (void)hit;
    *(int *)user_data += 1;
    return 0;
}

struct kept {
    hy_str name[64];
    uint32_t number[64];
    size_t count;
};

static int32_t keep_hit(const hy_evidence *hit, void *user_data) {
    struct kept *own = user_data;
    own->name[own->count] = hit->concept_name;
    own->number[own->count] = hit->concept_number;
    return ++own->count == sizeof own->number / sizeof *own->number;
}

/* The names that hits have are those of the ruleset, and stay. */
static void explained(const hy_ruleset *ruleset) {
    struct kept kept = { .count = 0 };
    CHECK_STATUS(HY_OK, hy_explain(ruleset, TEXT(OFFER), keep_hit, &kept));
    CHECK(kept.count > 2);
    for (size_t i = 0; i < kept.count; i++) {
        hy_str name = { NULL, 0 };
        CHECK_STATUS(HY_OK, hy_ruleset_concept(ruleset, kept.number[i], &name));
        CHECK(kept.name[i].data == name.data && kept.name[i].len == name.len);
    }
}

/* What the header says about sizes. */
static void sizes(const hy_scratch *scratch) {
    size_t size = 0;
    CHECK_STATUS(HY_OK, hy_scratch_size(scratch, &size));
    CHECK(size > 750000 && size < 900000);
}

struct reentry {
    const hy_ruleset *ruleset;
    hy_scratch *scratch;
    hy_status scan, scan_into, is_flagged, mask, fit, result, size;
};

/* Uses the scratch while its scan is under way. */
static int32_t reenter(const hy_finding *finding, void *user_data) {
    struct reentry *own = user_data;
    int32_t flagged = 7;
    size_t size = 0;
    char buffer[64];
    hy_result result = HY_RESULT_INIT;
    int calls = 0;
    uint64_t start = finding->start;
    own->scan = hy_scan(own->ruleset, own->scratch, TEXT(OFFER), never, &calls);
    own->scan_into = hy_scan_into(own->ruleset, own->scratch, TEXT(OFFER), NULL, 0, &size);
    own->is_flagged = hy_is_flagged(own->ruleset, own->scratch, TEXT(OFFER), &flagged);
    own->mask =
        hy_mask(own->ruleset, own->scratch, TEXT(OFFER), buffer, sizeof buffer, &size);
    own->fit = hy_scratch_fit(own->scratch, own->ruleset);
    own->result = hy_scratch_result(own->scratch, &result);
    own->size = hy_scratch_size(own->scratch, &size);
    CHECK(calls == 0 && flagged == 7 && size == 0);
    CHECK(finding->start == start && finding->evidence_count > 0);
    return 1;
}

static void nulls(const hy_ruleset *ruleset, hy_scratch *scratch) {
    int calls = 0;
    int32_t flagged = 7;
    size_t size = 7;
    char buffer[8];
    hy_finding finding;
    hy_result result = HY_RESULT_INIT;
    hy_ruleset_info info = HY_RULESET_INFO_INIT;
    hy_str name = { NULL, 7 };
    hy_scratch *no_scratch = scratch;
    const hy_ruleset *no_ruleset = ruleset;

    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_builtin(NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_compile(NULL, 5, &no_ruleset, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_compile(TEXT("format = 1"), NULL, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_deserialize(NULL, 1, &no_ruleset, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_deserialize_borrowed(NULL, 1, &no_ruleset, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_deserialize("x", 1, NULL, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_serialize(NULL, buffer, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_serialize(ruleset, NULL, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_serialize(ruleset, buffer, 8, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_with_threshold(NULL, 50, &no_ruleset));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_with_threshold(ruleset, 50, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_describe(NULL, &info));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_describe(ruleset, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_rule(NULL, 0, &name));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_rule(ruleset, 0, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_concept(NULL, 0, &name));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_platform(NULL, 0, &name));
    CHECK_STATUS(HY_ERR_NULL, hy_category_name(0, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_disguise_name(0, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_new(NULL, &no_scratch));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_new(ruleset, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_fit(NULL, ruleset));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_fit(scratch, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_size(NULL, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_size(scratch, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_result(NULL, &result));
    CHECK_STATUS(HY_ERR_NULL, hy_scratch_result(scratch, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_scan(NULL, scratch, TEXT(OFFER), never, &calls));
    CHECK_STATUS(HY_ERR_NULL, hy_scan(ruleset, NULL, TEXT(OFFER), never, &calls));
    CHECK_STATUS(HY_ERR_NULL, hy_scan(ruleset, scratch, NULL, 1, never, &calls));
    CHECK_STATUS(HY_ERR_NULL, hy_scan(ruleset, scratch, TEXT(OFFER), NULL, &calls));
    CHECK_STATUS(HY_ERR_NULL, hy_scan_into(NULL, scratch, TEXT(OFFER), &finding, 1, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_scan_into(ruleset, NULL, TEXT(OFFER), &finding, 1, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_scan_into(ruleset, scratch, NULL, 1, &finding, 1, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_scan_into(ruleset, scratch, TEXT(OFFER), NULL, 1, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_is_flagged(NULL, scratch, TEXT(OFFER), &flagged));
    CHECK_STATUS(HY_ERR_NULL, hy_is_flagged(ruleset, NULL, TEXT(OFFER), &flagged));
    CHECK_STATUS(HY_ERR_NULL, hy_is_flagged(ruleset, scratch, NULL, 9, &flagged));
    CHECK_STATUS(HY_ERR_NULL, hy_is_flagged(ruleset, scratch, TEXT(OFFER), NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_fold(NULL, 1, buffer, NULL, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_fold(TEXT(OFFER), NULL, NULL, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_fold(TEXT(OFFER), buffer, NULL, 8, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_mask(NULL, scratch, TEXT(OFFER), buffer, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_mask(ruleset, NULL, TEXT(OFFER), buffer, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_mask(ruleset, scratch, NULL, 1, buffer, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_mask(ruleset, scratch, TEXT(OFFER), NULL, 8, &size));
    CHECK_STATUS(HY_ERR_NULL, hy_mask(ruleset, scratch, TEXT(OFFER), buffer, 8, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_explain(NULL, TEXT(OFFER), never_hit, &calls));
    CHECK_STATUS(HY_ERR_NULL, hy_explain(ruleset, NULL, 1, never_hit, &calls));
    CHECK_STATUS(HY_ERR_NULL, hy_explain(ruleset, TEXT(OFFER), NULL, &calls));
    hy_stream *no_stream = NULL, *stream = NULL;
    CHECK_STATUS(HY_OK, hy_stream_new(ruleset, 0, &stream));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_new(NULL, 0, &no_stream));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_new(ruleset, 0, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_feed(NULL, TEXT(OFFER), NULL, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_feed(stream, NULL, 1, NULL, NULL));
    CHECK_STATUS(HY_OK, hy_stream_feed(stream, NULL, 0, NULL, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_finish(NULL, NULL, NULL));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_total(NULL, &result));
    CHECK_STATUS(HY_ERR_NULL, hy_stream_total(stream, NULL));
    CHECK(no_stream == NULL);
    hy_stream_free(stream);
    hy_stream_free(NULL);
    CHECK(hy_ruleset_retain(NULL) == NULL);
    hy_ruleset_free(NULL);
    hy_scratch_free(NULL);

    /* Nothing was written. */
    CHECK(calls == 0 && flagged == 7 && size == 7 && name.len == 7);
    CHECK(no_scratch == scratch && no_ruleset == ruleset);
}

static void ranges(const hy_ruleset *ruleset, hy_scratch *scratch) {
    hy_str name = { NULL, 7 };
    size_t size = 7;
    const hy_ruleset *other = NULL;
    hy_ruleset_info info = HY_RULESET_INFO_INIT;
    CHECK_STATUS(HY_OK, hy_ruleset_describe(ruleset, &info));

    CHECK_STATUS(HY_ERR_ARGUMENT, hy_category_name(HY_CATEGORY_COUNT, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_category_name(HY_CATEGORY_NONE, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_disguise_name(HY_DISGUISE_COUNT, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_disguise_name(UINT32_MAX, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_ruleset_rule(ruleset, info.rule_count, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_ruleset_concept(ruleset, info.concept_count, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_ruleset_platform(ruleset, info.platform_count, &name));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_ruleset_with_threshold(ruleset, -1.0f, &other));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_ruleset_with_threshold(ruleset, 100.5f, &other));
    CHECK_STATUS(HY_ERR_ARGUMENT, hy_ruleset_with_threshold(ruleset, 0.0f / 0.0f, &other));
    hy_stream *stream = NULL;
    size_t windows[] = { 1, HY_STREAM_WINDOW_MIN - 1, (size_t)HY_STREAM_WINDOW_MAX + 1,
                         SIZE_MAX };
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        CHECK_STATUS(HY_ERR_ARGUMENT, hy_stream_new(ruleset, windows[i], &stream));
    }
    CHECK(name.len == 7 && other == NULL && stream == NULL);
    CHECK_STATUS(HY_OK, hy_stream_new(ruleset, HY_STREAM_WINDOW_MIN, &stream));
    hy_stream_free(stream);

    /* A length that no text has: said before a byte is read. */
    CHECK_STATUS(HY_ERR_TEXT_TOO_LONG,
                 hy_scan_into(ruleset, scratch, OFFER, SIZE_MAX, NULL, 0, &size));
#if SIZE_MAX > UINT32_MAX
    CHECK_STATUS(HY_ERR_TEXT_TOO_LONG,
                 hy_scan_into(ruleset, scratch, OFFER, (size_t)HY_TEXT_BYTES_MAX + 1, NULL,
                              0, &size));
    CHECK_STATUS(HY_ERR_TEXT_TOO_LONG, hy_mask(ruleset, scratch, OFFER,
                                               (size_t)HY_TEXT_BYTES_MAX + 1, NULL, 0,
                                               &size));
#endif
    CHECK(size == 7);
    hy_result result = HY_RESULT_INIT;
    CHECK_STATUS(HY_OK, hy_scratch_result(scratch, &result));
    CHECK(result.finding_count == 0 && result.category == HY_CATEGORY_NONE);
}

static void struct_sizes(const hy_ruleset *ruleset, hy_scratch *scratch) {
    hy_error error = HY_ERROR_INIT;
    hy_result result = HY_RESULT_INIT;
    hy_ruleset_info info = HY_RULESET_INFO_INIT;
    const hy_ruleset *other = NULL;
    uint32_t wrong[] = { 0, 4, sizeof(hy_error) - 1 };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        error.struct_size = wrong[i];
        error.line = 77;
        CHECK_STATUS(HY_ERR_STRUCT_SIZE, hy_ruleset_compile(TEXT("x"), &other, &error));
        CHECK(error.line == 77 && other == NULL);
    }
    result.struct_size = 0;
    CHECK_STATUS(HY_ERR_STRUCT_SIZE, hy_scratch_result(scratch, &result));
    info.struct_size = 8;
    CHECK_STATUS(HY_ERR_STRUCT_SIZE, hy_ruleset_describe(ruleset, &info));

    /* A caller of a later version has a larger struct: what this version does
     * not know stays as it is. */
    struct {
        hy_result known;
        uint64_t later;
    } future = { HY_RESULT_INIT, 99 };
    future.known.struct_size = sizeof future;
    CHECK_STATUS(HY_OK, hy_scratch_result(scratch, &future.known));
    CHECK(future.later == 99 && future.known.struct_size == sizeof(hy_result));
}

static void scratches(const hy_ruleset *ruleset, hy_scratch *scratch) {
    struct reentry own = { ruleset, scratch, 0, 0, 0, 0, 0, 0, 0 };
    CHECK_STATUS(HY_STOPPED, hy_scan(ruleset, scratch, TEXT(OFFER), reenter, &own));
    CHECK(own.scan == HY_ERR_IN_USE && own.scan_into == HY_ERR_IN_USE);
    CHECK(own.is_flagged == HY_ERR_IN_USE && own.mask == HY_ERR_IN_USE);
    CHECK(own.fit == HY_ERR_IN_USE && own.result == HY_ERR_IN_USE);
    CHECK(own.size == HY_ERR_IN_USE);
    /* And it is free again, with its result. */
    hy_result result = HY_RESULT_INIT;
    CHECK_STATUS(HY_OK, hy_scratch_result(scratch, &result));
    CHECK(result.finding_count > 0 && (result.flags & HY_RESULT_FLAGGED));

    /* A scratch of a smaller ruleset is turned away until it is fitted. */
    static const char SMALL[] =
        "format = 1\n[pack]\nid = \"s\"\nversion = \"1\"\n"
        "[[concept]]\nid = \"a\"\nterms = [\"微信\"]\n"
        "[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"a\"]\n"
        "within = 8\nweight = 6.0\n";
    const hy_ruleset *small = NULL;
    hy_scratch *tight = NULL;
    size_t count = 7;
    CHECK_STATUS(HY_OK, hy_ruleset_compile(TEXT(SMALL), &small, NULL));
    CHECK_STATUS(HY_OK, hy_scratch_new(small, &tight));
    CHECK_STATUS(HY_OK, hy_scan_into(small, tight, TEXT("微.信"), NULL, 0, &count));
    CHECK(count == 1);
    CHECK_STATUS(HY_ERR_SCRATCH,
                 hy_scan_into(ruleset, tight, TEXT(OFFER), NULL, 0, &count));
    CHECK(count == 1);
    CHECK_STATUS(HY_OK, hy_scratch_result(tight, &result));
    CHECK(result.finding_count == 0);
    CHECK_STATUS(HY_OK, hy_scratch_fit(tight, ruleset));
    CHECK_STATUS(HY_OK, hy_scan_into(ruleset, tight, TEXT(OFFER), NULL, 0, &count));
    CHECK(count > 0);
    /* The larger one serves the smaller ruleset. */
    CHECK_STATUS(HY_OK, hy_scan_into(small, scratch, TEXT("微.信"), NULL, 0, &count));
    CHECK(count == 1);
    hy_scratch_free(tight);
    hy_ruleset_free(small);
}

int main(void) {
    const hy_ruleset *ruleset = NULL;
    hy_scratch *scratch = NULL;
    CHECK_STATUS(HY_OK, hy_ruleset_builtin(&ruleset));
    CHECK_STATUS(HY_OK, hy_scratch_new(ruleset, &scratch));
    CHECK(hy_abi_version() == HY_ABI_VERSION && strcmp(hy_version(), HY_VERSION) == 0);
    sizes(scratch);
    explained(ruleset);
    nulls(ruleset, scratch);
    ranges(ruleset, scratch);
    struct_sizes(ruleset, scratch);
    scratches(ruleset, scratch);

    /* Every status has a text of its own; unknown ones have one too. */
    for (hy_status a = -12; a <= 1; a++) {
        CHECK(strcmp(hy_status_text(a), hy_status_text(12345)) != 0);
        for (hy_status b = -12; b < a; b++) {
            CHECK(strcmp(hy_status_text(a), hy_status_text(b)) != 0);
        }
    }
    CHECK(strlen(hy_status_text(INT32_MIN)) > 0);
    hy_scratch_free(scratch);
    hy_ruleset_free(ruleset);
    return check_end();
}
