/* SPDX-License-Identifier: MIT
 * run/: breakers that several processes share: one probe at a time, workers killed and stopped in the middle, the port over a region.
 * What the rule is, is tested against a model in guard_breaker.c. */
#include "tests/unit/memory_support.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "ext/run/breakers.h"
#include "ext/run/internal.h"

/* The code under test, with one thing more often than in life: between reading a word and swapping it somebody else has his turn. On a machine
 * of few processors a swap that is none would not be noticed otherwise. */
static uint64_t load_and_give_way(_Atomic uint64_t *word)
{
	uint64_t value = atomic_load_explicit(word, memory_order_seq_cst);
	sched_yield();
	return value;
}

#undef atomic_load
#define atomic_load(word) load_and_give_way(word)
#include "ext/run/breaker_words.c"
#undef atomic_load
#define atomic_load(word) atomic_load_explicit(word, memory_order_seq_cst)

#define WORKERS 8
#define ROUNDS 500
#define START INT64_C(1700000000000)
#define KILLS 40
#define TOLD 20000

typedef struct worker_count {
	_Atomic uint64_t begun, done, given, refused;
} worker_count;

typedef struct shared {
	_Atomic uint64_t words[ROUNDS][AGENT_BREAKER_WORDS];
	_Atomic uint32_t probes[ROUNDS];
	_Atomic uint32_t at_the_line;
	worker_count workers[WORKERS];
} shared;

static shared *map_shared(void)
{
	shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(s != MAP_FAILED);
	return s;
}

static void trip(_Atomic uint64_t *words, int64_t now)
{
	for (int i = 0; i < AGENT_BREAKER_BAD; i++) {
		agent_breaker_pass pass;
		assert_true(agent_breaker_words_ask(words, 1000, now, &pass));
		agent_breaker_words_tell(words, &pass, AGENT_BREAKER_FAILED, -1, now);
	}
}

/* All workers ask every breaker at the moment it becomes half open; it gives the one call to one of them, once. */
static void of_all_workers_one_may_try(void **state)
{
	(void)state;
	shared *s = map_shared();
	for (int i = 0; i < ROUNDS; i++) {
		trip(s->words[i], START);
	}
	for (int worker = 0; worker < WORKERS; worker++) {
		if (fork() == 0) {
			for (uint32_t i = 0; i < ROUNDS; i++) {
				agent_breaker_pass pass;
				atomic_fetch_add(&s->at_the_line, 1);
				for (unsigned spin = 1; atomic_load(&s->at_the_line) < (i + 1) * WORKERS; spin++) {
					if (spin % 1024 == 0) {
						sched_yield();
					}
				}
				if (agent_breaker_words_ask(s->words[i], 1000, START + 1000, &pass)) {
					atomic_fetch_add(&s->probes[i], pass.probe ? 1 : 1000);
				}
			}
			_exit(0);
		}
	}
	while (wait(NULL) > 0) {
	}
	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(atomic_load(&s->probes[i]), 1);
	}
	munmap(s, sizeof *s);
}

/* --- the storm --- */

/* failing: of a hundred calls; what they take lies around 50 ms. */
static void work(shared *s, int worker, int failing, unsigned seed)
{
	_Atomic uint64_t *words = s->words[0];
	worker_count *own = &s->workers[worker];
	for (int64_t i = 0;; i++) {
		agent_breaker_pass pass;
		int64_t now = START + (failing > 0 ? i * 20 : i / 50); /* each has a clock of its own, and it is fast */
		seed = seed * 1664525u + 1013904223u;
		if (!agent_breaker_words_ask(words, 100, now, &pass)) {
			atomic_fetch_add(&own->refused, 1);
			continue;
		}
		atomic_fetch_add(&own->given, 1);
		bool fails = (int)((seed >> 16) % 100) < failing;
		if (!fails) {
			atomic_fetch_add(&own->begun, 1);
		}
		agent_breaker_words_tell(words, &pass, fails ? AGENT_BREAKER_FAILED : AGENT_BREAKER_OK, 50000 + (int64_t)(seed >> 20), now);
		if (!fails) {
			atomic_fetch_add(&own->done, 1);
		}
	}
}

static pid_t start(shared *s, int worker, int failing, unsigned seed)
{
	pid_t pid = fork();
	if (pid == 0) {
		work(s, worker, failing, seed);
		_exit(0);
	}
	assert_true(pid > 0);
	return pid;
}

