/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Queues in line for a job context, by class. */
#ifndef LINE_H
#define LINE_H

struct queue;

/* Does nothing when the queue stands in line already. */
void line_join(struct queue *queue);

/* Does nothing when it does not. */
void line_leave(struct queue *queue);

/*
 * The queue that may have a context now, or NULL: the higher class first, but the last
 * contexts are kept for classes that have none, so that no class can lock another out.
 * Inside a class no client uses more contexts than it leaves to others, so that the jobs
 * of one cannot lock another out; who uses fewest comes first, then who waits longest.
 */
struct queue *line_next(void);

#endif
