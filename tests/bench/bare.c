/* SPDX-License-Identifier: MIT
 * The measure of the turn benchmark: the same exchanges as a turn, by libcurl alone, on kept connections.
 *   bare ROUNDS URL BODYFILE [URL BODYFILE …]    a round posts each body once; prints "CPU_US WALL_US" per round */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define MOST 16

typedef struct exchange {
	CURL *curl;
	char *body;
	long len;
} exchange;

static size_t take(char *bytes, size_t size, size_t count, void *total)
{
	(void)bytes;
	*(size_t *)total += size * count;
	return size * count;
}

static double cpu_us(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e6 + (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static double wall_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static char *read_file(const char *path, long *len)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (*len = ftell(f)) < 0) {
		perror(path);
		exit(1);
	}
	rewind(f);
	char *bytes = malloc((size_t)*len + 1);
	if (bytes == NULL || fread(bytes, 1, (size_t)*len, f) != (size_t)*len) {
		perror(path);
		exit(1);
	}
	fclose(f);
	return bytes;
}

static void once(exchange *exchanges, int count)
{
	for (int i = 0; i < count; i++) {
		long status = 0;
		CURLcode code = curl_easy_perform(exchanges[i].curl);
		curl_easy_getinfo(exchanges[i].curl, CURLINFO_RESPONSE_CODE, &status);
		if (code != CURLE_OK || status != 200) {
			fprintf(stderr, "bare: %s, status %ld\n", curl_easy_strerror(code), status);
			exit(1);
		}
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 0, count = (argc - 2) / 2;
	if (rounds < 1 || count < 1 || count > MOST || argc != 2 + 2 * count) {
		fprintf(stderr, "bare ROUNDS URL BODYFILE [URL BODYFILE ...]\n");
		return 2;
	}
	static exchange exchanges[MOST];
	static size_t total;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	CURLSH *share = curl_share_init();
	curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	for (int i = 0; i < count; i++) {
		exchange *e = &exchanges[i];
		e->body = read_file(argv[3 + 2 * i], &e->len);
		e->curl = curl_easy_init();
		curl_easy_setopt(e->curl, CURLOPT_URL, argv[2 + 2 * i]);
		curl_easy_setopt(e->curl, CURLOPT_SHARE, share);
		curl_easy_setopt(e->curl, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(e->curl, CURLOPT_POSTFIELDS, e->body);
		curl_easy_setopt(e->curl, CURLOPT_POSTFIELDSIZE, e->len);
		curl_easy_setopt(e->curl, CURLOPT_WRITEFUNCTION, take);
		curl_easy_setopt(e->curl, CURLOPT_WRITEDATA, &total);
	}
	for (int i = 0; i < 20; i++) {
		once(exchanges, count);
	}
	double cpu = cpu_us(), wall = wall_us();
	for (int i = 0; i < rounds; i++) {
		once(exchanges, count);
	}
	printf("%.1f %.1f\n", (cpu_us() - cpu) / rounds, (wall_us() - wall) / rounds);
	for (int i = 0; i < count; i++) {
		curl_easy_cleanup(exchanges[i].curl);
		free(exchanges[i].body);
	}
	curl_share_cleanup(share);
	curl_slist_free_all(headers);
	curl_global_cleanup();
	return 0;
}
