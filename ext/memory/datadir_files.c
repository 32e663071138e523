/* SPDX-License-Identifier: MIT
 * What the data directory holds beside the database: configurations, the installation's key, sealed secrets.
 * Reads and writes through file.h only. */
#include "ext/memory/datadir.h"

#include <stdio.h>

#include "ext/memory/file.h"

#define CONFIG_MAX ((size_t)4 * 1024 * 1024)
#define SECRET_MAX ((size_t)16 * 1024)
#define SEALED_MAX (SECRET_MAX + 64)
#define NAME_MAX_LEN 64

static bool is_digest(agent_str text)
{
	if (text.len != 64) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
			return false;
		}
	}
	return true;
}

/* A file name that leads nowhere else: no slash is possible, and no first dot ("..", temporary names). */
static bool is_secret_name(agent_str name)
{
	if (name.len == 0 || name.len > NAME_MAX_LEN || name.ptr[0] == '.') {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c == '-')) {
			return false;
		}
	}
	return true;
}

/* Opens <dir>/<sub>; *fd is -1 where it is missing and not to be made. */
static agent_status open_sub(agent_str dir, const char *sub, bool make, int *fd, agent_error *err)
{
	int top = -1;
	*fd = -1;
	if (agent_dir_open(dir, &top, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_dir_sub(top, sub, make, fd, err);
	agent_fd_close(top);
	return status;
}

/* The same configuration is put again and again by every request that configures: then nothing is written. */
static bool stands_already(int fd, const char *name, agent_str text)
{
	agent_error ignored;
	agent_buf there;
	bool found = false;
	agent_buf_init(&there, text.len + 4096);
	bool same = agent_file_read(fd, name, text.len, &there, &found, &ignored) == AGENT_OK && found
		&& agent_str_eq(agent_buf_str(&there), text);
	agent_buf_clear(&there);
	return same;
}

agent_status agent_datadir_config_put(agent_str dir, const char digest[65], agent_str text, agent_error *err)
{
	char name[80];
	int fd = -1;
	if (!is_digest(agent_str_cstr(digest))) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "digest",
			"a configuration's digest has 64 hexadecimal digits");
	}
	if (text.len > CONFIG_MAX) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "a configuration has at most %zu bytes",
			CONFIG_MAX);
	}
	if (open_sub(dir, "config", true, &fd, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	snprintf(name, sizeof name, "%.64s.json", digest);
	agent_status status = stands_already(fd, name, text) ? AGENT_OK
		: agent_file_write(fd, name, text, false, err);
	agent_fd_close(fd);
	return status;
}

agent_status agent_datadir_config_get(agent_str dir, agent_str digest, agent_buf *out, agent_error *err)
{
	char name[80];
	int fd = -1;
	bool found = false;
	agent_status status = AGENT_OK;
	if (is_digest(digest)) {
		status = open_sub(dir, "config", false, &fd, err);
		if (fd >= 0) {
			snprintf(name, sizeof name, "%.*s.json", AGENT_STR_ARG(digest));
			status = agent_file_read(fd, name, CONFIG_MAX, out, &found, err);
			agent_fd_close(fd);
		}
	}
	if (status == AGENT_OK && !found) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "unknown_digest",
			"no configuration with this digest is stored here");
	}
	return status;
}

static agent_status read_key(int dir, agent_key *out, bool *found, agent_error *err)
{
	agent_buf bytes;
	agent_buf_init(&bytes, 2 * AGENT_KEY_SIZE);
	agent_status status = agent_file_read(dir, "key", AGENT_KEY_SIZE, &bytes, found, err);
	if (status == AGENT_OK && *found) {
		if (bytes.len == AGENT_KEY_SIZE) {
			memcpy(out->bytes, bytes.ptr, AGENT_KEY_SIZE);
		} else {
			status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_file", "the file key must hold %d bytes",
				AGENT_KEY_SIZE);
		}
	}
	if (bytes.ptr != NULL) {
		agent_wipe(bytes.ptr, bytes.capacity);
	}
	agent_buf_clear(&bytes);
	return status;
}

