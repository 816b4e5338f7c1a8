// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"usage: tessera-run MODEL.onnx [OPTION...]\n"
	"\n"
	"Runs an ONNX model on a Tessera NPU.\n"
	"\n"
	"  -i, --input FILE      input, .npy or raw elements; once per input of the model.\n"
	"                        The first dimension may be longer than the model's: the\n"
	"                        model runs until all is done. The others must be equal.\n"
	"                        Without: random numbers.\n"
	"  -o, --output FILE     where to write an output (.npy); once per output\n"
	"  -t, --top K           print the K largest values of the first items\n"
	"  -p, --profile         print what each node of the program did\n"
	"  -r, --reference       compare with a plain computation on the CPU\n"
	"  -j, --json FILE       write a report (- for standard output)\n"
	"  -d, --device D        use this NPU: N of /dev/accel/accelN, a PCI address, or\n"
	"                        serial:NUMBER (default: the first one)\n"
	"      --program FILE    write the compiled program, for tessera-objdump\n"
	"      --precision TYPE  compute an fp32 model in fp32, fp16 or bf16\n"
	"  -b, --batch N         extent of the inputs' first dimension, where the model leaves\n"
	"                        it open\n"
	"      --dim NAME=N      extent of an open dimension; once per name. One without a\n"
	"                        name is INPUT:PLACE, such as image:2\n"
	"      --import-memory MIB   memory the import may take (default: 256 MiB and 16\n"
	"                        times the file)\n"
	"      --repeat N        run the whole input N times (default 1)\n"
	"      --seed N          of random inputs (default 1)\n"
	"      --local           weights and intermediate results in the device's own memory\n"
	"      --strict          results with the same bytes on every device, slower\n"
	"      --no-range-check  do not look for infinite results in fp16 and bf16\n"
	"      --operators       list the ONNX operators that are supported\n"
	"  -h, --help\n"
	"      --version\n";

enum {
	OPTION_PRECISION = 256, OPTION_PROGRAM, OPTION_REPEAT, OPTION_SEED, OPTION_NO_RANGE_CHECK,
	OPTION_DIM, OPTION_IMPORT_MEMORY, OPTION_OPERATORS, OPTION_STRICT, OPTION_LOCAL,
	OPTION_VERSION,
};

static const struct option long_options[] = {
	{ "input", required_argument, NULL, 'i' },
	{ "output", required_argument, NULL, 'o' },
	{ "top", required_argument, NULL, 't' },
	{ "profile", no_argument, NULL, 'p' },
	{ "reference", no_argument, NULL, 'r' },
	{ "json", required_argument, NULL, 'j' },
	{ "device", required_argument, NULL, 'd' },
	{ "program", required_argument, NULL, OPTION_PROGRAM },
	{ "precision", required_argument, NULL, OPTION_PRECISION },
	{ "batch", required_argument, NULL, 'b' },
	{ "dim", required_argument, NULL, OPTION_DIM },
	{ "import-memory", required_argument, NULL, OPTION_IMPORT_MEMORY },
	{ "repeat", required_argument, NULL, OPTION_REPEAT },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "local", no_argument, NULL, OPTION_LOCAL },
	{ "strict", no_argument, NULL, OPTION_STRICT },
	{ "no-range-check", no_argument, NULL, OPTION_NO_RANGE_CHECK },
	{ "operators", no_argument, NULL, OPTION_OPERATORS },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static enum exit_code parse_number(const char *name, const char *text, uint64_t low, uint64_t high,
				   uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (errno || end == text || *end || strchr(text, '-') || *number < low || *number > high)
		return complain(EXIT_USAGE, "%s wants a number from %" PRIu64 " to %" PRIu64
				", not \"%s\"", name, low, high, text);
	return EXIT_OK;
}

static enum exit_code parse_precision(const char *text, enum tsr_type *precision)
{
	static const enum tsr_type choices[] = { TSR_FP32, TSR_FP16, TSR_BF16 };
	size_t i;

	for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		if (!strcmp(text, tsr_type_name(choices[i]))) {
			*precision = choices[i];
			return EXIT_OK;
		}
	return complain(EXIT_USAGE, "--precision is fp32, fp16 or bf16, not \"%s\"", text);
}

