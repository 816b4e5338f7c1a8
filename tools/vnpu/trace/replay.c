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

struct replay {
	const uint8_t *bytes;
	size_t size;
	const struct clock *clock;
	struct replay_ranges *ranges;
	size_t at;		/* next entry of the simulation thread */
	uint64_t step;
	uint64_t compared;
	pthread_mutex_t lock;	/* protects all below, and the ranges */
	char difference[256];
	char trouble[256];	/* of a node that has not ended yet */
	uint64_t trouble_serial;
};

/* Alignment is lost after entries of odd size: everything is copied out. */
static bool entry_at(const struct replay *replay, size_t at, struct record_entry *entry)
{
	if (replay->size - at < sizeof(*entry))
		return false;
	memcpy(entry, replay->bytes + at, sizeof(*entry));
	return entry->size <= replay->size - at - sizeof(*entry);
}

static void payload_at(const struct replay *replay, size_t at, void *buf, size_t size)
{
	memcpy(buf, replay->bytes + at + sizeof(struct record_entry), size);
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
static bool ordered(const struct replay *replay, size_t at, const struct record_entry *entry)
{
	struct record_copy copy;

	if (entry->type == RECORD_MMIO)
		return false;
	if (entry->type != RECORD_COPY)
		return true;
	payload_at(replay, at, &copy, sizeof(copy));
	return copy.agent == PORT_AGENT_ROM || copy.agent == PORT_AGENT_CORE;
}

static int index_entries(struct replay *replay)
{
	struct record_entry entry;
	struct record_copy copy;
	size_t at = sizeof(struct record_header);

	for (; at < replay->size; at += sizeof(entry) + entry.size) {
		/* A device that died leaves a last entry that is not whole. */
		if (!entry_at(replay, at, &entry)) {
			replay->size = at;
			break;
		}
		if (entry.size < min_size(entry.type))
			return -EINVAL;
		if (entry.type != RECORD_COPY)
			continue;
		payload_at(replay, at, &copy, sizeof(copy));
		if (!copy_valid(&copy, entry.size - sizeof(copy)))
			return -EINVAL;
		if (copy.agent < PORT_AGENT_ROM && copy.error >= 0 &&
		    !replay_ranges_add(replay->ranges, &copy, replay->bytes + at +
				       sizeof(entry) + sizeof(copy)))
			return -ENOMEM;
	}
	replay_ranges_sort(replay->ranges);
	return 0;
}

static int map_file(struct replay *replay, const char *path)
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
			replay->bytes = bytes;
			replay->size = (size_t)info.st_size;
		}
	}
	close(fd);
	return ret;
}

static int load(struct replay *replay, const char *path)
{
	const struct record_header *header;
	int ret = map_file(replay, path);

	if (ret)
		return ret;
	header = replay_header(replay);
	if (header->magic != RECORD_MAGIC || header->version != RECORD_VERSION)
		return -EINVAL;
	replay->at = sizeof(*header);
	return index_entries(replay);
}

int replay_open(const char *path, struct replay **out, char *error, size_t error_size)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	int ret = -ENOMEM;

	if (replay) {
		pthread_mutex_init(&replay->lock, NULL);
		replay->ranges = replay_ranges_create();
		if (replay->ranges)
			ret = load(replay, path);
	}
	if (ret) {
		snprintf(error, error_size, "record %s cannot be used: %s", path,
			 ret == -EINVAL ? "it is no record of this version, or damaged" :
					  strerror(-ret));
		replay_close(replay);
		return ret;
	}
	*out = replay;
	return 0;
}

void replay_close(struct replay *replay)
{
	if (!replay)
		return;
	replay_ranges_destroy(replay->ranges);
	if (replay->bytes)
		munmap((void *)replay->bytes, replay->size);
	pthread_mutex_destroy(&replay->lock);
	free(replay);
}

const struct record_header *replay_header(const struct replay *replay)
{
	return (const struct record_header *)replay->bytes;
}

void replay_set_clock(struct replay *replay, const struct clock *clock)
{
	replay->clock = clock;
}

uint64_t replay_compared(const struct replay *replay)
{
	return replay->compared;
}

/* Only the first difference counts: what follows is its consequence. */
static void differ(struct replay *replay, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&replay->lock);
	if (!replay->difference[0])
		snprintf(replay->difference, sizeof(replay->difference),
			 "step %" PRIu64 ", cycle %" PRIu64 ": %s", replay->step,
			 clock_now(replay->clock), what);
	pthread_mutex_unlock(&replay->lock);
}

