/* SPDX-License-Identifier: MIT */
/*
 * The device's non-volatile state: what stays when power goes. One file per device,
 * opened once and locked; it holds two states, so that one is always whole.
 */
#ifndef VNPU_STATE_H
#define VNPU_STATE_H

#include <stddef.h>
#include <stdint.h>

#define STATE_SECRET_BYTES 32

struct state;

/**
 * state_open() - read the state of a device, or make that of a new one
 * @path: the file; made with a random serial number and secret when there is none
 * @out: the state, owned by the caller
 * @error: on failure a sentence for the user that names file, cause and remedy
 * @error_size: bytes at @error
 *
 * Return: 0, -EINVAL when the file is no state or damaged, -EWOULDBLOCK when another
 * process uses it, or a negative errno.
 */
int state_open(const char *path, struct state **out, char *error, size_t error_size);

/** state_make_volatile() - the state of a device that has no file; NULL without memory */
struct state *state_make_volatile(uint64_t serial, uint32_t rollback_min);

/** state_close() - free it; everything is in the file already; NULL is allowed */
void state_close(struct state *state);

/** state_serial() - serial number, never zero */
uint64_t state_serial(const struct state *state);

/** state_secret() - STATE_SECRET_BYTES that no register shows */
const uint8_t *state_secret(const struct state *state);

/** state_rollback_min() - lowest security version the ROM may start */
uint32_t state_rollback_min(const struct state *state);

/** state_boots() - firmware starts in the life of the device */
uint64_t state_boots(const struct state *state);

/**
 * state_record_boot() - firmware of @security_version starts
 * @state: the state; one thread only
 * @security_version: the anti-rollback minimum becomes at least this
 *
 * A raised minimum is on disk when this returns. The count of boots is in the file, but a
 * loss of power on the host may take back those since the last sync.
 *
 * Return: 0, or a negative errno and nothing changed.
 */
int state_record_boot(struct state *state, uint32_t security_version);

#endif
