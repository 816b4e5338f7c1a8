/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The same interface on a build host, where a test supplies the peripherals. */
#ifndef PORT_HOST_H
#define PORT_HOST_H

#include <stdint.h>

#define PORT_NOINIT

uint32_t port_read(uint32_t address);
void port_write(uint32_t address, uint32_t value);
uint32_t port_local(const void *object);
void port_barrier(void);
void port_wait(void);

#endif
