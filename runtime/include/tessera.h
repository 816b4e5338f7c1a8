/* SPDX-License-Identifier: MIT */
/**
 * DOC: libtessera - run neural networks on a Tessera NPU
 *
 * The way of a graph: tsr_graph_create() and the tsr_graph_*() operators describe
 * it, tsr_compile() makes a program, tsr_context_create() opens an address space
 * and a queue on a device, tsr_model_load() puts the program there,
 * tsr_job_submit() runs it asynchronously, tsr_job_wait() waits.
 *
 * Conventions
 * - Functions that can fail return 0 or a negative errno; tsr_error() has a
 *   sentence for the last failure of the calling thread.
 * - Objects are opaque, made by *_create(), *_open() or *_load() and released by
 *   *_destroy(), *_close() or *_unload(), which take NULL.
 * - Any thread may use any object, and several threads the same one at the same time, with
 *   two exceptions: a graph is used by one thread at a time, and a call that releases an
 *   object comes after all others on it and on what was made from it.
 * - A device, and all that was made on it, belongs to the process that opened it. In a child
 *   of that process calls on such an object return -EPERM, or NULL and 0 where they return
 *   no error; releasing frees memory at most and does nothing to the parent's session. What
 *   is only memory can be used: graphs, programs, facts about the device, buffer sizes. A
 *   child that wants the NPU opens it again. Buffers are not mapped in children, and
 *   descriptors are closed by exec().
 * - Option structs begin with their size: TSR_OPTIONS(name, .member = ...). One of an older
 *   header is shorter, and what it lacks is 0; a longer one gives -E2BIG when a byte is set
 *   that the library does not know, and -EINVAL when the size was never set.
 * - Tensors are described outermost dimension first, at most TSR_RANK_MAX.
 */
#ifndef TESSERA_H
#define TESSERA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_RANK_MAX		5
#define TSR_OPTIONS(name, ...)	{ .size = sizeof(struct name), __VA_ARGS__ }

struct tsr_device;
struct tsr_context;
struct tsr_buffer;
struct tsr_graph;
struct tsr_program;
struct tsr_model;
struct tsr_job;

/** enum tsr_type - element types */
enum tsr_type {
	TSR_FP32 = 1,
	TSR_FP16 = 2,
	TSR_BF16 = 3,
	TSR_INT8 = 6,
	TSR_UINT8 = 7,
	TSR_INT32 = 12,
};

/* ---- library ---------------------------------------------------------- */

/** tsr_version() - version of the library as "major.minor.patch". */
const char *tsr_version(void);

/**
 * tsr_error() - what went wrong last in this thread
 *
 * Return: a sentence in English naming what, where and what to do; never NULL.
 * Valid until the next call into the library by this thread.
 */
const char *tsr_error(void);

/** tsr_type_size() - bytes of one element of @type, 0 for an unknown type. */
size_t tsr_type_size(enum tsr_type type);

/** tsr_type_name() - "fp32", "int8", ...; "?" for an unknown type. */
const char *tsr_type_name(enum tsr_type type);

/* ---- devices ---------------------------------------------------------- */

/**
 * struct tsr_device_entry - one NPU of this machine
 * @index: number N of /dev/accel/accelN
 * @path: device node
 * @bus: PCI address, "0000:01:00.0"
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @sku: PCI subsystem device id, TSR_HW_SKU_* of the hardware manual
 */
struct tsr_device_entry {
	unsigned int index;
	char path[64];
	char bus[32];
	uint16_t vendor;
	uint16_t device;
	uint16_t sku;
};

/**
 * tsr_device_list() - find the NPUs of this machine through /sys/class/accel
 * @entries: where to, may be NULL when @capacity is 0
 * @capacity: entries that fit
 *
 * Needs no permission on the device nodes. Without /sys the nodes in /dev/accel that
 * can be opened are asked; their @bus is then empty.
 *
 * The environment variable TESSERA_VISIBLE_DEVICES, if set, is a list of selectors
 * (see tsr_device_find()) with commas between them: only these NPUs are listed and
 * can be opened, in this order. An empty list hides all.
 *
 * Return: how many there are, which may exceed @capacity, or a negative errno:
 * -ENOENT the variable names an NPU that is not here, -EINVAL something else.
 */
