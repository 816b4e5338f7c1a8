// SPDX-License-Identifier: MIT
/*
 * A look over the bytes before protobuf-c unpacks them: it recurses once for each
 * nested message and allocates what it finds. Messages nest here as deep as the
 * stack below, and all that unpacking will allocate is taken from the budget first.
 * What is malformed is left to protobuf-c to refuse, except where it is in the way.
 */
#include <errno.h>
#include <stdbool.h>

#include "importer.h"

/* As in protobuf itself: no writer makes files that its readers refuse. */
#define DEPTH_MAX	100

/* Beyond the bytes asked for: an allocator's own, and protobuf-c's record of each field. */
#define ALLOCATION_COST	32u
#define FIELD_COST	96u

enum wire { WIRE_VARINT, WIRE_64, WIRE_BYTES, WIRE_32 = 5 };

struct message {
	const ProtobufCMessageDescriptor *type;
	const uint8_t *end;
};

struct walk {
	struct importer *im;
	const uint8_t *at;
	struct message stack[DEPTH_MAX];
	unsigned int depth;
	uint64_t cost;
};

static bool read_varint(struct walk *w, const uint8_t *end, uint64_t *value)
{
	unsigned int shift;

	*value = 0;
	for (shift = 0; shift < 70 && w->at < end; shift += 7) {
		uint8_t byte = *w->at++;

		if (shift < 64)
			*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static size_t element_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return 8;
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	default:
		return 4;
	}
}

static bool is_fixed(ProtobufCType type)
{
	return type == PROTOBUF_C_TYPE_FLOAT || type == PROTOBUF_C_TYPE_DOUBLE ||
	       type == PROTOBUF_C_TYPE_FIXED32 || type == PROTOBUF_C_TYPE_SFIXED32 ||
	       type == PROTOBUF_C_TYPE_FIXED64 || type == PROTOBUF_C_TYPE_SFIXED64;
}

/* Elements of a packed field: each varint ends with a byte below 0x80. */
static uint64_t packed_elements(const uint8_t *data, uint64_t length, ProtobufCType type)
{
	uint64_t count = 0, i;

	if (is_fixed(type))
		return length / element_size(type);
	for (i = 0; i < length; i++)
		count += data[i] < 0x80;
	return count;
}

static int push(struct walk *w, const ProtobufCMessageDescriptor *type, const uint8_t *end)
{
	if (w->depth == DEPTH_MAX)
		return import_fail(w->im, -E2BIG, "the file nests messages more than %d deep",
				   DEPTH_MAX);
	w->stack[w->depth++] = (struct message){ type, end };
	w->cost += type->sizeof_message + ALLOCATION_COST;
	return 0;
}

/* A field of @length bytes, or of none when it is one number. */
static int take_field(struct walk *w, const ProtobufCFieldDescriptor *field, enum wire wire,
		      uint64_t length)
{
	const uint8_t *end = w->at + length;
	bool packed = wire == WIRE_BYTES;

	w->cost += FIELD_COST + ALLOCATION_COST;
	if (!field) {
		w->cost += sizeof(ProtobufCMessageUnknownField) + length;
		w->at = end;
		return 0;
	}
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		w->cost += element_size(field->type);
	switch (field->type) {
	case PROTOBUF_C_TYPE_MESSAGE:
		if (wire == WIRE_BYTES)
			return push(w, field->descriptor, end);
		break;
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
		w->cost += length + 1;
		break;
	default:
		if (packed)
			w->cost += packed_elements(w->at, length, field->type) *
				   element_size(field->type);
	}
	w->at = end;
	return 0;
}

static int malformed(struct walk *w)
{
	return import_fail(w->im, -EBADMSG, "not an ONNX model: a field is cut short or of an "
			   "unknown kind");
}

static int step(struct walk *w)
{
	const struct message *top = &w->stack[w->depth - 1];
	uint64_t key, length = 0, left;

	if (!read_varint(w, top->end, &key))
		return malformed(w);
	left = (uint64_t)(top->end - w->at);
	switch (key & 7) {
	case WIRE_VARINT:
		if (!read_varint(w, top->end, &length))
			return malformed(w);
		length = 0;
		break;
	case WIRE_64:
		length = 8;
		break;
	case WIRE_32:
		length = 4;
		break;
	case WIRE_BYTES:
		if (!read_varint(w, top->end, &length))
			return malformed(w);
		left = (uint64_t)(top->end - w->at);
		break;
	default:
		return malformed(w);
	}
	if (length > left)
		return malformed(w);
	return take_field(w, protobuf_c_message_descriptor_get_field(top->type,
								     (unsigned int)(key >> 3)),
			  (enum wire)(key & 7), length);
}

int wire_check(struct importer *im, const void *data, size_t size)
{
	struct walk w = { .im = im, .at = data };
	int error = push(&w, &onnx__model_proto__descriptor, w.at + size);

	while (w.depth && !error) {
		if (w.at == w.stack[w.depth - 1].end)
			w.depth--;
		else
			error = step(&w);
	}
	return error ? error : budget_take(im, 1, w.cost, "the file");
}
