/* Folding, masking, serializing: sizes, borders, invalid bytes. */
#include "check.h"

/* Folds into blocks of every size; each block is exactly as large as it is said
 * to be, so that a sanitizer sees a byte too many. */
static void fold_is(const char *text, size_t length, const char *expected) {
    size_t needed = 0;
    hy_status asked = hy_fold(text, length, NULL, NULL, 0, &needed);
    CHECK_STATUS(needed == 0 ? HY_OK : HY_ERR_BUFFER_TOO_SMALL, asked);
    CHECK(needed == strlen(expected));
    for (size_t capacity = 0; capacity <= needed + 1; capacity++) {
        char *buffer = malloc(capacity + (capacity == 0));
        uint64_t *origins = malloc((capacity + (capacity == 0)) * sizeof *origins);
        size_t written = 0;
        hy_status status = hy_fold(text, length, buffer, origins, capacity, &written);
        CHECK_STATUS(capacity < needed ? HY_ERR_BUFFER_TOO_SMALL : HY_OK, status);
        CHECK(written == needed);
        if (status == HY_OK && capacity > 0) {
            CHECK(memcmp(buffer, expected, needed) == 0);
            for (size_t i = 0; i < needed; i++) {
                CHECK(origins[i] < length && (i == 0 || origins[i - 1] <= origins[i]));
            }
        }
        free(origins);
        free(buffer);
    }
}

static void folding(void) {
    fold_is(NULL, 0, "");
    fold_is("", 0, "");
    fold_is(TEXT("ＶＸ註冊"), "vx注册");
    fold_is(TEXT("加\xE2\x80\x8BⓋ⑩"), "加v10");
}

/* NUL does not end a text. */
static void nul_ends_nothing(const hy_ruleset *ruleset, hy_scratch *scratch) {
    char buffer[16];
    uint64_t origins[16];
    size_t length = 0;
    CHECK_STATUS(HY_OK, hy_fold(TEXT("a\0Ⓥ"), buffer, origins, 16, &length));
    /* Control characters are invisible, which folding leaves out. */
    CHECK(length == 2 && memcmp(buffer, "av", 2) == 0);
    CHECK(origins[0] == 0 && origins[1] == 2);
    size_t count = 0;
    static const char LATE[] = "你好\0你好\0大量V信号出售，老号带支付";
    CHECK_STATUS(HY_OK, hy_scan_into(ruleset, scratch, TEXT(LATE), NULL, 0, &count));
    CHECK(count > 0);
}

static void invalid_bytes(const hy_ruleset *ruleset, hy_scratch *scratch) {
    char buffer[64];
    size_t length = 0;
    /* Each invalid sequence folds to one U+FFFD. */
    CHECK_STATUS(HY_OK, hy_fold(TEXT("\xFFv\xE5\xBE"), buffer, NULL, 64, &length));
    CHECK(length == 7 && memcmp(buffer, "\xEF\xBF\xBDv\xEF\xBF\xBD", 7) == 0);

    static const char MIXED[] = "\xFF\xFE大量V信号出售，老号带支付\xE5\xBE";
    hy_result result = HY_RESULT_INIT;
    CHECK_STATUS(HY_OK, hy_scan_into(ruleset, scratch, TEXT(MIXED), NULL, 0, NULL));
    CHECK_STATUS(HY_OK, hy_scratch_result(scratch, &result));
    CHECK(result.finding_count == 1 && result.findings[0].start >= 2);
    CHECK(result.findings[0].text.data == MIXED + result.findings[0].start);
    CHECK(result.findings[0].end <= sizeof MIXED - 1 - 2);

    /* Masking leaves invalid bytes alone. */
    CHECK_STATUS(HY_OK,
                 hy_mask(ruleset, scratch, TEXT(MIXED), buffer, sizeof buffer, &length));
    CHECK(length > 4 && memcmp(buffer, "\xFF\xFE", 2) == 0);
    CHECK(memcmp(buffer + length - 2, "\xE5\xBE", 2) == 0);
    CHECK(memchr(buffer, '*', length) != NULL);
}

