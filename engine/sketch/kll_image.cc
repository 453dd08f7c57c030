// The serialised form of KLL sketches, little-endian: u8 words of four bytes before the data, u8 version, u8 15, u8
// flags, u16 k, u8 m, u8 0; of a single value that value; else u64 n, u16 least k, u8 levels, u8 0, where each level
// begins (u32, counted in values of a full sketch), min, max, values. The lowest level has the newest value first.

#include <bit>
#include <cmath>
#include <type_traits>

#include "engine/sketch/kll.h"
#include "engine/sketch/sketch_summary.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint8_t kFamily = 15;
constexpr std::uint8_t kShortWords = 2;
constexpr std::uint8_t kFullWords = 5;
constexpr std::uint8_t kSingleVersion = 2;
constexpr std::uint8_t kUpdatableVersion = 3;
constexpr std::uint8_t kM = 8;
constexpr std::size_t kPreambleBytes = 20;
constexpr std::size_t kLevelsMax = 60;

constexpr std::uint8_t kEmpty = 1;
constexpr std::uint8_t kSingle = 4;

}  // namespace

template <class T>
class KllImage {
 public:
  using Bits = std::conditional_t<std::is_same_v<T, float>, std::uint32_t, std::uint64_t>;

  static T read_value(ByteReader& reader) { return std::bit_cast<T>(reader.read_le<Bits>()); }
  static void write_value(ByteWriter& out, T value) { out.write_le(std::bit_cast<Bits>(value)); }

  static Kll<T> read(ByteReader& reader) {
    const std::uint8_t words = reader.read_byte();
    const std::uint8_t version = reader.read_byte();
    reader.check(reader.read_byte() == kFamily, "not a KLL sketch");
    const std::uint8_t flags = reader.read_byte();
    const auto k = reader.read_le<std::uint16_t>();
    reader.check(k >= Kll<T>::kKMin, "k out of range");
    reader.check(reader.read_byte() == kM, "m is not 8");
    reader.skip(1);
    Kll<T> sketch(k);
    if (words == kShortWords) {
      reader.check(version == 1 || version == kSingleVersion, "version unknown");
      if ((flags & kEmpty) == 0) sketch.update(read_value(reader));
      return sketch;
    }
    reader.check(words == kFullWords && (version == 1 || version == kUpdatableVersion), "version unknown");
    read_full(reader, version == kUpdatableVersion, sketch);
    return sketch;
  }

  static void write(const Kll<T>& sketch, ByteWriter& out) {
    const bool full = sketch.n_ > 1;
    out.write_be(full ? kFullWords : kShortWords);
    out.write_be(sketch.n_ == 1 ? kSingleVersion : std::uint8_t{1});
    out.write_be(kFamily);
    out.write_be(static_cast<std::uint8_t>((sketch.empty() ? kEmpty : 0) | (sketch.n_ == 1 ? kSingle : 0)));
    out.write_le(static_cast<std::uint16_t>(sketch.k_));
    out.write_be(kM);
    out.write_be(std::uint8_t{0});
    if (sketch.n_ == 1) write_value(out, sketch.min_);
    if (full) write_full(sketch, out);
  }

  static std::size_t compact_bytes(const Kll<T>& sketch) {
    if (sketch.empty()) return 8;
    if (sketch.n_ == 1) return 8 + sizeof(T);
    return kPreambleBytes + 4 * sketch.levels_.size() + sizeof(T) * (sketch.retained() + 2);
  }

  static std::string summary(const Kll<T>& sketch) {
    const std::size_t levels = sketch.levels_.size();
    const std::size_t capacity = Kll<T>::capacity(sketch.k_, levels);
    const auto power = [&](double exponent) { return std::pow(static_cast<double>(sketch.least_k_), exponent); };
    const std::size_t updatable = kPreambleBytes + 4 * (levels + 1) + sizeof(T) * (capacity + 2);
    const auto shown = [&](T value) { return sketch.empty() ? std::string("NaN") : java_text(value); };
    const auto count = [](std::size_t value) { return static_cast<std::int64_t>(value); };
    const std::string kind = std::is_same_v<T, float> ? "Floats" : "Doubles";
    SketchSummary text("\n### KllDirectCompact" + kind + "Sketch Summary:", 23);
    text.line("K", count(sketch.k_)).line("Dynamic min K", count(sketch.least_k_)).line("M", count(kM));
    text.line("N", count(sketch.n_)).line("Epsilon", percent_text(2.296 / power(0.9723)));
    text.line("Epsilon PMF", percent_text(2.446 / power(0.9433))).line("Empty", sketch.empty());
    text.line("Estimation Mode", levels > 1).line("Levels", count(levels)).line("Level 0 Sorted", false);
    text.line("Capacity Items", count(capacity)).line("Retained Items", count(sketch.retained()));
    text.line("Empty/Garbage Items", count(capacity) - count(sketch.retained())).line("ReadOnly", "true(Format)");
    text.line("Updatable Storage Bytes", count(updatable)).line("Compact Storage Bytes", count(compact_bytes(sketch)));
    text.line("Min Item", shown(sketch.min_)).line("Max Item", shown(sketch.max_));
    return text.end("### End sketch summary\n");
  }

