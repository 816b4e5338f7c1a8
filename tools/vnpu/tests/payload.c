// SPDX-License-Identifier: MIT
#include "payload.h"

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>
#include <tsr_hw/registers.h>

#define SYS_PAGE (TSR_HW_SYS_BASE >> 12)
#define WORDS(code) (sizeof(code) / sizeof((code)[0]))

/* With T0 at the system block. */
#define SAY_READY \
	RV_ADDI(T1, X0, TSR_HW_BOOT_OK), \
	RV_SW(T1, TSR_HW_SYS_BOOT_STATUS, T0), \
	RV_ADDI(T1, X0, TSR_HW_STATE_READY), \
	RV_SW(T1, TSR_HW_SYS_STATE, T0), \
	RV_WFI, \
	RV_J_BACK4

const uint32_t payload_ready[] = {
	RV_LUI(T0, SYS_PAGE),
	SAY_READY,
};
const size_t payload_ready_words = WORDS(payload_ready);

const uint32_t payload_wait[] = {
	RV_LUI(T0, SYS_PAGE),
	RV_LW(T1, TSR_HW_SYS_EVENTS, T0),
	RV_BEQ(T1, X0, -4),
	SAY_READY,
};
const size_t payload_wait_words = WORDS(payload_wait);

const uint32_t payload_crash[] = {
	RV_LUI(T0, SYS_PAGE),
	RV_EBREAK,
};
const size_t payload_crash_words = WORDS(payload_crash);
