/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver: file operations and ioctls. */
#ifndef TSR_DRV_H
#define TSR_DRV_H

#include <linux/xarray.h>

struct drm_driver;
struct pci_driver;
struct tsr_client;

/**
 * struct tsr_file - one open file
 * @client: referenced
 * @vms: address spaces by number, each referenced
 * @queues: queues by number, each referenced
 * @programs: sealed programs by number, each referenced
 */
struct tsr_file {
	struct tsr_client *client;
	struct xarray vms;
	struct xarray queues;
	struct xarray programs;
};

extern const struct drm_driver tsr_drm_driver;
extern struct pci_driver tsr_pci_driver;

#endif
