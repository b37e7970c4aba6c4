/* The behaviour rows of core/tests/behaviour, as C data that `cargo xtask
 * gen-c-rows` writes. Strings that a row does not state are NULL. */
#ifndef ROWS_H
#define ROWS_H

#include <stddef.h>

struct row_hit {
    const char *concept_name;
    const char *text;
    const char *means;
    const char *disguises; /* Names, separated by blanks. */
};

struct row {
    const char *file;
    const char *name;
    const char *pack; /* TOML; NULL for the built-in one. */
    size_t pack_length;
    const char *text;
    size_t text_length;
    const char *category;  /* Always stated: NULL is "not flagged". */
    const char *finding;   /* Text of the first finding. */
    const char *platforms; /* Names, separated by blanks. */
    const char *attributes; /* "name=value|value name" */
    const struct row_hit *hits;
    size_t hit_count; /* (size_t)-1 if the row does not state its hits. */
    const char *dump; /* All of the result, as the Rust interface gives it. */
};

extern const struct row ROWS[];
extern const size_t ROW_COUNT;

#endif