static void masking(const hy_ruleset *ruleset, hy_scratch *scratch) {
    static const char POST[] = "你好，大量V信号 出售";
    size_t needed = 0;
    CHECK_STATUS(HY_OK, hy_mask(ruleset, scratch, NULL, 0, NULL, 0, &needed));
    CHECK(needed == 0);
    CHECK_STATUS(HY_ERR_BUFFER_TOO_SMALL,
                 hy_mask(ruleset, scratch, TEXT(POST), NULL, 0, &needed));
    CHECK(needed == sizeof POST - 1);
    for (size_t capacity = 1; capacity <= needed + 1; capacity++) {
        char *buffer = malloc(capacity);
        size_t written = 0;
        hy_status status =
            hy_mask(ruleset, scratch, TEXT(POST), buffer, capacity, &written);
        CHECK_STATUS(capacity < needed ? HY_ERR_BUFFER_TOO_SMALL : HY_OK, status);
        if (status == HY_OK) {
            CHECK(written < needed && memcmp(buffer, "你好，", 9) == 0);
            CHECK(memcmp(buffer + written - 3, " **", 3) == 0);
        } else {
            CHECK(written == needed);
        }
        free(buffer);
    }
    /* More offers than one result tells are masked all the same. */
    static const char OFFER[] = "出售V信号，老号带支付\n山高月小水落石出。";
    size_t many = 1000 * (sizeof OFFER - 1), length = 0;
    char *text = malloc(many), *masked = malloc(many);
    for (size_t i = 0; i < many; i++) {
        text[i] = OFFER[i % (sizeof OFFER - 1)];
    }
    CHECK_STATUS(HY_OK, hy_mask(ruleset, scratch, text, many, masked, many, &length));
    int32_t flagged = 1;
    CHECK_STATUS(HY_OK, hy_is_flagged(ruleset, scratch, masked, length, &flagged));
    CHECK(length < many && flagged == 0);
    free(masked);
    free(text);
    /* Nothing to hide: the text as it is. */
    static const char PLAIN[] = "今天天气不错";
    char buffer[sizeof PLAIN];
    CHECK_STATUS(HY_OK,
                 hy_mask(ruleset, scratch, TEXT(PLAIN), buffer, sizeof buffer, &needed));
    CHECK(needed == sizeof PLAIN - 1 && memcmp(buffer, PLAIN, needed) == 0);
}

static void serializing(const hy_ruleset *ruleset, hy_scratch *scratch) {
    size_t size = 0, written = 0;
    hy_ruleset_info info = HY_RULESET_INFO_INIT, again = HY_RULESET_INFO_INIT;
    hy_error error = HY_ERROR_INIT;
    CHECK_STATUS(HY_ERR_BUFFER_TOO_SMALL, hy_ruleset_serialize(ruleset, NULL, 0, &size));
    CHECK_STATUS(HY_OK, hy_ruleset_describe(ruleset, &info));
    CHECK(size == info.serialized_size && size > 1000);
    char *bytes = malloc(size + 1);
    bytes[0] = 'x';
    CHECK_STATUS(HY_ERR_BUFFER_TOO_SMALL,
                 hy_ruleset_serialize(ruleset, bytes, size - 1, &written));
    CHECK(written == size && bytes[0] == 'x');
    /* At an odd address: borrowing needs no alignment. */
    CHECK_STATUS(HY_OK, hy_ruleset_serialize(ruleset, bytes + 1, size, &written));

    const hy_ruleset *copied = NULL, *borrowed = NULL, *none = NULL;
    CHECK_STATUS(HY_OK, hy_ruleset_deserialize(bytes + 1, size, &copied, &error));
    CHECK(error.status == HY_OK && error.offset == UINT64_MAX);
    CHECK_STATUS(HY_OK, hy_ruleset_deserialize_borrowed(bytes + 1, size, &borrowed, NULL));
    CHECK_STATUS(HY_OK, hy_ruleset_describe(borrowed, &again));
    CHECK(again.checksum == info.checksum && again.rule_count == info.rule_count);
    CHECK(again.id.data >= bytes && again.id.data < bytes + size + 1);
    static const char OFFER[] = "大量V信号出售，老号带支付";
    size_t count = 0;
    CHECK_STATUS(HY_OK, hy_scan_into(borrowed, scratch, TEXT(OFFER), NULL, 0, &count));
    CHECK(count == 1);
    /* One made of it borrows too. */
    const hy_ruleset *derived = NULL;
    CHECK_STATUS(HY_OK, hy_ruleset_with_threshold(borrowed, 90, &derived));
    hy_ruleset_free(borrowed);
    CHECK_STATUS(HY_OK, hy_ruleset_describe(derived, &again));
    CHECK(again.id.data >= bytes && again.id.data < bytes + size + 1);
    hy_ruleset_free(derived);

    /* Damaged, cut, of another version, not one at all. */
    bytes[1 + size / 2] ^= 1;
    CHECK_STATUS(HY_ERR_FORMAT, hy_ruleset_deserialize(bytes + 1, size, &none, &error));
    CHECK(error.status == HY_ERR_FORMAT && strstr(error.message, "checksum") != NULL);
    bytes[1 + size / 2] ^= 1;
    CHECK_STATUS(HY_ERR_FORMAT, hy_ruleset_deserialize(bytes + 1, size - 1, &none, &error));
    CHECK_STATUS(HY_ERR_FORMAT, hy_ruleset_deserialize(NULL, 0, &none, &error));
    CHECK_STATUS(HY_ERR_FORMAT, hy_ruleset_deserialize("huoyan", 6, &none, &error));
    CHECK(none == NULL && strlen(error.message) > 10);

    /* The copy does not need the bytes. */
    memset(bytes, 0, size + 1);
    free(bytes);
    CHECK_STATUS(HY_OK, hy_scan_into(copied, scratch, TEXT(OFFER), NULL, 0, &count));
    CHECK(count == 1);

    /* Another threshold is another object; both live on their own. */
    const hy_ruleset *strict = NULL;
    CHECK_STATUS(HY_OK, hy_ruleset_with_threshold(copied, 100.0f, &strict));
    const hy_ruleset *kept = hy_ruleset_retain(copied);
    hy_ruleset_free(copied);
    CHECK_STATUS(HY_OK, hy_scan_into(kept, scratch, TEXT(OFFER), NULL, 0, &count));
    CHECK(count == 1);
    hy_ruleset_free(kept);
    static const char HINT[] = "出租 扣 扣 号，按天算";
    int32_t flagged = 7;
    CHECK_STATUS(HY_OK, hy_is_flagged(strict, scratch, TEXT(HINT), &flagged));
    CHECK(flagged == 0);
    CHECK_STATUS(HY_OK, hy_ruleset_describe(strict, &again));
    CHECK(again.threshold == 100.0f && info.threshold < 100.0f);
    hy_ruleset_free(strict);
}

