/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from the YAML in contract by contract/generate; do not edit. */
/* Structures of the hardware contract as data: see tsr_hw/decode.h. */
#include <tsr_hw/decode.h>

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct tsr_hw_name names_FEATURE[] = {
	{ "PROFILE", 0x1 },
	{ "REPEAT", 0x2 },
	{ "PARAMETERS", 0x4 },
	{ "STRICT", 0x8 },
	{ "SEALED", 0x10 },
	{ "GROUPS", 0x20 },
};
static const struct tsr_hw_meaning meaning_FEATURE = {
	"FEATURE", TSR_HW_FIELDS, names_FEATURE, COUNT(names_FEATURE), false,
};

static const struct tsr_hw_name names_TYPE[] = {
	{ "NONE", 0x0 },
	{ "FP32", 0x1 },
	{ "FP16", 0x2 },
	{ "BF16", 0x3 },
	{ "FP8_E4M3", 0x4 },
	{ "FP8_E5M2", 0x5 },
	{ "INT8", 0x6 },
	{ "UINT8", 0x7 },
	{ "INT4", 0x8 },
	{ "UINT4", 0x9 },
	{ "INT16", 0xa },
	{ "UINT16", 0xb },
	{ "INT32", 0xc },
	{ "UINT32", 0xd },
	{ "INT64", 0xe },
	{ "UINT64", 0xf },
	{ "BOOL", 0x10 },
	{ "E8M0", 0x11 },
	{ "FP4_E2M1", 0x12 },
};
static const struct tsr_hw_meaning meaning_TYPE = {
	"TYPE", TSR_HW_VALUES, names_TYPE, COUNT(names_TYPE), false,
};

static const struct tsr_hw_name names_CAP[] = {
	{ "TENSOR", 0x1 },
	{ "DMA", 0x2 },
	{ "LOCAL_MEMORY", 0x4 },
	{ "CIM", 0x8 },
	{ "VIRTUAL", 0x80000000 },
};
static const struct tsr_hw_meaning meaning_CAP = {
	"CAP", TSR_HW_FIELDS, names_CAP, COUNT(names_CAP), false,
};

static const struct tsr_hw_name names_STATE[] = {
	{ "RESET", 0x0 },
	{ "RESETTING", 0x1 },
	{ "ROM", 0x2 },
	{ "STARTING", 0x3 },
	{ "READY", 0x4 },
	{ "BOOT_FAILED", 0x5 },
	{ "FATAL", 0x6 },
};
static const struct tsr_hw_meaning meaning_STATE = {
	"STATE", TSR_HW_VALUES, names_STATE, COUNT(names_STATE), false,
};

static const struct tsr_hw_name names_BOOT[] = {
	{ "OK", 0x1 },
	{ "BAD_ADDRESS", 0x10 },
	{ "BAD_SIZE", 0x11 },
	{ "BAD_MAGIC", 0x12 },
	{ "BAD_HEADER", 0x13 },
	{ "BAD_LOAD", 0x14 },
	{ "BAD_KEY", 0x15 },
	{ "BAD_SIGNATURE", 0x16 },
	{ "ROLLBACK", 0x17 },
	{ "BAD_HARDWARE", 0x18 },
	{ "STATE_FILE", 0x19 },
	{ "BAD_BLOCK", 0x30 },
	{ "BAD_ABI", 0x31 },
	{ "BAD_FEATURES", 0x32 },
	{ "BAD_LAYOUT", 0x33 },
};
static const struct tsr_hw_meaning meaning_BOOT = {
	"BOOT", TSR_HW_VALUES, names_BOOT, COUNT(names_BOOT), false,
};

static const struct tsr_hw_name names_SKU[] = {
	{ "ULP", 0x1 },
	{ "EDGE", 0x2 },
	{ "PC", 0x3 },
	{ "ADAS", 0x4 },
	{ "SERVER", 0x5 },
	{ "DC", 0x6 },
};
static const struct tsr_hw_meaning meaning_SKU = {
	"SKU", TSR_HW_VALUES, names_SKU, COUNT(names_SKU), true,
};

static const struct tsr_hw_name names_DIE[] = {
	{ "LOGIC", 0x1 },
	{ "IO", 0x2 },
	{ "MEMORY", 0x4 },
	{ "NON_PLANAR", 0x100 },
	{ "PLANAR", 0x200 },
};
static const struct tsr_hw_meaning meaning_DIE = {
	"DIE", TSR_HW_FIELDS, names_DIE, COUNT(names_DIE), false,
};

static const struct tsr_hw_name names_MARKET[] = {
	{ "UNKNOWN", 0x0 },
	{ "DATACENTRE", 0x1 },
	{ "OTHER", 0x2 },
};
static const struct tsr_hw_meaning meaning_MARKET = {
	"MARKET", TSR_HW_VALUES, names_MARKET, COUNT(names_MARKET), false,
};

static const struct tsr_hw_name names_LIFECYCLE[] = {
	{ "DEVELOPMENT", 0x1 },
	{ "PRODUCTION", 0x2 },
};
static const struct tsr_hw_meaning meaning_LIFECYCLE = {
	"LIFECYCLE", TSR_HW_VALUES, names_LIFECYCLE, COUNT(names_LIFECYCLE), false,
};

static const struct tsr_hw_name names_PTE[] = {
	{ "VALID", 0x1 },
	{ "READ", 0x2 },
	{ "WRITE", 0x4 },
	{ "FETCH", 0x8 },
	{ "LEAF", 0x10 },
	{ "APERTURE", 0x60 },
	{ "STATIC", 0x80 },
	{ "ADDR", 0xffffffffff000 },
};
static const struct tsr_hw_meaning meaning_PTE = {
	"PTE", TSR_HW_FIELDS, names_PTE, COUNT(names_PTE), false,
};

static const struct tsr_hw_name names_PTE_APERTURE[] = {
	{ "SYSTEM", 0x0 },
	{ "LOCAL", 0x1 },
	{ "PEER", 0x2 },
};
static const struct tsr_hw_meaning meaning_PTE_APERTURE = {
	"PTE_APERTURE", TSR_HW_VALUES, names_PTE_APERTURE, COUNT(names_PTE_APERTURE), false,
};

static const struct tsr_hw_name names_ASID[] = {
	{ "VALID", 0x1 },
	{ "ADDR", 0xffffffffff000 },
};
static const struct tsr_hw_meaning meaning_ASID = {
	"ASID", TSR_HW_FIELDS, names_ASID, COUNT(names_ASID), false,
};

static const struct tsr_hw_name names_INV[] = {
	{ "RANGE", 0x1 },
	{ "ASID", 0x2 },
};
static const struct tsr_hw_meaning meaning_INV = {
	"INV", TSR_HW_VALUES, names_INV, COUNT(names_INV), false,
};

static const struct tsr_hw_name names_JOB[] = {
	{ "PROFILE", 0x1 },
	{ "REPLAYABLE", 0x2 },
	{ "STRICT", 0x4 },
	{ "SEALED", 0x8 },
};
static const struct tsr_hw_meaning meaning_JOB = {
	"JOB", TSR_HW_FIELDS, names_JOB, COUNT(names_JOB), false,
};

static const struct tsr_hw_name names_ADMIN[] = {
	{ "NOP", 0x0 },
	{ "QUEUE_CREATE", 0x1 },
	{ "QUEUE_DESTROY", 0x2 },
	{ "QUEUE_KILL", 0x3 },
	{ "TRACE", 0x4 },
	{ "QUEUE_STATUS", 0x5 },
	{ "SEAL", 0x6 },
	{ "UNSEAL", 0x7 },
};
static const struct tsr_hw_meaning meaning_ADMIN = {
	"ADMIN", TSR_HW_VALUES, names_ADMIN, COUNT(names_ADMIN), false,
};

static const struct tsr_hw_name names_PRIORITY[] = {
	{ "REALTIME", 0x0 },
	{ "HIGH", 0x1 },
	{ "NORMAL", 0x2 },
	{ "LOW", 0x3 },
};
static const struct tsr_hw_meaning meaning_PRIORITY = {
	"PRIORITY", TSR_HW_VALUES, names_PRIORITY, COUNT(names_PRIORITY), false,
};

static const struct tsr_hw_name names_EVENT[] = {
	{ "JOB", 0x1 },
	{ "FAULT", 0x2 },
	{ "ADMIN", 0x3 },
	{ "CIM", 0x10 },
};
static const struct tsr_hw_meaning meaning_EVENT = {
	"EVENT", TSR_HW_VALUES, names_EVENT, COUNT(names_EVENT), false,
};

static const struct tsr_hw_name names_SLOT_NUMBER[] = {
	{ "PROGRAM", 0xffff },
	{ "NONE", 0xfffe },
	{ "SCRATCHPAD", 0xfffd },
};
static const struct tsr_hw_meaning meaning_SLOT_NUMBER = {
	"SLOT_NUMBER", TSR_HW_VALUES, names_SLOT_NUMBER, COUNT(names_SLOT_NUMBER), true,
};

