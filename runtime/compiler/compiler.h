/* SPDX-License-Identifier: MIT */
/*
 * The compiler's stages and what passes between them.
 *
 *   graph --precision--> graph --fuse--> steps --place--> steps with views
 *         --plan--> scratch offsets --order--> edges --emit--> program
 *
 * Slots of a program: inputs, then outputs, then scratch. Weights are constants
 * of the program itself.
 */
#ifndef TSR_COMPILER_H
#define TSR_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/vector.h>

#include "../graph/graph.h"

/*
 * Entry 0 of a layout's storages and views stands for none and is never placed, so that a
 * zeroed or missing number is not some tensor's.
 */
#define TSR_NO_STORAGE	0u
#define TSR_NO_VIEW	0u

/** struct tsr_step - one node of the program: an operator with what was fused into it */
struct tsr_step {
	enum tsr_operator op;
	const struct tsr_graph_node *node;	/* NULL for a movement the compiler added */
	tsr_tensor in[3];			/* TSR_NO_TENSOR where absent */
	tsr_tensor residual;
	enum tsr_activation activation;
	float alpha;
	float beta;
	tsr_tensor out;
	unsigned int in_view[3];		/* views, set by placing */
	unsigned int residual_view;
	unsigned int out_view;
	char label[48];				/* "conv+bias+relu" */
};

/** struct tsr_steps - in topological order */
struct tsr_steps {
	struct tsr_step *step;
	size_t count;
};

/** enum tsr_storage_kind - where a piece of memory is */
enum tsr_storage_kind {
	TSR_STORAGE_NONE,
	TSR_STORAGE_INPUT,
	TSR_STORAGE_OUTPUT,
	TSR_STORAGE_SCRATCH,
	TSR_STORAGE_CONSTANT,
};

/** struct tsr_storage - a piece of memory that tensors are views of */
struct tsr_storage {
	enum tsr_storage_kind kind;
	size_t index;		/* of the input or output */
	const void *data;	/* of a constant */
	void *owned;		/* @data, if it is the layout's own */
	size_t size;
	size_t offset;		/* in scratch or the constants, set by planning */
	size_t first;		/* steps that touch it */
	size_t last;
};

/** struct tsr_view - a tensor in memory */
struct tsr_view {
	unsigned int storage;
	uint64_t offset;		/* bytes into the storage */
	uint64_t stride[TSR_RANK_MAX];	/* bytes */
	struct tsr_tensor_info info;	/* scales belong to the graph */
	unsigned int scales;		/* storage of per-channel scales, or TSR_NO_STORAGE; what a
					 * step that is a product reads has multipliers */
};

/** struct tsr_layout - storages and views of a compilation; counts include entry 0 */
struct tsr_layout {
	struct tsr_storage *storage;
	size_t storage_count;
	struct tsr_view *view;
	size_t view_count;
	size_t scratch;		/* bytes, set by planning */
	size_t constants;	/* bytes, set by planning */
};

/** struct tsr_edges - dependences, sorted by the step they start from */
struct tsr_edges {
	uint16_t (*edge)[2];	/* from, to */
	size_t count;
};

struct tsr_hw_blocks;
struct tsr_hw_fuses;
struct tsr_hw_step;

/** tsr_compile_for() - tsr_compile() for the device that @fuses describe. */
int tsr_compile_for(const struct tsr_graph *graph, const struct tsr_hw_fuses *fuses,
		    const struct tsr_compile_options *options, struct tsr_program **program);

/**
 * struct tsr_loss - values of a constant that a narrower type does not hold
 * @constant: its number in the narrow graph
 * @overflows: finite values that became the type's largest
 * @underflows: other values than zero that became its smallest
 */
struct tsr_loss {
	tsr_tensor constant;
	uint64_t overflows;
	uint64_t underflows;
};

/** struct tsr_losses - constants with such values */
struct tsr_losses {
	struct tsr_loss *loss;
	size_t count;
};

/**
 * tsr_graph_with_precision() - the same graph, fp32 replaced by @type inside
 * @losses: zeroed; the caller frees losses->loss, also on errors
 */
