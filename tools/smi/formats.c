// SPDX-License-Identifier: MIT
/* Number formats of products, which fuses have rates for. */
#include "formats.h"

#include <stddef.h>

#include <tsr_hw/types.h>

const struct smi_format smi_formats[] = {
	{ TSR_HW_TYPE_FP32, "fp32", 32, 32 },
	{ TSR_HW_TYPE_FP16, "fp16", 16, 32 },
	{ TSR_HW_TYPE_BF16, "bf16", 16, 32 },
	{ TSR_HW_TYPE_FP8_E4M3, "fp8_e4m3", 8, 32 },
	{ TSR_HW_TYPE_FP8_E5M2, "fp8_e5m2", 8, 32 },
	{ TSR_HW_TYPE_INT8, "int8", 8, 32 },
	{ TSR_HW_TYPE_UINT8, "uint8", 8, 32 },
	{ TSR_HW_TYPE_INT4, "int4", 4, 32 },
	{ TSR_HW_TYPE_UINT4, "uint4", 4, 32 },
	{ TSR_HW_TYPE_INT16, "int16", 16, 64 },
	{ 0, NULL, 0, 0 },
};
