/* SPDX-License-Identifier: MIT */
/* Inferences by libtessera, as an application makes them. Whatever fails ends the program. */
#ifndef BENCH_INFERENCE_H
#define BENCH_INFERENCE_H

#include <stdint.h>

#include <tessera.h>

/**
 * struct inference - a small network, loaded, with its buffers
 * @device: first NPU
 * @context: address space and queue
 * @model: y = relu(x) of 16 numbers
 * @input: x
 * @output: y
 */
struct inference {
	struct tsr_device *device;
	struct tsr_context *context;
	struct tsr_model *model;
	struct tsr_binding input;
	struct tsr_binding output;
};

/** inference_open() - open the device and load the network */
void inference_open(struct inference *inference);

/** inference_close() - release all of it */
void inference_close(struct inference *inference);

/** inference_submit() - start one; its input is @value */
struct tsr_job *inference_submit(struct inference *inference, float value);

/** inference_wait() - wait for its end */
void inference_wait(struct tsr_job *job);

/** inference_check() - the last one's output is that of @value */
void inference_check(const struct inference *inference, float value);

#endif