static void sum_up(shared *s, uint64_t *begun, uint64_t *done, uint64_t *refused)
{
	*begun = *done = *refused = 0;
	for (int i = 0; i < WORKERS; i++) {
		*begun += atomic_load(&s->workers[i].begun);
		*done += atomic_load(&s->workers[i].done);
		*refused += atomic_load(&s->workers[i].refused);
	}
}

/* Kills a worker and starts another in its place, or stops one for a moment. Gives the number of kills. */
static unsigned storm(shared *s, int failing)
{
	pid_t pids[WORKERS];
	unsigned kills = 0, seed = 7;
	uint64_t begun, done = 0, refused;
	for (int i = 0; i < WORKERS; i++) {
		pids[i] = start(s, i, failing, (unsigned)i + 1);
	}
	while (kills < KILLS || done < (failing > 0 ? 100 : TOLD)) {
		const struct timespec nap = { 0, 3000000 };
		seed = seed * 1664525u + 1013904223u;
		int i = (int)((seed >> 16) % WORKERS);
		if ((seed >> 24) % 2 == 0) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
			kills++;
			pids[i] = start(s, i, failing, seed);
		} else {
			kill(pids[i], SIGSTOP);
			nanosleep(&nap, NULL);
			kill(pids[i], SIGCONT);
		}
		nanosleep(&nap, NULL);
		sum_up(s, &begun, &done, &refused);
	}
	for (int i = 0; i < WORKERS; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
		kills++;
	}
	return kills;
}

static uint64_t counted(shared *s)
{
	uint64_t sum = 0, head = atomic_load(&s->words[0][AGENT_BREAKER_HEAD]);
	uint64_t now = head >> 12, before = now - 1; /* the generations, as histogram.c packs them */
	for (size_t i = 0; i < AGENT_HISTOGRAM_WORDS; i++) {
		uint64_t word = atomic_load(&s->words[0][AGENT_BREAKER_HISTOGRAM + i]);
		if (word >> 36 == now || (now > 0 && word >> 36 == before)) {
			sum += (word & 4095) + (word >> 12 & 4095) + (word >> 24 & 4095);
		}
	}
	return sum;
}

static void killed_workers_leave_right_totals(void **state)
{
	uint64_t begun, done, refused;
	agent_breaker_report report;
	(void)state;
	shared *s = map_shared();
	unsigned kills = storm(s, 0);
	sum_up(s, &begun, &done, &refused);
	uint64_t head = atomic_load(&s->words[0][AGENT_BREAKER_HEAD]);
	uint64_t entered = (head >> 12) * AGENT_HISTOGRAM_GENERATION + (head & 4095);
	agent_breaker_words_read(s->words[0], START + 50000, &report);
	print_message("# %u kills: %llu answers told, %llu begun, %llu entered; of the last %u, %llu counted\n", kills, (unsigned long long)done, (unsigned long long)begun,
		(unsigned long long)entered, agent_histogram_count(head), (unsigned long long)counted(s));
	assert_true(done >= TOLD && refused == 0);
	assert_true(entered >= done && entered <= begun && begun - done <= kills);
	assert_true(counted(s) <= agent_histogram_count(head) && counted(s) + kills >= agent_histogram_count(head));
	uint64_t most = 200000; /* a slice counts no further than a little above */
	assert_true(report.calls >= (done < most ? done : most) && report.calls <= begun);
	assert_int_equal(report.state, AGENT_BREAKER_IS_CLOSED);
	assert_true(report.p95_us > 49000 && report.p95_us < 56000);
	munmap(s, sizeof *s);
}

/* Opening, probing and closing all the time; whoever comes after the last of them finds a breaker that works. */
static void killed_workers_leave_no_stuck_breaker(void **state)
{
	uint64_t begun, done, refused;
	agent_breaker_pass pass;
	(void)state;
	shared *s = map_shared();
	unsigned kills = storm(s, 70);
	sum_up(s, &begun, &done, &refused);
	print_message("# %u kills: %llu answers, %llu refused\n", kills, (unsigned long long)done, (unsigned long long)refused);
	assert_true(refused > 1000);
	int64_t later = START + INT64_C(86400000);
	assert_true(agent_breaker_words_ask(s->words[0], 100, later, &pass));
	agent_breaker_words_tell(s->words[0], &pass, AGENT_BREAKER_OK, 50000, later);
	for (int i = 0; i < 5; i++) {
		assert_true(agent_breaker_words_ask(s->words[0], 100, later, &pass));
		assert_false(pass.probe);
		agent_breaker_words_tell(s->words[0], &pass, AGENT_BREAKER_FAILED, -1, later);
	}
	assert_true(!agent_breaker_words_ask(s->words[0], 100, later, &pass));
	munmap(s, sizeof *s);
}

