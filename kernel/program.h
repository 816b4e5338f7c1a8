/* SPDX-License-Identifier: GPL-2.0-only */
/* Sealed programs. */
#ifndef TSR_PROGRAM_H
#define TSR_PROGRAM_H

#include <linux/types.h>

struct drm_device;
struct drm_file;
struct tsr_device;
struct tsr_file;
struct tsr_hw_job;
struct tsr_program;
struct tsr_vm;

int tsr_program_table_init(struct tsr_device *tdev);
struct tsr_program *tsr_program_get(struct drm_file *file, u64 id);
void tsr_program_put(struct tsr_program *program);
bool tsr_program_is_of(const struct tsr_program *program, const struct tsr_vm *vm);
bool tsr_program_enter(struct tsr_program *program, struct tsr_hw_job *desc);
void tsr_program_leave(struct tsr_program *program);
int tsr_program_restart_all(struct tsr_device *tdev);
void tsr_program_close_all(struct tsr_file *tfile);

int tsr_ioctl_program_seal(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_program_unseal(struct drm_device *drm, void *data, struct drm_file *file);

#endif