 private:
  static void read_full(ByteReader& reader, bool updatable, Kll<T>& sketch) {
    sketch.n_ = reader.read_le<std::uint64_t>();
    sketch.least_k_ = reader.read_le<std::uint16_t>();
    const std::uint8_t levels = reader.read_byte();
    reader.skip(1);
    reader.check(levels >= 1 && levels <= kLevelsMax, "number of levels out of range");
    const std::size_t capacity = Kll<T>::capacity(sketch.k_, levels);
    std::vector<std::size_t> begins;
    for (std::size_t level = 0; level < levels; ++level) begins.push_back(reader.read_le<std::uint32_t>());
    const std::size_t end = updatable ? reader.read_le<std::uint32_t>() : capacity;
    begins.push_back(end);
    reader.check(std::is_sorted(begins.begin(), begins.end()), "levels out of order");
    sketch.min_ = read_value(reader);
    sketch.max_ = read_value(reader);
    reader.check((end - (updatable ? 0 : begins[0])) * sizeof(T) <= reader.remaining(), "fewer values than said");
    if (updatable) reader.skip(begins[0] * sizeof(T));
    read_levels(reader, begins, sketch);
  }

  static void read_levels(ByteReader& reader, const std::vector<std::size_t>& begins, Kll<T>& sketch) {
    std::uint64_t values = 0;
    sketch.levels_.assign(begins.size() - 1, {});
    for (std::size_t level = 0; level + 1 < begins.size(); ++level) {
      auto& into = sketch.levels_[level];
      for (std::size_t i = begins[level]; i < begins[level + 1]; ++i) into.push_back(read_value(reader));
      values += into.size() << level;
      reader.check(std::none_of(into.begin(), into.end(), [](T value) { return value != value; }), "NaN among values");
      reader.check(level == 0 || std::is_sorted(into.begin(), into.end()), "values out of order");
    }
    std::reverse(sketch.levels_[0].begin(), sketch.levels_[0].end());
    reader.check(values == sketch.n_, "values stand for another number than said");
    sketch.measure_room();
  }

  static void write_full(const Kll<T>& sketch, ByteWriter& out) {
    out.write_le(sketch.n_);
    out.write_le(static_cast<std::uint16_t>(sketch.least_k_));
    out.write_be(static_cast<std::uint8_t>(sketch.levels_.size()));
    out.write_be(std::uint8_t{0});
    // A merge can leave more values than levels of these sizes hold: then nothing is free.
    const std::size_t capacity = Kll<T>::capacity(sketch.k_, sketch.levels_.size());
    std::size_t begin = capacity - std::min(capacity, sketch.retained());
    for (const auto& level : sketch.levels_) {
      out.write_le(static_cast<std::uint32_t>(begin));
      begin += level.size();
    }
    write_value(out, sketch.min_);
    write_value(out, sketch.max_);
    const auto& lowest = sketch.levels_[0];
    for (auto value = lowest.rbegin(); value != lowest.rend(); ++value) write_value(out, *value);
    for (std::size_t level = 1; level < sketch.levels_.size(); ++level)
      for (const T value : sketch.levels_[level]) write_value(out, value);
  }
};

template <class T>
Kll<T> Kll<T>::parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "KLL sketch");
  return KllImage<T>::read(reader);
}

template <class T>
std::string Kll<T>::bytes() const {
  ByteWriter out;
  KllImage<T>::write(*this, out);
  return {reinterpret_cast<const char*>(out.view().data()), out.view().size()};
}

template <class T>
std::string Kll<T>::summary() const {
  return KllImage<T>::summary(*this);
}

template Kll<float> Kll<float>::parse(std::span<const std::byte>);
template Kll<double> Kll<double>::parse(std::span<const std::byte>);
template std::string Kll<float>::bytes() const;
template std::string Kll<double>::bytes() const;
template std::string Kll<float>::summary() const;
template std::string Kll<double>::summary() const;

}  // namespace sarsen::engine::sketch