/* --- the port --- */

static bool call(const agent_breakers *port, const char *key, agent_breaker_class result, int64_t now)
{
	agent_breaker_pass pass;
	if (!port->ask(port->state, agent_str_cstr(key), 1000, now, &pass)) {
		return false;
	}
	port->tell(port->state, agent_str_cstr(key), &pass, result, result == AGENT_BREAKER_OK ? 7000 : -1, now);
	return true;
}

static void processes_of_a_site_share_a_breaker(void **state)
{
	(void)state;
	char root[64];
	int status;
	size_t cursor = 0;
	agent_breaker_report report;
	agent_region *region = NULL, *other = NULL;
	support_dir(root);
	assert_ok(agent_region_open(agent_str_cstr(root), SITE, &region, err));
	assert_ok(agent_region_open(agent_str_cstr(root), OTHER_SITE, &other, err));
	agent_breakers port = agent_region_breakers(region), others = agent_region_breakers(other);
	assert_false(port.next(port.state, &cursor, START, &report));
	for (int i = 0; i < 5; i++) {
		assert_true(call(&port, "tool:x", AGENT_BREAKER_FAILED, START));
	}
	assert_true(call(&port, "tool:y", AGENT_BREAKER_OK, START));
	if (fork() == 0) {
		agent_region *own = NULL;
		agent_error ignored;
		bool fine = agent_region_open(agent_str_cstr(root), SITE, &own, &ignored) == AGENT_OK;
		agent_breakers mine = agent_region_breakers(own);
		_exit(fine && !call(&mine, "tool:x", AGENT_BREAKER_OK, START) && call(&mine, "tool:y", AGENT_BREAKER_OK, START) ? 0 : 1);
	}
	wait(&status);
	assert_int_equal(status, 0);
	assert_true(call(&others, "tool:x", AGENT_BREAKER_OK, START)); /* another site's */
	int seen = 0;
	for (cursor = 0; port.next(port.state, &cursor, START + 100, &report); seen++) {
		bool x = strcmp(report.key, "tool:x") == 0;
		assert_int_equal(report.state, x ? AGENT_BREAKER_IS_OPEN : AGENT_BREAKER_IS_CLOSED);
		assert_int_equal(report.wait_ms, x ? 900 : 0);
		assert_int_equal(report.calls, x ? 5 : 2);
		assert_int_equal(report.bad, x ? 5 : 0);
		assert_true(x ? report.p95_us == 0 : report.p95_us > 6900 && report.p95_us < 7100);
	}
	assert_int_equal(seen, 2);
	agent_region_close(region);
	agent_region_close(other);
	support_remove(root);
}

/* No region, no room, a file that somebody cut: calls are made. */
static void without_words_every_call_may_be_made(void **state)
{
	(void)state;
	char root[64], key[32], path[160];
	size_t cursor = 0;
	agent_breaker_report report;
	agent_region *region = NULL;
	agent_breakers none = agent_region_breakers(NULL);
	for (int i = 0; i < 20; i++) {
		assert_true(call(&none, "tool:x", AGENT_BREAKER_FAILED, START));
	}
	assert_false(none.next(none.state, &cursor, START, &report));
	support_dir(root);
	assert_ok(agent_region_open(agent_str_cstr(root), SITE, &region, err));
	agent_breakers port = agent_region_breakers(region);
	for (int k = 0; k < AGENT_REGION_BREAKERS_MAX + 3; k++) {
		snprintf(key, sizeof key, "tool:%d", k);
		for (int i = 0; i < 6; i++) {
			assert_int_equal(call(&port, key, AGENT_BREAKER_FAILED, START), i < 5 || k >= AGENT_REGION_BREAKERS_MAX);
		}
	}
	snprintf(path, sizeof path, "%s/%s.region", root, SITE);
	assert_int_equal(truncate(path, 100), 0);
	assert_true(call(&port, "tool:0", AGENT_BREAKER_FAILED, START));
	assert_false(port.next(port.state, &cursor, START, &report));
	agent_region_close(region);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_all_workers_one_may_try),
		cmocka_unit_test(killed_workers_leave_right_totals),
		cmocka_unit_test(killed_workers_leave_no_stuck_breaker),
		cmocka_unit_test(processes_of_a_site_share_a_breaker),
		cmocka_unit_test(without_words_every_call_may_be_made),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