int tsr_graph_with_precision(const struct tsr_graph *graph, enum tsr_type type,
			     struct tsr_losses *losses,
			     struct tsr_graph **result);

/**
 * struct tsr_fusion - a consumer that steps can take up
 * @producers: bit per operator that the step may have begun with
 * @consumer: operator of the node that reads the step's result, and nothing else does
 * @fuse: put the node into the step and say so in the label, or return false: its types,
 *	shapes or function are not what the command can express
 */
struct tsr_fusion {
	uint32_t producers;
	enum tsr_operator consumer;
	bool (*fuse)(const struct tsr_graph *graph, const struct tsr_graph_node *node,
		     struct tsr_step *step);
};

/** tsr_fusions - all of them; tests are generated from this table */
#define TSR_FUSIONS	3
extern const struct tsr_fusion tsr_fusions[TSR_FUSIONS];

/** tsr_fuse() - steps of a graph; the caller frees steps->step. */
int tsr_fuse(const struct tsr_graph *graph, struct tsr_steps *steps);

/** tsr_place() - decide where every tensor lives; may add movement steps. */
int tsr_place(const struct tsr_graph *graph, struct tsr_steps *steps, struct tsr_layout *layout);

/** tsr_layout_free() - release what tsr_place() made. */
void tsr_layout_free(struct tsr_layout *layout);

/** tsr_plan() - offsets in scratch memory by lifetime, and of constants. */
int tsr_plan(struct tsr_layout *layout);

/** struct tsr_range_losses - of a program; names are owned */
struct tsr_range_losses {
	struct tsr_range_loss *loss;
	size_t count;
};

/** tsr_find_losses() - what placed steps read of the constants in @losses; adds to @found. */
int tsr_find_losses(const struct tsr_graph *graph, const struct tsr_steps *steps,
		    const struct tsr_layout *layout, const struct tsr_losses *losses,
		    struct tsr_range_losses *found);

/** tsr_order() - edges that keep every read after its write, and every reuse after both. */
int tsr_order(const struct tsr_steps *steps, const struct tsr_layout *layout,
	      struct tsr_edges *edges);

/** struct tsr_arguments - how many slots a program has for what */
struct tsr_arguments {
	size_t inputs;
	size_t outputs;
};

/**
 * struct tsr_vector - a VECTOR program, without the tensors of its inputs
 * @head: says how many there are of what follows
 * @constants: little-endian
 * @code: instructions
 */
struct tsr_vector {
	struct tsr_hw_vector head;
	__le64 constants[TSR_HW_VECTOR_MAX_CONSTS];
	struct tsr_hw_insn code[TSR_HW_VECTOR_MAX_INSNS];
};

/**
 * tsr_vector_of() - the program of an element-wise step
 * @step: UNARY, BINARY or CONVERT
 * @in: its inputs; the second one of BINARY only
 * @out: its output
 * @vector: result
 */
void tsr_vector_of(const struct tsr_step *step, const struct tsr_tensor_info *const in[2],
		   const struct tsr_tensor_info *out, struct tsr_vector *vector);

/**
 * tsr_vector_of_average() - the program that makes an average of the sum over a window
 * @node: a pool that is no maximum
 * @in: its input
 * @out: its output, of the same type
 * @vector: result, without inputs
 *
 * Return: whether it needs the number of elements of each window.
 */
bool tsr_vector_of_average(const struct tsr_graph_node *node, const struct tsr_tensor_info *in,
			   const struct tsr_tensor_info *out, struct tsr_vector *vector);

/**
 * tsr_vector_before() - the program before a reduction or softmax
 * @step: REDUCE or SOFTMAX
 * @in: its input
 * @vector: result, without inputs
 *
 * Return: whether there is one.
 */
bool tsr_vector_before(const struct tsr_step *step, const struct tsr_tensor_info *in,
		       struct tsr_vector *vector);

/**
 * tsr_vector_behind() - the program behind a reduction or softmax
 * @step: REDUCE or SOFTMAX
 * @in: its input
 * @out: its output
 * @vector: result, without inputs
 *
 * Return: whether there is one.
 */
bool tsr_vector_behind(const struct tsr_step *step, const struct tsr_tensor_info *in,
		       const struct tsr_tensor_info *out, struct tsr_vector *vector);