static void mistakes(void) {
    const hy_ruleset *none = NULL;
    hy_error error = HY_ERROR_INIT;
    static const char COLOUR[] =
        "format = 1\n[pack]\nid = 'x'\nversion = '1'\ncolour = 3\n";
    CHECK_STATUS(HY_ERR_COMPILE, hy_ruleset_compile(TEXT(COLOUR), &none, &error));
    CHECK(error.status == HY_ERR_COMPILE && error.line == 5 && error.column == 1);
    CHECK(error.offset == 41 && error.length == 6 && error.mistakes >= 1);
    CHECK(strstr(error.message, "colour") != NULL);

    static const char LATIN1[] = "format = 1\n[pack]\nid = '\xE9'\n";
    CHECK_STATUS(HY_ERR_UTF8, hy_ruleset_compile(TEXT(LATIN1), &none, &error));
    CHECK(error.line == 3 && error.column == 7 && error.offset == 24);
    CHECK_STATUS(HY_ERR_COMPILE, hy_ruleset_compile(NULL, 0, &none, &error));
    CHECK_STATUS(HY_ERR_NULL, hy_ruleset_compile(NULL, 3, &none, &error));
    CHECK(error.status == HY_ERR_NULL && error.line == 0);

    /* Many mistakes are counted up to 32. */
    static char many[8192] = "format = 1\n[pack]\nid = 'x'\nversion = '1'\n";
    for (int i = 0; i < 60; i++) {
        strcat(many, "[[concept]]\nid = 'same'\nterms = ['微信']\n");
    }
    CHECK_STATUS(HY_ERR_COMPILE, hy_ruleset_compile(many, strlen(many), &none, &error));
    CHECK(error.mistakes == 32);

    /* A message that is too long is cut between characters. */
    char source[2048] = "format = 1\n[pack]\nid = 'x'\nversion = '1'\n";
    for (int i = 0; i < 200; i++) {
        strcat(source, "微");
    }
    strcat(source, " = 1\n");
    CHECK_STATUS(HY_ERR_COMPILE,
                 hy_ruleset_compile(source, strlen(source), &none, &error));
    size_t length = strlen(error.message);
    CHECK(length < HY_ERROR_MESSAGE_BYTES);
    size_t folded = 0;
    char buffer[2 * HY_ERROR_MESSAGE_BYTES];
    CHECK_STATUS(HY_OK, hy_fold(error.message, length, buffer, NULL, sizeof buffer, &folded));
    buffer[folded] = 0;
    CHECK(strstr(buffer, "\xEF\xBF\xBD") == NULL);
    CHECK(none == NULL);
}

int main(void) {
    const hy_ruleset *ruleset = NULL;
    hy_scratch *scratch = NULL;
    CHECK_STATUS(HY_OK, hy_ruleset_builtin(&ruleset));
    CHECK_STATUS(HY_OK, hy_scratch_new(ruleset, &scratch));
    folding();
    nul_ends_nothing(ruleset, scratch);
    invalid_bytes(ruleset, scratch);
    masking(ruleset, scratch);
    serializing(ruleset, scratch);
    mistakes();
    hy_scratch_free(scratch);
    hy_ruleset_free(ruleset);
    return check_end();
}