static const struct tsr_hw_name names_ENGINE[] = {
	{ "NOP", 0x0 },
	{ "TENSOR", 0x1 },
	{ "DMA", 0x2 },
	{ "PARAMETER", 0x3 },
	{ "LOOP", 0x4 },
	{ "CIM", 0x5 },
};
static const struct tsr_hw_meaning meaning_ENGINE = {
	"ENGINE", TSR_HW_VALUES, names_ENGINE, COUNT(names_ENGINE), false,
};

static const struct tsr_hw_name names_NODE[] = {
	{ "SKIP", 0x1 },
	{ "WIDE", 0x2 },
};
static const struct tsr_hw_meaning meaning_NODE = {
	"NODE", TSR_HW_FIELDS, names_NODE, COUNT(names_NODE), false,
};

static const struct tsr_hw_name names_SLOT[] = {
	{ "READ", 0x1 },
	{ "WRITE", 0x2 },
};
static const struct tsr_hw_meaning meaning_SLOT = {
	"SLOT", TSR_HW_FIELDS, names_SLOT, COUNT(names_SLOT), false,
};

static const struct tsr_hw_name names_RANGE[] = {
	{ "INFINITE", 0xff },
	{ "NAN", 0xff00 },
};
static const struct tsr_hw_meaning meaning_RANGE = {
	"RANGE", TSR_HW_FIELDS, names_RANGE, COUNT(names_RANGE), false,
};

static const struct tsr_hw_name names_QUANT[] = {
	{ "NONE", 0x0 },
	{ "ZERO", 0x1 },
	{ "ZEROS", 0x2 },
	{ "BLOCKS", 0x3 },
};
static const struct tsr_hw_meaning meaning_QUANT = {
	"QUANT", TSR_HW_VALUES, names_QUANT, COUNT(names_QUANT), false,
};

static const struct tsr_hw_name names_ORDER[] = {
	{ "OUTPUT_N", 0x0 },
	{ "OUTPUT_M", 0x1 },
	{ "A_RESIDENT", 0x2 },
	{ "B_RESIDENT", 0x3 },
};
static const struct tsr_hw_meaning meaning_ORDER = {
	"ORDER", TSR_HW_VALUES, names_ORDER, COUNT(names_ORDER), false,
};

static const struct tsr_hw_name names_OP[] = {
	{ "GEMM", 0x10 },
	{ "CONV", 0x11 },
	{ "ATTENTION", 0x14 },
	{ "POOL", 0x20 },
	{ "VECTOR", 0x30 },
	{ "REDUCE", 0x40 },
	{ "SCAN", 0x41 },
	{ "NORMALIZE", 0x49 },
	{ "MOVE", 0x50 },
	{ "GATHER", 0x51 },
	{ "SCATTER", 0x52 },
	{ "RESAMPLE", 0x53 },
	{ "SAMPLE", 0x54 },
	{ "SORT", 0x58 },
	{ "COMPACT", 0x59 },
	{ "SUPPRESS", 0x5a },
	{ "COPY", 0x80 },
	{ "FILL", 0x81 },
};
static const struct tsr_hw_meaning meaning_OP = {
	"OP", TSR_HW_VALUES, names_OP, COUNT(names_OP), false,
};

static const struct tsr_hw_name names_POOLING[] = {
	{ "MAX", 0x0 },
	{ "SUM", 0x1 },
};
static const struct tsr_hw_meaning meaning_POOLING = {
	"POOLING", TSR_HW_VALUES, names_POOLING, COUNT(names_POOLING), false,
};

static const struct tsr_hw_name names_PAD[] = {
	{ "CONSTANT", 0x0 },
	{ "EDGE", 0x1 },
	{ "REFLECT", 0x2 },
	{ "WRAP", 0x3 },
};
static const struct tsr_hw_meaning meaning_PAD = {
	"PAD", TSR_HW_VALUES, names_PAD, COUNT(names_PAD), false,
};

static const struct tsr_hw_name names_GATHER[] = {
	{ "AXIS", 0x0 },
	{ "ELEMENT", 0x1 },
	{ "ND", 0x2 },
};
static const struct tsr_hw_meaning meaning_GATHER = {
	"GATHER", TSR_HW_VALUES, names_GATHER, COUNT(names_GATHER), false,
};

static const struct tsr_hw_name names_SCATTER[] = {
	{ "NONE", 0x0 },
	{ "ADD", 0x1 },
	{ "MUL", 0x2 },
	{ "MIN", 0x3 },
	{ "MAX", 0x4 },
};
static const struct tsr_hw_meaning meaning_SCATTER = {
	"SCATTER", TSR_HW_VALUES, names_SCATTER, COUNT(names_SCATTER), false,
};

static const struct tsr_hw_name names_REDUCTION[] = {
	{ "SUM", 0x0 },
	{ "PRODUCT", 0x1 },
	{ "MIN", 0x2 },
	{ "MAX", 0x3 },
	{ "ARG_MIN", 0x4 },
	{ "ARG_MAX", 0x5 },
};
static const struct tsr_hw_meaning meaning_REDUCTION = {
	"REDUCTION", TSR_HW_VALUES, names_REDUCTION, COUNT(names_REDUCTION), false,
};

static const struct tsr_hw_name names_NORMALIZE[] = {
	{ "SOFTMAX", 0x0 },
	{ "LOG_SOFTMAX", 0x1 },
	{ "STANDARD", 0x2 },
	{ "RMS", 0x3 },
};
static const struct tsr_hw_meaning meaning_NORMALIZE = {
	"NORMALIZE", TSR_HW_VALUES, names_NORMALIZE, COUNT(names_NORMALIZE), false,
};

static const struct tsr_hw_name names_SAMPLE[] = {
	{ "NEAREST", 0x0 },
	{ "LINEAR", 0x1 },
};
static const struct tsr_hw_meaning meaning_SAMPLE = {
	"SAMPLE", TSR_HW_VALUES, names_SAMPLE, COUNT(names_SAMPLE), false,
};

static const struct tsr_hw_name names_OUTSIDE[] = {
	{ "ZERO", 0x0 },
	{ "EDGE", 0x1 },
	{ "REFLECT_CENTRE", 0x2 },
	{ "REFLECT_EDGE", 0x3 },
};
static const struct tsr_hw_meaning meaning_OUTSIDE = {
	"OUTSIDE", TSR_HW_VALUES, names_OUTSIDE, COUNT(names_OUTSIDE), false,
};

static const struct tsr_hw_name names_MASK[] = {
	{ "NONE", 0x0 },
	{ "CAUSAL", 0x1 },
	{ "BITS", 0x2 },
};
static const struct tsr_hw_meaning meaning_MASK = {
	"MASK", TSR_HW_VALUES, names_MASK, COUNT(names_MASK), false,
};

static const struct tsr_hw_name names_VECTOR_TYPE[] = {
	{ "F32", 0x0 },
	{ "I32", 0x1 },
	{ "I64", 0x2 },
	{ "BOOL", 0x3 },
};
static const struct tsr_hw_meaning meaning_VECTOR_TYPE = {
	"VECTOR_TYPE", TSR_HW_VALUES, names_VECTOR_TYPE, COUNT(names_VECTOR_TYPE), false,
};

static const struct tsr_hw_name names_VECTOR_AS[] = {
	{ "SAME", 0x0 },
	{ "BOOL", 0x1 },
	{ "IMMEDIATE", 0x2 },
};
static const struct tsr_hw_meaning meaning_VECTOR_AS = {
	"VECTOR_AS", TSR_HW_VALUES, names_VECTOR_AS, COUNT(names_VECTOR_AS), false,
};

static const struct tsr_hw_name names_VECTOR_IMM[] = {
	{ "NONE", 0x0 },
	{ "CONSTANT", 0x1 },
	{ "AXIS", 0x2 },
	{ "PARAMETER", 0x3 },
	{ "CONVERT", 0x4 },
	{ "STORAGE", 0x5 },
	{ "SHIFT", 0x6 },
	{ "WORD", 0x7 },
};
static const struct tsr_hw_meaning meaning_VECTOR_IMM = {
	"VECTOR_IMM", TSR_HW_VALUES, names_VECTOR_IMM, COUNT(names_VECTOR_IMM), false,
};

static const struct tsr_hw_name names_VECTOR_TO[] = {
	{ "TYPE", 0xff },
	{ "SATURATE", 0x100 },
	{ "WRAP", 0x200 },
};
static const struct tsr_hw_meaning meaning_VECTOR_TO = {
	"VECTOR_TO", TSR_HW_FIELDS, names_VECTOR_TO, COUNT(names_VECTOR_TO), false,
};

static const struct tsr_hw_name names_VECTOR_STORE[] = {
	{ "SATURATE", 0x1 },
	{ "WRAP", 0x2 },
};
static const struct tsr_hw_meaning meaning_VECTOR_STORE = {
	"VECTOR_STORE", TSR_HW_FIELDS, names_VECTOR_STORE, COUNT(names_VECTOR_STORE), false,
};

