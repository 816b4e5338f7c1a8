// SPDX-License-Identifier: MIT
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "clock.h"
#include "memory/port.h"
#include "record_format.h"
#include "replay_node.h"

struct reader {
	struct replay replay;
	const uint8_t *bytes;
	size_t size;
	struct replay_ranges *ranges;
	size_t at;		/* next entry of the simulation thread */
	uint64_t step;
	uint64_t compared;
	pthread_mutex_t lock;	/* protects all below, and the ranges */
	char difference[256];
	char trouble[256];	/* of a node that has not ended yet */
	uint64_t trouble_serial;
};

static struct reader *reader_of(struct replay *replay)
{
	return (struct reader *)replay;
}

/* Alignment is lost after entries of odd size: everything is copied out. */
static bool entry_at(const struct reader *reader, size_t at, struct record_entry *entry)
{
	if (reader->size - at < sizeof(*entry))
		return false;
	memcpy(entry, reader->bytes + at, sizeof(*entry));
	return entry->size <= reader->size - at - sizeof(*entry);
}

static void payload_at(const struct reader *reader, size_t at, void *buf, size_t size)
{
	memcpy(buf, reader->bytes + at + sizeof(struct record_entry), size);
}

static size_t min_size(uint32_t type)
{
	switch (type) {
	case RECORD_INPUT:
		return sizeof(struct record_input);
	case RECORD_COPY:
		return sizeof(struct record_copy);
	case RECORD_NODE:
		return sizeof(struct record_node);
	case RECORD_DONE:
		return sizeof(struct record_done);
	case RECORD_RAISE:
		return sizeof(uint64_t);
	case RECORD_MEMORY:
		return sizeof(struct record_memory);
	case RECORD_MMIO:
		return sizeof(struct record_mmio);
	}
	return SIZE_MAX;
}

static bool copy_valid(const struct record_copy *copy, size_t data)
{
	if (copy->error)
		return data == 0;
	return copy->rows != 0 && copy->n <= data && copy->rows <= data + 1 &&
	       copy->rows * copy->n == data;
}

/* Whether the simulation thread met the entry, in this order. */
static bool ordered(const struct reader *reader, size_t at, const struct record_entry *entry)
{
	struct record_copy copy;

	if (entry->type == RECORD_MMIO)
		return false;
	if (entry->type != RECORD_COPY)
		return true;
	payload_at(reader, at, &copy, sizeof(copy));
	return copy.agent == PORT_AGENT_ROM || copy.agent == PORT_AGENT_CORE;
}

static int index_entries(struct reader *reader)
{
	struct record_entry entry;
	struct record_copy copy;
	size_t at = sizeof(struct record_header);

	for (; at < reader->size; at += sizeof(entry) + entry.size) {
		/* A device that died leaves a last entry that is not whole. */
		if (!entry_at(reader, at, &entry)) {
			reader->size = at;
			break;
		}
		if (entry.size < min_size(entry.type))
			return -EINVAL;
		if (entry.type != RECORD_COPY)
			continue;
		payload_at(reader, at, &copy, sizeof(copy));
		if (!copy_valid(&copy, entry.size - sizeof(copy)))
			return -EINVAL;
		if (copy.agent < PORT_AGENT_ROM && copy.error >= 0 &&
		    !replay_ranges_add(reader->ranges, &copy, reader->bytes + at +
				       sizeof(entry) + sizeof(copy)))
			return -ENOMEM;
	}
	replay_ranges_sort(reader->ranges);
	return 0;
}

static int map_file(struct reader *reader, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;
	void *bytes;
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &info))
		ret = -errno;
	else if ((size_t)info.st_size < sizeof(struct record_header))
		ret = -EINVAL;
	if (!ret) {
		bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes == MAP_FAILED) {
			ret = -errno;
		} else {
			reader->bytes = bytes;
			reader->size = (size_t)info.st_size;
		}
	}
	close(fd);
	return ret;
}

