// SPDX-License-Identifier: MIT
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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

/*
 * Two places. One is durable, and all writes go to the other, so what is interrupted leaves
 * a whole state. A write that raises the anti-rollback minimum is synced and makes its
 * place the durable one; others only count boots, which a loss of power may take back: a
 * guest that boots in a loop must not cost a sync each time. A place is not split between
 * sectors. Of two good ones that with more boots is the state; a new file has the first
 * one only.
 */
#define PLACES 2
#define PLACE_BYTES 512

struct state {
	struct state_file file;
	int fd;			/* -1: volatile; locked */
	unsigned int durable;	/* place that is never written to */
};

static void digest_of(const struct state_file *file, uint8_t *digest)
{
	crypto_hash_sha256(digest, (const uint8_t *)file, offsetof(struct state_file, digest));
}

/* Return: NULL when it is good, or what is wrong. */
static const char *check(const struct state_file *file, size_t size)
{
	uint8_t digest[crypto_hash_sha256_BYTES];

	if (size < sizeof(*file))
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

static int write_place(int fd, unsigned int place, const struct state_file *file, bool sync)
{
	ssize_t n = pwrite(fd, file, sizeof(*file), (off_t)place * PLACE_BYTES);

	if (n < 0)
		return -errno;
	if ((size_t)n != sizeof(*file))
		return -EIO;
	return sync && fdatasync(fd) ? -errno : 0;
}

static int store(struct state *state, struct state_file *file, bool sync)
{
	unsigned int place = (state->durable + 1) % PLACES;
	int error;

	digest_of(file, file->digest);
	error = state->fd >= 0 ? write_place(state->fd, place, file, sync) : 0;
	if (error)
		return error;
	state->file = *file;
	if (sync)
		state->durable = place;
	return 0;
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
	state->durable = PLACES - 1;
	return store(state, &file, true);
}

/* Return: bytes there are of a place, or a negative errno. */
static ssize_t read_place(const struct state *state, unsigned int place, struct state_file *file)
{
	ssize_t n = pread(state->fd, file, sizeof(*file), (off_t)place * PLACE_BYTES);

	return n < 0 ? -errno : n;
}

/* The newer of the good places; a file without any is refused. */
static int load(struct state *state, const char **why)
{
	struct state_file file;
	bool found = false;
	ssize_t size;
	const char *bad;

	*why = NULL;
	for (unsigned int place = 0; place < PLACES; place++) {
		size = read_place(state, place, &file);
		if (size < 0)
			return (int)size;
		bad = check(&file, (size_t)size);
		if (bad && !*why)
			*why = bad;
		if (bad || (found && file.boots <= state->file.boots))
			continue;
		state->file = file;
		state->durable = place;
		found = true;
	}
	if (!found)
		return -EINVAL;
	*why = NULL;
	/* The last process may have left it in the host's cache. */
	return fdatasync(state->fd) ? -errno : 0;
}

static const char *check_kind(int fd)
{
	struct stat info;

	if (fstat(fd, &info) || !S_ISREG(info.st_mode))
		return "it is no regular file";
	return info.st_size > PLACES * PLACE_BYTES ? "it has the wrong size" : NULL;
}

/* A new name is durable when its folder is. */
static int sync_folder(const char *path)
{
	char *copy = strdup(path);
	int error = 0;
	int fd;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		error = -errno;
	if (fd >= 0)
		close(fd);
	free(copy);
	return error;
}

/* Return: whether the file is new, or a negative errno. */
static int open_file(struct state *state, const char *path)
{
	const int flags = O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	bool is_new;

	state->fd = open(path, flags);
	is_new = state->fd < 0 && errno == ENOENT;
	if (is_new)
		state->fd = open(path, flags | O_CREAT | O_EXCL, 0600);
	return state->fd < 0 ? -errno : is_new;
}

/* The lock ends with the descriptor: one device, one process. */
static int open_or_make(struct state *state, const char *path, const char **why)
{
	int is_new = open_file(state, path);
	int error;

	if (is_new < 0)
		return is_new;
	if (flock(state->fd, LOCK_EX | LOCK_NB)) {
		*why = errno == EWOULDBLOCK ? "another virtual NPU uses it" : NULL;
		return -errno;
	}
	*why = check_kind(state->fd);
	if (*why)
		return -EINVAL;
	if (!is_new)
		return load(state, why);
	error = make_new(state);
	return error ? error : sync_folder(path);
}

int state_open(const char *path, struct state **out, char *error, size_t error_size)
{
	struct state *state;
	const char *why = NULL;
	int ret;

	if (sodium_init() < 0 || !(state = calloc(1, sizeof(*state)))) {
		snprintf(error, error_size, "not enough memory for the state");
		return -ENOMEM;
	}
	ret = open_or_make(state, path, &why);
	if (ret) {
		snprintf(error, error_size, "state file %s cannot be used: %s%s", path,
			 why ? why : strerror(-ret), ret == -EINVAL ?
			 "; restore it, or remove it to make a new device" : "");
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
	state->fd = -1;
	state->file.serial = serial;
	state->file.rollback_min = rollback_min;
	return state;
}

void state_close(struct state *state)
{
	if (!state)
		return;
	if (state->fd >= 0)
		close(state->fd);
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
	return store(state, &file, file.rollback_min != state->file.rollback_min);
}
