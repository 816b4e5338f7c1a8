/* SPDX-License-Identifier: GPL-2.0-only */
/* Job queues. */
#ifndef TSR_QUEUE_H
#define TSR_QUEUE_H

#include <linux/time64.h>
#include <linux/types.h>

struct drm_device;
struct drm_file;
struct tsr_device;
struct tsr_file;
struct tsr_queue;

/* Longest a job may work, in device time. */
#define TSR_QUEUE_MAX_BUDGET_NS	(60ull * NSEC_PER_SEC)

int tsr_queue_table_init(struct tsr_device *tdev);
bool tsr_queue_event(struct tsr_device *tdev, u16 number, unsigned int *budget);
bool tsr_queue_event_all(struct tsr_device *tdev, unsigned int *budget);
u64 tsr_queue_progress_all(struct tsr_device *tdev);

void tsr_queue_stop_all(struct tsr_device *tdev);
int tsr_queue_restart_all(struct tsr_device *tdev, struct tsr_queue *guilty);
void tsr_queue_start_all(struct tsr_device *tdev);
bool tsr_queue_idle_all(struct tsr_device *tdev);
void tsr_queue_lose_all(struct tsr_device *tdev);
void tsr_queue_unplug_all(struct tsr_device *tdev);

struct tsr_queue *tsr_queue_get(struct drm_file *file, u32 id);
void tsr_queue_put(struct tsr_queue *queue);
const char *tsr_queue_client_name(const struct tsr_queue *queue);
void tsr_queue_close_all(struct tsr_file *tfile);

int tsr_queue_priority_permit(u32 priority);

int tsr_queue_module_init(void);
void tsr_queue_module_exit(void);

int tsr_ioctl_queue_create(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_queue_destroy(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_queue_get_state(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_queue_wait(struct drm_device *drm, void *data, struct drm_file *file);

#endif
