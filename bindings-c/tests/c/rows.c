/* The behaviour rows: what is seen in a text, and what it comes to. */
#include "rows.h"
#include "dump.h"

static int row_differs(const struct row *row, const char *what, const char *found,
                       const char *wanted) {
    if (!CHECK(strcmp(found, wanted) == 0)) {
        fprintf(stderr, "  %s, \"%s\": %s\n--- found\n%s\n--- wanted\n%s\n", row->file,
                row->name, what, found, wanted);
        return 1;
    }
    return 0;
}

struct hits {
    const struct row *row;
    size_t count;
};

/* What a hit reads as: a pattern, the folded text. */
static int reads_as(const hy_evidence *hit, const char *wanted) {
    if ((hit->flags & HY_EVIDENCE_PATTERN) == 0) {
        return str_is(hit->means, wanted);
    }
    char folded[256];
    hy_str own = { folded, 0 };
    CHECK(hit->means.len == 0);
    CHECK_STATUS(HY_OK, hy_fold(hit->text.data, hit->text.len, folded, NULL, sizeof folded,
                                &own.len));
    return str_is(own, wanted);
}

/* Compares a hit with the row's. */
static int32_t compare_hit(const hy_evidence *hit, void *user_data) {
    struct hits *own = user_data;
    size_t place = own->count++;
    if (place >= own->row->hit_count) {
        return 0;
    }
    const struct row_hit *wanted = &own->row->hits[place];
    CHECK(str_is(hit->concept_name, wanted->concept_name));
    CHECK(wanted->text == NULL || str_is(hit->text, wanted->text));
    CHECK(wanted->means == NULL || reads_as(hit, wanted->means));
    if (wanted->disguises != NULL) {
        struct dump dump = { "", 0 };
        dump_disguises(&dump, hit->disguises);
        const char *found = dump.length > 0 ? dump.text + 1 : "";
        row_differs(own->row, "disguises", found, wanted->disguises);
    }
    return 0;
}

static int32_t compare_finding(const hy_finding *finding, void *user_data) {
    struct dump *dump = user_data;
    dump_finding(dump, finding);
    return 0;
}

/* The attributes as the row states them, in the order of their names. */
static void attributes(struct dump *dump, const hy_result *result) {
    char done[64] = { 0 };
    dump->length = 0;
    dump->text[0] = 0;
    for (;;) {
        const hy_attribute *next = NULL;
        for (size_t i = 0; i < result->attribute_count; i++) {
            const hy_attribute *one = &result->attributes[i];
            if (!done[i] && (next == NULL ||
                             strncmp(one->name.data, next->name.data, one->name.len) < 0)) {
                next = one;
            }
        }
        if (next == NULL) {
            return;
        }
        dump_add(dump, dump->length > 0 ? " %.*s" : "%.*s", (int)next->name.len,
                 next->name.data);
        const char *separator = "=";
        for (size_t i = 0; i < result->attribute_count; i++) {
            const hy_attribute *one = &result->attributes[i];
            if (one->name.data == next->name.data) {
                done[i] = 1;
                if (one->flags & HY_ATTRIBUTE_HAS_VALUE) {
                    dump_add(dump, "%s%.*s", separator, (int)one->text.len,
                             one->text.data);
                    separator = "|";
                }
            }
        }
    }
}

static void check_row(const struct row *row, const hy_ruleset *ruleset,
                      hy_scratch *scratch) {
    static struct dump dump, called;
    hy_finding findings[HY_FINDINGS_MAX];
    size_t count = 0;
    hy_result result = HY_RESULT_INIT;
    int32_t flagged = 7;

    /* The callback, the array, the result and the answer agree. */
    CHECK_STATUS(HY_OK, hy_is_flagged(ruleset, scratch, row->text, row->text_length,
                                      &flagged));
    called.length = 0;
    called.text[0] = 0;
    CHECK_STATUS(HY_OK, hy_scan(ruleset, scratch, row->text, row->text_length,
                                compare_finding, &called));
    CHECK_STATUS(HY_OK, hy_scan_into(ruleset, scratch, row->text, row->text_length,
                                     findings, HY_FINDINGS_MAX, &count));
    dump.length = 0;
    dump.text[0] = 0;
    for (size_t i = 0; i < count; i++) {
        dump_finding(&dump, &findings[i]);
    }
    row_differs(row, "callback and array", called.text, dump.text);
    CHECK_STATUS(HY_OK, hy_scratch_result(scratch, &result));
    CHECK(result.finding_count == count && (flagged != 0) == (count > 0));

    /* All is as the Rust interface says. */
    dump_result(&dump, &result);
    row_differs(row, "result", dump.text, row->dump);

    /* And as the row says. */
    hy_str name = { "", 0 };
    if (result.category != HY_CATEGORY_NONE) {
        CHECK_STATUS(HY_OK, hy_category_name(result.category, &name));
    }
    CHECK(str_is(name, row->category == NULL ? "" : row->category));
    if (row->finding != NULL) {
        CHECK(count > 0 && str_is(findings[0].text, row->finding));
    }
    if (row->platforms != NULL) {
        dump.length = 0;
        dump.text[0] = 0;
        for (size_t i = 0; i < result.platform_count; i++) {
            dump_str(&dump, result.platforms[i]);
        }
        row_differs(row, "platforms", dump.length > 0 ? dump.text + 1 : "",
                    row->platforms);
    }
    if (row->attributes != NULL) {
        attributes(&dump, &result);
        row_differs(row, "attributes", dump.text, row->attributes);
    }
    if (row->hit_count != (size_t)-1) {
        struct hits hits = { row, 0 };
        CHECK_STATUS(HY_OK, hy_explain(ruleset, row->text, row->text_length, compare_hit,
                                       &hits));
        if (!CHECK(hits.count == row->hit_count)) {
            fprintf(stderr, "  %s, \"%s\": %zu hits\n", row->file, row->name, hits.count);
        }
    }
}

int main(void) {
    const char *pack = "none yet";
    const hy_ruleset *ruleset = NULL;
    hy_scratch *scratch = NULL;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (ROWS[i].pack != pack) {
            pack = ROWS[i].pack;
            hy_scratch_free(scratch);
            hy_ruleset_free(ruleset);
            hy_error error = HY_ERROR_INIT;
            hy_status made = pack == NULL
                                 ? hy_ruleset_builtin(&ruleset)
                                 : hy_ruleset_compile(pack, ROWS[i].pack_length, &ruleset,
                                                      &error);
            if (!CHECK_STATUS(HY_OK, made)) {
                fprintf(stderr, "%s: %s\n", ROWS[i].file, error.message);
                return 1;
            }
            CHECK_STATUS(HY_OK, hy_scratch_new(ruleset, &scratch));
        }
        check_row(&ROWS[i], ruleset, scratch);
    }
    hy_scratch_free(scratch);
    hy_ruleset_free(ruleset);
    CHECK(ROW_COUNT > 50);
    return check_end();
}