static const struct tsr_hw_name names_VECTOR[] = {
	{ "MOVE", 0x1 },
	{ "CONSTANT", 0x2 },
	{ "INDEX", 0x3 },
	{ "TILE", 0x4 },
	{ "PARAMETER", 0x5 },
	{ "CONVERT", 0x8 },
	{ "ROUND_TO", 0x9 },
	{ "RESCALE", 0xa },
	{ "ADD", 0x10 },
	{ "SUB", 0x11 },
	{ "MUL", 0x12 },
	{ "FMA", 0x13 },
	{ "NEG", 0x14 },
	{ "ABS", 0x15 },
	{ "SIGN", 0x16 },
	{ "MIN", 0x17 },
	{ "MAX", 0x18 },
	{ "DIV", 0x19 },
	{ "REM", 0x1a },
	{ "MOD", 0x1b },
	{ "DIVU", 0x1c },
	{ "REMU", 0x1d },
	{ "AND", 0x20 },
	{ "OR", 0x21 },
	{ "XOR", 0x22 },
	{ "NOT", 0x23 },
	{ "SHL", 0x24 },
	{ "SHR", 0x25 },
	{ "SAR", 0x26 },
	{ "EQ", 0x28 },
	{ "NE", 0x29 },
	{ "LT", 0x2a },
	{ "LE", 0x2b },
	{ "GT", 0x2c },
	{ "GE", 0x2d },
	{ "LTU", 0x2e },
	{ "LEU", 0x2f },
	{ "SELECT", 0x30 },
	{ "IS_NAN", 0x31 },
	{ "IS_INF", 0x32 },
	{ "FLOOR", 0x38 },
	{ "CEIL", 0x39 },
	{ "TRUNC", 0x3a },
	{ "ROUND", 0x3b },
	{ "SQRT", 0x40 },
	{ "RSQRT", 0x41 },
	{ "RECIPROCAL", 0x42 },
	{ "EXP2", 0x43 },
	{ "LOG2", 0x44 },
	{ "EXP", 0x45 },
	{ "LOG", 0x46 },
	{ "EXPM1", 0x47 },
	{ "LOG1P", 0x48 },
	{ "ERF", 0x49 },
	{ "TANH", 0x4a },
	{ "SIGMOID", 0x4b },
	{ "SIN", 0x4c },
	{ "COS", 0x4d },
	{ "ATAN", 0x4e },
	{ "POW", 0x50 },
	{ "ATAN2", 0x51 },
	{ "PHILOX", 0x58 },
};
static const struct tsr_hw_meaning meaning_VECTOR = {
	"VECTOR", TSR_HW_VALUES, names_VECTOR, COUNT(names_VECTOR), false,
};

static const struct tsr_hw_name names_ERR[] = {
	{ "NONE", 0x0 },
	{ "FAULT_READ", 0x1 },
	{ "FAULT_WRITE", 0x2 },
	{ "FAULT_FETCH", 0x3 },
	{ "FAULT_BUS", 0x4 },
	{ "PROGRAM", 0x5 },
	{ "COMMAND", 0x6 },
	{ "SLOT", 0x7 },
	{ "BUDGET", 0x8 },
	{ "KILLED", 0x9 },
	{ "CANCELED", 0xa },
	{ "ENGINE", 0xb },
	{ "DESCRIPTOR", 0xc },
	{ "UNSUPPORTED", 0xd },
	{ "INVALID", 0xe },
	{ "BUSY", 0xf },
	{ "RESOURCES", 0x10 },
	{ "INDEX", 0x11 },
	{ "PARAMETER", 0x12 },
};
static const struct tsr_hw_meaning meaning_ERR = {
	"ERR", TSR_HW_VALUES, names_ERR, COUNT(names_ERR), false,
};

static const struct tsr_hw_name names_NODE_NUMBER[] = {
	{ "NONE", 0xffffffff },
};
static const struct tsr_hw_meaning meaning_NODE_NUMBER = {
	"NODE_NUMBER", TSR_HW_VALUES, names_NODE_NUMBER, COUNT(names_NODE_NUMBER), true,
};

static const struct tsr_hw_name names_EVENT_SOURCE[] = {
	{ "DOORBELL", 0x1 },
	{ "ENGINE", 0x2 },
	{ "TIMER", 0x4 },
};
static const struct tsr_hw_meaning meaning_EVENT_SOURCE = {
	"EVENT_SOURCE", TSR_HW_FIELDS, names_EVENT_SOURCE, COUNT(names_EVENT_SOURCE), false,
};

static const struct tsr_hw_name names_TRACE[] = {
	{ "READY", 0x1 },
	{ "STRAY_BELL", 0x2 },
	{ "QUEUE_CREATE", 0x3 },
	{ "QUEUE_DESTROY", 0x4 },
	{ "QUEUE_KILL", 0x5 },
	{ "QUEUE_FAIL", 0x6 },
	{ "BAD_TAIL", 0x7 },
	{ "JOB_START", 0x8 },
	{ "JOB_END", 0x9 },
	{ "NODE_START", 0xa },
	{ "NODE_END", 0xb },
	{ "NODE_SKIP", 0xc },
	{ "EVENT_LOST", 0xd },
	{ "BUS_FAULT", 0xe },
	{ "GROUP_BIND", 0xf },
	{ "GROUP_FREE", 0x10 },
};
static const struct tsr_hw_meaning meaning_TRACE = {
	"TRACE", TSR_HW_VALUES, names_TRACE, COUNT(names_TRACE), false,
};

static const struct tsr_hw_name names_QUOTE[] = {
	{ "IDLE", 0x0 },
	{ "BUSY", 0x1 },
	{ "DONE", 0x2 },
	{ "BAD_ADDRESS", 0x3 },
	{ "NOT_READY", 0x4 },
};
static const struct tsr_hw_meaning meaning_QUOTE = {
	"QUOTE", TSR_HW_VALUES, names_QUOTE, COUNT(names_QUOTE), false,
};

static const struct tsr_hw_name names_QUOTE_FLAG[] = {
	{ "VIRTUAL", 0x1 },
	{ "DEVELOPMENT", 0x2 },
};
static const struct tsr_hw_meaning meaning_QUOTE_FLAG = {
	"QUOTE_FLAG", TSR_HW_FIELDS, names_QUOTE_FLAG, COUNT(names_QUOTE_FLAG), false,
};

static const struct tsr_hw_structure structure_boot_block;
static const struct tsr_hw_structure structure_image_header;
static const struct tsr_hw_structure structure_die;
static const struct tsr_hw_structure structure_fuses;
static const struct tsr_hw_structure structure_inv_cmd;
static const struct tsr_hw_structure structure_inv_ring;
static const struct tsr_hw_structure structure_job;
static const struct tsr_hw_structure structure_admin;
static const struct tsr_hw_structure structure_ring;
static const struct tsr_hw_structure structure_completion;
static const struct tsr_hw_structure structure_completion_page;
static const struct tsr_hw_structure structure_event;
static const struct tsr_hw_structure structure_event_ring;
static const struct tsr_hw_structure structure_program;
static const struct tsr_hw_structure structure_node;
static const struct tsr_hw_structure structure_loop_step;
static const struct tsr_hw_structure structure_loop;
static const struct tsr_hw_structure structure_group;
static const struct tsr_hw_structure structure_slot;
static const struct tsr_hw_structure structure_profile;
static const struct tsr_hw_structure structure_tensor;
static const struct tsr_hw_structure structure_place;
static const struct tsr_hw_structure structure_quant;
static const struct tsr_hw_structure structure_blocks;
static const struct tsr_hw_structure structure_command;
static const struct tsr_hw_structure structure_step;
static const struct tsr_hw_structure structure_window;
static const struct tsr_hw_structure structure_conv;
static const struct tsr_hw_structure structure_pool;
static const struct tsr_hw_structure structure_move;
static const struct tsr_hw_structure structure_copy;
static const struct tsr_hw_structure structure_fill;
static const struct tsr_hw_structure structure_vector_command;
static const struct tsr_hw_structure structure_gather;
static const struct tsr_hw_structure structure_sort;
static const struct tsr_hw_structure structure_compact;
static const struct tsr_hw_structure structure_suppress;
static const struct tsr_hw_structure structure_scan;
static const struct tsr_hw_structure structure_reduce;
static const struct tsr_hw_structure structure_normalize;
static const struct tsr_hw_structure structure_resample;
static const struct tsr_hw_structure structure_sample;
static const struct tsr_hw_structure structure_gemm;
static const struct tsr_hw_structure structure_attention;
static const struct tsr_hw_structure structure_insn;
static const struct tsr_hw_structure structure_vector_const;
static const struct tsr_hw_structure structure_vector;
static const struct tsr_hw_structure structure_engine_job;
static const struct tsr_hw_structure structure_trace;
static const struct tsr_hw_structure structure_quote;
static const struct tsr_hw_structure structure_quote_endorsement;
static const struct tsr_hw_structure structure_quote_certificate;

