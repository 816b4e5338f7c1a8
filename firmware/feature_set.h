/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Which features of the contract this firmware has. */
#ifndef FEATURE_SET_H
#define FEATURE_SET_H

#include <tsr_hw/version.h>

/* The others are refused where a host or a program requires them, and where a job uses them. */
#define FIRMWARE_FEATURES \
	(TSR_HW_FEATURE_PROFILE | TSR_HW_FEATURE_REPEAT | TSR_HW_FEATURE_PARAMETERS | \
	 TSR_HW_FEATURE_STRICT | TSR_HW_FEATURE_SEALED | \
	 TSR_HW_FEATURE_GROUPS)

#endif
