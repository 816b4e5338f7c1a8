// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "boot.h"
#include "crc.h"
#include "engine.h"
#include "port/port.h"
#include "service.h"
#include "trap.h"

int main(void)
{
	static struct boot boot;

	trap_prepare();
	crc_prepare();
	engine_prepare();
	if (!boot_negotiate(&boot))
		trap_stop();
	service_start(&boot);
	for (;;) {
		if (!service_turn())
			port_wait();
	}
}
