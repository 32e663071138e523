/* SPDX-License-Identifier: MIT
 * What one decision costs: region MODE PROCESSES ROUNDS DIR prints nanoseconds per decision, all processes together, on one line.
 * one: a bucket that all share; many: ten thousand of them; refused: an empty one; turn: a place taken and given back; breaker: asked, and
 * told of an answer; words: the same without looking the key up; redis: INCR over
 * the unix socket DIR/redis.sock (hiredis). Measures only; tests stand in tests/unit. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ext/run/breakers.h"
#include "ext/run/internal.h"
#include "ext/run/shared.h"

static const char site[33] = "0123456789abcdef0123456789abcdef";

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void stop(const char *why)
{
	fprintf(stderr, "region: %s\n", why);
	_exit(1);
}

static agent_region *opened(const char *dir)
{
	agent_region *region;
	agent_error err;
	if (agent_region_open(agent_str_cstr(dir), site, &region, &err) != AGENT_OK) {
		stop(err.message);
	}
	return region;
}

/* As a caller does it: the wall clock is read for each. */
static void take(const char *mode, const char *dir, long rounds)
{
	agent_region *region = opened(dir);
	agent_limits port = agent_shared_limits(&region);
	agent_rate rate = strcmp(mode, "refused") == 0 ? (agent_rate){ 1, 86400 } : (agent_rate){ 1000000, 1 };
	bool many = strcmp(mode, "many") == 0;
	agent_error err;
	char key[32];
	int len = snprintf(key, sizeof key, "address:%s", mode);
	for (long i = 0; i < rounds; i++) {
		bool allowed;
		int64_t wait_ms;
		if (many) {
			len = snprintf(key, sizeof key, "address:192.0.%ld", i % 10000);
		}
		if (port.take(port.state, (agent_str){ key, (size_t)len }, rate, now_ns(CLOCK_REALTIME) / 1000000, &allowed, &wait_ms, &err) != AGENT_OK) {
			stop(err.message);
		}
	}
	agent_region_close(region);
}

static void turn(const char *dir, long rounds)
{
	agent_region *region = opened(dir);
	agent_slots_state state = { .region = &region };
	agent_slots port = agent_shared_slots(&state);
	agent_error err;
	for (long i = 0; i < rounds; i++) {
		agent_slot slot;
		bool taken;
		int64_t now = now_ns(CLOCK_REALTIME) / 1000000;
		if (port.enter(port.state, AGENT_SLOT_TURN, 8, now, now + 8000, &slot, &taken, &err) != AGENT_OK || !taken) {
			stop("no place");
		}
		port.leave(port.state, &slot);
	}
	agent_region_close(region);
}

/* Closed, and told of answers that differ: their p95 is looked up with every tenth. */
static void breaker(const char *mode, const char *dir, long rounds)
{
	agent_region *region = opened(dir);
	agent_breakers port = agent_region_breakers(region);
	agent_str key = AGENT_STR("tool:get_order_status");
	_Atomic uint64_t *words = agent_region_words(region, AGENT_REGION_BREAKERS, key, now_ns(CLOCK_REALTIME) / 1000000);
	bool bare = strcmp(mode, "words") == 0;
	uint32_t seed = 1;
	for (long i = 0; i < rounds; i++) {
		agent_breaker_pass pass;
		int64_t now = now_ns(CLOCK_REALTIME) / 1000000;
		seed = seed * 1664525u + 1013904223u;
		int64_t latency = 200000 + (seed >> 14);
		if (!(bare ? agent_breaker_words_ask(words, 2500, now, &pass) : port.ask(port.state, key, 2500, now, &pass))) {
			stop("the breaker is open");
		}
		if (bare) {
			agent_breaker_words_tell(words, &pass, AGENT_BREAKER_OK, latency, now);
		} else {
			port.tell(port.state, key, &pass, AGENT_BREAKER_OK, latency, now);
		}
	}
	agent_region_close(region);
}

static void redis(const char *dir, long rounds)
{
	char path[256];
	snprintf(path, sizeof path, "%s/redis.sock", dir);
	redisContext *connection = redisConnectUnix(path);
	if (connection == NULL || connection->err != 0) {
		stop("no redis");
	}
	for (long i = 0; i < rounds; i++) {
		redisReply *reply = redisCommand(connection, "INCR address:192.0.2.1");
		if (reply == NULL || reply->type != REDIS_REPLY_INTEGER) {
			stop("redis answers otherwise");
		}
		freeReplyObject(reply);
	}
	redisFree(connection);
}

static void work(const char *mode, const char *dir, long rounds)
{
	if (strcmp(mode, "turn") == 0) {
		turn(dir, rounds);
	} else if (strcmp(mode, "breaker") == 0 || strcmp(mode, "words") == 0) {
		breaker(mode, dir, rounds);
	} else if (strcmp(mode, "redis") == 0) {
		redis(dir, rounds);
	} else {
		take(mode, dir, rounds);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		return 2;
	}
	int processes = atoi(argv[2]);
	long rounds = atol(argv[3]);
	_Atomic int *ready = mmap(NULL, sizeof *ready, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ready == MAP_FAILED) {
		return 1;
	}
	for (int i = 0; i < processes; i++) {
		if (fork() == 0) {
			work(argv[1], argv[4], rounds / 100 + 1); /* warm */
			atomic_fetch_add(ready, 1);
			while (atomic_load(ready) <= processes) {
				usleep(100);
			}
			work(argv[1], argv[4], rounds);
			_exit(0);
		}
	}
	while (atomic_load(ready) < processes) {
		usleep(100);
	}
	int64_t began = now_ns(CLOCK_MONOTONIC);
	atomic_fetch_add(ready, 1);
	int status, bad = 0;
	while (wait(&status) > 0) {
		bad |= status;
	}
	printf("%.1f\n", (double)(now_ns(CLOCK_MONOTONIC) - began) / (double)rounds / processes);
	return bad != 0;
}
