/* SPDX-License-Identifier: MIT
 * Where a configuration's secrets come from: environment, file, sealed value.
 * Values live in buffers that are wiped, never in an error. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ext/run/internal.h"

#define SECRET_MAX ((size_t)16 * 1024)

static agent_status read_file(agent_str path, const char *what, agent_buf *out, agent_error *err)
{
	agent_buf name;
	agent_buf_init(&name, 4096);
	agent_buf_add(&name, path);
	agent_buf_add_char(&name, '\0');
	int fd = name.fault == AGENT_BUF_FINE ? open(name.ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
	agent_buf_clear(&name);
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		if (fd >= 0) {
			close(fd);
		}
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "secret", "%s: the file that holds the secret cannot be read", what);
	}
	char chunk[1024];
	ssize_t n;
	do {
		n = read(fd, chunk, sizeof chunk);
		if (n > 0) {
			agent_buf_add(out, (agent_str){ chunk, (size_t)n });
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	close(fd);
	agent_wipe(chunk, sizeof chunk);
	while (out->len > 0 && (out->ptr[out->len - 1] == '\n' || out->ptr[out->len - 1] == '\r')) {
		out->len--; /* editors end files with a line break */
	}
	return n == 0 ? agent_buf_check(out, "the secret", err)
		: agent_fail(err, AGENT_DOMAIN_CONFIG, "secret", "%s: the file that holds the secret cannot be read", what);
}

static agent_status read_env(agent_str name, const char *what, agent_buf *out, agent_error *err)
{
	char key[128];
	if (name.len >= sizeof key) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "secret", "%s: the environment variable's name is too long", what);
	}
	memcpy(key, name.ptr, name.len);
	key[name.len] = '\0';
	const char *value = getenv(key);
	if (value == NULL || *value == '\0') {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "secret", "%s: the environment variable %s is not set", what, key);
	}
	agent_buf_add(out, agent_str_cstr(value));
	return agent_buf_check(out, "the secret", err);
}

agent_status agent_secret_resolve(const agent_site *site, const agent_secret_ref *ref, const char *what, agent_buf *out, agent_error *err)
{
	switch (ref->source) {
		case AGENT_SECRET_NONE:
			return AGENT_OK;
		case AGENT_SECRET_ENV:
			return read_env(ref->name, what, out, err);
		case AGENT_SECRET_FILE:
			return read_file(ref->name, what, out, err);
		case AGENT_SECRET_PUT:
			return agent_datadir_secret_get(site->dir, site->key, ref->name, out, err);
	}
	return AGENT_OK;
}

void agent_secret_clear(agent_buf *secret)
{
	if (secret->ptr != NULL) {
		agent_wipe(secret->ptr, secret->capacity);
	}
	agent_buf_clear(secret);
}

agent_status agent_site_secret_put(agent_site *site, agent_str name, agent_str value, agent_error *err)
{
	return agent_datadir_secret_put(site->dir, site->key, name, value, err);
}
