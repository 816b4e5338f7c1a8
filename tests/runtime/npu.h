/* SPDX-License-Identifier: MIT */
/* The guest's first NPU, and a context on it: fixtures of cmocka's groups and tests. */
#ifndef TESTS_RUNTIME_NPU_H
#define TESTS_RUNTIME_NPU_H

struct tsr_context;
struct tsr_device;

/* The group's. */
extern struct tsr_device *device;

/* The test's. */
extern struct tsr_context *context;

int npu_open_device(void **state);
int npu_close_device(void **state);
int npu_open_context(void **state);
int npu_close_context(void **state);

/** require() - fail the test, with libtessera's sentence, on an error */
void require(int error);

#endif
