/* SPDX-License-Identifier: MIT */
#ifndef VFU_DISPATCH_H
#define VFU_DISPATCH_H

struct vfu;
struct vfu_message;
struct vfu_reply;

/* A handler returns this when the connection cannot go on; no reply is sent. */
#define VFU_HANGUP 1

/**
 * typedef vfu_handler - carries out one command
 * @vfu: the server
 * @msg: the message; its payload has at least the command's fixed part. A handler that
 *	keeps a file descriptor replaces it by -1.
 * @reply: its size is zero; the handler fills it
 *
 * Return: 0, a negative errno for the error reply, or VFU_HANGUP.
 */
typedef int vfu_handler(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply);

vfu_handler vfu_handle_version;
vfu_handler vfu_handle_dma_map;
vfu_handler vfu_handle_dma_unmap;
vfu_handler vfu_handle_get_info;
vfu_handler vfu_handle_get_region_info;
vfu_handler vfu_handle_get_irq_info;
vfu_handler vfu_handle_set_irqs;
vfu_handler vfu_handle_region_read;
vfu_handler vfu_handle_region_write;
vfu_handler vfu_handle_region_write_multi;
vfu_handler vfu_handle_reset;

/**
 * vfu_dispatch() - carry out a message and answer it
 * @vfu: the server
 * @msg: the message
 * @reply: scratch space for the answer
 *
 * Return: 0, or negative when the connection is to be closed.
 */
int vfu_dispatch(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply);

#endif
