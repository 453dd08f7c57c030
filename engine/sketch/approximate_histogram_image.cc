// The serialised forms of approximate histograms: see approximate_histogram.h.

#include <algorithm>
#include <bit>
#include <map>

#include "engine/sketch/approximate_histogram.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::int64_t kCompactSizeMax = 32767;
constexpr std::uint64_t kCompactValuesMax = 127;
constexpr std::size_t kSparseBytes = 16;  // besides 12 for each bin

float read_float(ByteReader& reader) { return std::bit_cast<float>(reader.read_be<std::uint32_t>()); }
void write_float(ByteWriter& out, float value) { out.write_be(std::bit_cast<std::uint32_t>(value)); }

}  // namespace

class ApproximateHistogramImage {
 public:
  using Histogram = ApproximateHistogram;
  using Bin = Histogram::Bin;

  static Histogram read_compact(ByteReader& reader, std::uint32_t size) {
    Histogram histogram(size);
    const std::int8_t first = reader.read_be<std::int8_t>();
    if (first >= 0) {
      for (int i = 0; i < first; ++i) histogram.offer(read_float(reader));
      return histogram;
    }
    std::map<float, std::uint64_t> bins;
    for (int i = 0; i < -first; ++i) add(bins, reader, Histogram::kApproximate);
    histogram.min_ = read_float(reader);
    histogram.max_ = read_float(reader);
    const std::int8_t exact = reader.read_be<std::int8_t>();
    reader.check(exact >= 0, "negative count of values");
    for (int i = 0; i < exact; ++i) add(bins, reader, 0);
    reader.check(bins.size() <= size, "more bins than its size");
    for (const auto& [position, marked] : bins) histogram.bins_.push_back({position, marked});
    count(histogram);
    return histogram;
  }

  static Histogram read_bins(ByteReader& reader) {
    const auto size = reader.read_be<std::int32_t>();
    reader.check(size > 0 && size <= static_cast<std::int32_t>(Histogram::kSizeMax), "size out of range");
    const auto said = reader.read_be<std::int32_t>();
    const bool sparse = said < 0 || reader.remaining() == kSparseBytes - 8;
    const std::int64_t bins = said < 0 ? -std::int64_t{said} : said;
    const std::int64_t slots = sparse ? bins : size;
    reader.check(bins <= size && static_cast<std::size_t>(slots) * 12 + 8 <= reader.remaining(),
                 "fewer bins than said");
    Histogram histogram(static_cast<std::uint32_t>(size));
    histogram.bins_.resize(static_cast<std::size_t>(slots));
    for (Bin& bin : histogram.bins_) bin.position = read_float(reader);
    for (Bin& bin : histogram.bins_) bin.marked = reader.read_be<std::uint64_t>();
    histogram.bins_.resize(static_cast<std::size_t>(bins));
    histogram.min_ = read_float(reader);
    histogram.max_ = read_float(reader);
    const auto ascending = [](const Bin& left, const Bin& right) { return left.position < right.position; };
    reader.check(std::is_sorted(histogram.bins_.begin(), histogram.bins_.end(), ascending), "bins out of order");
    count(histogram);
    return histogram;
  }

  static bool compact_is_smaller(const Histogram& histogram) {
    const std::uint64_t exact = histogram.exact_count();
    const std::uint64_t approximate = histogram.count_ - exact;
    if (histogram.size_ > kCompactSizeMax || exact > kCompactValuesMax || approximate > kCompactValuesMax) return false;
    const std::size_t compact = 3 + 4 * exact + (approximate == 0 ? 0 : 9 + 4 * approximate);
    return compact < kSparseBytes + 12 * histogram.bins_.size();
  }

  static void write_compact(const Histogram& histogram, ByteWriter& out) {
    out.write_be(static_cast<std::int16_t>(-static_cast<std::int32_t>(histogram.size_)));
    const std::uint64_t exact = histogram.exact_count();
    if (exact != histogram.count_) {
      out.write_be(static_cast<std::int8_t>(-static_cast<std::int64_t>(histogram.count_ - exact)));
      write_values(histogram, false, out);
      write_float(out, histogram.min_);
      write_float(out, histogram.max_);
    }
    out.write_be(static_cast<std::int8_t>(exact));
    write_values(histogram, true, out);
  }

  static void write_sparse(const Histogram& histogram, ByteWriter& out) {
    out.write_be(static_cast<std::int32_t>(histogram.size_));
    out.write_be(-static_cast<std::int32_t>(histogram.bins_.size()));
    for (const Bin& bin : histogram.bins_) write_float(out, bin.position);
    for (const Bin& bin : histogram.bins_) out.write_be(bin.marked);
    write_float(out, histogram.min_);
    write_float(out, histogram.max_);
  }

 private:
  /// A value that is both exact and approximate is exact, as in Druid.
  static void add(std::map<float, std::uint64_t>& bins, ByteReader& reader, std::uint64_t mark) {
    const float position = read_float(reader);
    reader.check(position == position, "a value is no number");
    const auto [bin, added] = bins.try_emplace(position, mark);
    if (!added && (bin->second & Histogram::kApproximate) != mark) bin->second = mark;
    ++bin->second;
  }

  static void count(Histogram& histogram) noexcept {
    histogram.count_ = 0;
    for (const Bin& bin : histogram.bins_) histogram.count_ += bin.count();
  }

  static void write_values(const Histogram& histogram, bool exact, ByteWriter& out) {
    for (const Bin& bin : histogram.bins_)
      for (std::uint64_t i = 0; bin.exact() == exact && i < bin.count(); ++i) write_float(out, bin.position);
  }
};

ApproximateHistogram ApproximateHistogram::parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "approximate histogram");
  reader.check(bytes.size() >= 3, "too short");
  if ((static_cast<std::uint8_t>(bytes[0]) & 0x80) == 0) return ApproximateHistogramImage::read_bins(reader);
  const int size = -static_cast<int>(reader.read_be<std::int16_t>());
  return ApproximateHistogramImage::read_compact(reader, static_cast<std::uint32_t>(size));
}

std::string ApproximateHistogram::bytes() const {
  ByteWriter out;
  if (ApproximateHistogramImage::compact_is_smaller(*this)) {
    ApproximateHistogramImage::write_compact(*this, out);
  } else {
    ApproximateHistogramImage::write_sparse(*this, out);
  }
  return {reinterpret_cast<const char*>(out.view().data()), out.view().size()};
}

}  // namespace sarsen::engine::sketch
