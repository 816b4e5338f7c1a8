/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What the firmware needs from the machine it runs on. */
#ifndef PORT_PORT_H
#define PORT_PORT_H

#ifdef __riscv
#include "rv32.h"
#else
#include "host.h"
#endif

#endif