/**
 * struct tsr_epilogue - inputs that the epilogue of a product has, in this order
 * @bias: one for each column
 * @multipliers: one for each column, of integers
 * @residual: shaped as the output
 */
struct tsr_epilogue {
	bool bias;
	bool multipliers;
	bool residual;
};

/**
 * tsr_epilogue_of() - the program behind a product
 * @step: with the activation
 * @epilogue: its inputs
 * @a: first operand
 * @b: second operand
 * @out: output
 * @vector: result; without instructions there is nothing to do
 */
void tsr_epilogue_of(const struct tsr_step *step, const struct tsr_epilogue *epilogue,
		     const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		     const struct tsr_tensor_info *out, struct tsr_vector *vector);

/**
 * tsr_multiplier() - what integer accumulators are multiplied with; @scale: of the second operand
 */
float tsr_multiplier(const struct tsr_tensor_info *a, float scale,
		     const struct tsr_tensor_info *out);

/**
 * struct tsr_product - a product that is cut into blocks
 * @m: rows; lines of the output of a convolution
 * @n: columns, of a group
 * @k: depth, of a group
 * @groups: at least 1
 * @type: that it runs at
 * @window: of a convolution, else 0
 * @window.taps: of a window
 * @window.line: outputs of a line
 * @window.in_line: inputs of a line
 * @window.lines: of an output picture
 * @window.in_lines: of an input picture
 * @window.stride: from a window to the one below it
 * @window.reach: lines that a window goes over
 * @sizes: bytes of an element of the operands, of the output, and of all inputs of the epilogue
 */
struct tsr_product {
	uint64_t m;
	uint64_t n;
	uint64_t k;
	uint64_t groups;
	enum tsr_type type;
	struct {
		uint64_t taps;
		uint64_t line;
		uint64_t in_line;
		uint64_t lines;
		uint64_t in_lines;
		uint64_t stride;
		uint64_t reach;
	} window;
	struct {
		uint64_t a;
		uint64_t b;
		uint64_t d;
		uint64_t inputs;
	} sizes;
};

/**
 * tsr_product_blocks() - blocks that suit a device: they fit its scratchpad and its array
 * @fuses: the device, with a rate for the product's type
 * @product: what is cut
 * @blocks: result
 *
 * Return: whether they fit; the smallest blocks of a matrix product always do, those of a
 * convolution are lines.
 */
bool tsr_product_blocks(const struct tsr_hw_fuses *fuses, const struct tsr_product *product,
			struct tsr_hw_blocks *blocks);

/** TSR_COMMAND_MAX - no command is larger, in bytes */
#define TSR_COMMAND_MAX	3072

/**
 * tsr_lower() - the command of one step
 * @fuses: the device
 * @constants: offset of the constants in the program
 * @command: where to, TSR_COMMAND_MAX bytes
 *
 * Return: bytes of the command; 0 for a convolution whose lines do not fit the scratchpad.
 */
size_t tsr_lower(const struct tsr_hw_fuses *fuses, const struct tsr_layout *layout,
		 const struct tsr_arguments *arguments, uint32_t constants,
		 const struct tsr_step *step, void *command);

/**
 * tsr_default_blocks() - extents of the steps of a command that has no reason for others
 * @walked: the tensor that the command walks
 * @step: result, zeroed before
 */
void tsr_default_blocks(const struct tsr_tensor_info *walked, struct tsr_hw_step *step);

/** tsr_step_macs() - multiply-accumulates of a step. */
uint64_t tsr_step_macs(const struct tsr_layout *layout, const struct tsr_step *step);

/** tsr_step_views() - storages a step touches, the written one first; returns how many. */
size_t tsr_step_views(const struct tsr_step *step, unsigned int views[5]);

/** struct tsr_image - a finished program */
struct tsr_image {
	void *data;
	size_t size;
};

/** tsr_emit() - lay out header, tables, streams and constants. */
int tsr_emit(const struct tsr_hw_fuses *fuses, const struct tsr_steps *steps,
	     const struct tsr_layout *layout, const struct tsr_edges *edges,
	     const struct tsr_arguments *arguments, struct tsr_image *image);

#endif
