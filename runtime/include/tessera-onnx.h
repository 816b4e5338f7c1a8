/* SPDX-License-Identifier: MIT */
/**
 * DOC: libtessera-onnx - make a graph of an ONNX model
 *
 * Takes operator sets 7 to 22 of the operators listed in docs/onnx.md. Quantized
 * models in QDQ form (DequantizeLinear, operator, QuantizeLinear) become integer
 * operators. What a model asks for and the importer does not know is refused, not
 * ignored. Errors are sentences of tsr_error() that name the node.
 */
#ifndef TESSERA_ONNX_H
#define TESSERA_ONNX_H

#include <stddef.h>
#include <stdint.h>

#include "tessera.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct tsr_onnx_dimension - the extent of a dimension that the model leaves open
 * @name: as the model calls it; INPUT:PLACE, such as "image:2", for one without a name
 * @extent: at least 1
 */
struct tsr_onnx_dimension {
	const char *name;
	int64_t extent;
};

/* By default an import may allocate this much, and this much for each byte of the file. */
#define TSR_ONNX_MEMORY_BASE		(256u << 20)
#define TSR_ONNX_MEMORY_PER_BYTE	16u

/**
 * struct tsr_onnx_options - tsr_onnx_import()
 * @size: set by TSR_OPTIONS
 * @batch: extent of the first dimension of every input where it is open and not in
 *	@dimensions, 0 for none
 * @dimensions: extents of open dimensions, by name
 * @dimension_count: how many
 * @memory: bytes the import may allocate, 0 for the default
 *
 * Every open dimension of an input needs an extent.
 */
struct tsr_onnx_options {
	size_t size;
	int64_t batch;
	const struct tsr_onnx_dimension *dimensions;
	size_t dimension_count;
	uint64_t memory;
};

/**
 * tsr_onnx_import() - make a graph of a serialized model
 * @data: the bytes of a .onnx file; may be dropped afterwards
 * @size: how many
 * @options: NULL for defaults
 * @graph: out, owned by the caller
 *
 * Return: 0, -EBADMSG not a well-formed ONNX model, -EOPNOTSUPP an operator,
 * attribute or type that is not supported, -EINVAL shapes that do not fit, a
 * dimension without an extent or an extent without a dimension, -E2BIG more memory,
 * nodes or nesting than is allowed, -ENOMEM.
 *
 * Any bytes are safe to pass: what is allocated is at most @memory of the options,
 * and recursion is bounded.
 */
int tsr_onnx_import(const void *data, size_t size, const struct tsr_onnx_options *options,
		    struct tsr_graph **graph);

/** tsr_onnx_import_file() - the same for a file. Also returns what open() and read() do. */
int tsr_onnx_import_file(const char *path, const struct tsr_onnx_options *options,
			 struct tsr_graph **graph);

/** tsr_onnx_operators() - names of the supported operators, NULL-terminated, sorted. */
const char *const *tsr_onnx_operators(void);

#ifdef __cplusplus
}
#endif

#endif