static int load(struct reader *reader, const char *path)
{
	const struct record_header *header;
	int ret = map_file(reader, path);

	if (ret)
		return ret;
	header = (const struct record_header *)reader->bytes;
	if (header->magic != RECORD_MAGIC || header->version != RECORD_VERSION)
		return -EINVAL;
	reader->replay.header = header;
	reader->at = sizeof(*header);
	return index_entries(reader);
}

/* Only the first difference counts: what follows is its consequence. */
static void differ(struct reader *reader, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&reader->lock);
	if (!reader->difference[0])
		snprintf(reader->difference, sizeof(reader->difference),
			 "step %" PRIu64 ", cycle %" PRIu64 ": %s", reader->step,
			 clock_now(reader->replay.clock), what);
	pthread_mutex_unlock(&reader->lock);
}

static const char *difference(struct reader *reader)
{
	return reader->difference[0] ? reader->difference : NULL;
}

const char *replay_difference(struct replay *replay)
{
	return difference(reader_of(replay));
}

uint64_t replay_compared(const struct replay *replay)
{
	return ((const struct reader *)replay)->compared;
}

static const char *type_name(uint32_t type)
{
	static const char *const names[] = {
		[RECORD_INPUT] = "an input",
		[RECORD_COPY] = "a copy",
		[RECORD_NODE] = "the start of a node",
		[RECORD_DONE] = "the end of a node",
		[RECORD_RAISE] = "an interrupt",
		[RECORD_MEMORY] = "where an operand lies",
	};

	return type < sizeof(names) / sizeof(names[0]) && names[type] ? names[type] : "?";
}

/* The next entry of the simulation thread. Return: false at the end. */
static bool peek(struct reader *reader, struct record_entry *entry)
{
	while (entry_at(reader, reader->at, entry)) {
		if (ordered(reader, reader->at, entry))
			return true;
		reader->at += sizeof(*entry) + entry->size;
	}
	return false;
}

static void next(struct reader *reader, const struct record_entry *entry)
{
	reader->at += sizeof(*entry) + entry->size;
	reader->compared++;
}

/* Expect an entry here and now. Return: false after a difference or at the end. */
static bool expect(struct reader *reader, enum record_type type, struct record_entry *entry)
{
	if (difference(reader) || !peek(reader, entry))
		return false;
	if (entry->type != type) {
		differ(reader, "%s where %s was recorded", type_name(type),
		       type_name(entry->type));
		return false;
	}
	if (entry->step != reader->step || entry->cycles != clock_now(reader->replay.clock)) {
		differ(reader, "%s, recorded at step %" PRIu64 ", cycle %" PRIu64,
		       type_name(type), entry->step, entry->cycles);
		return false;
	}
	return true;
}

void replay_step(struct replay *replay, uint64_t step)
{
	struct reader *reader = reader_of(replay);
	struct record_entry entry;

	reader->step = step;
	if (!difference(reader) && peek(reader, &entry) && entry.step < step)
		differ(reader, "%s was recorded for step %" PRIu64 " and has not come",
		       type_name(entry.type), entry.step);
}

bool replay_ended(const struct replay *replay)
{
	const struct reader *reader = (const struct reader *)replay;
	struct record_entry entry;
	size_t at = reader->at;

	for (; entry_at(reader, at, &entry); at += sizeof(entry) + entry.size)
		if (ordered(reader, at, &entry))
			return false;
	return true;
}

void replay_stands_still(struct replay *replay)
{
	struct reader *reader = reader_of(replay);
	struct record_entry entry;

	if (peek(reader, &entry))
		differ(reader, "it stands still where %s was recorded for step %" PRIu64,
		       type_name(entry.type), entry.step);
}

bool replay_next_input(struct replay *replay, struct record_input *input)
{
	struct reader *reader = reader_of(replay);
	struct record_entry entry;

	if (difference(reader) || !peek(reader, &entry) || entry.type != RECORD_INPUT ||
	    entry.step != reader->step)
		return false;
	payload_at(reader, reader->at, input, sizeof(*input));
	next(reader, &entry);
	return true;
}

