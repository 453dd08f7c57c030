// The serialised form and the text of histograms with fixed buckets: see fixed_buckets_histogram.h.

#include <algorithm>
#include <array>
#include <bit>

#include "engine/sketch/fixed_buckets_histogram.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kFull = 1;
constexpr std::uint8_t kSparse = 2;
constexpr std::size_t kEntryBytes = 12;
constexpr std::array kModes = {"ignore", "overflow", "clip"};

double read_double(ByteReader& reader) { return std::bit_cast<double>(reader.read_be<std::uint64_t>()); }
void write_double(ByteWriter& out, double value) { out.write_be(std::bit_cast<std::uint64_t>(value)); }

}  // namespace

class FixedBucketsHistogramImage {
 public:
  using Histogram = FixedBucketsHistogram;

  static Histogram read(ByteReader& reader) {
    reader.check(reader.read_byte() == kVersion, "version unknown");
    const std::uint8_t form = reader.read_byte();
    reader.check(form == kFull || form == kSparse, "form unknown");
    Histogram histogram(read_scheme(reader));
    histogram.count_ = reader.read_be<std::int64_t>();
    histogram.lower_outliers_ = reader.read_be<std::int64_t>();
    histogram.upper_outliers_ = reader.read_be<std::int64_t>();
    histogram.missing_ = reader.read_be<std::int64_t>();
    histogram.max_ = read_double(reader);
    histogram.min_ = read_double(reader);
    if (form == kFull) {
      reader.check(reader.remaining() >= histogram.counts_.size() * 8, "fewer buckets than said");
      for (std::int64_t& count : histogram.counts_) count = reader.read_be<std::int64_t>();
    } else {
      read_entries(reader, histogram);
    }
    return histogram;
  }

  static void write(const Histogram& histogram, ByteWriter& out) {
    const auto filled = static_cast<std::size_t>(std::count_if(histogram.counts_.begin(), histogram.counts_.end(),
                                                               [](std::int64_t count) { return count != 0; }));
    const bool sparse = filled < histogram.counts_.size() / 2;
    out.write_be(kVersion);
    out.write_be(sparse ? kSparse : kFull);
    write_common(histogram, out);
    if (!sparse) {
      for (const std::int64_t count : histogram.counts_) out.write_be(count);
      return;
    }
    out.write_be(static_cast<std::int32_t>(filled));
    for (std::size_t i = 0; i < histogram.counts_.size(); ++i) {
      if (histogram.counts_[i] == 0) continue;
      out.write_be(static_cast<std::int32_t>(i));
      out.write_be(histogram.counts_[i]);
    }
  }

 private:
  static Histogram::Scheme read_scheme(ByteReader& reader) {
    Histogram::Scheme scheme;
    scheme.lower = read_double(reader);
    scheme.upper = read_double(reader);
    reader.check(scheme.lower < scheme.upper, "limits out of order");
    const auto buckets = reader.read_be<std::int32_t>();
    reader.check(buckets > 0 && buckets <= Histogram::kBucketsMax, "number of buckets out of range");
    scheme.buckets = static_cast<std::uint32_t>(buckets);
    const std::uint8_t mode = reader.read_byte();
    reader.check(mode < kModes.size(), "mode of outliers unknown");
    scheme.outliers = static_cast<Histogram::Outliers>(mode);
    return scheme;
  }

  static void read_entries(ByteReader& reader, Histogram& histogram) {
    const auto entries = reader.read_be<std::int32_t>();
    reader.check(entries >= 0 && static_cast<std::size_t>(entries) * kEntryBytes <= reader.remaining(),
                 "fewer buckets than said");
    for (std::int32_t i = 0; i < entries; ++i) {
      const auto bucket = reader.read_be<std::int32_t>();
      reader.check(bucket >= 0 && static_cast<std::size_t>(bucket) < histogram.counts_.size(), "no such bucket");
      histogram.counts_[static_cast<std::size_t>(bucket)] = reader.read_be<std::int64_t>();
    }
  }

  static void write_common(const Histogram& histogram, ByteWriter& out) {
    write_double(out, histogram.scheme_.lower);
    write_double(out, histogram.scheme_.upper);
    out.write_be(static_cast<std::int32_t>(histogram.scheme_.buckets));
    out.write_be(static_cast<std::uint8_t>(histogram.scheme_.outliers));
    out.write_be(histogram.count_);
    out.write_be(histogram.lower_outliers_);
    out.write_be(histogram.upper_outliers_);
    out.write_be(histogram.missing_);
    write_double(out, histogram.max_);
    write_double(out, histogram.min_);
  }
};

FixedBucketsHistogram FixedBucketsHistogram::parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "fixed buckets histogram");
  return FixedBucketsHistogramImage::read(reader);
}

std::string FixedBucketsHistogram::bytes() const {
  ByteWriter out;
  FixedBucketsHistogramImage::write(*this, out);
  return {reinterpret_cast<const char*>(out.view().data()), out.view().size()};
}

std::string FixedBucketsHistogram::text() const {
  std::string counts;
  for (const std::int64_t count : counts_) counts += (counts.empty() ? "" : ", ") + std::to_string(count);
  return "{lowerLimit=" + java_text(scheme_.lower) + ", upperLimit=" + java_text(scheme_.upper) +
         ", numBuckets=" + std::to_string(scheme_.buckets) + ", upperOutlierCount=" + std::to_string(upper_outliers_) +
         ", lowerOutlierCount=" + std::to_string(lower_outliers_) + ", missingValueCount=" + std::to_string(missing_) +
         ", histogram=[" + counts + "], outlierHandlingMode=" + kModes[static_cast<std::size_t>(scheme_.outliers)] +
         ", count=" + std::to_string(count_) + ", max=" + java_text(max_) + ", min=" + java_text(min_) + "}";
}

}  // namespace sarsen::engine::sketch