static const struct tsr_hw_member members_boot_block[] = {
	{ .name = "magic", .offset = 0, .size = 4 },
	{ .name = "size", .offset = 4, .size = 4 },
	{ .name = "abi_min", .offset = 8, .size = 4 },
	{ .name = "abi_max", .offset = 12, .size = 4 },
	{ .name = "features", .offset = 16, .size = 8, .meaning = &meaning_FEATURE },
	{ .name = "features_required", .offset = 24, .size = 8, .meaning = &meaning_FEATURE },
	{ .name = "admin_ring", .offset = 32, .size = 8 },
	{ .name = "admin_done", .offset = 40, .size = 8 },
	{ .name = "event_ring", .offset = 48, .size = 8 },
	{ .name = "control_vector", .offset = 56, .size = 4 },
	{ .name = "event_vector", .offset = 60, .size = 4 },
	{ .name = "mbz", .offset = 64, .size = 1, .count = 64, .mbz = true },
	{ .name = "response.abi", .offset = 128, .size = 4 },
	{ .name = "response.fw_version", .offset = 132, .size = 4 },
	{ .name = "response.features", .offset = 136, .size = 8, .meaning = &meaning_FEATURE },
	{ .name = "response.max_contexts", .offset = 144, .size = 4 },
	{ .name = "response.mbz", .offset = 148, .size = 1, .count = 108 },
};
static const struct tsr_hw_structure structure_boot_block = {
	"boot_block", 256, members_boot_block, COUNT(members_boot_block),
};

static const struct tsr_hw_member members_image_header[] = {
	{ .name = "magic", .offset = 0, .size = 4 },
	{ .name = "header_version", .offset = 4, .size = 2 },
	{ .name = "header_size", .offset = 6, .size = 2 },
	{ .name = "image_size", .offset = 8, .size = 4 },
	{ .name = "load_addr", .offset = 12, .size = 4 },
	{ .name = "entry", .offset = 16, .size = 4 },
	{ .name = "security_version", .offset = 20, .size = 4 },
	{ .name = "fw_version", .offset = 24, .size = 4 },
	{ .name = "abi_min", .offset = 28, .size = 2 },
	{ .name = "abi_max", .offset = 30, .size = 2 },
	{ .name = "hw_major", .offset = 32, .size = 4 },
	{ .name = "mbz0", .offset = 36, .size = 4, .mbz = true },
	{ .name = "features", .offset = 40, .size = 8, .meaning = &meaning_FEATURE },
	{ .name = "build_id", .offset = 48, .size = 1, .count = 32 },
	{ .name = "name", .offset = 80, .size = 1, .count = 32, .text = true },
	{ .name = "public_key", .offset = 112, .size = 1, .count = 32 },
	{ .name = "mbz", .offset = 144, .size = 1, .count = 48, .mbz = true },
	{ .name = "signature", .offset = 192, .size = 1, .count = 64 },
};
static const struct tsr_hw_structure structure_image_header = {
	"image_header", 256, members_image_header, COUNT(members_image_header),
};

static const struct tsr_hw_member members_die[] = {
	{ .name = "area", .offset = 0, .size = 4 },
	{ .name = "process_nm", .offset = 4, .size = 2 },
	{ .name = "mbz", .offset = 6, .size = 2 },
	{ .name = "flags", .offset = 8, .size = 4, .meaning = &meaning_DIE },
	{ .name = "mbz2", .offset = 12, .size = 4 },
};
static const struct tsr_hw_structure structure_die = {
	"die", 16, members_die, COUNT(members_die),
};

static const struct tsr_hw_member members_fuses[] = {
	{ .name = "magic", .offset = 0, .size = 4 },
	{ .name = "version", .offset = 4, .size = 2 },
	{ .name = "size", .offset = 6, .size = 2 },
	{ .name = "serial", .offset = 8, .size = 8 },
	{ .name = "sku", .offset = 16, .size = 4, .meaning = &meaning_SKU },
	{ .name = "lifecycle", .offset = 20, .size = 4, .meaning = &meaning_LIFECYCLE },
	{ .name = "rollback_min", .offset = 24, .size = 4 },
	{ .name = "market", .offset = 28, .size = 4, .meaning = &meaning_MARKET },
	{ .name = "name", .offset = 32, .size = 1, .count = 32, .text = true },
	{ .name = "key_hash", .offset = 64, .size = 1, .count = 32 },
	{ .name = "clock_khz", .offset = 96, .size = 4 },
	{ .name = "tensor_tiles", .offset = 100, .size = 2 },
	{ .name = "dma_engines", .offset = 102, .size = 2 },
	{ .name = "cim_tiles", .offset = 104, .size = 2 },
	{ .name = "array_rows", .offset = 106, .size = 2 },
	{ .name = "array_columns", .offset = 108, .size = 2 },
	{ .name = "vector_operations", .offset = 110, .size = 2 },
	{ .name = "scratchpad_kib", .offset = 112, .size = 4 },
	{ .name = "array_ports", .offset = 116, .size = 2 },
	{ .name = "weight_path", .offset = 118, .size = 2 },
	{ .name = "macs", .offset = 120, .size = 4, .count = 32, .index = &meaning_TYPE },
	{ .name = "port_bytes", .offset = 248, .size = 4 },
	{ .name = "link_mb_s", .offset = 252, .size = 4 },
	{ .name = "load_latency", .offset = 256, .size = 2 },
	{ .name = "block_cycles_log2", .offset = 258, .size = 2 },
	{ .name = "block_types", .offset = 260, .size = 4 },
	{ .name = "class_name", .offset = 264, .size = 1, .count = 16, .text = true },
	{ .name = "mbz0", .offset = 280, .size = 1, .count = 96 },
	{ .name = "memory_mb_s", .offset = 376, .size = 4 },
	{ .name = "memory_mib", .offset = 380, .size = 4 },
	{ .name = "io_mb_s", .offset = 384, .size = 4 },
	{ .name = "hbm_mb_s", .offset = 388, .size = 4 },
	{ .name = "hbm_area", .offset = 392, .size = 4 },
	{ .name = "die_count", .offset = 396, .size = 4 },
	{ .name = "die", .offset = 400, .size = 16, .count = 8, .structure = &structure_die },
	{ .name = "model", .offset = 528, .size = 4 },
	{ .name = "mbz", .offset = 532, .size = 1, .count = 484 },
};
static const struct tsr_hw_structure structure_fuses = {
	"fuses", 1016, members_fuses, COUNT(members_fuses),
};

static const struct tsr_hw_member members_inv_cmd[] = {
	{ .name = "seq", .offset = 0, .size = 4 },
	{ .name = "op", .offset = 4, .size = 4, .meaning = &meaning_INV },
	{ .name = "asid", .offset = 8, .size = 4 },
	{ .name = "mbz", .offset = 12, .size = 4, .mbz = true },
	{ .name = "va", .offset = 16, .size = 8 },
	{ .name = "size", .offset = 24, .size = 8 },
};
static const struct tsr_hw_structure structure_inv_cmd = {
	"inv_cmd", 32, members_inv_cmd, COUNT(members_inv_cmd),
};

static const struct tsr_hw_member members_inv_ring[] = {
	{ .name = "cmd", .offset = 0, .size = 32, .count = 64, .structure = &structure_inv_cmd },
	{ .name = "tail", .offset = 2048, .size = 4 },
	{ .name = "host_mbz", .offset = 2052, .size = 4, .count = 511, .mbz = true },
	{ .name = "done", .offset = 4096, .size = 4 },
	{ .name = "error", .offset = 4100, .size = 4 },
	{ .name = "device_mbz", .offset = 4104, .size = 4, .count = 1022 },
};
static const struct tsr_hw_structure structure_inv_ring = {
	"inv_ring", 8192, members_inv_ring, COUNT(members_inv_ring),
};

static const struct tsr_hw_member members_job[] = {
	{ .name = "seq", .offset = 0, .size = 4 },
	{ .name = "flags", .offset = 4, .size = 4, .meaning = &meaning_JOB },
	{ .name = "program", .offset = 8, .size = 8 },
	{ .name = "program_size", .offset = 16, .size = 4 },
	{ .name = "slot_count", .offset = 20, .size = 4 },
	{ .name = "slots", .offset = 24, .size = 8 },
	{ .name = "parameters", .offset = 32, .size = 8 },
	{ .name = "profile", .offset = 40, .size = 8 },
	{ .name = "parameter_count", .offset = 48, .size = 4 },
	{ .name = "profile_count", .offset = 52, .size = 4 },
	{ .name = "repeat", .offset = 56, .size = 4 },
	{ .name = "mbz", .offset = 60, .size = 4, .mbz = true },
};
static const struct tsr_hw_structure structure_job = {
	"job", 64, members_job, COUNT(members_job),
};

