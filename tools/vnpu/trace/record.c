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

struct recorder {
	struct record record;
	const struct clock *clock;
	pthread_mutex_t lock;	/* protects file; an entry is written as a whole */
	FILE *file;
};

static struct recorder *recorder_of(struct record *record)
{
	return (struct recorder *)record;
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
static int start(struct recorder *recorder, int fd, const struct record_header *header)
{
	int ret = recorder->file ? -EBUSY : check_file(fd);

	if (!ret)
		ret = empty(fd);
	if (ret)
		return ret;
	recorder->file = fdopen(fd, "w");
	if (!recorder->file)
		return -errno;
	fwrite(header, sizeof(*header), 1, recorder->file);
	atomic_store(&recorder->record.active, true);
	return 0;
}

static int start_record(struct record *record, int fd, const struct record_header *header)
{
	struct recorder *recorder = recorder_of(record);
	int ret;

	pthread_mutex_lock(&recorder->lock);
	ret = start(recorder, fd, header);
	pthread_mutex_unlock(&recorder->lock);
	return ret;
}

static int stop_record(struct record *record)
{
	struct recorder *recorder = recorder_of(record);
	int ret = -EINVAL;

	pthread_mutex_lock(&recorder->lock);
	atomic_store(&record->active, false);
	if (recorder->file) {
		ret = ferror(recorder->file) ? -EIO : 0;
		if (fclose(recorder->file))
			ret = -EIO;
		recorder->file = NULL;
	}
	pthread_mutex_unlock(&recorder->lock);
	return ret;
}

static void destroy(struct record *record)
{
	struct recorder *recorder = recorder_of(record);

	stop_record(record);
	pthread_mutex_destroy(&recorder->lock);
	free(recorder);
}

/* Return: false, unlocked, when the record has just ended. */
static bool begin(struct recorder *recorder, enum record_type type, size_t size, uint64_t cycles)
{
	const struct record_entry entry = {
		.type = type,
		.size = (uint32_t)size,
		.step = atomic_load_explicit(&recorder->record.step, memory_order_relaxed),
		.cycles = cycles,
	};

	pthread_mutex_lock(&recorder->lock);
	if (recorder->file) {
		fwrite(&entry, sizeof(entry), 1, recorder->file);
		return true;
	}
	pthread_mutex_unlock(&recorder->lock);
	return false;
}

static void end(struct recorder *recorder)
{
	pthread_mutex_unlock(&recorder->lock);
}

static void put(struct recorder *recorder, enum record_type type, const void *bytes, size_t size,
		uint64_t cycles)
{
	if (!begin(recorder, type, size, cycles))
		return;
	fwrite(bytes, size, 1, recorder->file);
	end(recorder);
}

static void input(struct record *record, const struct record_input *input)
{
	struct recorder *recorder = recorder_of(record);

	put(recorder, RECORD_INPUT, input, sizeof(*input), clock_now(recorder->clock));
}

static void node(struct record *record, const struct record_node *node)
{
	struct recorder *recorder = recorder_of(record);

	put(recorder, RECORD_NODE, node, sizeof(*node), clock_now(recorder->clock));
}

static void memory(struct record *record, const struct port_agent *agent, uint64_t va, bool local)
{
	const struct record_memory memory = { agent->serial, va, local };
	struct recorder *recorder = recorder_of(record);

	put(recorder, RECORD_MEMORY, &memory, sizeof(memory), clock_now(recorder->clock));
}

static void done(struct record *record, const struct record_done *done)
{
	struct recorder *recorder = recorder_of(record);

	put(recorder, RECORD_DONE, done, sizeof(*done), clock_now(recorder->clock));
}

static void raise_vector(struct record *record, unsigned int vector)
{
	struct recorder *recorder = recorder_of(record);
	const uint64_t word = vector;

	put(recorder, RECORD_RAISE, &word, sizeof(word), clock_now(recorder->clock));
}

static void mmio(struct record *record, const struct record_mmio *mmio)
{
	struct recorder *recorder = recorder_of(record);

	put(recorder, RECORD_MMIO, mmio, sizeof(*mmio), atomic_load(&recorder->clock->published));
}

/* ROM and core run on the simulation's thread, engines and MMU beside it. */
static uint64_t time_of(const struct recorder *recorder, const struct port_agent *agent)
{
	if (agent->id == PORT_AGENT_ROM || agent->id == PORT_AGENT_CORE)
		return clock_now(recorder->clock);
	return atomic_load(&recorder->clock->published);
}

static void copy(struct record *record, const struct port_agent *agent, enum mmu_access access,
		 const struct port_rows *rows, int error, uint64_t fault)
{
	struct recorder *recorder = recorder_of(record);
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

	if (!begin(recorder, RECORD_COPY, sizeof(copy) + data, time_of(recorder, agent)))
		return;
	fwrite(&copy, sizeof(copy), 1, recorder->file);
	for (size_t row = 0; row < rows->rows && data; row++)
		fwrite((const char *)rows->buf + row * rows->buf_stride, 1, rows->n,
		       recorder->file);
	end(recorder);
}

static const struct record_ops ops = {
	.destroy = destroy,
	.start = start_record,
	.stop = stop_record,
	.input = input,
	.copy = copy,
	.memory = memory,
	.node = node,
	.done = done,
	.raise = raise_vector,
	.mmio = mmio,
};

struct record *record_create(const struct clock *clock)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder)
		return NULL;
	recorder->record.ops = &ops;
	recorder->clock = clock;
	pthread_mutex_init(&recorder->lock, NULL);
	return &recorder->record;
}
