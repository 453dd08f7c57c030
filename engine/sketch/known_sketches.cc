#include "engine/sketch/known_sketches.h"

#include <algorithm>
#include <array>

#include "engine/sketch/hll.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/quantiles.h"
#include "engine/sketch/theta.h"

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

}  // namespace

SketchKind sketch_kind(std::string_view complex_type) noexcept {
  const auto known = std::ranges::find(kKnownTypes, complex_type, &KnownType::name);
  return known == kKnownTypes.end() ? SketchKind::kNone : known->kind;
}

void check_sketch(std::string_view complex_type, std::span<const std::byte> bytes) {
  switch (sketch_kind(complex_type)) {
    case SketchKind::kNone:
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