const char *replay_difference(struct replay *replay)
{
	return replay->difference[0] ? replay->difference : NULL;
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
static bool peek(struct replay *replay, struct record_entry *entry)
{
	while (entry_at(replay, replay->at, entry)) {
		if (ordered(replay, replay->at, entry))
			return true;
		replay->at += sizeof(*entry) + entry->size;
	}
	return false;
}

static void next(struct replay *replay, const struct record_entry *entry)
{
	replay->at += sizeof(*entry) + entry->size;
	replay->compared++;
}

/* Expect an entry here and now. Return: false after a difference or at the end. */
static bool expect(struct replay *replay, enum record_type type, struct record_entry *entry)
{
	if (replay_difference(replay) || !peek(replay, entry))
		return false;
	if (entry->type != type) {
		differ(replay, "%s where %s was recorded", type_name(type),
		       type_name(entry->type));
		return false;
	}
	if (entry->step != replay->step || entry->cycles != clock_now(replay->clock)) {
		differ(replay, "%s, recorded at step %" PRIu64 ", cycle %" PRIu64,
		       type_name(type), entry->step, entry->cycles);
		return false;
	}
	return true;
}

void replay_step(struct replay *replay, uint64_t step)
{
	struct record_entry entry;

	replay->step = step;
	if (!replay_difference(replay) && peek(replay, &entry) && entry.step < step)
		differ(replay, "%s was recorded for step %" PRIu64 " and has not come",
		       type_name(entry.type), entry.step);
}

bool replay_ended(const struct replay *replay)
{
	struct record_entry entry;
	size_t at = replay->at;

	for (; entry_at(replay, at, &entry); at += sizeof(entry) + entry.size)
		if (ordered(replay, at, &entry))
			return false;
	return true;
}

void replay_stands_still(struct replay *replay)
{
	struct record_entry entry;

	if (peek(replay, &entry))
		differ(replay, "it stands still where %s was recorded for step %" PRIu64,
		       type_name(entry.type), entry.step);
}

bool replay_next_input(struct replay *replay, struct record_input *input)
{
	struct record_entry entry;

	if (replay_difference(replay) || !peek(replay, &entry) || entry.type != RECORD_INPUT ||
	    entry.step != replay->step)
		return false;
	payload_at(replay, replay->at, input, sizeof(*input));
	next(replay, &entry);
	return true;
}

static bool same_access(const struct record_copy *copy, const struct port_agent *agent,
			enum mmu_access access, const struct port_rows *rows)
{
	return copy->agent == agent->id && copy->asid == agent->asid &&
	       copy->access == access && copy->va == rows->va && copy->n == rows->n &&
	       rows->rows == 1;
}

static int copy_ordered(struct replay *replay, const struct port_agent *agent,
			enum mmu_access access, const struct port_rows *rows, uint64_t *fault)
{
	struct record_entry entry;
	struct record_copy copy;
	const uint8_t *data;

	if (!expect(replay, RECORD_COPY, &entry))
		return PORT_CLOSED;
	payload_at(replay, replay->at, &copy, sizeof(copy));
	data = replay->bytes + replay->at + sizeof(entry) + sizeof(copy);
	if (!same_access(&copy, agent, access, rows)) {
		differ(replay, "a copy of %zu bytes at 0x%" PRIx64 " where %" PRIu64
		       " at 0x%" PRIx64 " were recorded", rows->n, rows->va, copy.n, copy.va);
		return PORT_CLOSED;
	}
	if (!copy.error && access == MMU_WRITE && memcmp(rows->buf, data, rows->n)) {
		differ(replay, "other contents of a write of %zu bytes at 0x%" PRIx64, rows->n,
		       rows->va);
		return PORT_CLOSED;
	}
	if (!copy.error && access != MMU_WRITE)
		memcpy(rows->buf, data, rows->n);
	next(replay, &entry);
	*fault = copy.fault;
	return copy.error;
}

static void node_trouble(struct replay *replay, uint64_t serial, const char *what, uint64_t va)
{
	if (replay->trouble[0])
		return;
	replay->trouble_serial = serial;
	snprintf(replay->trouble, sizeof(replay->trouble),
		 "node %" PRIu64 " %s at 0x%" PRIx64, serial, what, va);
}

/* One row of an engine's access; the lock is held. */
static int copy_range(struct replay *replay, uint64_t serial, bool write, uint64_t va,
		      uint8_t *buf, size_t n, uint64_t *fault)
{
	const uint8_t *data;
	size_t len;
	int error;

	for (; n; n -= len, va += len, buf += len) {
		len = n;
		data = replay_ranges_find(replay->ranges, serial, write, va, &len);
		if (!data) {
			error = replay_ranges_fault(replay->ranges, serial, write, va, n, fault);
			if (error)
				return error;
			node_trouble(replay, serial, "makes an access not recorded", va);
			return PORT_CLOSED;
		}
		if (!write)
			memcpy(buf, data, len);
		else if (memcmp(buf, data, len))
			node_trouble(replay, serial, "writes other contents", va);
	}
	return TSR_HW_ERR_NONE;
}

static int copy_of_node(struct replay *replay, const struct port_agent *agent,
			enum mmu_access access, const struct port_rows *rows, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	pthread_mutex_lock(&replay->lock);
	for (size_t row = 0; row < rows->rows && !error; row++)
		error = copy_range(replay, agent->serial, access == MMU_WRITE,
				   rows->va + row * rows->stride,
				   (uint8_t *)rows->buf + row * rows->buf_stride, rows->n,
				   fault);
	pthread_mutex_unlock(&replay->lock);
	return error;
}

int replay_copy(struct replay *replay, const struct port_agent *agent, enum mmu_access access,
		const struct port_rows *rows, uint64_t *fault)
{
	if (agent->id < PORT_AGENT_ROM)
		return copy_of_node(replay, agent, access, rows, fault);
	return copy_ordered(replay, agent, access, rows, fault);
}

bool replay_memory(struct replay *replay, const struct port_agent *agent, uint64_t va)
{
	struct record_entry entry;
	struct record_memory recorded;

	if (!expect(replay, RECORD_MEMORY, &entry))
		return false;
	payload_at(replay, replay->at, &recorded, sizeof(recorded));
	if (recorded.serial != agent->serial || recorded.va != va) {
		differ(replay, "an operand at 0x%" PRIx64 " where one at 0x%" PRIx64
		       " was recorded", va, recorded.va);
		return false;
	}
	next(replay, &entry);
	return recorded.local;
}

void replay_raise(struct replay *replay, unsigned int vector)
{
	struct record_entry entry;
	uint64_t recorded;

	if (!expect(replay, RECORD_RAISE, &entry))
		return;
	payload_at(replay, replay->at, &recorded, sizeof(recorded));
	if (recorded != vector)
		differ(replay, "interrupt %u where %" PRIu64 " was recorded", vector, recorded);
	else
		next(replay, &entry);
}

void replay_node(struct replay *replay, struct record_node *node)
{
	struct record_entry entry;
	struct record_node recorded;

	if (!expect(replay, RECORD_NODE, &entry))
		return;
	payload_at(replay, replay->at, &recorded, sizeof(recorded));
	if (recorded.serial != node->serial) {
		differ(replay, "another node starts");
		return;
	}
	*node = recorded;
	next(replay, &entry);
}

/* Return: whether a node that ends had trouble; an aborted one may have had it for nothing. */
static bool take_trouble(struct replay *replay, uint64_t serial, char *what, size_t size)
{
	bool had;

	pthread_mutex_lock(&replay->lock);
	had = replay->trouble[0] && replay->trouble_serial == serial;
	if (had)
		snprintf(what, size, "%s", replay->trouble);
	if (replay->trouble_serial <= serial)
		replay->trouble[0] = '\0';
	pthread_mutex_unlock(&replay->lock);
	return had;
}

void replay_done(struct replay *replay, const struct record_done *done)
{
	char what[sizeof(replay->trouble)];
	struct record_entry entry;
	struct record_done recorded;

	if (!expect(replay, RECORD_DONE, &entry))
		return;
	payload_at(replay, replay->at, &recorded, sizeof(recorded));
	if (take_trouble(replay, done->serial, what, sizeof(what)))
		differ(replay, "%s", what);
	else if (memcmp(&recorded, done, sizeof(recorded)))
		differ(replay, "node %" PRIu64 " ends with error %" PRIu64
		       " at cycle %" PRIu64 " where %" PRIu64 ", %" PRIu64 " was recorded",
		       done->serial, done->error, done->end, recorded.error, recorded.end);
	else
		next(replay, &entry);
}
