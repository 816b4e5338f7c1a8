// SPDX-License-Identifier: MIT
#include "include/tessera.h"

const char *tsr_version(void)
{
	return TSR_VERSION;
}
