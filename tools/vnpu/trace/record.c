// SPDX-License-Identifier: MIT
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "memory/port.h"
#include "record_format.h"

struct record {
	const struct clock *clock;
	atomic_bool active;
	atomic_ullong step;
	pthread_mutex_t lock;	/* protects file; an entry is written as a whole */
	FILE *file;
};

struct record *record_create(const struct clock *clock)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		return NULL;
	record->clock = clock;
	pthread_mutex_init(&record->lock, NULL);
	return record;
}

void record_destroy(struct record *record)
{
	if (!record)
		return;
	record_stop(record);
	pthread_mutex_destroy(&record->lock);
	free(record);
}

/* Writing to anything but a file might wait, and the device with it. */
static int check_file(int fd)
{
	struct stat info;

	if (fstat(fd, &info))
		return -errno;
	if (!S_ISREG(info.st_mode) || (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return -EINVAL;
	return 0;
}

static int empty(int fd)
{
	return ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

/* The lock is held. */
static int start(struct record *record, int fd, const struct record_header *header)
{
	int ret = record->file ? -EBUSY : check_file(fd);

	if (!ret)
		ret = empty(fd);
	if (ret)
		return ret;
	record->file = fdopen(fd, "w");
	if (!record->file)
		return -errno;
	fwrite(header, sizeof(*header), 1, record->file);
	atomic_store(&record->active, true);
	return 0;
}

int record_start(struct record *record, int fd, const struct record_header *header)
{
	int ret;

	pthread_mutex_lock(&record->lock);
	ret = start(record, fd, header);
	pthread_mutex_unlock(&record->lock);
	return ret;
}

int record_stop(struct record *record)
{
	int ret = -EINVAL;

	pthread_mutex_lock(&record->lock);
	atomic_store(&record->active, false);
	if (record->file) {
		ret = ferror(record->file) ? -EIO : 0;
		if (fclose(record->file))
			ret = -EIO;
		record->file = NULL;
	}
	pthread_mutex_unlock(&record->lock);
	return ret;
}

bool record_active(const struct record *record)
{
	return atomic_load_explicit(&record->active, memory_order_relaxed);
}

void record_step(struct record *record, uint64_t step)
{
	atomic_store_explicit(&record->step, step, memory_order_relaxed);
}

/* Return: false, unlocked, when the record has just ended. */
static bool begin(struct record *record, enum record_type type, size_t size, uint64_t cycles)
{
	const struct record_entry entry = {
		.type = type,
		.size = (uint32_t)size,
		.step = atomic_load_explicit(&record->step, memory_order_relaxed),
		.cycles = cycles,
	};

	pthread_mutex_lock(&record->lock);
	if (record->file) {
		fwrite(&entry, sizeof(entry), 1, record->file);
		return true;
	}
	pthread_mutex_unlock(&record->lock);
	return false;
}

static void end(struct record *record)
{
	pthread_mutex_unlock(&record->lock);
}

static void put(struct record *record, enum record_type type, const void *bytes, size_t size,
		uint64_t cycles)
{
	if (!begin(record, type, size, cycles))
		return;
	fwrite(bytes, size, 1, record->file);
	end(record);
}

void record_input(struct record *record, const struct record_input *input)
{
	if (record_active(record))
		put(record, RECORD_INPUT, input, sizeof(*input), clock_now(record->clock));
}

void record_node(struct record *record, const struct record_node *node)
{
	if (record_active(record))
		put(record, RECORD_NODE, node, sizeof(*node), clock_now(record->clock));
}

void record_memory(struct record *record, const struct port_agent *agent, uint64_t va,
		   bool local)
{
	const struct record_memory memory = { agent->serial, va, local };

	if (record_active(record))
		put(record, RECORD_MEMORY, &memory, sizeof(memory), clock_now(record->clock));
}

void record_done(struct record *record, const struct record_done *done)
{
	if (record_active(record))
		put(record, RECORD_DONE, done, sizeof(*done), clock_now(record->clock));
}

void record_raise(struct record *record, unsigned int vector)
{
	const uint64_t word = vector;

	if (record_active(record))
		put(record, RECORD_RAISE, &word, sizeof(word), clock_now(record->clock));
}

void record_mmio(struct record *record, const struct record_mmio *mmio)
{
	if (record_active(record))
		put(record, RECORD_MMIO, mmio, sizeof(*mmio),
		    atomic_load(&record->clock->published));
}

/* ROM and core run on the simulation's thread, engines and MMU beside it. */
static uint64_t time_of(const struct record *record, const struct port_agent *agent)
{
	if (agent->id == PORT_AGENT_ROM || agent->id == PORT_AGENT_CORE)
		return clock_now(record->clock);
	return atomic_load(&record->clock->published);
}

void record_copy(struct record *record, const struct port_agent *agent, enum mmu_access access,
		 const struct port_rows *rows, int error, uint64_t fault)
{
	const struct record_copy copy = {
		.agent = agent->id,
		.asid = agent->asid,
		.serial = agent->serial,
		.access = access,
		.error = error,
		.va = rows->va,
		.stride = rows->stride,
		.rows = rows->rows,
		.n = rows->n,
		.fault = error ? fault : 0,
	};
	size_t data = error ? 0 : rows->rows * rows->n;

	if (!record_active(record) ||
	    !begin(record, RECORD_COPY, sizeof(copy) + data, time_of(record, agent)))
		return;
	fwrite(&copy, sizeof(copy), 1, record->file);
	for (size_t row = 0; row < rows->rows && data; row++)
		fwrite((const char *)rows->buf + row * rows->buf_stride, 1, rows->n,
		       record->file);
	end(record);
}
