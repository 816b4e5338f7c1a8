/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Prints bytes of the hardware contract as members with their names.
 *
 * One line a member: PATH = VALUE, then "# NAMES" where values have names. Numbers below
 * 65536 are decimal, others hexadecimal; bytes are "hex DIGITS", texts are in quotes. An
 * array of zeros is one 0. Elements of arrays of structures that are zero throughout are
 * left out. What is printed determines all bytes, but those of a union behind the end of a
 * shorter alternative.
 */
#ifndef TSR_HW_DECODE_H
#define TSR_HW_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** struct tsr_hw_name - a value or a mask, and what it is called */
struct tsr_hw_name {
	const char *name;
	uint64_t value;
};

enum tsr_hw_meaning_kind {
	TSR_HW_VALUES,	/* one name holds */
	TSR_HW_FIELDS,	/* names are masks */
};

/**
 * struct tsr_hw_meaning - what a number says; @name is that of the contract; @open: so may others
 */
struct tsr_hw_meaning {
	const char *name;
	enum tsr_hw_meaning_kind kind;
	const struct tsr_hw_name *names;
	size_t count;
	bool open;
};

/**
 * struct tsr_hw_tag - when an alternative of a union holds
 * @offset: of the tag in the structure
 * @size: of the tag, 0: the member is in no union, or in one without a tag
 * @values: with these values
 * @count: how many
 * @otherwise: with all others instead
 */
struct tsr_hw_tag {
	size_t offset;
	size_t size;
	const uint64_t *values;
	size_t count;
	bool otherwise;
};

/**
 * struct tsr_hw_member - one member; those of nested groups have their path as name
 * @name: path
 * @offset: from the start of the structure
 * @size: bytes of one element
 * @count: elements of an array, 0 for a single one
 * @text: bytes up to the first zero are characters
 * @mbz: a reader refuses anything but zero
 * @fixed: a reader refuses anything but @value
 * @value: see @fixed
 * @parameter: may name a parameter of the job instead of a value
 * @meaning: of its value, or NULL
 * @index: of an array's indices, or NULL
 * @structure: of an element, or NULL
 * @tag: when it is there
 */
struct tsr_hw_member {
	const char *name;
	size_t offset;
	size_t size;
	size_t count;
	bool text;
	bool mbz;
	bool fixed;
	uint64_t value;
	bool parameter;
	const struct tsr_hw_meaning *meaning;
	const struct tsr_hw_meaning *index;
	const struct tsr_hw_structure *structure;
	struct tsr_hw_tag tag;
};

/** struct tsr_hw_structure - name without prefix, size and members */
struct tsr_hw_structure {
	const char *name;
	size_t size;
	const struct tsr_hw_member *members;
	size_t member_count;
};

/**
 * struct tsr_hw_body - structure of a command, its header included, and the kinds of
 * engines it is for: one or two
 */
struct tsr_hw_body {
	uint8_t op;
	uint8_t engine;
	uint8_t also;
	const struct tsr_hw_structure *structure;
};

extern const struct tsr_hw_structure *const tsr_hw_structures[];
extern const size_t tsr_hw_structure_count;
extern const struct tsr_hw_meaning *const tsr_hw_meanings[];
extern const size_t tsr_hw_meaning_count;
extern const struct tsr_hw_body tsr_hw_bodies[];
extern const size_t tsr_hw_body_count;

/** tsr_hw_find() - the structure of that name without prefix, or NULL */
const struct tsr_hw_structure *tsr_hw_find(const char *name);

/** tsr_hw_find_meaning() - the enumeration, flags or fields of that name, or NULL */
const struct tsr_hw_meaning *tsr_hw_find_meaning(const char *name);

/**
 * tsr_hw_named() - the number of a name
 * @meaning: the enumeration, flags or fields, such as "ERR"
 * @name: without prefix, such as "BUDGET"
 * @value: set when the name is known
 */
bool tsr_hw_named(const char *meaning, const char *name, uint64_t *value);