int tsr_device_list(struct tsr_device_entry *entries, size_t capacity);

/**
 * tsr_device_find() - number of the NPU that a person or a configuration names
 * @selector: "2" for /dev/accel/accel2, a PCI address "0000:01:00.0" or "01:00.0", or
 *	"serial:0123456789abcdef", the serial number as tessera-smi shows it
 * @index: out: number N of /dev/accel/accelN
 *
 * Numbers depend on the order of discovery; addresses stay with the slot and serial
 * numbers with the device. To read serial numbers the nodes are opened.
 *
 * Return: 0, -EINVAL no selector, -ENOENT no such NPU, or hidden by
 * TESSERA_VISIBLE_DEVICES, or another negative errno.
 */
int tsr_device_find(const char *selector, unsigned int *index);

/**
 * tsr_device_open() - open an NPU
 * @index: number N of /dev/accel/accelN
 * @device: out: the device
 *
 * Return: 0, -ENOENT no such device, -EACCES no permission on its node,
 * -ENODEV not a Tessera NPU or gone, -EPROTO driver too old or too new.
 */
int tsr_device_open(unsigned int index, struct tsr_device **device);

/** enum tsr_device_status - tsr_device_status() */
enum tsr_device_status {
	TSR_DEVICE_READY = 0,	/* jobs run */
	TSR_DEVICE_LOST = 1,	/* it is gone or does not answer: its slot must be looked at */
	TSR_DEVICE_FAILED = 2,	/* resets did not bring it back: reload the module */
};

/**
 * tsr_device_status() - ask the driver whether the NPU works at this moment
 *
 * Return: enum tsr_device_status, or a negative errno.
 */
int tsr_device_status(struct tsr_device *device);

/** tsr_device_close() - release a device; its contexts must be gone. */
void tsr_device_close(struct tsr_device *device);

/**
 * tsr_device_fd() - the file descriptor, owned by @device, for own ioctls
 *
 * Return: the descriptor, or -EPERM in a child of the process that opened the device.
 */
int tsr_device_fd(const struct tsr_device *device);

/** struct drm_tessera_query_hw and the other queries are in <drm/tessera_accel.h>. */
struct drm_tessera_query_hw;
struct drm_tessera_query_firmware;
struct drm_tessera_query_limits;
struct tsr_hw_fuses;

/** tsr_device_hw() - identification; owned by @device, constant. */
const struct drm_tessera_query_hw *tsr_device_hw(const struct tsr_device *device);
/** tsr_device_firmware() - running firmware as of tsr_device_open(). */
const struct drm_tessera_query_firmware *tsr_device_firmware(const struct tsr_device *device);
/** tsr_device_limits() - limits of device and driver. */
const struct drm_tessera_query_limits *tsr_device_limits(const struct tsr_device *device);
/** tsr_device_fuses() - fuse block, little-endian as the device gives it. */
const struct tsr_hw_fuses *tsr_device_fuses(const struct tsr_device *device);

/**
 * tsr_device_peak_tops() - dense peak rate in 10^12 operations/s
 *
 * 2 * macs[type] * tensor_tiles * clock, from the fuses (hardware manual,
 * section 7). 0 when the device does not compute @type, which may also be a
 * TSR_HW_TYPE_* that graphs do not have.
 */
double tsr_device_peak_tops(const struct tsr_device *device, enum tsr_type type);

/* ---- contexts and buffers --------------------------------------------- */

/**
 * struct tsr_context_options - how a context is made
 * @size: set by TSR_OPTIONS
 * @priority: DRM_TESSERA_PRIORITY_* plus 1; 0 for normal
 * @budget_ns: engine time one job may take, in device time; 0 for the largest allowed
 * @local: programs, with their constants, and intermediate memory of models lie in the NPU's
 *	own memory, which on the classes that have it is many times faster
 */
struct tsr_context_options {
	size_t size;
	unsigned int priority;
	uint64_t budget_ns;
	bool local;
};

/**
 * tsr_context_create() - open an address space with a job queue
 * @device: must outlive the context
 * @options: NULL for defaults
 * @context: out
 *
 * Return: 0 or a negative errno (-EACCES: priority needs CAP_SYS_NICE).
 */
