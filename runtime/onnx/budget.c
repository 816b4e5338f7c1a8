// SPDX-License-Identifier: MIT
/*
 * How much memory an import may take. It is taken from the budget before it is
 * allocated, and not given back before the import ends, so the sum of all that a
 * file asks for is bounded, not only its peak.
 */
#include <errno.h>

#include "importer.h"

void budget_init(struct importer *im, size_t size, uint64_t given)
{
	uint64_t allowed = given;

	if (!allowed &&
	    (__builtin_mul_overflow((uint64_t)size, (uint64_t)TSR_ONNX_MEMORY_PER_BYTE, &allowed) ||
	     __builtin_add_overflow(allowed, (uint64_t)TSR_ONNX_MEMORY_BASE, &allowed)))
		allowed = UINT64_MAX;
	im->budget = (struct budget){ .left = allowed, .allowed = allowed };
}

int budget_take(struct importer *im, uint64_t count, uint64_t size, const char *what)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > im->budget.left) {
		im->budget.exceeded = true;
		return import_fail(im, -E2BIG, "%s: %llu times %llu bytes are more than the %llu "
				   "left of the %llu bytes this import may take; if the model is "
				   "trusted, allow more (tessera-run: --import-memory)", what,
				   (unsigned long long)count, (unsigned long long)size,
				   (unsigned long long)im->budget.left,
				   (unsigned long long)im->budget.allowed);
	}
	im->budget.left -= bytes;
	return 0;
}