static const uint64_t tags_admin_0[] = { 0x1 };
static const uint64_t tags_admin_1[] = { 0x1 };
static const uint64_t tags_admin_2[] = { 0x1 };
static const uint64_t tags_admin_3[] = { 0x1 };
static const uint64_t tags_admin_4[] = { 0x1 };
static const uint64_t tags_admin_5[] = { 0x1 };
static const uint64_t tags_admin_6[] = { 0x1 };
static const uint64_t tags_admin_7[] = { 0x1 };
static const uint64_t tags_admin_8[] = { 0x1 };
static const uint64_t tags_admin_9[] = { 0x1 };
static const uint64_t tags_admin_10[] = { 0x4 };
static const uint64_t tags_admin_11[] = { 0x4 };
static const uint64_t tags_admin_12[] = { 0x6 };
static const uint64_t tags_admin_13[] = { 0x6 };
static const uint64_t tags_admin_14[] = { 0x6 };
static const uint64_t tags_admin_15[] = { 0x6 };
static const uint64_t tags_admin_16[] = { 0x7 };
static const uint64_t tags_admin_17[] = { 0x7 };
static const uint64_t tags_admin_18[] = { 0x7 };
static const uint64_t tags_admin_19[] = { 0x1, 0x4, 0x6, 0x7 };
static const struct tsr_hw_member members_admin[] = {
	{ .name = "seq", .offset = 0, .size = 4 },
	{ .name = "op", .offset = 4, .size = 2, .meaning = &meaning_ADMIN },
	{ .name = "queue", .offset = 6, .size = 2 },
	{ .name = "mbz", .offset = 8, .size = 8, .mbz = true },
	{ .name = "create.ring", .offset = 16, .size = 8, .tag = { 4, 2, tags_admin_0, COUNT(tags_admin_0), false } },
	{ .name = "create.done", .offset = 24, .size = 8, .tag = { 4, 2, tags_admin_1, COUNT(tags_admin_1), false } },
	{ .name = "create.save", .offset = 32, .size = 8, .tag = { 4, 2, tags_admin_2, COUNT(tags_admin_2), false } },
	{ .name = "create.budget", .offset = 40, .size = 8, .tag = { 4, 2, tags_admin_3, COUNT(tags_admin_3), false } },
	{ .name = "create.asid", .offset = 48, .size = 2, .tag = { 4, 2, tags_admin_4, COUNT(tags_admin_4), false } },
	{ .name = "create.index", .offset = 50, .size = 2, .tag = { 4, 2, tags_admin_5, COUNT(tags_admin_5), false } },
	{ .name = "create.priority", .offset = 52, .size = 1, .meaning = &meaning_PRIORITY, .tag = { 4, 2, tags_admin_6, COUNT(tags_admin_6), false } },
	{ .name = "create.weight", .offset = 53, .size = 1, .tag = { 4, 2, tags_admin_7, COUNT(tags_admin_7), false } },
	{ .name = "create.mbz", .offset = 54, .size = 2, .mbz = true, .tag = { 4, 2, tags_admin_8, COUNT(tags_admin_8), false } },
	{ .name = "create.client", .offset = 56, .size = 8, .tag = { 4, 2, tags_admin_9, COUNT(tags_admin_9), false } },
	{ .name = "trace.address", .offset = 16, .size = 8, .tag = { 4, 2, tags_admin_10, COUNT(tags_admin_10), false } },
	{ .name = "trace.size", .offset = 24, .size = 8, .tag = { 4, 2, tags_admin_11, COUNT(tags_admin_11), false } },
	{ .name = "seal.program", .offset = 16, .size = 8, .tag = { 4, 2, tags_admin_12, COUNT(tags_admin_12), false } },
	{ .name = "seal.size", .offset = 24, .size = 4, .tag = { 4, 2, tags_admin_13, COUNT(tags_admin_13), false } },
	{ .name = "seal.asid", .offset = 28, .size = 2, .tag = { 4, 2, tags_admin_14, COUNT(tags_admin_14), false } },
	{ .name = "seal.mbz", .offset = 30, .size = 2, .mbz = true, .tag = { 4, 2, tags_admin_15, COUNT(tags_admin_15), false } },
	{ .name = "unseal.handle", .offset = 16, .size = 8, .tag = { 4, 2, tags_admin_16, COUNT(tags_admin_16), false } },
	{ .name = "unseal.asid", .offset = 24, .size = 2, .tag = { 4, 2, tags_admin_17, COUNT(tags_admin_17), false } },
	{ .name = "unseal.mbz", .offset = 26, .size = 2, .count = 3, .mbz = true, .tag = { 4, 2, tags_admin_18, COUNT(tags_admin_18), false } },
	{ .name = "pad", .offset = 16, .size = 1, .count = 48, .tag = { 4, 2, tags_admin_19, COUNT(tags_admin_19), true } },
};
static const struct tsr_hw_structure structure_admin = {
	"admin", 64, members_admin, COUNT(members_admin),
};

static const struct tsr_hw_member members_ring[] = {
	{ .name = "job", .offset = 0, .size = 64, .count = 64, .structure = &structure_job },
	{ .name = "tail", .offset = 4096, .size = 4 },
	{ .name = "mbz", .offset = 4100, .size = 4, .count = 1023, .mbz = true },
};
static const struct tsr_hw_structure structure_ring = {
	"ring", 8192, members_ring, COUNT(members_ring),
};

static const struct tsr_hw_member members_completion[] = {
	{ .name = "seq", .offset = 0, .size = 4 },
	{ .name = "error", .offset = 4, .size = 4, .meaning = &meaning_ERR },
	{ .name = "node", .offset = 8, .size = 4, .meaning = &meaning_NODE_NUMBER },
	{ .name = "engine", .offset = 12, .size = 4 },
	{ .name = "address", .offset = 16, .size = 8 },
	{ .name = "start", .offset = 24, .size = 8 },
	{ .name = "end", .offset = 32, .size = 8 },
	{ .name = "blocks", .offset = 40, .size = 8 },
	{ .name = "tile_cycles", .offset = 48, .size = 8 },
	{ .name = "dma_cycles", .offset = 56, .size = 8 },
};
static const struct tsr_hw_structure structure_completion = {
	"completion", 64, members_completion, COUNT(members_completion),
};

static const struct tsr_hw_member members_completion_page[] = {
	{ .name = "completed", .offset = 0, .size = 4 },
	{ .name = "started", .offset = 4, .size = 4 },
	{ .name = "progress", .offset = 8, .size = 8 },
	{ .name = "mbz", .offset = 16, .size = 8, .count = 510 },
	{ .name = "slot", .offset = 4096, .size = 64, .count = 64, .structure = &structure_completion },
};
static const struct tsr_hw_structure structure_completion_page = {
	"completion_page", 8192, members_completion_page, COUNT(members_completion_page),
};

static const struct tsr_hw_member members_event[] = {
	{ .name = "queue", .offset = 0, .size = 2 },
	{ .name = "type", .offset = 2, .size = 2, .meaning = &meaning_EVENT },
	{ .name = "seq", .offset = 4, .size = 4 },
	{ .name = "mbz", .offset = 8, .size = 4 },
	{ .name = "phase", .offset = 12, .size = 4 },
};
static const struct tsr_hw_structure structure_event = {
	"event", 16, members_event, COUNT(members_event),
};

static const struct tsr_hw_member members_event_ring[] = {
	{ .name = "arm", .offset = 0, .size = 4 },
	{ .name = "host_mbz", .offset = 4, .size = 4, .count = 1023, .mbz = true },
	{ .name = "lost", .offset = 4096, .size = 4 },
	{ .name = "device_mbz", .offset = 4100, .size = 4, .count = 1023 },
	{ .name = "event", .offset = 8192, .size = 16, .count = 1024, .structure = &structure_event },
};
static const struct tsr_hw_structure structure_event_ring = {
	"event_ring", 24576, members_event_ring, COUNT(members_event_ring),
};

static const struct tsr_hw_member members_program[] = {
	{ .name = "magic", .offset = 0, .size = 4, .fixed = true, .value = 0x50525354 },
	{ .name = "version", .offset = 4, .size = 2, .fixed = true, .value = 0x2 },
	{ .name = "header_size", .offset = 6, .size = 2 },
	{ .name = "size", .offset = 8, .size = 4 },
	{ .name = "checksum", .offset = 12, .size = 4 },
	{ .name = "features", .offset = 16, .size = 8, .meaning = &meaning_FEATURE },
	{ .name = "engines", .offset = 24, .size = 4 },
	{ .name = "slot_count", .offset = 28, .size = 4 },
	{ .name = "node_count", .offset = 32, .size = 4 },
	{ .name = "edge_count", .offset = 36, .size = 4 },
	{ .name = "nodes", .offset = 40, .size = 4 },
	{ .name = "edges", .offset = 44, .size = 4 },
	{ .name = "streams", .offset = 48, .size = 4 },
	{ .name = "streams_size", .offset = 52, .size = 4 },
	{ .name = "constants", .offset = 56, .size = 4 },
	{ .name = "constants_size", .offset = 60, .size = 4 },
	{ .name = "ops", .offset = 64, .size = 8 },
	{ .name = "loops", .offset = 72, .size = 4 },
	{ .name = "loop_count", .offset = 76, .size = 4 },
	{ .name = "groups", .offset = 80, .size = 4 },
	{ .name = "group_count", .offset = 84, .size = 4 },
	{ .name = "mbz", .offset = 88, .size = 1, .count = 40, .mbz = true },
};
static const struct tsr_hw_structure structure_program = {
	"program", 128, members_program, COUNT(members_program),
};

