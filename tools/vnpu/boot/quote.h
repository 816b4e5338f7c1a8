/* SPDX-License-Identifier: MIT */
/*
 * The signing unit: it makes the quote of hardware.md, section 6.4. Neither firmware nor engines
 * reach it. The simulation thread tells it what was booted, the protocol thread has quotes made.
 */
#ifndef VNPU_QUOTE_H
#define VNPU_QUOTE_H

#include <stdint.h>

struct port;
struct quoter;
struct regs;

/**
 * struct quoter_config - what a quote is made of
 * @port: host port
 * @regs: the host's registers: arguments, status, and what of the device they show
 * @serial: of the device
 * @lifecycle: TSR_HW_LIFECYCLE_* in the fuses
 * @secret: the device's secret, STATE_SECRET_BYTES; must outlive the unit
 */
struct quoter_config {
	struct port *port;
	struct regs *regs;
	uint64_t serial;
	uint32_t lifecycle;
	const uint8_t *secret;
};

/** quoter_create() - @config is copied; NULL without memory */
struct quoter *quoter_create(const struct quoter_config *config);

/** quoter_destroy() - free it or NULL */
void quoter_destroy(struct quoter *quoter);

/**
 * quoter_started() - an image starts, whose measurement the registers show already
 * @quoter: the unit
 * @epoch: in whose name: quotes of a later one do not name it
 * @security_version: of the image
 * @boot_counter: boots so far, this one included
 */
void quoter_started(struct quoter *quoter, unsigned int epoch, uint32_t security_version,
		    uint64_t boot_counter);

/** quoter_run() - make a quote as the registers ask for it, and tell them how it ended */
void quoter_run(struct quoter *quoter);

#endif
