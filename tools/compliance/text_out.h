/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_TEXT_OUT_H
#define TSR_COMPLIANCE_TEXT_OUT_H

#include <stdio.h>

/** struct cpl_page - text being written, a given number of columns wide */
struct cpl_page {
	FILE *out;
	unsigned int columns;
};

/** cpl_page_heading() - a blank line and a heading. */
void cpl_page_heading(const struct cpl_page *page, const char *heading);

/**
 * cpl_page_item() - a label and a text wrapped beside it
 * @label: shown at the left margin, padded to @width; longer labels get a line of their own
 * @width: column the text begins at
 *
 * Control characters of either are replaced, so that facts cannot steer a terminal.
 */
void cpl_page_item(const struct cpl_page *page, unsigned int width, const char *label,
		   const char *text);

#endif
