/* Eight threads share a ruleset; each has a scratch. One ruleset is replaced
 * while they scan, as a service does that loads a pack anew.
 *
 * With the argument "--locked" all that threads order by the library's own
 * atomics alone is ordered by a lock too: ThreadSanitizer and Helgrind see no
 * atomics in code that they did not compile. That goes for what a ruleset notes of
 * characters as it first sees them: there it sees all before it is shared. */
#include "check.h"
#include "rows.h"
#include <pthread.h>

enum { THREADS = 8, ROUNDS = 12 };

static const hy_ruleset *shared;     /* Never replaced. */
static const hy_ruleset *current;    /* Replaced under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t start;
static int locked;

static void release(const hy_ruleset *ruleset) {
    if (locked) {
        pthread_mutex_lock(&lock);
    }
    hy_ruleset_free(ruleset);
    if (locked) {
        pthread_mutex_unlock(&lock);
    }
}

struct worker {
    pthread_t thread;
    int failures;
    size_t scans;
};

static const hy_ruleset *take_current(void) {
    pthread_mutex_lock(&lock);
    const hy_ruleset *taken = hy_ruleset_retain(current);
    pthread_mutex_unlock(&lock);
    return taken;
}

/* Scans all rows once, before other threads have the ruleset. */
static void warm(const hy_ruleset *ruleset) {
    hy_scratch *scratch = NULL;
    CHECK_STATUS(HY_OK, hy_scratch_new(ruleset, &scratch));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        CHECK_STATUS(HY_OK, hy_scan_into(ruleset, scratch, ROWS[i].text,
                                         ROWS[i].text_length, NULL, 0, NULL));
    }
    hy_scratch_free(scratch);
}

static void *scan_rows(void *argument) {
    struct worker *own = argument;
    hy_scratch *scratch = NULL;
    own->failures += hy_scratch_new(shared, &scratch) != HY_OK;
    pthread_barrier_wait(&start);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < ROW_COUNT; i++) {
            const struct row *row = &ROWS[i];
            if (row->pack != NULL) {
                continue;
            }
            /* Both are the built-in ruleset, by different objects. */
            const hy_ruleset *ruleset = i % 2 == 0 ? hy_ruleset_retain(shared)
                                                   : take_current();
            hy_result result = HY_RESULT_INIT;
            own->failures += hy_scan_into(ruleset, scratch, row->text, row->text_length,
                                          NULL, 0, NULL) != HY_OK;
            own->failures += hy_scratch_result(scratch, &result) != HY_OK;
            own->failures += (result.category == HY_CATEGORY_NONE) !=
                             (row->category == NULL);
            size_t bytes = 0;
            for (size_t f = 0; f < result.finding_count; f++) {
                const hy_finding *finding = &result.findings[f];
                for (uint32_t e = 0; e < finding->evidence_count; e++) {
                    const hy_str name = finding->evidence[e].concept_name;
                    for (size_t b = 0; b < name.len; b++) {
                        bytes += (unsigned char)name.data[b];
                    }
                }
            }
            own->failures += result.finding_count > 0 && bytes == 0;
            own->scans++;
            release(ruleset);
        }
    }
    hy_scratch_free(scratch);
    return NULL;
}

static void replace(const char *bytes, size_t length) {
    const hy_ruleset *fresh = NULL, *old;
    CHECK_STATUS(HY_OK, hy_ruleset_deserialize(bytes, length, &fresh, NULL));
    if (locked) {
        warm(fresh);
    }
    pthread_mutex_lock(&lock);
    old = current;
    current = fresh;
    pthread_mutex_unlock(&lock);
    release(old);
}

/* Two threads with one scratch: a mistake that is told, not a crash. */
struct contest {
    hy_scratch *scratch;
    size_t served, refused, other;
};

static void *contend(void *argument) {
    struct contest *own = argument;
    static const char OFFER[] = "大量V信号出售，老号带支付";
    pthread_barrier_wait(&start);
    for (int i = 0; i < 2000; i++) {
        int32_t flagged = 0;
        hy_status status =
            hy_is_flagged(shared, own->scratch, OFFER, sizeof OFFER - 1, &flagged);
        own->served += status == HY_OK && flagged == 1;
        own->refused += status == HY_ERR_IN_USE;
        own->other += status != HY_ERR_IN_USE && !(status == HY_OK && flagged == 1);
    }
    return NULL;
}

static void contest(void) {
    struct contest contests[2] = { { NULL, 0, 0, 0 }, { NULL, 0, 0, 0 } };
    pthread_t threads[2];
    CHECK_STATUS(HY_OK, hy_scratch_new(shared, &contests[0].scratch));
    contests[1].scratch = contests[0].scratch;
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, contend, &contests[i]) == 0);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK(contests[i].other == 0);
        CHECK(contests[i].served + contests[i].refused == 2000);
    }
    CHECK(contests[0].served + contests[1].served > 0);
    pthread_barrier_destroy(&start);
    hy_scratch_free(contests[0].scratch);
}

int main(int argc, char **argv) {
    locked = argc > 1 && strcmp(argv[1], "--locked") == 0;
    static struct worker workers[THREADS];
    size_t size = 0, scans = 0;
    CHECK_STATUS(HY_OK, hy_ruleset_builtin(&shared));
    CHECK_STATUS(HY_ERR_BUFFER_TOO_SMALL, hy_ruleset_serialize(shared, NULL, 0, &size));
    char *bytes = malloc(size);
    CHECK_STATUS(HY_OK, hy_ruleset_serialize(shared, bytes, size, &size));
    CHECK_STATUS(HY_OK, hy_ruleset_deserialize(bytes, size, &current, NULL));
    if (locked) {
        warm(shared);
        warm(current);
    }

    pthread_barrier_init(&start, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&workers[i].thread, NULL, scan_rows, &workers[i]) == 0);
    }
    pthread_barrier_wait(&start);
    for (int i = 0; i < 20; i++) {
        replace(bytes, size);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
        CHECK(workers[i].failures == 0);
        scans += workers[i].scans;
    }
    CHECK(scans >= (size_t)THREADS * ROUNDS * 10);
    pthread_barrier_destroy(&start);

    if (!locked) {
        contest();
    }
    hy_ruleset_free(current);
    hy_ruleset_free(shared);
    free(bytes);
    return check_end();
}
