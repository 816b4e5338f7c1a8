// SPDX-License-Identifier: MIT
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define STATE_MAGIC "TSRSTATE"
#define STATE_VERSION 1u
#define STATE_WEAR_BYTES 400

/* The file, little-endian like everything the device stores. */
struct state_file {
	uint8_t magic[8];
	uint32_t version;
	uint32_t size;
	uint64_t serial;
	uint64_t boots;
	uint8_t secret[STATE_SECRET_BYTES];
	uint32_t rollback_min;
	uint32_t mbz;
	uint8_t wear[STATE_WEAR_BYTES];	/* reserved for CIM tiles, zero */
	uint8_t digest[crypto_hash_sha256_BYTES];	/* of all before it */
};

_Static_assert(sizeof(struct state_file) == 504, "the state file changed its size");

struct state {
	struct state_file file;
	char path[PATH_MAX];
};

static void digest_of(const struct state_file *file, uint8_t *digest)
{
	crypto_hash_sha256(digest, (const uint8_t *)file, offsetof(struct state_file, digest));
}

static const char *check(const struct state_file *file, size_t size)
{
	uint8_t digest[crypto_hash_sha256_BYTES];

	if (size != sizeof(*file))
		return "it has the wrong size";
	if (memcmp(file->magic, STATE_MAGIC, sizeof(file->magic)))
		return "it is no state file";
	if (file->version != STATE_VERSION || file->size != sizeof(*file))
		return "it is of another version";
	digest_of(file, digest);
	if (sodium_memcmp(digest, file->digest, sizeof(digest)))
		return "its checksum is wrong";
	return NULL;
}

static ssize_t read_whole(int fd, void *buf, size_t size)
{
	size_t done = 0;
	ssize_t n;

	do {
		n = read(fd, (char *)buf + done, size - done);
		if (n > 0)
			done += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : (ssize_t)done;
}

static int write_whole(int fd, const void *buf, size_t size)
{
	ssize_t n = write(fd, buf, size);

	if (n < 0)
		return -errno;
	if ((size_t)n != size)
		return -EIO;
	return fsync(fd) ? -errno : 0;
}

/* The new name is durable when the folder is. */
static int sync_folder(const char *path)
{
	char folder[PATH_MAX];
	char *slash;
	int error;
	int fd;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fsync(fd) ? -errno : 0;
	close(fd);
	return error;
}

static int replace(const char *path, const struct state_file *file)
{
	char draft[PATH_MAX + 8];
	int error;
	int fd;

	snprintf(draft, sizeof(draft), "%s.new", path);
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	error = write_whole(fd, file, sizeof(*file));
	close(fd);
	if (!error && rename(draft, path))
		error = -errno;
	if (!error)
		return sync_folder(path);
	unlink(draft);
	return error;
}

static int store(struct state *state, struct state_file *file)
{
	int error;

	digest_of(file, file->digest);
	error = state->path[0] ? replace(state->path, file) : 0;
	if (!error)
		state->file = *file;
	return error;
}

static int make_new(struct state *state)
{
	struct state_file file = {
		.version = STATE_VERSION,
		.size = sizeof(file),
	};

	memcpy(file.magic, STATE_MAGIC, sizeof(file.magic));
	do
		randombytes_buf(&file.serial, sizeof(file.serial));
	while (!file.serial);
	randombytes_buf(file.secret, sizeof(file.secret));
	return store(state, &file);
}

static int load(struct state *state, int fd, const char **why)
{
	uint8_t bytes[sizeof(struct state_file) + 1];
	ssize_t size = read_whole(fd, bytes, sizeof(bytes));

	if (size < 0) {
		*why = strerror((int)-size);
		return (int)size;
	}
	memcpy(&state->file, bytes, sizeof(state->file));
	*why = check(&state->file, (size_t)size);
	return *why ? -EINVAL : 0;
}

static int open_or_make(struct state *state, const char **why)
{
	int error;
	int fd = open(state->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		error = make_new(state);
	} else if (fd < 0) {
		error = -errno;
	} else {
		error = load(state, fd, why);
		close(fd);
		return error;
	}
	*why = strerror(-error);
	return error;
}

int state_open(const char *path, struct state **out, char *error, size_t error_size)
{
	struct state *state;
	const char *why = "";
	int ret;

	if (strlen(path) >= sizeof(state->path)) {
		snprintf(error, error_size, "the path of the state file is too long");
		return -ENAMETOOLONG;
	}
	if (sodium_init() < 0 || !(state = calloc(1, sizeof(*state)))) {
		snprintf(error, error_size, "not enough memory for the state");
		return -ENOMEM;
	}
	strcpy(state->path, path);
	ret = open_or_make(state, &why);
	if (ret) {
		snprintf(error, error_size,
			 "state file %s cannot be used: %s; restore it, or remove it to make "
			 "a new device", path, why);
		state_close(state);
		return ret;
	}
	*out = state;
	return 0;
}

struct state *state_make_volatile(uint64_t serial, uint32_t rollback_min)
{
	struct state *state = calloc(1, sizeof(*state));

	if (!state)
		return NULL;
	state->file.serial = serial;
	state->file.rollback_min = rollback_min;
	return state;
}

void state_close(struct state *state)
{
	if (!state)
		return;
	sodium_memzero(&state->file, sizeof(state->file));
	free(state);
}

uint64_t state_serial(const struct state *state)
{
	return state->file.serial;
}

const uint8_t *state_secret(const struct state *state)
{
	return state->file.secret;
}

uint32_t state_rollback_min(const struct state *state)
{
	return state->file.rollback_min;
}

uint64_t state_boots(const struct state *state)
{
	return state->file.boots;
}

int state_record_boot(struct state *state, uint32_t security_version)
{
	struct state_file file = state->file;

	file.boots++;
	if (security_version > file.rollback_min)
		file.rollback_min = security_version;
	return store(state, &file);
}