/**
 * tsr_hw_find_engine() - the first kind of engine that runs a command; false for an unknown opcode
 */
bool tsr_hw_find_engine(uint8_t op, uint8_t *engine);

/** tsr_hw_runs_on() - whether engines of a kind run a command; false for an unknown opcode */
bool tsr_hw_runs_on(uint8_t op, uint8_t engine);

/** tsr_hw_find_body() - the structure of a command, or NULL for an unknown opcode */
const struct tsr_hw_structure *tsr_hw_find_body(uint8_t op);

/**
 * struct tsr_hw_part - a structure inside of a command; @path: as "post.code[2]", "" for the body
 */
struct tsr_hw_part {
	char path[32];
	const struct tsr_hw_structure *structure;
	size_t offset;
};

/**
 * tsr_hw_command_part() - the parts of a command: its body, and the VECTOR programs behind it
 * @body: structure of the command, header included
 * @command: its bytes, as many as tsr_hw_command_size() says
 * @number: from 0 on; 0 is the body
 * @part: the part
 *
 * Return: false: there are no more.
 */
bool tsr_hw_command_part(const struct tsr_hw_structure *body, const void *command, size_t number,
			 struct tsr_hw_part *part);

/**
 * tsr_hw_program_size() - bytes of a VECTOR program
 * @program: its bytes, head first
 * @size: how many there are
 *
 * Return: 0: they are more than @size.
 */
size_t tsr_hw_program_size(const void *program, size_t size);

/**
 * tsr_hw_command_size() - bytes of all parts of a command
 * @body: structure of the command, header included
 * @command: its bytes
 * @size: how many there are
 *
 * Return: 0: they are more than @size, or programs do not lie right behind the body.
 */
size_t tsr_hw_command_size(const struct tsr_hw_structure *body, const void *command, size_t size);

/**
 * tsr_hw_command_at() - the structure of the command that @bytes begin with
 *
 * NULL where the header is cut off, the opcode is unknown, or the size is not that of its
 * parts or more than @size.
 */
const struct tsr_hw_structure *tsr_hw_command_at(const void *bytes, size_t size);

/**
 * tsr_hw_decode() - print a structure
 * @out: where to
 * @structure: what the bytes are
 * @bytes: little-endian, of any alignment; at least the structure's size
 */
void tsr_hw_decode(FILE *out, const struct tsr_hw_structure *structure, const void *bytes);

/** tsr_hw_decode_word() - print a number and its names: a register, a page-table entry */
void tsr_hw_decode_word(FILE *out, const struct tsr_hw_meaning *meaning, uint64_t word);

/**
 * tsr_hw_decode_stream() - print the commands of a stream, an empty line between two
 *
 * Ends where tsr_hw_command_at() finds none. Returns the bytes printed.
 */
size_t tsr_hw_decode_stream(FILE *out, const void *bytes, size_t size);

/**
 * tsr_hw_is_there() - does an alternative of a union hold?
 * @member: of the structure that begins at @bytes; what is in no union always does
 */
bool tsr_hw_is_there(const struct tsr_hw_member *member, const void *bytes);

/** tsr_hw_load() - a little-endian number of up to eight bytes */
uint64_t tsr_hw_load(const void *bytes, size_t size);

/** tsr_hw_store() - the way back */
void tsr_hw_store(void *bytes, size_t size, uint64_t value);

/**
 * typedef tsr_hw_defect_fn - is told of a defect
 * @context: what the caller gave
 * @offset: of the member, from the start of the structure
 * @path: of the member
 * @rule: what is there and what must be, as "is 3, must be zero"
 */
typedef void (*tsr_hw_defect_fn)(void *context, size_t offset, const char *path, const char *rule);

/**
 * tsr_hw_check() - hold a structure against the contract
 *
 * Checks each member by itself: bytes that must be zero, members with one value, values
 * that the enumeration does not have, bits without a meaning.
 */
void tsr_hw_check(const struct tsr_hw_structure *structure, const void *bytes,
		  tsr_hw_defect_fn defect, void *context);

#endif
