#pragma once
// The loops that decide the speed: what the engine calls. Plain pointers and counts; nothing here can fail, allocate or
// lock. Each is chosen once per process for the best instruction set of the machine (storage/simd/arch.h) and gives the
// same bits on every one. `mask` means (count + 63) / 64 words, bit i % 64 of word i / 64 for row i, bits past `count`
// zero on input and output. Nothing is read past `count`. README.md says how a kernel is built; grouped.h has the loops
// that fold rows into the states of groups.

#include "engine/kernels/byte_pairs.h"
#include "engine/kernels/compare.h"
#include "engine/kernels/extreme.h"
#include "engine/kernels/hash_longs.h"
#include "engine/kernels/in_set.h"
#include "engine/kernels/join_keys.h"
#include "engine/kernels/key_masks.h"
#include "engine/kernels/mask.h"
#include "engine/kernels/narrow_extreme.h"
#include "engine/kernels/narrow_sum.h"
#include "engine/kernels/present.h"
#include "engine/kernels/sort_doubles.h"
#include "engine/kernels/sum.h"
