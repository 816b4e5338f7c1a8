/* SPDX-License-Identifier: MIT */
/**
 * DOC: libtessera-onnx - make a graph of an ONNX model
 *
 * Takes opset 7 and later of the operators listed in docs/onnx.md. Quantized
 * models in QDQ form (DequantizeLinear, operator, QuantizeLinear) become integer
 * operators. Errors are sentences of tsr_error() that name the node.
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
 * struct tsr_onnx_options - tsr_onnx_import()
 * @size: set by TSR_OPTIONS
 * @batch: value of symbolic dimensions, 0 means 1
 */
struct tsr_onnx_options {
	size_t size;
	int64_t batch;
};

/**
 * tsr_onnx_import() - make a graph of a serialized model
 * @data: the bytes of a .onnx file; may be dropped afterwards
 * @size: how many
 * @options: NULL for defaults
 * @graph: out, owned by the caller
 *
 * Return: 0, -EBADMSG not a well-formed ONNX model, -EOPNOTSUPP an operator,
 * attribute or type that is not supported, -EINVAL shapes that do not fit,
 * -ENOMEM. Any bytes are safe to pass.
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