int tsr_context_create(struct tsr_device *device, const struct tsr_context_options *options,
		       struct tsr_context **context);

/** tsr_context_destroy() - release it; its buffers, models and jobs must be gone. */
void tsr_context_destroy(struct tsr_context *context);

/**
 * struct tsr_context_state - is the queue alive, and if not, why
 * @failed: a job failed; a new context is needed
 * @error: errno of that job, positive
 * @device_error: TSR_HW_ERR_* of the hardware manual
 * @node: node of the program, UINT32_MAX when it was none
 * @address: faulting address or 0
 * @start: device cycle the last completed job started
 * @end: device cycle it ended
 */
struct tsr_context_state {
	bool failed;
	int error;
	uint32_t device_error;
	uint32_t node;
	uint64_t address;
	uint64_t start;
	uint64_t end;
};

/** tsr_context_state() - ask the driver. Return: 0 or a negative errno. */
int tsr_context_state(struct tsr_context *context, struct tsr_context_state *state);

/**
 * tsr_buffer_create() - memory that CPU and NPU share
 * @context: where it is mapped, readable and writable by the NPU; no other can map it, so
 *	that a submission costs the same however many buffers there are
 * @size: bytes, rounded up to pages; zeroed
 * @buffer: out
 */
int tsr_buffer_create(struct tsr_context *context, size_t size, struct tsr_buffer **buffer);

/**
 * tsr_buffer_create_local() - memory of the NPU itself, which no CPU reaches
 * @context: where it is mapped, as by tsr_buffer_create()
 * @size: bytes, rounded up to pages; zeroed
 * @buffer: out
 *
 * tsr_buffer_write() and tsr_buffer_read() fill and drain it. A reset of the NPU, and a sleep
 * of the system, lose its contents: the context then fails, with -ECANCELED, and what is to
 * be in the buffers of a new one is written again.
 *
 * Return: 0, -EOPNOTSUPP on an NPU without such memory, -ENOSPC without room, -EDQUOT when the
 * user holds its limit, or another negative errno.
 */
int tsr_buffer_create_local(struct tsr_context *context, size_t size, struct tsr_buffer **buffer);

/**
 * tsr_buffer_write() - copy to a buffer of either kind
 * @buffer: buffer
 * @offset: bytes into it
 * @data: what
 * @size: bytes
 *
 * To local memory it is jobs of the context that copy: this waits for them, and so for all jobs
 * submitted before. Other buffers are written at once, whatever runs.
 *
 * Return: 0, -EINVAL beyond the end of the buffer, or the error of a job.
 */
int tsr_buffer_write(struct tsr_buffer *buffer, size_t offset, const void *data, size_t size);

/** tsr_buffer_read() - copy from a buffer of either kind, as tsr_buffer_write(). */
int tsr_buffer_read(struct tsr_buffer *buffer, size_t offset, void *data, size_t size);

/** tsr_buffer_destroy() - no job may use it any more. */
void tsr_buffer_destroy(struct tsr_buffer *buffer);

/** tsr_buffer_data() - CPU address, page aligned, valid until destroyed; NULL in local memory. */
void *tsr_buffer_data(struct tsr_buffer *buffer);

/** tsr_buffer_size() - bytes. */
size_t tsr_buffer_size(const struct tsr_buffer *buffer);

/* ---- graphs ----------------------------------------------------------- */

/** Number of a tensor inside its graph; negative values are errors. */
typedef int tsr_tensor;

/** Absent optional tensor. */
#define TSR_NO_TENSOR	INT32_MIN

/**
 * struct tsr_tensor_info - a tensor
 * @type: element type
 * @rank: dimensions, 1 to TSR_RANK_MAX
 * @dim: extents, outermost first
 * @scale: real = scale * (q - zero_point), for integer types; 0 when not quantized
 * @zero_point: see @scale
 * @scales: per-channel scales of a weight tensor, or NULL; copied
 * @scale_count: how many
 * @scale_axis: dimension they belong to
 */
