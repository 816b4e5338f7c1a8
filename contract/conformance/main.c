// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Runs golden vectors of the hardware contract on a device, through the kernel; reports in TAP. */
#include <stdio.h>
#include <string.h>

#include <tsr_hw/decode.h>
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/mmu.h>

#include "device.h"
#include "vectors.h"

#define RESULT_SLOT	2	/* whose bytes a case states */

/* What is counted over all files. */
struct session {
	struct device device;
	const char *file;
	unsigned int cases;
	unsigned int failed;
};

static const char *name_of(uint32_t error)
{
	const struct tsr_hw_meaning *errors = tsr_hw_find_meaning("ERR");

	for (size_t i = 0; errors && i < errors->count; i++)
		if (errors->names[i].value == error)
			return errors->names[i].name;
	return "an unknown error";
}

static int skip(struct session *session, const struct golden *golden, const char *why)
{
	printf("ok %u - %s %s # SKIP %s\n", ++session->cases, session->file, golden->name, why);
	return 0;
}

static int tell(struct session *session, const struct golden *golden, bool good)
{
	session->failed += !good;
	printf("%sok %u - %s %s\n", good ? "" : "not ", ++session->cases, session->file,
	       golden->name);
	return 0;
}

static int broken(const struct golden *golden, int error)
{
	fprintf(stderr, "case %s could not be run: %s\n", golden->name, strerror(-error));
	return error;
}

/* A node without a stream is a NOP, in a program. */
static int run(struct session *session, const struct golden *golden, struct outcome *outcome)
{
	return device_run(&session->device, &(struct node_work){
		.engine = golden->stream_size ? golden->engine : TSR_HW_ENGINE_NOP,
		.stream = golden->stream, .stream_size = golden->stream_size,
		.slots = golden->slots, .slots_size = golden->slots_size,
	}, outcome);
}

/* Whether an engine that says so does not take the stream; faults come from taking it. */
static bool is_refusal(uint32_t error)
{
	return error == TSR_HW_ERR_PROGRAM || error == TSR_HW_ERR_COMMAND ||
	       error == TSR_HW_ERR_SLOT || error == TSR_HW_ERR_UNSUPPORTED ||
	       error == TSR_HW_ERR_PARAMETER;
}

/* Vectors that say UNSUPPORTED speak of the fuses of one class. */
static bool depends_on_fuses(const struct session *session, const struct golden *golden)
{
	return golden->verdict == TSR_HW_ERR_UNSUPPORTED && session->device.sku != TSR_HW_SKU_EDGE;
}

static bool has_wild_slot(const struct golden *golden)
{
	const uint64_t end = 1ull << TSR_HW_VA_BITS;
	struct tsr_hw_slot slot;

	for (size_t at = 0; at + sizeof(slot) <= golden->slots_size; at += sizeof(slot)) {
		memcpy(&slot, golden->slots + at, sizeof(slot));
		if (slot.address > end || slot.size > end - slot.address)
			return true;
	}
	return false;
}

/* The engine's answer, unless the core, which looks first, refuses the program or the table. */
static struct outcome refusal(const struct golden *golden)
{
	if (golden->stream_size % 8)
		return (struct outcome){ .error = TSR_HW_ERR_PROGRAM };
	if (has_wild_slot(golden))
		return (struct outcome){ .error = TSR_HW_ERR_SLOT, .node = ~0u };
	return (struct outcome){ .error = golden->verdict, .address = golden->offset };
}

static int refuses(void *context, const struct golden *golden)
{
	const struct outcome want = refusal(golden);
	struct session *session = context;
	struct outcome outcome;
	int ret;

	if (depends_on_fuses(session, golden))
		return skip(session, golden, "the fuses are of another class");
	ret = run(session, golden, &outcome);
	if (ret)
		return broken(golden, ret);
	if (!memcmp(&outcome, &want, sizeof(want)))
		return tell(session, golden, true);
	printf("# %s of node %u at %llu, expected %s of node %u at %llu\n",
	       name_of(outcome.error), outcome.node, (unsigned long long)outcome.address,
	       name_of(want.error), want.node, (unsigned long long)want.address);
	return tell(session, golden, false);
}