static const struct tsr_hw_member members_node[] = {
	{ .name = "engine", .offset = 0, .size = 1, .meaning = &meaning_ENGINE },
	{ .name = "mbz0", .offset = 1, .size = 1, .mbz = true },
	{ .name = "flags", .offset = 2, .size = 2, .meaning = &meaning_NODE },
	{ .name = "group", .offset = 4, .size = 2 },
	{ .name = "pred_count", .offset = 6, .size = 2 },
	{ .name = "succ_count", .offset = 8, .size = 2 },
	{ .name = "word_slot", .offset = 10, .size = 2, .meaning = &meaning_SLOT_NUMBER },
	{ .name = "succ_first", .offset = 12, .size = 4 },
	{ .name = "stream", .offset = 16, .size = 4 },
	{ .name = "stream_size", .offset = 20, .size = 4 },
	{ .name = "mbz1", .offset = 24, .size = 4, .mbz = true },
	{ .name = "ring", .offset = 28, .size = 4 },
	{ .name = "word_offset", .offset = 32, .size = 8 },
	{ .name = "ops", .offset = 40, .size = 8 },
	{ .name = "index", .offset = 48, .size = 4 },
	{ .name = "body_count", .offset = 52, .size = 4 },
	{ .name = "tag", .offset = 56, .size = 4 },
	{ .name = "mbz2", .offset = 60, .size = 4, .mbz = true },
};
static const struct tsr_hw_structure structure_node = {
	"node", 64, members_node, COUNT(members_node),
};

static const struct tsr_hw_member members_loop_step[] = {
	{ .name = "parameter", .offset = 0, .size = 4 },
	{ .name = "mbz", .offset = 4, .size = 4, .mbz = true },
	{ .name = "amount", .offset = 8, .size = 8 },
};
static const struct tsr_hw_structure structure_loop_step = {
	"loop_step", 16, members_loop_step, COUNT(members_loop_step),
};

static const struct tsr_hw_member members_loop[] = {
	{ .name = "count", .offset = 0, .size = 4, .parameter = true },
	{ .name = "mbz", .offset = 4, .size = 4, .mbz = true },
	{ .name = "step", .offset = 8, .size = 16, .count = 4, .structure = &structure_loop_step },
};
static const struct tsr_hw_structure structure_loop = {
	"loop", 72, members_loop, COUNT(members_loop),
};

static const struct tsr_hw_member members_group[] = {
	{ .name = "grid", .offset = 0, .size = 2, .count = 2 },
	{ .name = "resident", .offset = 4, .size = 4 },
	{ .name = "ring", .offset = 8, .size = 4 },
	{ .name = "mbz", .offset = 12, .size = 4, .mbz = true },
};
static const struct tsr_hw_structure structure_group = {
	"group", 16, members_group, COUNT(members_group),
};

static const struct tsr_hw_member members_slot[] = {
	{ .name = "address", .offset = 0, .size = 8 },
	{ .name = "size", .offset = 8, .size = 8 },
	{ .name = "stride", .offset = 16, .size = 8 },
	{ .name = "flags", .offset = 24, .size = 4, .meaning = &meaning_SLOT },
	{ .name = "mbz", .offset = 28, .size = 4, .mbz = true },
};
static const struct tsr_hw_structure structure_slot = {
	"slot", 32, members_slot, COUNT(members_slot),
};

static const struct tsr_hw_member members_profile[] = {
	{ .name = "node", .offset = 0, .size = 4 },
	{ .name = "repetition", .offset = 4, .size = 4 },
	{ .name = "engine", .offset = 8, .size = 4 },
	{ .name = "tag", .offset = 12, .size = 4 },
	{ .name = "start", .offset = 16, .size = 8 },
	{ .name = "end", .offset = 24, .size = 8 },
	{ .name = "macs", .offset = 32, .size = 8 },
	{ .name = "bytes_read", .offset = 40, .size = 8 },
	{ .name = "bytes_written", .offset = 48, .size = 8 },
	{ .name = "energy", .offset = 56, .size = 8 },
};
static const struct tsr_hw_structure structure_profile = {
	"profile", 64, members_profile, COUNT(members_profile),
};

static const struct tsr_hw_member members_tensor[] = {
	{ .name = "slot", .offset = 0, .size = 2, .meaning = &meaning_SLOT_NUMBER },
	{ .name = "type", .offset = 2, .size = 1, .meaning = &meaning_TYPE },
	{ .name = "rank", .offset = 3, .size = 1 },
	{ .name = "mbz0", .offset = 4, .size = 4, .mbz = true },
	{ .name = "offset", .offset = 8, .size = 8, .parameter = true },
	{ .name = "mbz1", .offset = 16, .size = 8, .count = 2, .mbz = true },
	{ .name = "dim", .offset = 32, .size = 4, .count = 8, .parameter = true },
	{ .name = "stride", .offset = 64, .size = 8, .count = 8, .parameter = true },
};
static const struct tsr_hw_structure structure_tensor = {
	"tensor", 128, members_tensor, COUNT(members_tensor),
};

static const struct tsr_hw_member members_place[] = {
	{ .name = "slot", .offset = 0, .size = 2, .meaning = &meaning_SLOT_NUMBER },
	{ .name = "mbz", .offset = 2, .size = 2, .count = 3, .mbz = true },
	{ .name = "offset", .offset = 8, .size = 8, .parameter = true },
};
static const struct tsr_hw_structure structure_place = {
	"place", 16, members_place, COUNT(members_place),
};

static const struct tsr_hw_member members_quant[] = {
	{ .name = "kind", .offset = 0, .size = 1, .meaning = &meaning_QUANT },
	{ .name = "mbz", .offset = 1, .size = 1, .count = 3, .mbz = true },
	{ .name = "block", .offset = 4, .size = 4 },
	{ .name = "zero", .offset = 8, .size = 8, .parameter = true },
	{ .name = "scale", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "zeros", .offset = 144, .size = 128, .structure = &structure_tensor },
};
static const struct tsr_hw_structure structure_quant = {
	"quant", 272, members_quant, COUNT(members_quant),
};

static const struct tsr_hw_member members_blocks[] = {
	{ .name = "bm", .offset = 0, .size = 4 },
	{ .name = "bn", .offset = 4, .size = 4 },
	{ .name = "bk", .offset = 8, .size = 4 },
	{ .name = "bg", .offset = 12, .size = 4 },
	{ .name = "order", .offset = 16, .size = 1, .meaning = &meaning_ORDER },
	{ .name = "mbz", .offset = 17, .size = 1, .count = 7, .mbz = true },
};
static const struct tsr_hw_structure structure_blocks = {
	"blocks", 24, members_blocks, COUNT(members_blocks),
};

static const struct tsr_hw_member members_command[] = {
	{ .name = "op", .offset = 0, .size = 1, .meaning = &meaning_OP },
	{ .name = "mbz0", .offset = 1, .size = 1, .mbz = true },
	{ .name = "mbz1", .offset = 2, .size = 2, .mbz = true },
	{ .name = "size", .offset = 4, .size = 2 },
	{ .name = "mbz2", .offset = 6, .size = 2, .mbz = true },
	{ .name = "post", .offset = 8, .size = 2 },
	{ .name = "pre", .offset = 10, .size = 2 },
	{ .name = "mbz3", .offset = 12, .size = 4, .mbz = true },
};
static const struct tsr_hw_structure structure_command = {
	"command", 16, members_command, COUNT(members_command),
};

static const struct tsr_hw_member members_step[] = {
	{ .name = "block", .offset = 0, .size = 4, .count = 8 },
};
static const struct tsr_hw_structure structure_step = {
	"step", 32, members_step, COUNT(members_step),
};

static const struct tsr_hw_member members_window[] = {
	{ .name = "kernel", .offset = 0, .size = 4 },
	{ .name = "stride", .offset = 4, .size = 4 },
	{ .name = "dilation", .offset = 8, .size = 4 },
	{ .name = "input_dilation", .offset = 12, .size = 4 },
	{ .name = "before", .offset = 16, .size = 8, .parameter = true },
	{ .name = "after", .offset = 24, .size = 8, .parameter = true },
};
static const struct tsr_hw_structure structure_window = {
	"window", 32, members_window, COUNT(members_window),
};

static const struct tsr_hw_member members_conv[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "w", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "qx", .offset = 400, .size = 272, .structure = &structure_quant },
	{ .name = "qw", .offset = 672, .size = 272, .structure = &structure_quant },
	{ .name = "blocks", .offset = 944, .size = 24, .structure = &structure_blocks },
	{ .name = "groups", .offset = 968, .size = 4 },
	{ .name = "dims", .offset = 972, .size = 1 },
	{ .name = "mbz", .offset = 973, .size = 1, .count = 3, .mbz = true },
	{ .name = "window", .offset = 976, .size = 32, .count = 3, .structure = &structure_window },
};
static const struct tsr_hw_structure structure_conv = {
	"conv", 1072, members_conv, COUNT(members_conv),
};

