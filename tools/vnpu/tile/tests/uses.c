/* SPDX-License-Identifier: MIT */
/*
 * Packed weights and primitives that are not put are never dropped, and no result shows it. So
 * tests that are linked for it count who has some, and fail at their end if any are left.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tile/packed.h"
#include "tile/primitive_cache.h"

/* Those of the tile, and what the linker puts in their place. */
struct packed *__real_packed_find(const struct packed_key *key);
struct packed *__real_packed_make(const struct packed_key *key, uint64_t bytes, uint64_t terms);
void __real_packed_put(struct packed *packed);
int __real_primitive_get(const struct primitive_key *key, struct primitive **primitive);
void __real_primitive_put(struct primitive *primitive);
struct packed *__wrap_packed_find(const struct packed_key *key);
struct packed *__wrap_packed_make(const struct packed_key *key, uint64_t bytes, uint64_t terms);
void __wrap_packed_put(struct packed *packed);
int __wrap_primitive_get(const struct primitive_key *key, struct primitive **primitive);
void __wrap_primitive_put(struct primitive *primitive);

static atomic_long packed_uses, primitive_uses;

__attribute__((destructor)) static void all_are_put(void)
{
	if (!packed_uses && !primitive_uses)
		return;
	fprintf(stderr, "%ld uses of packed weights and %ld of primitives are left\n", packed_uses,
		primitive_uses);
	abort();
}

struct packed *__wrap_packed_find(const struct packed_key *key)
{
	struct packed *packed = __real_packed_find(key);

	packed_uses += !!packed;
	return packed;
}

struct packed *__wrap_packed_make(const struct packed_key *key, uint64_t bytes, uint64_t terms)
{
	struct packed *packed = __real_packed_make(key, bytes, terms);

	packed_uses += !!packed;
	return packed;
}

void __wrap_packed_put(struct packed *packed)
{
	packed_uses -= !!packed;
	__real_packed_put(packed);
}

int __wrap_primitive_get(const struct primitive_key *key, struct primitive **primitive)
{
	int ret = __real_primitive_get(key, primitive);

	primitive_uses += !ret;
	return ret;
}

void __wrap_primitive_put(struct primitive *primitive)
{
	primitive_uses--;
	__real_primitive_put(primitive);
}
