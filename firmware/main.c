// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "boot.h"
#include "port/port.h"
#include "trap.h"

int main(void)
{
	static struct boot boot;

	trap_prepare();
	if (!boot_negotiate(&boot))
		trap_stop();
	for (;;)
		port_wait();
}
