// SPDX-License-Identifier: MIT
#include "onednn_host.h"

#include <stdio.h>
#include <stdlib.h>

#include <oneapi/dnnl/dnnl_debug.h>

void onednn_check(dnnl_status_t status, const char *what)
{
	if (status == dnnl_success)
		return;
	fprintf(stderr, "oneDNN: %s: %s\n", what, dnnl_status2str(status));
	exit(1);
}

void onednn_open(struct onednn *onednn)
{
	onednn_check(dnnl_engine_create(&onednn->engine, dnnl_cpu, 0), "engine");
	onednn_check(dnnl_stream_create(&onednn->stream, onednn->engine,
					dnnl_stream_default_flags), "stream");
}

void *onednn_allocate(size_t size)
{
	void *data = aligned_alloc(4096, (size + 4095) & ~(size_t)4095);

	if (!data) {
		fputs("no memory\n", stderr);
		exit(1);
	}
	return data;
}

dnnl_memory_t onednn_memory(const struct onednn *onednn, const_dnnl_memory_desc_t desc, void *data)
{
	dnnl_memory_t memory;

	onednn_check(dnnl_memory_create(&memory, desc, onednn->engine,
					data ? data : DNNL_MEMORY_ALLOCATE), "memory");
	return memory;
}

dnnl_primitive_t onednn_primitive(dnnl_primitive_desc_t desc)
{
	dnnl_primitive_t primitive;

	onednn_check(dnnl_primitive_create(&primitive, desc), "primitive");
	onednn_check(dnnl_primitive_desc_destroy(desc), "descriptor");
	return primitive;
}

const char *onednn_name(const_dnnl_primitive_desc_t desc)
{
	const char *name;

	onednn_check(dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, &name), "name");
	return name;
}