static bool same_access(const struct record_copy *copy, const struct port_agent *agent,
			enum mmu_access access, const struct port_rows *rows)
{
	return copy->agent == agent->id && copy->asid == agent->asid &&
	       copy->access == access && copy->va == rows->va && copy->n == rows->n &&
	       rows->rows == 1;
}

static int copy_ordered(struct reader *reader, const struct port_agent *agent,
			enum mmu_access access, const struct port_rows *rows, uint64_t *fault)
{
	struct record_entry entry;
	struct record_copy copy;
	const uint8_t *data;

	if (!expect(reader, RECORD_COPY, &entry))
		return PORT_CLOSED;
	payload_at(reader, reader->at, &copy, sizeof(copy));
	data = reader->bytes + reader->at + sizeof(entry) + sizeof(copy);
	if (!same_access(&copy, agent, access, rows)) {
		differ(reader, "a copy of %zu bytes at 0x%" PRIx64 " where %" PRIu64
		       " at 0x%" PRIx64 " were recorded", rows->n, rows->va, copy.n, copy.va);
		return PORT_CLOSED;
	}
	if (!copy.error && access == MMU_WRITE && memcmp(rows->buf, data, rows->n)) {
		differ(reader, "other contents of a write of %zu bytes at 0x%" PRIx64, rows->n,
		       rows->va);
		return PORT_CLOSED;
	}
	if (!copy.error && access != MMU_WRITE)
		memcpy(rows->buf, data, rows->n);
	next(reader, &entry);
	*fault = copy.fault;
	return copy.error;
}

static void node_trouble(struct reader *reader, uint64_t serial, const char *what, uint64_t va)
{
	if (reader->trouble[0])
		return;
	reader->trouble_serial = serial;
	snprintf(reader->trouble, sizeof(reader->trouble),
		 "node %" PRIu64 " %s at 0x%" PRIx64, serial, what, va);
}

/* One row of an engine's access; the lock is held. */
static int copy_range(struct reader *reader, uint64_t serial, bool write, uint64_t va,
		      uint8_t *buf, size_t n, uint64_t *fault)
{
	const uint8_t *data;
	size_t len;
	int error;

	for (; n; n -= len, va += len, buf += len) {
		len = n;
		data = replay_ranges_find(reader->ranges, serial, write, va, &len);
		if (!data) {
			error = replay_ranges_fault(reader->ranges, serial, write, va, n, fault);
			if (error)
				return error;
			node_trouble(reader, serial, "makes an access not recorded", va);
			return PORT_CLOSED;
		}
		if (!write)
			memcpy(buf, data, len);
		else if (memcmp(buf, data, len))
			node_trouble(reader, serial, "writes other contents", va);
	}
	return TSR_HW_ERR_NONE;
}

static int copy_of_node(struct reader *reader, const struct port_agent *agent,
			enum mmu_access access, const struct port_rows *rows, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	pthread_mutex_lock(&reader->lock);
	for (size_t row = 0; row < rows->rows && !error; row++)
		error = copy_range(reader, agent->serial, access == MMU_WRITE,
				   rows->va + row * rows->stride,
				   (uint8_t *)rows->buf + row * rows->buf_stride, rows->n,
				   fault);
	pthread_mutex_unlock(&reader->lock);
	return error;
}

static int copy(struct replay *replay, const struct port_agent *agent, enum mmu_access access,
		const struct port_rows *rows, uint64_t *fault)
{
	struct reader *reader = reader_of(replay);

	if (agent->id < PORT_AGENT_ROM)
		return copy_of_node(reader, agent, access, rows, fault);
	return copy_ordered(reader, agent, access, rows, fault);
}

