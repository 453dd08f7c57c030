// Sketches as Druid's tools show them: counters of distinct values as their estimate, quantiles as how many, least and
// greatest. Everything else as base64.
#include <algorithm>

#include "engine/sketch/hll.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/known_sketches.h"
#include "engine/sketch/quantiles.h"
#include "engine/sketch/theta.h"
#include "server/cli/dump/cells.h"

namespace sarsen::server {
namespace {

using engine::sketch::SketchKind;
using Bytes = std::span<const std::byte>;

void append_base64(Bytes bytes, std::string& out) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t byte = 0; byte < 3; ++byte)
      group = group << 8 | (byte < count ? std::to_integer<std::uint32_t>(bytes[at + byte]) : 0);
    for (std::size_t digit = 0; digit < 4; ++digit)
      out += digit <= count ? kDigits[(group >> (18 - 6 * digit)) & 63] : '=';
  }
}

void append_quantiles(Bytes bytes, std::string& out) {
  using engine::sketch::Quantiles;
  const Quantiles sketch = bytes.empty() ? Quantiles(Quantiles::kKMin) : Quantiles::parse(bytes);
  out += "{\"n\":" + std::to_string(sketch.n()) + ",\"min\":";
  append_number(sketch.min(), CellStyle::kJson, out);
  out += ",\"max\":";
  append_number(sketch.max(), CellStyle::kJson, out);
  out += '}';
}

// No bytes are an empty sketch, but of HLL none at all: Druid gives null.
double estimate(SketchKind kind, Bytes bytes) {
  if (bytes.empty()) return 0;
  if (kind == SketchKind::kHyperUnique) return engine::sketch::HyperUnique::parse(bytes).estimate();
  if (kind == SketchKind::kTheta) return engine::sketch::CompactTheta::parse(bytes).estimate();
  return engine::sketch::Hll::parse(bytes).estimate();
}

}  // namespace

void append_object(std::string_view type, Bytes bytes, CellStyle style, std::string& out) {
  const SketchKind kind = engine::sketch::sketch_kind(type);
  if (kind == SketchKind::kQuantiles) return append_quantiles(bytes, out);
  if (kind == SketchKind::kHll && bytes.empty()) return append_null(style, out);
  if (kind != SketchKind::kNone) return append_number(estimate(kind, bytes), style, out);
  if (style == CellStyle::kJson) out += '"';
  append_base64(bytes, out);
  if (style == CellStyle::kJson) out += '"';
}

}  // namespace sarsen::server
