/* SPDX-License-Identifier: MIT */
/*
 * Arguments whose results are closer to halfway between two fp32 than 2^-50 of themselves, as
 * test_rounded.c prints them; of those with equal mantissas two.
 */
#ifndef VNPU_NUMBER_TESTS_HARDEST_H
#define VNPU_NUMBER_TESTS_HARDEST_H

#include "exact.h"

static const struct {
	enum exact_function function;
	float argument;
} hardest_arguments[] = {
	{ EXACT_EXP, 0x1.fdff02p-17f }, { EXACT_EXP, 0x1.8d7cb6p-12f },
	{ EXACT_EXP, 0x1.036492p1f }, { EXACT_EXP, 0x1.62b666p1f }, { EXACT_EXP, -0x1p-25f },
	{ EXACT_EXP, -0x1.c1c4b8p-10f }, { EXACT_EXP, -0x1.e1dbe2p-8f },
	{ EXACT_EXP, -0x1.d2259ap3f }, { EXACT_EXP2, 0x1.715476p-24f },
	{ EXACT_EXP2, 0x1.0f39eep-18f }, { EXACT_EXP2, 0x1.0f0af8p-11f },
	{ EXACT_EXP2, 0x1.853a6ep-9f }, { EXACT_EXP2, 0x1.05535ap-7f },
	{ EXACT_EXP2, -0x1.cda996p-23f }, { EXACT_EXP2, -0x1.5a3f34p-21f },
	{ EXACT_EXP2, -0x1.a7a04cp-14f }, { EXACT_EXP2, -0x1.d8568p-10f },
	{ EXACT_EXP2, -0x1.e7526ep-6f }, { EXACT_EXP2, -0x1.3e53bcp-3f },
	{ EXACT_EXP2, -0x1.2cp7f }, { EXACT_EXPM1, 0x1.6a09e6p-24f },
	{ EXACT_EXPM1, 0x1.94c582p-22f }, { EXACT_EXPM1, 0x1.645636p-19f },
	{ EXACT_EXPM1, 0x1.4a9cf4p-11f }, { EXACT_EXPM1, 0x1.84a5bap-4f },
	{ EXACT_EXPM1, 0x1.036492p1f }, { EXACT_EXPM1, 0x1.62b666p1f },
	{ EXACT_EXPM1, -0x1p-24f }, { EXACT_EXPM1, -0x1.eb97f8p-19f },
	{ EXACT_EXPM1, -0x1.f676d8p-9f }, { EXACT_RSQRT, 0x1.7431c6p-1f },
	{ EXACT_RSQRT, 0x1.7431c6p1f }, { EXACT_LOG1P, 0x1.800006p-21f },
	{ EXACT_LOG1P, 0x1.bdb59cp-18f }, { EXACT_LOG1P, 0x1.200036p-17f },
	{ EXACT_LOG1P, 0x1.e00096p-17f }, { EXACT_LOG1P, 0x1.8dc1cp-16f },
	{ EXACT_LOG1P, 0x1.eb046p-6f }, { EXACT_LOG1P, 0x1.b7fd86p-4f },
	{ EXACT_LOG1P, 0x1.7d2286p-2f }, { EXACT_LOG1P, 0x1.fb035ap-2f },
	{ EXACT_LOG1P, 0x1.0f1fd6p3f }, { EXACT_LOG1P, 0x1.9aae56p13f },
	{ EXACT_LOG1P, 0x1.cb4b4cp13f }, { EXACT_LOG1P, 0x1.b497ecp34f },
	{ EXACT_LOG1P, 0x1.30bf04p43f }, { EXACT_LOG1P, 0x1.11c276p44f },
	{ EXACT_LOG1P, 0x1.000682p60f }, { EXACT_LOG1P, 0x1.d1309cp62f },
	{ EXACT_LOG1P, 0x1.c98494p63f }, { EXACT_LOG1P, 0x1.68cf74p70f },
	{ EXACT_LOG1P, 0x1.c4ff46p74f }, { EXACT_LOG1P, 0x1.b121a6p76f },
	{ EXACT_LOG1P, 0x1.5190cp78f }, { EXACT_LOG1P, 0x1.577ac6p78f },
	{ EXACT_LOG1P, 0x1.29972cp83f }, { EXACT_LOG1P, 0x1.3e47d6p91f },
	{ EXACT_LOG1P, 0x1.6351d8p95f }, { EXACT_LOG1P, 0x1.0bbddp105f },
	{ EXACT_LOG1P, 0x1.cfd86ep116f }, { EXACT_LOG1P, 0x1.3171e8p124f },
	{ EXACT_LOG1P, -0x1.7ffffap-21f }, { EXACT_LOG1P, -0x1.32eed8p-19f },
	{ EXACT_LOG1P, -0x1.1fffcap-17f }, { EXACT_LOG1P, -0x1.dfff6ap-17f },
	{ EXACT_LOG1P, -0x1.8dc024p-16f }, { EXACT_LOG1P, -0x1.1d9188p-9f },
	{ EXACT_LOG, 0x1.996896p-115f }, { EXACT_LOG, 0x1.80c1f4p-112f },
	{ EXACT_LOG, 0x1.917748p-100f }, { EXACT_LOG, 0x1.c3fec6p-97f },
	{ EXACT_LOG, 0x1.390ffp-93f }, { EXACT_LOG, 0x1.b96da8p-87f },
	{ EXACT_LOG, 0x1.20e0aap-86f }, { EXACT_LOG, 0x1.8bdcf4p-82f },
	{ EXACT_LOG, 0x1.60de54p-78f }, { EXACT_LOG, 0x1.088d96p-74f },
	{ EXACT_LOG, 0x1.0356a4p-72f }, { EXACT_LOG, 0x1.22d57p-65f },
	{ EXACT_LOG, 0x1.24b5a8p-58f }, { EXACT_LOG, 0x1.47810ap-55f },
	{ EXACT_LOG, 0x1.c7f44cp-46f }, { EXACT_LOG, 0x1.cc24d6p-44f },
	{ EXACT_LOG, 0x1.fa45fp-44f }, { EXACT_LOG, 0x1.98496ep-39f },
	{ EXACT_LOG, 0x1.925308p-35f }, { EXACT_LOG, 0x1.312936p-23f },
	{ EXACT_LOG, 0x1.b97c7p-14f }, { EXACT_LOG, 0x1.86269p-12f },
	{ EXACT_LOG, 0x1.8f63f2p-12f }, { EXACT_LOG, 0x1.f0ddep-8f },
	{ EXACT_LOG, 0x1.827a74p-7f }, { EXACT_LOG, 0x1.2f1fd6p3f },
	{ EXACT_LOG, 0x1.9ab656p13f }, { EXACT_LOG, 0x1.cb534cp13f },
	{ EXACT_LOG, 0x1.bacb4ap25f }, { EXACT_LOG, 0x1.c09d7cp27f },
	{ EXACT_LOG, 0x1.0be824p30f }, { EXACT_LOG, 0x1.5f313ap42f },
	{ EXACT_LOG, 0x1.000682p60f }, { EXACT_LOG, 0x1.d1309cp62f },
	{ EXACT_LOG, 0x1.c98494p63f }, { EXACT_LOG, 0x1.68cf74p70f },
	{ EXACT_LOG, 0x1.c4ff46p74f }, { EXACT_LOG, 0x1.b121a6p76f },
	{ EXACT_LOG, 0x1.5190cp78f }, { EXACT_LOG, 0x1.577ac6p78f },
	{ EXACT_LOG, 0x1.29972cp83f }, { EXACT_LOG, 0x1.3e47d6p91f },
	{ EXACT_LOG, 0x1.6351d8p95f }, { EXACT_LOG, 0x1.0bbddp105f },
	{ EXACT_LOG, 0x1.cfd86ep116f }, { EXACT_LOG, 0x1.3171e8p124f },
	{ EXACT_LOG2, 0x1.22952p-128f }, { EXACT_LOG2, 0x1.22952p-127f },
	{ EXACT_LOG2, 0x1.aa932cp-32f }, { EXACT_LOG2, 0x1.aa932cp-31f },
	{ EXACT_LOG2, 0x1.40f572p-2f }, { EXACT_LOG2, 0x1.40f572p1f },
};

#define HARDEST_COUNT	(sizeof(hardest_arguments) / sizeof(hardest_arguments[0]))

#endif