struct tsr_tensor_info {
	enum tsr_type type;
	unsigned int rank;
	int64_t dim[TSR_RANK_MAX];
	float scale;
	int32_t zero_point;
	const float *scales;
	size_t scale_count;
	unsigned int scale_axis;
};

/** tsr_graph_create() - an empty graph. @name: for messages and profiles, copied. */
int tsr_graph_create(const char *name, struct tsr_graph **graph);
/** tsr_graph_destroy() - release it; programs compiled from it live on. */
void tsr_graph_destroy(struct tsr_graph *graph);

/** tsr_graph_input() - add an input. Return: its number or a negative errno. */
tsr_tensor tsr_graph_input(struct tsr_graph *graph, const char *name,
			   const struct tsr_tensor_info *info);

/**
 * tsr_graph_constant() - add weights
 * @data: row-major elements, copied
 * @size: bytes, must be what @info says
 */
tsr_tensor tsr_graph_constant(struct tsr_graph *graph, const char *name,
			      const struct tsr_tensor_info *info, const void *data, size_t size);

/** tsr_graph_output() - make @tensor an output under @name. Return: 0 or a negative errno. */
int tsr_graph_output(struct tsr_graph *graph, const char *name, tsr_tensor tensor);

/** tsr_graph_rename() - name a tensor, for messages and profiles. Return: 0 or a negative errno. */
int tsr_graph_rename(struct tsr_graph *graph, tsr_tensor tensor, const char *name);

/** tsr_graph_tensor_info() - what is known of a tensor; owned by the graph. */
const struct tsr_tensor_info *tsr_graph_tensor_info(const struct tsr_graph *graph,
						    tsr_tensor tensor);

/** tsr_graph_macs() - multiply-accumulates of one run, counted as the hardware manual does. */
uint64_t tsr_graph_macs(const struct tsr_graph *graph);

/**
 * struct tsr_quantization - type, scale and zero point of an operator's output
 * @type: 0 for the type of the first input
 * @scale: for integer types
 * @zero_point: for integer types
 *
 * Where an operator takes one, NULL means "as the first input".
 */
struct tsr_quantization {
	enum tsr_type type;
	float scale;
	int32_t zero_point;
};

/** enum tsr_activation - fused after an operator */
enum tsr_activation {
	TSR_ACTIVATION_NONE = 0,
	TSR_ACTIVATION_RELU = 1,
	TSR_ACTIVATION_CLIP = 2,
};

/**
 * struct tsr_conv_options - tsr_graph_conv()
 * @size: set by TSR_OPTIONS
 * @stride: rows, columns; 0 means 1
 * @dilation: rows, columns; 0 means 1
 * @pad: top, left, bottom, right
 * @groups: 0 means 1
 */
struct tsr_conv_options {
	size_t size;
	uint32_t stride[2];
	uint32_t dilation[2];
	uint32_t pad[4];
	uint32_t groups;
};

/**
 * tsr_graph_conv() - two-dimensional convolution
 * @x: [N, C, H, W]
 * @w: constant [O, C / groups, KH, KW]
 * @bias: constant [O], fp32 (int32 for integer operands), or TSR_NO_TENSOR
 * @options: NULL for stride 1, no padding
 * @out: output type and quantization
 *
 * Return: tensor [N, O, OH, OW] or a negative errno.
 */
tsr_tensor tsr_graph_conv(struct tsr_graph *graph, tsr_tensor x, tsr_tensor w, tsr_tensor bias,
			  const struct tsr_conv_options *options,
			  const struct tsr_quantization *out);

/**
 * tsr_graph_gemm() - [.., M, K] x [.., K, N] + bias
 * @a: left operand, rank 2 to 5
 * @b: right operand, rank 2 or as @a
 * @transpose_b: @b is [.., N, K]
 * @bias: [N] or TSR_NO_TENSOR
 */
tsr_tensor tsr_graph_gemm(struct tsr_graph *graph, tsr_tensor a, tsr_tensor b, bool transpose_b,
			  tsr_tensor bias, const struct tsr_quantization *out);

/** enum tsr_pool_mode - tsr_graph_pool() */
enum tsr_pool_mode {
	TSR_POOL_MODE_MAX = 0,
	TSR_POOL_MODE_AVERAGE = 1,
	TSR_POOL_MODE_AVERAGE_PADDED = 2,
};