agent_status agent_datadir_key(agent_str dir, agent_key *out, agent_error *err)
{
	int fd = -1;
	bool found = false;
	if (agent_dir_open(dir, &fd, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = read_key(fd, out, &found, err);
	if (status == AGENT_OK && !found) {
		agent_key fresh;
		status = agent_random_bytes(fresh.bytes, sizeof fresh.bytes, err);
		if (status == AGENT_OK) {
			agent_str bytes = { (const char *)fresh.bytes, sizeof fresh.bytes };
			status = agent_file_write(fd, "key", bytes, true, err);
		}
		agent_wipe(&fresh, sizeof fresh);
		if (status == AGENT_OK) { /* another process may have been first: what stands there counts */
			status = read_key(fd, out, &found, err);
		}
		if (status == AGENT_OK && !found) {
			status = agent_fail(err, AGENT_DOMAIN_STORE, "file", "the file key vanished");
		}
	}
	agent_fd_close(fd);
	return status;
}

static agent_status check_secret_name(agent_str name, agent_error *err)
{
	return is_secret_name(name) ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_ARGUMENT, "secret_name",
		"a secret's name has 1 to %d of a-z 0-9 _ . - and does not begin with a dot", NAME_MAX_LEN);
}

static agent_status secret_key(agent_str dir, agent_str name, agent_key *key, agent_error *err)
{
	agent_key installation;
	if (check_secret_name(name, err) != AGENT_OK || agent_datadir_key(dir, &installation, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_str secret = { (const char *)installation.bytes, sizeof installation.bytes };
	agent_status status = agent_key_derive(secret, AGENT_STR("agent secrets 1"), key, err);
	agent_wipe(&installation, sizeof installation);
	return status;
}

#define SECRET_FILE (32 + 1 + NAME_MAX_LEN + 1)

/* A data directory may serve many sites: each has its own names. The value is bound to the file's name. */
static agent_str secret_file(const char *site_key, agent_str name, char file[SECRET_FILE])
{
	snprintf(file, SECRET_FILE, "%.32s.%.*s", site_key, AGENT_STR_ARG(name));
	return agent_str_cstr(file);
}

static agent_status drop_secret(agent_str dir, const char *site_key, agent_str name, agent_error *err)
{
	char file[SECRET_FILE];
	int fd = -1;
	if (check_secret_name(name, err) != AGENT_OK || open_sub(dir, "secret", false, &fd, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	secret_file(site_key, name, file);
	agent_status status = fd < 0 ? AGENT_OK : agent_file_remove(fd, file, err);
	agent_fd_close(fd);
	return status;
}

agent_status agent_datadir_secret_put(agent_str dir, const char *site_key, agent_str name, agent_str value, agent_error *err)
{
	agent_key key;
	char file[SECRET_FILE];
	int fd = -1;
	if (value.len == 0) {
		return drop_secret(dir, site_key, name, err);
	}
	if (value.len > SECRET_MAX) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "a secret has at most %zu bytes", SECRET_MAX);
	}
	if (secret_key(dir, name, &key, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf sealed;
	agent_buf_init(&sealed, SEALED_MAX);
	agent_status status = agent_seal(&key, secret_file(site_key, name, file), value, &sealed, err);
	agent_wipe(&key, sizeof key);
	if (status == AGENT_OK) {
		status = open_sub(dir, "secret", true, &fd, err);
	}
	if (status == AGENT_OK) {
		status = agent_file_write(fd, file, agent_buf_str(&sealed), false, err);
	}
	agent_fd_close(fd);
	agent_buf_clear(&sealed);
	return status;
}

agent_status agent_datadir_secret_get(agent_str dir, const char *site_key, agent_str name, agent_buf *out, agent_error *err)
{
	agent_key key;
	char file[SECRET_FILE];
	int fd = -1;
	bool found = false;
	if (secret_key(dir, name, &key, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf sealed;
	agent_buf_init(&sealed, SEALED_MAX + 4096);
	agent_str bound = secret_file(site_key, name, file);
	agent_status status = open_sub(dir, "secret", false, &fd, err);
	if (status == AGENT_OK && fd >= 0) {
		status = agent_file_read(fd, file, SEALED_MAX, &sealed, &found, err);
		agent_fd_close(fd);
	}
	if (status == AGENT_OK && !found) {
		status = agent_fail(err, AGENT_DOMAIN_CONFIG, "unknown_secret", "no secret %.*s is stored",
			AGENT_STR_ARG(name));
	}
	if (status == AGENT_OK) {
		status = agent_unseal(&key, bound, agent_buf_str(&sealed), out, err);
	}
	agent_wipe(&key, sizeof key);
	agent_buf_clear(&sealed);
	return status;
}
