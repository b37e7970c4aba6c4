/* Texts in chunks come to what whole texts come to: every row cut everywhere, and
 * a text that is much longer than the window. */
#include "dump.h"
#include "rows.h"

struct parts {
    struct dump findings, contacts;
    size_t count;
    int stop;
    int is_cut;
};

static int32_t take_part(const hy_result *part, void *user_data) {
    struct parts *own = user_data;
    own->count++;
    own->is_cut |= (part->flags & HY_RESULT_TRUNCATED) != 0;
    for (size_t i = 0; i < part->finding_count; i++) {
        dump_finding(&own->findings, &part->findings[i]);
    }
    for (size_t i = 0; i < part->contact_count; i++) {
        const hy_contact *contact = &part->contacts[i];
        dump_span(&own->contacts, "contact", contact->start, contact->end, contact->text);
        dump_str(&own->contacts, contact->value);
    }
    return own->stop;
}

static void start(struct parts *parts) {
    parts->findings.length = parts->contacts.length = 0;
    parts->findings.text[0] = parts->contacts.text[0] = 0;
    parts->count = 0;
    parts->is_cut = 0;
}

static struct parts whole, parts;

static void scan_whole(const hy_ruleset *ruleset, hy_scratch *scratch, const char *text,
                       size_t length) {
    hy_result result = HY_RESULT_INIT;
    start(&whole);
    CHECK_STATUS(HY_OK, hy_scan_into(ruleset, scratch, text, length, NULL, 0, NULL));
    CHECK_STATUS(HY_OK, hy_scratch_result(scratch, &result));
    CHECK(take_part(&result, &whole) == 0);
}

static int same(void) {
    return strcmp(whole.findings.text, parts.findings.text) == 0 &&
           strcmp(whole.contacts.text, parts.contacts.text) == 0;
}

static void rows_cut_anywhere(const hy_ruleset *ruleset, hy_scratch *scratch,
                              hy_stream *stream) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &ROWS[i];
        if (row->pack != NULL) {
            continue;
        }
        scan_whole(ruleset, scratch, row->text, row->text_length);
        for (size_t cut = 0; cut <= row->text_length; cut++) {
            /* Each chunk is a block of its own: nothing beyond it is there. */
            char *first = malloc(cut + 1), *second = malloc(row->text_length - cut + 1);
            memcpy(first, row->text, cut);
            memcpy(second, row->text + cut, row->text_length - cut);
            start(&parts);
            hy_status status = hy_stream_feed(stream, first, cut, take_part, &parts);
            free(first);
            CHECK_STATUS(HY_OK, status);
            status = hy_stream_feed(stream, second, row->text_length - cut, take_part, &parts);
            free(second);
            CHECK_STATUS(HY_OK, status);
            CHECK_STATUS(HY_OK, hy_stream_finish(stream, take_part, &parts));
            CHECK(same());
            hy_result total = HY_RESULT_INIT;
            CHECK_STATUS(HY_OK, hy_stream_total(stream, &total));
            CHECK((total.category == HY_CATEGORY_NONE) == (row->category == NULL));
            CHECK(total.finding_count == 0 && total.contact_count == 0);
        }
    }
}

