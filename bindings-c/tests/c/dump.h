/* A result in the form that the generated rows give it in, to compare all of it
 * at once. See xtask/src/c/rows.rs, which writes the same. */
#ifndef DUMP_H
#define DUMP_H

#include "check.h"
#include <stdarg.h>

struct dump {
    char text[16384];
    size_t length;
};

static inline void dump_add(struct dump *dump, const char *format, ...) {
    size_t room = sizeof dump->text - dump->length;
    va_list arguments;
    va_start(arguments, format);
    int added = vsnprintf(dump->text + dump->length, room, format, arguments);
    va_end(arguments);
    CHECK(added >= 0 && (size_t)added < room);
    dump->length += (size_t)added < room ? (size_t)added : 0;
}

static inline void dump_str(struct dump *dump, hy_str text) {
    dump_add(dump, " %.*s", (int)text.len, text.data);
}

static inline uint32_t dump_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline void dump_span(struct dump *dump, const char *kind, uint64_t start,
                             uint64_t end, hy_str text) {
    dump_add(dump, "%s %llu..%llu", kind, (unsigned long long)start,
             (unsigned long long)end);
    dump_str(dump, text);
    dump_add(dump, "\n");
}

static inline void dump_disguises(struct dump *dump, hy_disguises set) {
    for (uint32_t bit = 0; bit < HY_DISGUISE_COUNT; bit++) {
        hy_str name;
        if (set >> bit & 1) {
            CHECK_STATUS(HY_OK, hy_disguise_name(bit, &name));
            dump_str(dump, name);
        }
    }
}

static inline void dump_finding(struct dump *dump, const hy_finding *finding) {
    hy_str name;
    CHECK_STATUS(HY_OK, hy_category_name(finding->category, &name));
    dump_span(dump, "finding", finding->start, finding->end, finding->text);
    dump_str(dump, name);
    dump_add(dump, " %08x %08x\n", dump_bits(finding->score),
             dump_bits(finding->log_odds));
    for (uint32_t i = 0; i < finding->rule_count; i++) {
        dump_add(dump, " rule");
        dump_str(dump, finding->rules[i]);
        dump_add(dump, "\n");
    }
    for (uint32_t i = 0; i < finding->evidence_count; i++) {
        const hy_evidence *seen = &finding->evidence[i];
        dump_span(dump, " evidence", seen->start, seen->end, seen->text);
        dump_str(dump, seen->concept_name);
        dump_str(dump, seen->means);
        dump_add(dump, " %u %u", seen->concept_number, seen->flags);
        dump_disguises(dump, seen->disguises);
        dump_add(dump, "\n");
    }
}

static inline void dump_result(struct dump *dump, const hy_result *result) {
    hy_str name = { "-", 1 };
    dump->length = 0;
    if (result->category != HY_CATEGORY_NONE) {
        CHECK_STATUS(HY_OK, hy_category_name(result->category, &name));
    }
    dump_add(dump, "result %u %08x", result->flags, dump_bits(result->score));
    dump_str(dump, name);
    dump_add(dump, "\n");
    for (size_t i = 0; i < result->finding_count; i++) {
        dump_finding(dump, &result->findings[i]);
    }
    for (size_t i = 0; i < result->contact_count; i++) {
        const hy_contact *contact = &result->contacts[i];
        dump_span(dump, "contact", contact->start, contact->end, contact->text);
        dump_str(dump, contact->platform);
        dump_str(dump, contact->value);
        dump_add(dump, "\n");
    }
    for (size_t i = 0; i < result->attribute_count; i++) {
        const hy_attribute *attribute = &result->attributes[i];
        dump_span(dump, "attribute", attribute->start, attribute->end, attribute->text);
        dump_str(dump, attribute->name);
        dump_add(dump, " %u\n", attribute->flags);
    }
    for (size_t i = 0; i < result->platform_count; i++) {
        dump_add(dump, "platform");
        dump_str(dump, result->platforms[i]);
        dump_add(dump, "\n");
    }
}

#endif