static bool memory(struct replay *replay, const struct port_agent *agent, uint64_t va)
{
	struct reader *reader = reader_of(replay);
	struct record_entry entry;
	struct record_memory recorded;

	if (!expect(reader, RECORD_MEMORY, &entry))
		return false;
	payload_at(reader, reader->at, &recorded, sizeof(recorded));
	if (recorded.serial != agent->serial || recorded.va != va) {
		differ(reader, "an operand at 0x%" PRIx64 " where one at 0x%" PRIx64
		       " was recorded", va, recorded.va);
		return false;
	}
	next(reader, &entry);
	return recorded.local;
}

static void raise_vector(struct replay *replay, unsigned int vector)
{
	struct reader *reader = reader_of(replay);
	struct record_entry entry;
	uint64_t recorded;

	if (!expect(reader, RECORD_RAISE, &entry))
		return;
	payload_at(reader, reader->at, &recorded, sizeof(recorded));
	if (recorded != vector)
		differ(reader, "interrupt %u where %" PRIu64 " was recorded", vector, recorded);
	else
		next(reader, &entry);
}

static void node(struct replay *replay, struct record_node *node)
{
	struct reader *reader = reader_of(replay);
	struct record_entry entry;
	struct record_node recorded;

	if (!expect(reader, RECORD_NODE, &entry))
		return;
	payload_at(reader, reader->at, &recorded, sizeof(recorded));
	if (recorded.serial != node->serial) {
		differ(reader, "another node starts");
		return;
	}
	*node = recorded;
	next(reader, &entry);
}

/* Return: whether a node that ends had trouble; an aborted one may have had it for nothing. */
static bool take_trouble(struct reader *reader, uint64_t serial, char *what, size_t size)
{
	bool had;

	pthread_mutex_lock(&reader->lock);
	had = reader->trouble[0] && reader->trouble_serial == serial;
	if (had)
		snprintf(what, size, "%s", reader->trouble);
	if (reader->trouble_serial <= serial)
		reader->trouble[0] = '\0';
	pthread_mutex_unlock(&reader->lock);
	return had;
}

static void done(struct replay *replay, const struct record_done *done)
{
	struct reader *reader = reader_of(replay);
	char what[sizeof(reader->trouble)];
	struct record_entry entry;
	struct record_done recorded;

	if (!expect(reader, RECORD_DONE, &entry))
		return;
	payload_at(reader, reader->at, &recorded, sizeof(recorded));
	if (take_trouble(reader, done->serial, what, sizeof(what)))
		differ(reader, "%s", what);
	else if (memcmp(&recorded, done, sizeof(recorded)))
		differ(reader, "node %" PRIu64 " ends with error %" PRIu64
		       " at cycle %" PRIu64 " where %" PRIu64 ", %" PRIu64 " was recorded",
		       done->serial, done->error, done->end, recorded.error, recorded.end);
	else
		next(reader, &entry);
}

static const struct replay_ops ops = {
	.copy = copy,
	.memory = memory,
	.raise = raise_vector,
	.node = node,
	.done = done,
};

void replay_close(struct replay *replay)
{
	struct reader *reader = reader_of(replay);

	if (!reader)
		return;
	replay_ranges_destroy(reader->ranges);
	if (reader->bytes)
		munmap((void *)reader->bytes, reader->size);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
}

int replay_open(const char *path, struct replay **out, char *error, size_t error_size)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int ret = -ENOMEM;

	if (reader) {
		reader->replay.ops = &ops;
		pthread_mutex_init(&reader->lock, NULL);
		reader->ranges = replay_ranges_create();
		if (reader->ranges)
			ret = load(reader, path);
	}
	if (ret) {
		snprintf(error, error_size, "record %s cannot be used: %s", path,
			 ret == -EINVAL ? "it is no record of this version, or damaged" :
					  strerror(-ret));
		replay_close(reader ? &reader->replay : NULL);
		return ret;
	}
	*out = &reader->replay;
	return 0;
}
