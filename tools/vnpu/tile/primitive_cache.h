/* SPDX-License-Identifier: MIT */
/* Primitives made so far, each with the verdict of its trial. Any thread. */
#ifndef VNPU_TILE_PRIMITIVE_CACHE_H
#define VNPU_TILE_PRIMITIVE_CACHE_H

struct primitive;
struct primitive_key;

/**
 * primitive_get() - a primitive that passed its trial, made and tried at its first use
 * @key: what it is for
 * @primitive: result; stays as it is until primitive_put()
 *
 * Return: 0, -ENOTSUP when the library has none that is right, -ENOMEM.
 */
int primitive_get(const struct primitive_key *key, struct primitive **primitive);

/** primitive_put() - end a use that primitive_get() began */
void primitive_put(struct primitive *primitive);

#endif
