/* SPDX-License-Identifier: MIT */
/* oneDNN on the host. Whatever fails ends the program with a message. */
#ifndef BENCH_ONEDNN_HOST_H
#define BENCH_ONEDNN_HOST_H

#include <stddef.h>

#include <oneapi/dnnl/dnnl.h>

struct onednn {
	dnnl_engine_t engine;
	dnnl_stream_t stream;
};

/** onednn_check() - end the program unless @status is success */
void onednn_check(dnnl_status_t status, const char *what);

/** onednn_open() - the processor, with as many threads as the library takes */
void onednn_open(struct onednn *onednn);

/** onednn_allocate() - memory on pages of its own */
void *onednn_allocate(size_t size);

/** onednn_memory() - @data as the library takes it; NULL: memory of the library's */
dnnl_memory_t onednn_memory(const struct onednn *onednn, const_dnnl_memory_desc_t desc, void *data);

/** onednn_primitive() - of a descriptor, which is released */
dnnl_primitive_t onednn_primitive(dnnl_primitive_desc_t desc);

/** onednn_name() - the library's name of what it chose */
const char *onednn_name(const_dnnl_primitive_desc_t desc);

#endif