static const struct tsr_hw_member members_pool[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "index", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "mode", .offset = 400, .size = 1, .meaning = &meaning_POOLING },
	{ .name = "dims", .offset = 401, .size = 1 },
	{ .name = "count", .offset = 402, .size = 1 },
	{ .name = "mbz", .offset = 403, .size = 1, .count = 5, .mbz = true },
	{ .name = "w", .offset = 408, .size = 32, .count = 3, .structure = &structure_window },
	{ .name = "step", .offset = 504, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_pool = {
	"pool", 536, members_pool, COUNT(members_pool),
};

static const struct tsr_hw_member members_move[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "value", .offset = 272, .size = 8 },
	{ .name = "before", .offset = 280, .size = 8, .count = 8, .parameter = true },
	{ .name = "after", .offset = 344, .size = 8, .count = 8, .parameter = true },
	{ .name = "mode", .offset = 408, .size = 1, .count = 8, .meaning = &meaning_PAD },
	{ .name = "step", .offset = 416, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_move = {
	"move", 448, members_move, COUNT(members_move),
};

static const struct tsr_hw_member members_copy[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "src", .offset = 16, .size = 16, .structure = &structure_place },
	{ .name = "dst", .offset = 32, .size = 16, .structure = &structure_place },
	{ .name = "crc", .offset = 48, .size = 16, .structure = &structure_place },
	{ .name = "size", .offset = 64, .size = 8, .parameter = true },
};
static const struct tsr_hw_structure structure_copy = {
	"copy", 72, members_copy, COUNT(members_copy),
};

static const struct tsr_hw_member members_fill[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "dst", .offset = 16, .size = 16, .structure = &structure_place },
	{ .name = "size", .offset = 32, .size = 8, .parameter = true },
	{ .name = "value", .offset = 40, .size = 8 },
	{ .name = "width", .offset = 48, .size = 1 },
	{ .name = "mbz", .offset = 49, .size = 1, .count = 7, .mbz = true },
};
static const struct tsr_hw_structure structure_fill = {
	"fill", 56, members_fill, COUNT(members_fill),
};