/**
 * struct tsr_pool_options - tsr_graph_pool()
 * @size: set by TSR_OPTIONS
 * @kernel: rows, columns; both 0: the whole input (global pooling)
 * @stride: rows, columns; 0 means 1
 * @dilation: rows, columns; 0 means 1
 * @pad: top, left, bottom, right
 */
struct tsr_pool_options {
	size_t size;
	uint32_t kernel[2];
	uint32_t stride[2];
	uint32_t dilation[2];
	uint32_t pad[4];
};

/** tsr_graph_pool() - pooling over the last two of four dimensions. */
tsr_tensor tsr_graph_pool(struct tsr_graph *graph, tsr_tensor x, enum tsr_pool_mode mode,
			  const struct tsr_pool_options *options,
			  const struct tsr_quantization *out);

/** enum tsr_function - element-wise functions; codes of the hardware manual */
enum tsr_function {
	TSR_ADD = 0, TSR_SUB, TSR_MUL, TSR_DIV, TSR_MIN, TSR_MAX,
	TSR_RELU = 16, TSR_CLIP, TSR_SIGMOID, TSR_TANH, TSR_EXP, TSR_SQRT, TSR_NEG, TSR_ABS,
	TSR_LEAKY_RELU, TSR_HARD_SIGMOID, TSR_ERF,
};

/** tsr_graph_unary() - one input; @alpha and @beta where the function has them. */
tsr_tensor tsr_graph_unary(struct tsr_graph *graph, enum tsr_function function, tsr_tensor x,
			   float alpha, float beta, const struct tsr_quantization *out);

/** tsr_graph_binary() - two inputs, broadcast as in numpy. */
tsr_tensor tsr_graph_binary(struct tsr_graph *graph, enum tsr_function function, tsr_tensor a,
			    tsr_tensor b, const struct tsr_quantization *out);

/** tsr_graph_convert() - another type, scale or zero point. */
tsr_tensor tsr_graph_convert(struct tsr_graph *graph, tsr_tensor x,
			     const struct tsr_quantization *out);

/** enum tsr_reduction - tsr_graph_reduce() */
enum tsr_reduction {
	TSR_REDUCTION_SUM = 0,
	TSR_REDUCTION_MEAN,
	TSR_REDUCTION_MAX,
	TSR_REDUCTION_MIN,
};

/** tsr_graph_reduce() - reduce the dimensions whose bit is set in @axes to extent 1. */
tsr_tensor tsr_graph_reduce(struct tsr_graph *graph, enum tsr_reduction reduction, tsr_tensor x,
			    uint32_t axes, const struct tsr_quantization *out);

/** tsr_graph_softmax() - over the dimensions whose bit is set in @axes. */
tsr_tensor tsr_graph_softmax(struct tsr_graph *graph, tsr_tensor x, uint32_t axes,
			     const struct tsr_quantization *out);

/** tsr_graph_reshape() - same elements, other extents; no work on the device. */
tsr_tensor tsr_graph_reshape(struct tsr_graph *graph, tsr_tensor x, unsigned int rank,
			     const int64_t *dim);

/** tsr_graph_transpose() - dimension i of the result is dimension permutation[i] of @x. */
tsr_tensor tsr_graph_transpose(struct tsr_graph *graph, tsr_tensor x,
			       const unsigned int *permutation);

/** tsr_graph_concat() - join @count tensors along @axis. */
tsr_tensor tsr_graph_concat(struct tsr_graph *graph, const tsr_tensor *tensors, size_t count,
			    unsigned int axis, const struct tsr_quantization *out);

/* ---- compilation ------------------------------------------------------ */

/**
 * struct tsr_compile_options - tsr_compile()
 * @size: set by TSR_OPTIONS
 * @precision: TSR_FP16 or TSR_BF16 compute fp32 graphs in that type; 0 as written
 *
 * Constants become @precision without change of sign, finiteness or being zero:
 * a finite value beyond the type becomes its largest, one too close to zero its
 * smallest. tsr_program_range_loss() tells where. What the device computes is
 * rounded as IEEE 754 says: a sum or product beyond the type is infinite.
 */
