// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "copy.h"

#include "reg.h"

static void copy_set(uint32_t offset, uint32_t value)
{
	port_write(TSR_HW_COPY_BASE + offset, value);
}

static uint32_t copy_get(uint32_t offset)
{
	return port_read(TSR_HW_COPY_BASE + offset);
}

static uint32_t copy_run(uint32_t control, uint32_t asid, uint64_t host, uint32_t local,
			 uint32_t size)
{
	copy_set(TSR_HW_COPY_HOST_LO, (uint32_t)host);
	copy_set(TSR_HW_COPY_HOST_HI, (uint32_t)(host >> 32));
	copy_set(TSR_HW_COPY_LOCAL, local);
	copy_set(TSR_HW_COPY_SIZE, size);
	copy_set(TSR_HW_COPY_ASID, asid);
	/* The engine reads and writes SRAM behind the compiler's back. */
	port_barrier();
	copy_set(TSR_HW_COPY_CONTROL, control);
	port_barrier();
	return copy_get(TSR_HW_COPY_STATUS);
}

uint32_t copy_read(uint32_t asid, uint64_t host, void *local, uint32_t size)
{
	return copy_run(TSR_HW_COPY_READ, asid, host, port_local(local), size);
}

uint32_t copy_fetch(uint32_t asid, uint64_t host, void *local, uint32_t size)
{
	return copy_run(TSR_HW_COPY_FETCH, asid, host, port_local(local), size);
}

uint32_t copy_write(uint32_t asid, uint64_t host, const void *local, uint32_t size)
{
	return copy_run(TSR_HW_COPY_WRITE, asid, host, port_local(local), size);
}

void copy_add(uint64_t host, uint32_t value)
{
	(void)copy_run(TSR_HW_COPY_ADD, 0, host, 0, value);
}

uint64_t copy_fault_address(void)
{
	uint32_t low = copy_get(TSR_HW_COPY_FAULT_LO);

	return ((uint64_t)copy_get(TSR_HW_COPY_FAULT_HI) << 32) | low;
}
