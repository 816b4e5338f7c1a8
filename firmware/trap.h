/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The end of the road. */
#ifndef TRAP_H
#define TRAP_H

/**
 * trap_prepare() - see to it that any trap stops the core, and that nothing else is one
 *
 * mtvec stays zero: an exception then stops the core with its own cause, address and
 * value in the FATAL registers, which a handler in software could only blur.
 * Interrupts stay disabled; they only end a wait.
 */
void trap_prepare(void);

/* trap_stop() - stop after a refused boot, until a reset. */
_Noreturn void trap_stop(void);

#endif