struct tsr_compile_options {
	size_t size;
	enum tsr_type precision;
};

/**
 * tsr_compile() - make a program of a graph
 * @graph: complete, with at least one output
 * @device: device it is for
 * @options: NULL for defaults
 * @program: out; independent of @graph and @device afterwards
 *
 * Convolution and GEMM take up bias, residual addition and activation;
 * intermediate tensors share scratch memory by lifetime.
 *
 * With TESSERA_VERIFY=1 in the environment the result of every stage is checked;
 * that takes longer and changes nothing else.
 *
 * Return: 0, -EINVAL graph wrong, -EOPNOTSUPP an operator or type this device
 * does not compute, -E2BIG more nodes than it takes, -ENOTRECOVERABLE the
 * compiler is wrong: report the graph and the sentence.
 */
int tsr_compile(const struct tsr_graph *graph, const struct tsr_device *device,
		const struct tsr_compile_options *options, struct tsr_program **program);

/** tsr_program_destroy() - release it; loaded models live on. */
void tsr_program_destroy(struct tsr_program *program);

/**
 * struct tsr_argument - input or output of a program
 * @name: as in the graph
 * @info: type and shape; @info.scales is NULL
 * @size: bytes, row-major
 */
struct tsr_argument {
	const char *name;
	struct tsr_tensor_info info;
	size_t size;
};

/** tsr_program_inputs() - how many. */
size_t tsr_program_inputs(const struct tsr_program *program);
/** tsr_program_outputs() - how many. */
size_t tsr_program_outputs(const struct tsr_program *program);
/** tsr_program_input() - input @i, owned by the program. */
const struct tsr_argument *tsr_program_input(const struct tsr_program *program, size_t i);
/** tsr_program_output() - output @i, owned by the program. */
const struct tsr_argument *tsr_program_output(const struct tsr_program *program, size_t i);

/**
 * struct tsr_node_info - node of a program, for profiles
 * @name: graph operator(s) it stands for
 * @op: "conv+bias+relu", ...
 * @type: type it computes in
 * @macs: multiply-accumulates
 */
struct tsr_node_info {
	const char *name;
	const char *op;
	enum tsr_type type;
	uint64_t macs;
};

/** tsr_program_nodes() - how many. */
size_t tsr_program_nodes(const struct tsr_program *program);
/** tsr_program_node() - node @i, owned by the program. */
const struct tsr_node_info *tsr_program_node(const struct tsr_program *program, size_t i);

/**
 * struct tsr_range_loss - constant with values that the program's precision does not hold
 * @node: node of the program that reads it
 * @constant: its name in the graph, owned by the program
 * @type: type it has in the program
 * @values: elements
 * @overflows: of them finite, and now the type's largest value, 65504 in fp16
 * @underflows: of them not zero, and now its smallest, 2^-24 in fp16
 */
struct tsr_range_loss {
	size_t node;
	const char *constant;
	enum tsr_type type;
	uint64_t values;
	uint64_t overflows;
	uint64_t underflows;
};

/** tsr_program_range_losses() - how many: one for each such constant and node that reads it. */
size_t tsr_program_range_losses(const struct tsr_program *program);
/** tsr_program_range_loss() - loss @i, owned by the program; NULL beyond the last. */
const struct tsr_range_loss *tsr_program_range_loss(const struct tsr_program *program, size_t i);

/** tsr_program_scratch() - bytes of intermediate memory one run needs. */
size_t tsr_program_scratch(const struct tsr_program *program);
/** tsr_program_data() - the program's bytes, as the hardware manual has them. */
const void *tsr_program_data(const struct tsr_program *program, size_t *size);

/* ---- running ---------------------------------------------------------- */

/** tsr_model_load() - put a program into a context's address space. */
int tsr_model_load(struct tsr_context *context, const struct tsr_program *program,
		   struct tsr_model **model);
/** tsr_model_unload() - its jobs must have completed. */
void tsr_model_unload(struct tsr_model *model);

/**
 * struct tsr_binding - where an input or output of a job is
 * @buffer: buffer of the same context
 * @offset: bytes into it
 * @stride: bytes to the next repetition's, 0 to reuse the same
 */
