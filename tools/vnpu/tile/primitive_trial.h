/* SPDX-License-Identifier: MIT */
/*
 * Trials of oneDNN's primitives: a primitive is used once it computed right what trial.h
 * makes, or the extreme cases of integers, and touched no memory but its own.
 */
#ifndef VNPU_TILE_PRIMITIVE_TRIAL_H
#define VNPU_TILE_PRIMITIVE_TRIAL_H

struct primitive;

/**
 * primitive_try() - try a primitive on operands of its full size
 * @primitive: which
 *
 * Return: 0, -ENOMEM when there was no memory to try it in, another negative errno when
 * it must not be used.
 */
int primitive_try(const struct primitive *primitive);

#endif