static void long_text(const hy_ruleset *ruleset, hy_scratch *scratch, hy_stream *stream) {
    static const char OFFER[] = "大量V信号出售，老号带支付，加V：abc12345";
    static const char QUIET[] = "山高月小而石自现";
    static char text[300000];
    size_t length = 0;
    for (int i = 0; i < 4; i++) {
        memcpy(text + length, OFFER, sizeof OFFER - 1);
        length += sizeof OFFER - 1;
        for (int j = 0; j < 2500; j++) {
            memcpy(text + length, QUIET, sizeof QUIET - 1);
            length += sizeof QUIET - 1;
        }
    }
    scan_whole(ruleset, scratch, text, length);
    size_t sizes[] = { 1, 13, 1000, 65536, length };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        start(&parts);
        for (size_t at = 0; at < length; at += sizes[i]) {
            size_t size = length - at < sizes[i] ? length - at : sizes[i];
            CHECK_STATUS(HY_OK, hy_stream_feed(stream, text + at, size, take_part, &parts));
        }
        CHECK(parts.count == 4); /* The last is settled before the text ends. */
        CHECK_STATUS(HY_OK, hy_stream_finish(stream, take_part, &parts));
        CHECK(same() && parts.count == 4 && !parts.is_cut);
    }

    /* Nobody need listen. */
    hy_result total = HY_RESULT_INIT;
    CHECK_STATUS(HY_OK, hy_stream_feed(stream, text, length, NULL, NULL));
    CHECK_STATUS(HY_OK, hy_stream_finish(stream, NULL, NULL));
    CHECK_STATUS(HY_OK, hy_stream_total(stream, &total));
    CHECK(total.category == HY_CATEGORY_ACCOUNT_TRADE && total.score > 50);
    CHECK((total.flags & HY_RESULT_FLAGGED) && !(total.flags & HY_RESULT_TRUNCATED));
    CHECK(total.platform_count == 1 && str_is(total.platforms[0], "wechat"));

    /* Stopped: no more is told until the text is ended. */
    start(&parts);
    parts.stop = 1;
    CHECK_STATUS(HY_STOPPED, hy_stream_feed(stream, text, length, take_part, &parts));
    CHECK_STATUS(HY_STOPPED, hy_stream_feed(stream, text, length, take_part, &parts));
    CHECK_STATUS(HY_STOPPED, hy_stream_finish(stream, take_part, &parts));
    CHECK(parts.count == 1);
    parts.stop = 0;
    start(&parts);
    CHECK_STATUS(HY_OK, hy_stream_feed(stream, text, length, take_part, &parts));
    CHECK_STATUS(HY_OK, hy_stream_finish(stream, take_part, &parts));
    CHECK(same());
}

static hy_status inner[3];

static int32_t reenter(const hy_result *part, void *user_data) {
    hy_stream *stream = user_data;
    hy_result total = HY_RESULT_INIT;
    inner[0] = hy_stream_feed(stream, "x", 1, NULL, NULL);
    inner[1] = hy_stream_finish(stream, NULL, NULL);
    inner[2] = hy_stream_total(stream, &total);
    return part->finding_count == 0;
}

int main(void) {
    const hy_ruleset *ruleset = NULL;
    hy_scratch *scratch = NULL;
    hy_stream *stream = NULL;
    CHECK_STATUS(HY_OK, hy_ruleset_builtin(&ruleset));
    CHECK_STATUS(HY_OK, hy_scratch_new(ruleset, &scratch));
    CHECK_STATUS(HY_OK, hy_stream_new(ruleset, 0, &stream));
    rows_cut_anywhere(ruleset, scratch, stream);
    long_text(ruleset, scratch, stream);

    /* More than fits into the window, without a pause. */
    start(&parts);
    for (int i = 0; i < 3000; i++) {
        parts.findings.length = parts.contacts.length = 0;
        CHECK_STATUS(HY_OK, hy_stream_feed(stream, TEXT("V信号出售，"), take_part, &parts));
    }
    CHECK(!parts.is_cut);
    for (int i = 0; i < 3000; i++) {
        static const char PART[] = "V信号出售，";
        hy_status status = hy_stream_feed(stream, TEXT(PART), NULL, NULL);
        CHECK_STATUS(HY_OK, status);
    }
    hy_result total = HY_RESULT_INIT;
    CHECK_STATUS(HY_OK, hy_stream_total(stream, &total));
    CHECK(total.flags == (HY_RESULT_FLAGGED | HY_RESULT_TRUNCATED));
    CHECK_STATUS(HY_OK, hy_stream_finish(stream, NULL, NULL));

    CHECK_STATUS(HY_OK, hy_stream_feed(stream, TEXT("大量V信号出售"), reenter, stream));
    CHECK_STATUS(HY_OK, hy_stream_finish(stream, reenter, stream));
    CHECK(inner[0] == HY_ERR_IN_USE && inner[1] == HY_ERR_IN_USE && inner[2] == HY_ERR_IN_USE);

    /* The stream has a reference of its own. */
    hy_ruleset_free(ruleset);
    CHECK_STATUS(HY_OK, hy_stream_feed(stream, TEXT("大量V信号出售"), NULL, NULL));
    CHECK_STATUS(HY_OK, hy_stream_finish(stream, NULL, NULL));
    CHECK_STATUS(HY_OK, hy_stream_total(stream, &total));
    CHECK(total.category == HY_CATEGORY_ACCOUNT_TRADE && total.platform_count == 1);
    hy_stream_free(stream);
    hy_scratch_free(scratch);
    return check_end();
}
