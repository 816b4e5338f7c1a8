// SPDX-License-Identifier: MIT
/* The first exchange: protocol version and capabilities. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "dispatch.h"
#include "server.h"

/* Parse the client's capabilities; NULL when they are no JSON object. */
static struct json_object *parse_capabilities(const char *text, uint32_t size)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root;

	if (!tokener)
		return NULL;
	/* NULL of an error, which is no object. */
	root = json_tokener_parse_ex(tokener, text, (int)size);
	if (!json_object_is_type(root, json_type_object)) {
		json_object_put(root);
		root = NULL;
	}
	json_tokener_free(tokener);
	return root;
}

/*
 * Whether the client offers WRITE_MULTI. Its other capabilities limit messages that this
 * server does not send.
 */
static int read_capabilities(const char *text, uint32_t size, bool *write_multiple)
{
	struct json_object *root, *caps, *value;

	*write_multiple = false;
	if (size == 0)
		return 0;
	if (text[size - 1] != '\0')
		return -EINVAL;
	root = parse_capabilities(text, size);
	if (!root)
		return -EINVAL;
	if (json_object_object_get_ex(root, "capabilities", &caps) &&
	    json_object_object_get_ex(caps, "write_multiple", &value))
		*write_multiple = json_object_get_boolean(value);
	json_object_put(root);
	return 0;
}

static uint32_t write_capabilities(char *text, size_t size, bool write_multiple)
{
	int len = snprintf(text, size,
			   "{\"capabilities\":{\"max_msg_fds\":%d,\"max_data_xfer_size\":%d,"
			   "\"max_dma_maps\":%d,\"pgsizes\":%d%s}}",
			   VFU_PROTOCOL_MAX_FDS, VFU_PROTOCOL_MAX_XFER, VFU_PROTOCOL_MAX_DMA_MAPS,
			   VFU_PROTOCOL_PAGE_SIZE,
			   write_multiple ? ",\"write_multiple\":true" : "");

	return (uint32_t)len + 1;
}

int vfu_handle_version(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_version *version = (const void *)msg->payload;
	struct vfu_version *answer = (void *)reply->payload;
	bool write_multiple;

	if (version->major != 0) {
		vfu_warn(vfu, "client speaks vfio-user %u.%u, this server 0.0", version->major,
			 version->minor);
		return VFU_HANGUP;
	}
	if (read_capabilities((const char *)(version + 1), msg->payload_size - sizeof(*version),
			      &write_multiple)) {
		vfu_warn(vfu, "client sent capabilities that are no JSON object");
		return VFU_HANGUP;
	}
	*answer = (struct vfu_version){ .major = 0, .minor = 0 };
	reply->size = sizeof(*answer) +
		      write_capabilities((char *)(answer + 1),
					 sizeof(reply->payload) - sizeof(*answer), write_multiple);
	vfu->negotiated = true;
	return 0;
}