static int takes(void *context, const struct golden *golden)
{
	struct session *session = context;
	struct outcome outcome;
	int ret;

	memset(session->device.data, 0, DEVICE_DATA_SIZE);
	ret = run(session, golden, &outcome);
	if (ret)
		return broken(golden, ret);
	if (outcome.error == TSR_HW_ERR_UNSUPPORTED && session->device.sku != TSR_HW_SKU_EDGE)
		return skip(session, golden, "the fuses are of another class");
	if (is_refusal(outcome.error))
		printf("# refused with %s at %llu\n", name_of(outcome.error),
		       (unsigned long long)outcome.address);
	return tell(session, golden, !is_refusal(outcome.error));
}

/* Where slot @i of a case begins in the CPU's mapping, or NULL if it is not all in the data. */
static uint8_t *slot_bytes(const struct session *session, const struct golden *golden,
			   unsigned int i)
{
	struct tsr_hw_slot slot;

	if ((i + 1) * sizeof(slot) > golden->slots_size)
		return NULL;
	memcpy(&slot, golden->slots + i * sizeof(slot), sizeof(slot));
	if (slot.address < DEVICE_DATA_VA ||
	    slot.address > DEVICE_DATA_VA + DEVICE_DATA_SIZE - VECTOR_BYTES)
		return NULL;
	return session->device.data + (slot.address - DEVICE_DATA_VA);
}

static void print_bytes(const char *what, const uint8_t *bytes, size_t size)
{
	printf("# %s ", what);
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

static int computes(void *context, const struct golden *golden)
{
	struct session *session = context;
	uint8_t *result = slot_bytes(session, golden, RESULT_SLOT);
	struct outcome outcome;
	int ret;

	memset(session->device.data, 0, DEVICE_DATA_SIZE);
	for (unsigned int i = 0; i < VECTOR_MEMORIES; i++) {
		uint8_t *bytes = slot_bytes(session, golden, i);

		if (bytes)
			memcpy(bytes, golden->memory[i], golden->memory_size[i]);
	}
	ret = run(session, golden, &outcome);
	if (ret)
		return broken(golden, ret);
	if (outcome.error == TSR_HW_ERR_UNSUPPORTED && session->device.sku != TSR_HW_SKU_EDGE)
		return skip(session, golden, "the fuses are of another class");
	if (!outcome.error && result && golden->result_size &&
	    !memcmp(result, golden->result, golden->result_size))
		return tell(session, golden, true);
	printf("# ended with %s\n", name_of(outcome.error));
	print_bytes("expected", golden->result, golden->result_size);
	if (result)
		print_bytes("found   ", result, golden->result_size);
	return tell(session, golden, false);
}

static const struct {
	const char *file;
	int (*take)(void *context, const struct golden *golden);
} files[] = {
	{ "malformed", refuses },
	{ "twins", takes },
	{ "valid.txt", takes },
	{ "results.txt", computes },
};

static int run_file(struct session *session, const char *folder, size_t i)
{
	char path[4096];
	int ret;

	session->file = files[i].file;
	snprintf(path, sizeof(path), "%s/%s", folder, session->file);
	ret = golden_each(path, files[i].take, session);
	if (ret)
		fprintf(stderr, "%s: %s\n", path, strerror(-ret));
	return ret;
}

int main(int argc, char **argv)
{
	struct session session = { 0 };
	int ret;

	if (argc != 3) {
		fprintf(stderr, "usage: %s DEVICE FOLDER\n"
			"Runs the golden command streams in FOLDER (contract/vectors/commands) on\n"
			"DEVICE, such as /dev/accel/accel0, and reports each case in TAP.\n",
			argv[0]);
		return 2;
	}
	ret = device_open(&session.device, argv[1]);
	if (ret)
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-ret));
	for (size_t i = 0; !ret && i < sizeof(files) / sizeof(files[0]); i++)
		ret = run_file(&session, argv[2], i);
	device_close(&session.device);
	if (!ret)
		printf("1..%u\n", session.cases);
	return ret ? 2 : session.failed != 0;
}