static const struct tsr_hw_member members_vector_command[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "d", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "step", .offset = 144, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_vector_command = {
	"vector_command", 176, members_vector_command, COUNT(members_vector_command),
};

static const struct tsr_hw_member members_gather[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "index", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "kind", .offset = 400, .size = 1, .meaning = &meaning_GATHER },
	{ .name = "axis", .offset = 401, .size = 1 },
	{ .name = "batch_dims", .offset = 402, .size = 1 },
	{ .name = "reduction", .offset = 403, .size = 1, .meaning = &meaning_SCATTER },
	{ .name = "mbz", .offset = 404, .size = 4, .mbz = true },
	{ .name = "step", .offset = 408, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_gather = {
	"gather", 440, members_gather, COUNT(members_gather),
};

static const struct tsr_hw_member members_sort[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "values", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "indices", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "k", .offset = 400, .size = 4 },
	{ .name = "descending", .offset = 404, .size = 1 },
	{ .name = "mbz", .offset = 405, .size = 1, .count = 3, .mbz = true },
	{ .name = "step", .offset = 408, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_sort = {
	"sort", 440, members_sort, COUNT(members_sort),
};

static const struct tsr_hw_member members_compact[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "coords", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "count", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "step", .offset = 400, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_compact = {
	"compact", 432, members_compact, COUNT(members_compact),
};

static const struct tsr_hw_member members_suppress[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "boxes", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "scores", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "indices", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "count", .offset = 400, .size = 128, .structure = &structure_tensor },
	{ .name = "threshold", .offset = 528, .size = 4 },
	{ .name = "max", .offset = 532, .size = 4 },
};
static const struct tsr_hw_structure structure_suppress = {
	"suppress", 536, members_suppress, COUNT(members_suppress),
};

static const struct tsr_hw_member members_scan[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "axis", .offset = 272, .size = 1 },
	{ .name = "function", .offset = 273, .size = 1, .meaning = &meaning_REDUCTION },
	{ .name = "exclusive", .offset = 274, .size = 1 },
	{ .name = "reverse", .offset = 275, .size = 1 },
	{ .name = "mbz", .offset = 276, .size = 4, .mbz = true },
	{ .name = "step", .offset = 280, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_scan = {
	"scan", 312, members_scan, COUNT(members_scan),
};

static const struct tsr_hw_member members_reduce[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "axes", .offset = 272, .size = 4 },
	{ .name = "function", .offset = 276, .size = 1, .meaning = &meaning_REDUCTION },
	{ .name = "last", .offset = 277, .size = 1 },
	{ .name = "mbz", .offset = 278, .size = 1, .count = 2, .mbz = true },
	{ .name = "step", .offset = 280, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_reduce = {
	"reduce", 312, members_reduce, COUNT(members_reduce),
};

static const struct tsr_hw_member members_normalize[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "axes", .offset = 272, .size = 4 },
	{ .name = "epsilon", .offset = 276, .size = 4 },
	{ .name = "mode", .offset = 280, .size = 1, .meaning = &meaning_NORMALIZE },
	{ .name = "mbz", .offset = 281, .size = 1, .count = 7, .mbz = true },
	{ .name = "step", .offset = 288, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_normalize = {
	"normalize", 320, members_normalize, COUNT(members_normalize),
};

static const struct tsr_hw_member members_resample[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "first", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "weight", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 400, .size = 128, .structure = &structure_tensor },
	{ .name = "axis", .offset = 528, .size = 1 },
	{ .name = "mbz", .offset = 529, .size = 1, .mbz = true },
	{ .name = "taps", .offset = 530, .size = 2 },
	{ .name = "mbz1", .offset = 532, .size = 4, .mbz = true },
	{ .name = "step", .offset = 536, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_resample = {
	"resample", 568, members_resample, COUNT(members_resample),
};

static const struct tsr_hw_member members_sample[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "x", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "coords", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "batch", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 400, .size = 128, .structure = &structure_tensor },
	{ .name = "mode", .offset = 528, .size = 1, .meaning = &meaning_SAMPLE },
	{ .name = "outside", .offset = 529, .size = 1, .meaning = &meaning_OUTSIDE },
	{ .name = "dims", .offset = 530, .size = 1 },
	{ .name = "mbz", .offset = 531, .size = 1, .count = 5, .mbz = true },
	{ .name = "step", .offset = 536, .size = 32, .structure = &structure_step },
};
static const struct tsr_hw_structure structure_sample = {
	"sample", 568, members_sample, COUNT(members_sample),
};

static const struct tsr_hw_member members_gemm[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "a", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "b", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "rows", .offset = 400, .size = 128, .structure = &structure_tensor },
	{ .name = "qa", .offset = 528, .size = 272, .structure = &structure_quant },
	{ .name = "qb", .offset = 800, .size = 272, .structure = &structure_quant },
	{ .name = "blocks", .offset = 1072, .size = 24, .structure = &structure_blocks },
};
static const struct tsr_hw_structure structure_gemm = {
	"gemm", 1096, members_gemm, COUNT(members_gemm),
};

static const struct tsr_hw_member members_attention[] = {
	{ .name = "head", .offset = 0, .size = 16, .structure = &structure_command },
	{ .name = "q", .offset = 16, .size = 128, .structure = &structure_tensor },
	{ .name = "k", .offset = 144, .size = 128, .structure = &structure_tensor },
	{ .name = "v", .offset = 272, .size = 128, .structure = &structure_tensor },
	{ .name = "d", .offset = 400, .size = 128, .structure = &structure_tensor },
	{ .name = "mask", .offset = 528, .size = 128, .structure = &structure_tensor },
	{ .name = "lengths", .offset = 656, .size = 128, .structure = &structure_tensor },
	{ .name = "pages", .offset = 784, .size = 128, .structure = &structure_tensor },
	{ .name = "qk", .offset = 912, .size = 272, .structure = &structure_quant },
	{ .name = "qv", .offset = 1184, .size = 272, .structure = &structure_quant },
	{ .name = "scale", .offset = 1456, .size = 4 },
	{ .name = "mask_kind", .offset = 1460, .size = 1, .meaning = &meaning_MASK },
	{ .name = "page_log2", .offset = 1461, .size = 1 },
	{ .name = "mbz", .offset = 1462, .size = 2, .mbz = true },
	{ .name = "blocks", .offset = 1464, .size = 24, .structure = &structure_blocks },
};
static const struct tsr_hw_structure structure_attention = {
	"attention", 1488, members_attention, COUNT(members_attention),
};

static const struct tsr_hw_member members_insn[] = {
	{ .name = "op", .offset = 0, .size = 1, .meaning = &meaning_VECTOR },
	{ .name = "type", .offset = 1, .size = 1, .meaning = &meaning_VECTOR_TYPE },
	{ .name = "dst", .offset = 2, .size = 1 },
	{ .name = "a", .offset = 3, .size = 1 },
	{ .name = "b", .offset = 4, .size = 1 },
	{ .name = "c", .offset = 5, .size = 1 },
	{ .name = "imm", .offset = 6, .size = 2 },
};
static const struct tsr_hw_structure structure_insn = {
	"insn", 8, members_insn, COUNT(members_insn),
};

static const struct tsr_hw_member members_vector_const[] = {
	{ .name = "value", .offset = 0, .size = 8 },
};
static const struct tsr_hw_structure structure_vector_const = {
	"vector_const", 8, members_vector_const, COUNT(members_vector_const),
};

static const struct tsr_hw_member members_vector[] = {
	{ .name = "insns", .offset = 0, .size = 1 },
	{ .name = "consts", .offset = 1, .size = 1 },
	{ .name = "inputs", .offset = 2, .size = 1 },
	{ .name = "result", .offset = 3, .size = 1 },
	{ .name = "flags", .offset = 4, .size = 2, .meaning = &meaning_VECTOR_STORE },
	{ .name = "const_p", .offset = 6, .size = 2 },
};
static const struct tsr_hw_structure structure_vector = {
	"vector", 8, members_vector, COUNT(members_vector),
};

static const struct tsr_hw_member members_engine_job[] = {
	{ .name = "asid", .offset = 0, .size = 4 },
	{ .name = "queue", .offset = 4, .size = 4 },
	{ .name = "slots", .offset = 8, .size = 4 },
	{ .name = "slot_count", .offset = 12, .size = 4 },
	{ .name = "parameters", .offset = 16, .size = 4 },
	{ .name = "parameter_count", .offset = 20, .size = 4 },
	{ .name = "program_size", .offset = 24, .size = 4 },
	{ .name = "flags", .offset = 28, .size = 4 },
	{ .name = "program", .offset = 32, .size = 8 },
	{ .name = "streams", .offset = 40, .size = 8 },
	{ .name = "progress", .offset = 48, .size = 8 },
	{ .name = "budget", .offset = 56, .size = 8 },
	{ .name = "charged", .offset = 64, .size = 8 },
	{ .name = "alone", .offset = 72, .size = 8 },
	{ .name = "cycles", .offset = 80, .size = 8, .count = 2 },
	{ .name = "blocks", .offset = 96, .size = 8 },
};
static const struct tsr_hw_structure structure_engine_job = {
	"engine_job", 104, members_engine_job, COUNT(members_engine_job),
};

static const struct tsr_hw_member members_trace[] = {
	{ .name = "cycle", .offset = 0, .size = 4 },
	{ .name = "queue", .offset = 4, .size = 2 },
	{ .name = "code", .offset = 6, .size = 2, .meaning = &meaning_TRACE },
	{ .name = "arg0", .offset = 8, .size = 4 },
	{ .name = "arg1", .offset = 12, .size = 4 },
};
static const struct tsr_hw_structure structure_trace = {
	"trace", 16, members_trace, COUNT(members_trace),
};

static const struct tsr_hw_member members_quote[] = {
	{ .name = "magic", .offset = 0, .size = 4 },
	{ .name = "version", .offset = 4, .size = 2 },
	{ .name = "size", .offset = 6, .size = 2 },
	{ .name = "flags", .offset = 8, .size = 4, .meaning = &meaning_QUOTE_FLAG },
	{ .name = "security_version", .offset = 12, .size = 4 },
	{ .name = "serial", .offset = 16, .size = 8 },
	{ .name = "boot_counter", .offset = 24, .size = 8 },
	{ .name = "nonce", .offset = 32, .size = 1, .count = 32 },
	{ .name = "fuses", .offset = 64, .size = 1, .count = 32 },
	{ .name = "measurement", .offset = 96, .size = 1, .count = 32 },
	{ .name = "device_key", .offset = 128, .size = 1, .count = 32 },
	{ .name = "signature", .offset = 160, .size = 1, .count = 64 },
	{ .name = "identity_key", .offset = 224, .size = 1, .count = 32 },
	{ .name = "endorsement", .offset = 256, .size = 1, .count = 64 },
	{ .name = "certificate", .offset = 320, .size = 1, .count = 64 },
};
static const struct tsr_hw_structure structure_quote = {
	"quote", 384, members_quote, COUNT(members_quote),
};

static const struct tsr_hw_member members_quote_endorsement[] = {
	{ .name = "magic", .offset = 0, .size = 4 },
	{ .name = "flags", .offset = 4, .size = 4, .meaning = &meaning_QUOTE_FLAG },
	{ .name = "serial", .offset = 8, .size = 8 },
	{ .name = "device_key", .offset = 16, .size = 1, .count = 32 },
	{ .name = "measurement", .offset = 48, .size = 1, .count = 32 },
};
static const struct tsr_hw_structure structure_quote_endorsement = {
	"quote_endorsement", 80, members_quote_endorsement, COUNT(members_quote_endorsement),
};

static const struct tsr_hw_member members_quote_certificate[] = {
	{ .name = "magic", .offset = 0, .size = 4 },
	{ .name = "flags", .offset = 4, .size = 4, .meaning = &meaning_QUOTE_FLAG },
	{ .name = "serial", .offset = 8, .size = 8 },
	{ .name = "identity_key", .offset = 16, .size = 1, .count = 32 },
};
static const struct tsr_hw_structure structure_quote_certificate = {
	"quote_certificate", 48, members_quote_certificate, COUNT(members_quote_certificate),
};

const struct tsr_hw_structure *const tsr_hw_structures[] = {
	&structure_admin,
	&structure_attention,
	&structure_blocks,
	&structure_boot_block,
	&structure_command,
	&structure_compact,
	&structure_completion,
	&structure_completion_page,
	&structure_conv,
	&structure_copy,
	&structure_die,
	&structure_engine_job,
	&structure_event,
	&structure_event_ring,
	&structure_fill,
	&structure_fuses,
	&structure_gather,
	&structure_gemm,
	&structure_group,
	&structure_image_header,
	&structure_insn,
	&structure_inv_cmd,
	&structure_inv_ring,
	&structure_job,
	&structure_loop,
	&structure_loop_step,
	&structure_move,
	&structure_node,
	&structure_normalize,
	&structure_place,
	&structure_pool,
	&structure_profile,
	&structure_program,
	&structure_quant,
	&structure_quote,
	&structure_quote_certificate,
	&structure_quote_endorsement,
	&structure_reduce,
	&structure_resample,
	&structure_ring,
	&structure_sample,
	&structure_scan,
	&structure_slot,
	&structure_sort,
	&structure_step,
	&structure_suppress,
	&structure_tensor,
	&structure_trace,
	&structure_vector,
	&structure_vector_command,
	&structure_vector_const,
	&structure_window,
};
const size_t tsr_hw_structure_count = COUNT(tsr_hw_structures);

const struct tsr_hw_meaning *const tsr_hw_meanings[] = {
	&meaning_ADMIN,
	&meaning_ASID,
	&meaning_BOOT,
	&meaning_CAP,
	&meaning_DIE,
	&meaning_ENGINE,
	&meaning_ERR,
	&meaning_EVENT,
	&meaning_EVENT_SOURCE,
	&meaning_FEATURE,
	&meaning_GATHER,
	&meaning_INV,
	&meaning_JOB,
	&meaning_LIFECYCLE,
	&meaning_MARKET,
	&meaning_MASK,
	&meaning_NODE,
	&meaning_NODE_NUMBER,
	&meaning_NORMALIZE,
	&meaning_OP,
	&meaning_ORDER,
	&meaning_OUTSIDE,
	&meaning_PAD,
	&meaning_POOLING,
	&meaning_PRIORITY,
	&meaning_PTE,
	&meaning_PTE_APERTURE,
	&meaning_QUANT,
	&meaning_QUOTE,
	&meaning_QUOTE_FLAG,
	&meaning_RANGE,
	&meaning_REDUCTION,
	&meaning_SAMPLE,
	&meaning_SCATTER,
	&meaning_SKU,
	&meaning_SLOT,
	&meaning_SLOT_NUMBER,
	&meaning_STATE,
	&meaning_TRACE,
	&meaning_TYPE,
	&meaning_VECTOR,
	&meaning_VECTOR_AS,
	&meaning_VECTOR_IMM,
	&meaning_VECTOR_STORE,
	&meaning_VECTOR_TO,
	&meaning_VECTOR_TYPE,
};
const size_t tsr_hw_meaning_count = COUNT(tsr_hw_meanings);

const struct tsr_hw_body tsr_hw_bodies[] = {
	{ 0x10, 1, 1, &structure_gemm },
	{ 0x11, 1, 1, &structure_conv },
	{ 0x14, 1, 1, &structure_attention },
	{ 0x20, 1, 1, &structure_pool },
	{ 0x30, 1, 1, &structure_vector_command },
	{ 0x40, 1, 1, &structure_reduce },
	{ 0x41, 1, 1, &structure_scan },
	{ 0x49, 1, 1, &structure_normalize },
	{ 0x50, 1, 2, &structure_move },
	{ 0x51, 1, 1, &structure_gather },
	{ 0x52, 1, 1, &structure_gather },
	{ 0x53, 1, 1, &structure_resample },
	{ 0x54, 1, 1, &structure_sample },
	{ 0x58, 1, 1, &structure_sort },
	{ 0x59, 1, 1, &structure_compact },
	{ 0x5a, 1, 1, &structure_suppress },
	{ 0x80, 2, 2, &structure_copy },
	{ 0x81, 2, 2, &structure_fill },
};
const size_t tsr_hw_body_count = COUNT(tsr_hw_bodies);