struct tsr_binding {
	struct tsr_buffer *buffer;
	size_t offset;
	size_t stride;
};

/**
 * struct tsr_submit_options - tsr_job_submit()
 * @size: set by TSR_OPTIONS
 * @repeat: times to run the program, 0 means 1; bindings advance by their strides
 * @profile: keep a record per node and repetition
 * @wait: syncobj to wait for, 0 for none
 * @wait_point: its timeline point, 0 for a binary syncobj
 * @signal: syncobj to signal as well, 0 for none
 * @signal_point: its timeline point
 * @strict: sums of floating-point numbers have one order, so that results have the same bytes on
 *	every device; slower. -EOPNOTSUPP where the firmware does not have this mode
 */
struct tsr_submit_options {
	size_t size;
	uint32_t repeat;
	bool profile;
	uint32_t wait;
	uint64_t wait_point;
	uint32_t signal;
	uint64_t signal_point;
	bool strict;
};

/**
 * tsr_job_submit() - run a model asynchronously
 * @model: loaded model; may have several jobs in flight
 * @inputs: tsr_program_inputs() bindings
 * @outputs: tsr_program_outputs() bindings
 * @options: NULL for defaults
 * @job: out: handle to wait for
 *
 * Jobs of a context run in order, those of one thread in the order it submits them. Waits
 * while the context has as many unfinished jobs as the device's limits allow.
 *
 * One system call. Handles and slot tables are recycled, so that nothing is allocated once
 * as many jobs have been released as are in use; more than 64 KiB of slots and records have
 * memory of their own.
 *
 * Return: 0 or a negative errno (-ECANCELED: an earlier job of the context failed).
 */
int tsr_job_submit(struct tsr_model *model, const struct tsr_binding *inputs,
		   const struct tsr_binding *outputs, const struct tsr_submit_options *options,
		   struct tsr_job **job);

/**
 * tsr_job_wait() - wait until a job has ended
 * @timeout_ns: relative, -1 without limit
 *
 * One system call, and one more for a job that failed: tsr_error() then names its node and
 * address. Needs no descriptor.
 *
 * Return: 0 it succeeded, -ETIMEDOUT it still runs, -ECANCELED an earlier job of the context
 * failed, otherwise the job's own error.
 */
int tsr_job_wait(struct tsr_job *job, int64_t timeout_ns);

/**
 * tsr_job_sync_file() - a new sync_file descriptor for poll(), owned by the caller
 *
 * Its status is the job's error. Return: the descriptor or a negative errno.
 */
int tsr_job_sync_file(struct tsr_job *job);

/**
 * struct tsr_node_profile - what one node of a completed job did
 * @node: node of the program
 * @repetition: from 0
 * @start: device cycle
 * @end: device cycle
 * @macs: multiply-accumulates retired
 * @bytes_read: bytes, whole bursts of 64
 * @bytes_written: bytes, whole bursts of 64
 * @energy_pj: modelled energy in picojoules
 * @infinite: how many of its floating-point results are infinite: beyond the
 *	type, computed from infinities, or divided by zero; rounded down to a power of two
 * @nan: how many are not a number, likewise
 *
 * The first node in the order of the program that has either is where to look:
 * an infinity makes others of what is computed from it.
 */
struct tsr_node_profile {
	uint32_t node;
	uint32_t repetition;
	uint64_t start;
	uint64_t end;
	uint64_t macs;
	uint64_t bytes_read;
	uint64_t bytes_written;
	uint64_t energy_pj;
	uint64_t infinite;
	uint64_t nan;
};

/**
 * tsr_job_profile() - records of a job that has ended and was submitted with @profile
 * @count: out: records
 *
 * Return: the records, owned by the job, or NULL.
 */
const struct tsr_node_profile *tsr_job_profile(struct tsr_job *job, size_t *count);

/**
 * tsr_job_destroy() - release the handle; waits for a job that still runs
 *
 * No system call when this job, or a later one of the context, has been waited for, unless
 * its arguments and records took memory of their own.
 */
void tsr_job_destroy(struct tsr_job *job);

#ifdef __cplusplus
}
#endif

#endif
