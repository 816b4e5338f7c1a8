// SPDX-License-Identifier: MIT
#include "reference.h"

#include <stdlib.h>
#include <unicorn/unicorn.h>

#include "cmocka_prelude.h"

/* Called by LeakSanitizer: Unicorn 2.1 leaks 32 bytes with each engine. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libunicorn\n";
}

struct reference {
	uc_engine *uc;
};

struct reference *reference_create(uint32_t base, uint32_t size)
{
	struct reference *ref = calloc(1, sizeof(*ref));

	assert_non_null(ref);
	assert_int_equal(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &ref->uc), UC_ERR_OK);
	assert_int_equal(uc_mem_map(ref->uc, base, size, UC_PROT_ALL), UC_ERR_OK);
	return ref;
}

void reference_destroy(struct reference *ref)
{
	uc_close(ref->uc);
	free(ref);
}

void reference_write(struct reference *ref, uint32_t addr, const void *buf, uint32_t len)
{
	assert_int_equal(uc_mem_write(ref->uc, addr, buf, len), UC_ERR_OK);
}

void reference_read(struct reference *ref, uint32_t addr, void *buf, uint32_t len)
{
	assert_int_equal(uc_mem_read(ref->uc, addr, buf, len), UC_ERR_OK);
}

static void name_registers(int names[32], void *slots[32], const uint32_t regs[32])
{
	int i;

	for (i = 0; i < 32; i++) {
		names[i] = UC_RISCV_REG_X0 + i;
		slots[i] = (void *)&regs[i];
	}
}

static void clear_csrs(struct reference *ref)
{
	static const int csrs[] = {
		UC_RISCV_REG_MSCRATCH, UC_RISCV_REG_MTVAL, UC_RISCV_REG_MCAUSE,
	};
	const uint32_t zero = 0;
	unsigned int i;

	for (i = 0; i < sizeof(csrs) / sizeof(*csrs); i++)
		assert_int_equal(uc_reg_write(ref->uc, csrs[i], &zero), UC_ERR_OK);
}

void reference_set_regs(struct reference *ref, const uint32_t regs[32])
{
	int names[32];
	void *slots[32];

	name_registers(names, slots, regs);
	assert_int_equal(uc_reg_write_batch(ref->uc, names + 1, slots + 1, 31), UC_ERR_OK);
	clear_csrs(ref);
}

void reference_get_regs(struct reference *ref, uint32_t regs[32])
{
	int names[32];
	void *slots[32];

	name_registers(names, slots, regs);
	assert_int_equal(uc_reg_read_batch(ref->uc, names, slots, 32), UC_ERR_OK);
}

bool reference_step(struct reference *ref, uint32_t *pc)
{
	/* The end address is one that is never reached. */
	if (uc_emu_start(ref->uc, *pc, UINT32_MAX, 0, 1) != UC_ERR_OK)
		return false;
	return uc_reg_read(ref->uc, UC_RISCV_REG_PC, pc) == UC_ERR_OK;
}

/**
 * struct watch - what a code hook needs
 * @before: see reference_run()
 * @opaque: likewise
 */
struct watch {
	bool (*before)(void *opaque, uint32_t pc);
	void *opaque;
};

static void watch_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *user_data)
{
	const struct watch *watch = user_data;

	(void)size;
	if (!watch->before(watch->opaque, (uint32_t)address))
		uc_emu_stop(uc);
}

bool reference_run(struct reference *ref, uint32_t pc, uint32_t end,
		   bool (*before)(void *opaque, uint32_t pc), void *opaque)
{
	struct watch watch = { .before = before, .opaque = opaque };
	uc_err err;
	uc_hook hook;

	if (before)
		assert_int_equal(uc_hook_add(ref->uc, &hook, UC_HOOK_CODE,
					     (void *)watch_instruction, &watch, 1, 0), UC_ERR_OK);
	err = uc_emu_start(ref->uc, pc, end, 0, 0);
	if (before)
		assert_int_equal(uc_hook_del(ref->uc, hook), UC_ERR_OK);
	return err == UC_ERR_OK;
}
