/* Checks for the tests: a failed one is told with its place, and the program
 * goes on and ends with status 1. */
#ifndef CHECK_H
#define CHECK_H

#include <huoyan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;
static int check_count;

#define CHECK(condition) check_that((condition) != 0, #condition, __FILE__, __LINE__)
#define CHECK_STATUS(expected, call) \
    check_status((expected), (call), #call, __FILE__, __LINE__)

static inline int check_that(int holds, const char *what, const char *file, int line) {
    check_count++;
    if (!holds) {
        check_failures++;
        fprintf(stderr, "%s:%d: %s does not hold\n", file, line, what);
    }
    return holds;
}

static inline int check_status(hy_status expected, hy_status found, const char *what,
                               const char *file, int line) {
    check_count++;
    if (expected != found) {
        check_failures++;
        fprintf(stderr, "%s:%d: %s\n  returned %d (%s)\n  expected %d (%s)\n", file, line,
                what, (int)found, hy_status_text(found), (int)expected,
                hy_status_text(expected));
    }
    return expected == found;
}

static inline int str_is(hy_str found, const char *expected) {
    return found.len == strlen(expected) && memcmp(found.data, expected, found.len) == 0;
}

/* What main returns. A test that checks nothing fails. */
static inline int check_end(void) {
    if (check_count == 0) {
        fprintf(stderr, "no check was made\n");
        return 1;
    }
    printf("%d checks, %d failed\n", check_count, check_failures);
    return check_failures != 0;
}

/* A text with its length, for the two arguments that functions take. */
#define TEXT(literal) (literal), (sizeof(literal) - 1)

#endif
