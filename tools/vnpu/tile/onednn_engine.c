/* SPDX-License-Identifier: MIT */
#include "onednn_engine.h"

#include <pthread.h>
#include <stdio.h>

#include <oneapi/dnnl/dnnl.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static char name[96];

static const char *isa_name(void)
{
	switch (dnnl_get_effective_cpu_isa()) {
	case dnnl_cpu_isa_sse41: return "SSE4.1";
	case dnnl_cpu_isa_avx: return "AVX";
	case dnnl_cpu_isa_avx2: return "AVX2";
	case dnnl_cpu_isa_avx2_vnni: return "AVX2 VNNI";
	case dnnl_cpu_isa_avx2_vnni_2: return "AVX2 VNNI 2";
	case dnnl_cpu_isa_avx512_core: return "AVX-512";
	case dnnl_cpu_isa_avx512_core_vnni: return "AVX-512 VNNI";
	case dnnl_cpu_isa_avx512_core_bf16: return "AVX-512 BF16";
	case dnnl_cpu_isa_avx512_core_fp16: return "AVX-512 FP16";
	case dnnl_cpu_isa_avx512_core_amx: return "AMX";
	case dnnl_cpu_isa_avx512_core_amx_fp16: return "AMX FP16";
	default: return "newest";
	}
}

static void start(void)
{
	const dnnl_version_t *version = dnnl_version();

	snprintf(name, sizeof(name), "oneDNN %d.%d.%d, %s", version->major, version->minor,
		 version->patch, isa_name());
	if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success)
		engine = NULL;
}

struct dnnl_engine *onednn_engine(void)
{
	pthread_once(&once, start);
	return engine;
}

const char *onednn_name(void)
{
	pthread_once(&once, start);
	return name;
}
