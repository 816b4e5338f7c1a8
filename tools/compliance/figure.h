/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_FIGURE_H
#define TSR_COMPLIANCE_FIGURE_H

struct cpl_figure;
struct cpl_quantity;
struct cpl_quantity_info;
struct tsr_compliance_error;
struct tsr_compliance_figure;

/** cpl_figure_init() - not given. */
void cpl_figure_init(struct cpl_figure *figure);

/** cpl_figure_clear() - release. */
void cpl_figure_clear(struct cpl_figure *figure);

/** cpl_quantity_init() - no figure of any origin. */
void cpl_quantity_init(struct cpl_quantity *quantity);

/** cpl_quantity_clear() - release. */
void cpl_quantity_clear(struct cpl_quantity *quantity);

/** cpl_figure_check() - 0 if value, origin and source are there, otherwise -EINVAL. */
int cpl_figure_check(const struct tsr_compliance_figure *given, const char *path,
		     struct tsr_compliance_error *error);

/**
 * cpl_figure_store() - check, convert and keep a figure
 * @figure: where; must not hold one yet
 * @info: how the quantity is written
 * @path: for messages
 *
 * Return: 0, -EINVAL, or -EEXIST.
 */
int cpl_figure_store(struct cpl_figure *figure, const struct cpl_quantity_info *info,
		     const struct tsr_compliance_figure *given, const char *path,
		     struct tsr_compliance_error *error);

#endif