static enum exit_code add_file(const char *name, const char **files, size_t *count)
{
	if (*count == FILES_MAX)
		return complain(EXIT_USAGE, "at most %d files can be given with %s", FILES_MAX,
				name);
	files[(*count)++] = optarg;
	return EXIT_OK;
}

/* NAME=N, where the name may have an "=" of its own. */
static enum exit_code add_dimension(struct options *options)
{
	char *extent = strrchr(optarg, '=');
	enum exit_code code;
	uint64_t number;

	if (!extent || extent == optarg)
		return complain(EXIT_USAGE, "--dim wants NAME=EXTENT, not \"%s\"", optarg);
	if (options->dimension_count == DIMENSIONS_MAX)
		return complain(EXIT_USAGE, "at most %d dimensions can be given", DIMENSIONS_MAX);
	*extent++ = '\0';
	code = parse_number("--dim", extent, 1, INT32_MAX, &number);
	options->dimension[options->dimension_count++] =
		(struct tsr_onnx_dimension){ .name = optarg, .extent = (int64_t)number };
	return code;
}

static enum exit_code parse_count(int option, struct options *options)
{
	enum exit_code code = EXIT_OK;
	uint64_t number = 0;

	switch (option) {
	case 't':
		code = parse_number("--top", optarg, 1, 1000, &number);
		options->top = (unsigned int)number;
		break;
	case 'd':
		options->device = optarg;
		break;
	case 'b':
		code = parse_number("--batch", optarg, 1, 1 << 20, &number);
		options->batch = (int64_t)number;
		break;
	case OPTION_IMPORT_MEMORY:
		code = parse_number("--import-memory", optarg, 1, 1 << 24, &number);
		options->import_memory = number << 20;
		break;
	case OPTION_REPEAT:
		code = parse_number("--repeat", optarg, 1, 1000000, &number);
		options->rounds = (uint32_t)number;
		break;
	default:
		code = parse_number("--seed", optarg, 0, UINT64_MAX, &options->seed);
	}
	return code;
}

static enum exit_code parse_one(int option, struct options *options, bool *finished)
{
	switch (option) {
	case 'i':
		return add_file("--input", options->input, &options->input_count);
	case 'o':
		return add_file("--output", options->output, &options->output_count);
	case 'j':
		options->json = optarg;
		return EXIT_OK;
	case OPTION_PROGRAM:
		options->program = optarg;
		return EXIT_OK;
	case 'p':
		options->profile = true;
		return EXIT_OK;
	case 'r':
		options->reference = true;
		return EXIT_OK;
	case OPTION_LOCAL:
		options->local = true;
		return EXIT_OK;
	case OPTION_STRICT:
		options->strict = true;
		return EXIT_OK;
	case OPTION_NO_RANGE_CHECK:
		options->range_check = false;
		return EXIT_OK;
	case OPTION_DIM:
		return add_dimension(options);
	case OPTION_OPERATORS:
		options->operators = true;
		return EXIT_OK;
	case OPTION_PRECISION:
		return parse_precision(optarg, &options->precision);
	case 'h':
		*finished = true;
		fputs(usage, stdout);
		return EXIT_OK;
	case OPTION_VERSION:
		*finished = true;
		printf("tessera-run %s\n", tsr_version());
		return EXIT_OK;
	case '?':
		return complain(EXIT_USAGE, "see tessera-run --help");
	default:
		return parse_count(option, options);
	}
}

enum exit_code options_parse(int argc, char **argv, struct options *options, bool *finished)
{
	enum exit_code code;
	int option;

	*options = (struct options){
		.precision = TSR_FP32, .rounds = 1, .seed = 1,
		.range_check = true,
	};
	*finished = false;
	while ((option = getopt_long(argc, argv, "i:o:t:prj:d:b:h", long_options, NULL)) != -1) {
		code = parse_one(option, options, finished);
		if (code || *finished)
			return code;
	}
	if (options->operators)
		return EXIT_OK;
	if (optind + 1 != argc)
		return complain(EXIT_USAGE, "one model is needed, %d given; see tessera-run --help",
				argc - optind);
	options->model = argv[optind];
	return EXIT_OK;
}
