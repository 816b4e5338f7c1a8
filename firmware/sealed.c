// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "sealed.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "boot.h"
#include "job.h"
#include "program.h"
#include "queue.h"

#define VA_LIMIT (1ull << TSR_HW_VA_BITS)

/**
 * struct sealed - a sealed program
 * @header: of the program, copied and checked
 * @handle: how jobs name it, 0 when the entry is free
 * @program: virtual address
 * @asid: address space it is in
 * @users: jobs that use it
 * @checked: nodes, edges and checksum were found good
 */
struct sealed {
	struct program_header header;
	uint64_t handle;
	uint64_t program;
	uint32_t asid;
	uint32_t users;
	bool checked;
};

static struct sealed table[SEALED_COUNT];

/* Handles given so far: none is given twice. */
static uint64_t given;

static bool asid_valid(uint32_t asid)
{
	return asid != 0u && asid < TSR_HW_ASID_COUNT;
}

static bool create_valid(const struct tsr_hw_admin *command)
{
	return command->queue == 0u && command->seal.mbz == 0u &&
	       asid_valid(command->seal.asid) &&
	       command->seal.program % TSR_HW_PROGRAM_ALIGN == 0u &&
	       command->seal.program <= VA_LIMIT &&
	       command->seal.size <= VA_LIMIT - command->seal.program;
}

static struct sealed *free_entry(void)
{
	for (uint32_t i = 0; i < SEALED_COUNT; i++) {
		if (table[i].handle == 0u)
			return &table[i];
	}
	return NULL;
}

static void fill(struct sealed *entry, const struct tsr_hw_admin *command)
{
	given++;
	entry->handle = given * SEALED_COUNT + (uint32_t)(entry - table);
	entry->program = command->seal.program;
	entry->asid = command->seal.asid;
	entry->users = 0;
	entry->checked = false;
}

uint32_t sealed_create(const struct tsr_hw_admin *command, struct tsr_hw_completion *answer)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE };
	struct sealed *entry = free_entry();

	if (!boot_agreed(TSR_HW_FEATURE_SEALED))
		return TSR_HW_ERR_UNSUPPORTED;
	if (!create_valid(command))
		return TSR_HW_ERR_INVALID;
	if (entry == NULL)
		return TSR_HW_ERR_RESOURCES;
	if (program_read(&entry->header, command->seal.asid, command->seal.program,
			 command->seal.size, &error)) {
		fill(entry, command);
		answer->blocks = entry->handle;
	}
	answer->address = error.address;
	return error.error;
}

static struct sealed *find(uint64_t handle, uint32_t asid)
{
	struct sealed *entry = &table[handle % SEALED_COUNT];

	return handle != 0u && entry->handle == handle && entry->asid == asid ? entry : NULL;
}

static uint32_t end_one(uint64_t handle, uint32_t asid)
{
	struct sealed *entry = find(handle, asid);

	if (entry == NULL)
		return TSR_HW_ERR_INVALID;
	if (entry->users != 0u)
		return TSR_HW_ERR_BUSY;
	entry->handle = 0;
	return TSR_HW_ERR_NONE;
}

static bool any_used(uint32_t asid)
{
	uint32_t users = 0;

	for (uint32_t i = 0; i < SEALED_COUNT; i++) {
		if (table[i].handle != 0u && table[i].asid == asid)
			users += table[i].users;
	}
	return users != 0u;
}

static uint32_t end_all(uint32_t asid)
{
	if (any_used(asid))
		return TSR_HW_ERR_BUSY;
	for (uint32_t i = 0; i < SEALED_COUNT; i++) {
		if (table[i].asid == asid)
			table[i].handle = 0;
	}
	return TSR_HW_ERR_NONE;
}

uint32_t sealed_end(const struct tsr_hw_admin *command)
{
	uint32_t mbz = command->unseal.mbz[0] | command->unseal.mbz[1] | command->unseal.mbz[2];

	if (!boot_agreed(TSR_HW_FEATURE_SEALED))
		return TSR_HW_ERR_UNSUPPORTED;
	if (command->queue != 0u || mbz != 0u || !asid_valid(command->unseal.asid))
		return TSR_HW_ERR_INVALID;
	if (command->unseal.handle == 0u)
		return end_all(command->unseal.asid);
	return end_one(command->unseal.handle, command->unseal.asid);
}

/*
 * A context whose last job ran all of this program has its tables, with all counts as they
 * are before a run: then nothing is copied.
 */
bool sealed_load(struct job *job, struct job_error *error)
{
	struct sealed *entry = find(job->program, job->queue->asid);
	bool kept = entry != NULL && entry->checked && entry->handle == job->kept;

	if (entry == NULL || entry->header.copy.size != job->program_size) {
		error->error = TSR_HW_ERR_PROGRAM;
		return false;
	}
	job->program = entry->program;
	if (!program_adopt(job, &entry->header,
			   kept ? PROGRAM_KEPT : entry->checked ? PROGRAM_CHECKED : PROGRAM_NEW,
			   error))
		return false;
	job->sealed = entry;
	entry->users++;
	return true;
}

void sealed_checked(const struct job *job)
{
	if (job->sealed != NULL)
		job->sealed->checked = true;
}

void sealed_release(struct job *job, bool whole)
{
	if (job->sealed == NULL)
		return;
	job->kept = whole ? job->sealed->handle : 0u;
	job->sealed->users--;
	job->sealed = NULL;
}
