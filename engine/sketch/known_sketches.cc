#include "engine/sketch/known_sketches.h"

#include <algorithm>
#include <array>

#include "engine/sketch/approximate_histogram.h"
#include "engine/sketch/bloom_k_filter.h"
#include "engine/sketch/fixed_buckets_histogram.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/kll.h"
#include "engine/sketch/quantiles.h"
#include "engine/sketch/theta.h"
#include "engine/sketch/tuple.h"
#include "engine/sketch/variance.h"

namespace sarsen::engine::sketch {
namespace {

struct KnownType {
  std::string_view name;
  SketchKind kind;
};

constexpr std::array kKnownTypes = {
    KnownType{"hyperUnique", SketchKind::kHyperUnique}, KnownType{"preComputedHyperUnique", SketchKind::kHyperUnique},
    KnownType{"thetaSketch", SketchKind::kTheta},       KnownType{"thetaSketchMerge", SketchKind::kTheta},
    KnownType{"thetaSketchBuild", SketchKind::kTheta},  KnownType{"sketchMerge", SketchKind::kTheta},
    KnownType{"sketchBuild", SketchKind::kTheta},       KnownType{"setSketch", SketchKind::kTheta},
    KnownType{"HLLSketch", SketchKind::kHll},           KnownType{"HLLSketchBuild", SketchKind::kHll},
    KnownType{"HLLSketchMerge", SketchKind::kHll},      KnownType{"quantilesDoublesSketch", SketchKind::kQuantiles},
};

/// Types of which nothing is asked but whether their bytes are whole.
struct CheckedType {
  std::string_view name;
  void (*check)(std::span<const std::byte> bytes);
};

template <class Sketch>
void check(std::span<const std::byte> bytes) {
  static_cast<void>(Sketch::parse(bytes));
}

constexpr std::array kCheckedTypes = {
    CheckedType{"KllDoublesSketch", check<Kll<double>>},
    CheckedType{"KllDoublesSketchMerge", check<Kll<double>>},
    CheckedType{"KllFloatsSketch", check<Kll<float>>},
    CheckedType{"KllFloatsSketchMerge", check<Kll<float>>},
    CheckedType{"arrayOfDoublesSketch", check<CompactTuple>},
    CheckedType{"arrayOfDoublesSketchBuild", check<CompactTuple>},
    CheckedType{"arrayOfDoublesSketchMerge", check<CompactTuple>},
    CheckedType{"approximateHistogram", check<ApproximateHistogram>},
    CheckedType{"fixedBucketsHistogram", check<FixedBucketsHistogram>},
    CheckedType{"variance", check<Variance>},
    CheckedType{"bloom", check<BloomKFilter>},
};

void check_other(std::string_view complex_type, std::span<const std::byte> bytes) {
  const auto known = std::ranges::find(kCheckedTypes, complex_type, &CheckedType::name);
  if (known != kCheckedTypes.end()) known->check(bytes);
}

}  // namespace

SketchKind sketch_kind(std::string_view complex_type) noexcept {
  const auto known = std::ranges::find(kKnownTypes, complex_type, &KnownType::name);
  return known == kKnownTypes.end() ? SketchKind::kNone : known->kind;
}

bool knows_sketch(std::string_view complex_type) noexcept {
  return sketch_kind(complex_type) != SketchKind::kNone ||
         std::ranges::find(kCheckedTypes, complex_type, &CheckedType::name) != kCheckedTypes.end();
}

void check_sketch(std::string_view complex_type, std::span<const std::byte> bytes) {
  switch (sketch_kind(complex_type)) {
    case SketchKind::kNone:
      check_other(complex_type, bytes);
      break;
    case SketchKind::kHyperUnique:
      HyperUnique::parse(bytes);
      break;
    case SketchKind::kTheta:
      CompactTheta::parse(bytes);
      break;
    case SketchKind::kHll:
      Hll::parse(bytes);
      break;
    case SketchKind::kQuantiles:
      Quantiles::parse(bytes);
      break;
  }
}

}  // namespace sarsen::engine::sketch
