/* SPDX-License-Identifier: MIT */
/* Steps of commands that walk a tensor box by box (docs/hardware.md, section 11.2). */
#ifndef VNPU_TILE_STEP_H
#define VNPU_TILE_STEP_H

#include <tsr_hw/command.h>

struct tensor;

/**
 * step_check() - check the extents of a step
 * @step: as the command has it
 * @walked: checked tensor that the command walks
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int step_check(const struct tsr_hw_step *step, const struct tensor *walked);

/**
 * step_check_run() - step_check(), and that steps are runs of elements in row-major order
 * @step: as the command has it
 * @walked: checked tensor that the command walks
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int step_check_run(const struct tsr_hw_step *step, const struct tensor *walked);

/**
 * step_check_halves() - check that steps cut no byte
 * @step: as the command has it
 * @tensor: checked tensor with the dimensions that the command walks; one of whole bytes passes
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int step_check_halves(const struct tsr_hw_step *step, const struct tensor *tensor);

#endif
