// How far estimates of HLL sketches are off: the relative errors that stock Druid answers, which were measured up to
// lgK 12 and follow a formula beyond. And the summary of a sketch.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/sketch/hll.h"
#include "engine/sketch/hll_estimate.h"
#include "engine/sketch/sketch_summary.h"
#include "storage/base/byte_reader.h"

namespace sarsen::engine::sketch {
namespace {

constexpr int kLgKMeasuredMin = 4;
constexpr int kLgKMeasuredMax = 12;
constexpr double kCouponError = 0.409 / (1 << 13);  // of one standard deviation

using Errors = std::array<double, 27>;  // by lgK from 4, for one, two and three standard deviations

// In the order of updates: lower and upper.
constexpr Errors kLower = {0.207316195, 0.502865572, 0.882303765, 0.146981579, 0.335426881, 0.557052,    0.104026721,
                           0.227683872, 0.365888317, 0.073614601, 0.156781585, 0.245740374, 0.05205248,  0.108783763,
                           0.168030442, 0.036770852, 0.075727545, 0.11593785,  0.025990219, 0.053145536, 0.080772263,
                           0.018373987, 0.037266176, 0.056271814, 0.012936253, 0.02613829,  0.039387631};
constexpr Errors kUpper = {0.207805347, 0.355574279, 0.475535095, 0.146988328, 0.262390832, 0.360864026, 0.103877775,
                           0.191503663, 0.269311582, 0.073452978, 0.138513438, 0.198487447, 0.051982806, 0.099703123,
                           0.144128618, 0.036768609, 0.07138158,  0.104430324, 0.025991325, 0.050854296, 0.0748143,
                           0.01834533,  0.036121138, 0.05327616,  0.012920332, 0.025572893, 0.037896952};
// From the registers alone.
constexpr Errors kMergedLower = {0.254409839, 0.682266712, 1.304022158, 0.181817353, 0.443389054, 0.778776219,
                                 0.129432281, 0.295782195, 0.49252279,  0.091640655, 0.201175925, 0.323664385,
                                 0.064858051, 0.138523393, 0.218805328, 0.045851855, 0.095925072, 0.148635751,
                                 0.032454144, 0.067009668, 0.102660669, 0.022921382, 0.046868565, 0.071307398,
                                 0.016155679, 0.032825719, 0.049677541};
constexpr Errors kMergedUpper = {0.256980172, 0.411905944, 0.52651057,  0.182332109, 0.310275547, 0.412660505,
                                 0.129314228, 0.230142294, 0.315636197, 0.091584836, 0.16834013,  0.236346847,
                                 0.06487411,  0.122045231, 0.174112107, 0.04591465,  0.08784505,  0.126917615,
                                 0.032433119, 0.062897613, 0.091862929, 0.022960633, 0.044875401, 0.065736049,
                                 0.016186662, 0.031827816, 0.046973459};

}  // namespace

double relative_error(int lg_k, bool upper, bool out_of_order, int deviations) noexcept {
  if (lg_k > kLgKMeasuredMax) {
    const double factor = std::sqrt(out_of_order ? 3.0 * std::numbers::ln2 - 1.0 : std::numbers::ln2);
    return deviations * factor / std::sqrt(static_cast<double>(1 << lg_k));
  }
  const int measured = std::max(lg_k, kLgKMeasuredMin) - kLgKMeasuredMin;
  const Errors& errors = out_of_order ? (upper ? kMergedUpper : kMergedLower) : (upper ? kUpper : kLower);
  return errors[static_cast<std::size_t>(measured * 3 + deviations - 1)];
}

double Hll::lower_bound(int deviations) const {
  if (mode_ != Mode::kRegisters)
    return std::max(estimate() / (1.0 + deviations * kCouponError), static_cast<double>(coupon_count_));
  const double error = relative_error(lg_k_, false, out_of_order_, deviations);
  return std::max(estimate() / (1.0 + error), static_cast<double>(slots() - zeros_));
}

double Hll::upper_bound(int deviations) const {
  if (mode_ != Mode::kRegisters)
    return std::max(estimate() / (1.0 - deviations * kCouponError), static_cast<double>(coupon_count_));
  return estimate() / (1.0 - relative_error(lg_k_, true, out_of_order_, deviations));
}

std::string Hll::summary_of(std::span<const std::byte> bytes) {
  constexpr std::array kTypes = {"HLL_4", "HLL_6", "HLL_8", "HLL_8"};
  constexpr std::array kModes = {"LIST", "SET", "HLL"};
  const Hll sketch = parse(bytes);  // proves that what is read below is there
  ByteReader reader(bytes, "HLL sketch");
  reader.skip(6);
  const auto least = static_cast<std::int64_t>(reader.read_byte());
  const std::uint8_t mode = reader.read_byte();
  SketchSummary text("### HLL SKETCH SUMMARY: ", 15, 2);
  text.line("Log Config K", static_cast<std::int64_t>(sketch.lg_k_)).line("Hll Target", kTypes[mode >> 2 & 3]);
  text.line("Current Mode", kModes[static_cast<std::size_t>(sketch.mode_)]).line("Memory", false);
  text.line("LB", sketch.lower_bound(1)).line("Estimate", sketch.estimate()).line("UB", sketch.upper_bound(1));
  text.line("OutOfOrder Flag", sketch.out_of_order_);
  if (sketch.mode_ != Mode::kRegisters)
    return text.line("Coupon Count", static_cast<std::int64_t>(sketch.coupon_count_)).end("");
  reader.skip(24);
  const auto at_least = static_cast<std::int64_t>(reader.read_le<std::uint32_t>());
  text.line("CurMin", least).line("NumAtCurMin", at_least).line("HipAccum", sketch.hip_);
  text.line("KxQ0", sketch.sum_low_).line("KxQ1", sketch.sum_high_).line("Rebuild KxQ Flg", false);
  return text.end("");
}

}  // namespace sarsen::engine::sketch
