/* SPDX-License-Identifier: MIT */
#ifndef TEST_FUZZ_STREAM_H
#define TEST_FUZZ_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/program.h>

#define FUZZ_SLOTS	12
#define FUZZ_STREAM	2048

/**
 * struct fuzz_input - one hostile node
 * @kind: TSR_HW_ENGINE_*
 * @product: whose tile it is, modulo CLASSES
 * @slot: slot table
 * @stream: the rest of the input
 */
struct fuzz_input {
	uint32_t kind;
	uint32_t product;
	struct tsr_hw_slot slot[FUZZ_SLOTS];
	uint8_t stream[FUZZ_STREAM];
};

/** struct fuzz_counts - what became of all inputs so far */
struct fuzz_counts {
	uint64_t refused[32];	/* by TSR_HW_ERR_*, before running */
	uint64_t taken;
	uint64_t executed;
	uint64_t faulted;
};

extern struct fuzz_counts fuzz_counts;

/** LLVMFuzzerTestOneInput() - entry point of a fuzzer; the input is a struct fuzz_input */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
