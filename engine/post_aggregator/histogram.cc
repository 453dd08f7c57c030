// What is read from histograms, approximate ones and those with fixed buckets: equalBuckets, buckets, customBuckets,
// min, max, quantile, quantiles.

#include <algorithm>
#include <charconv>
#include <variant>

#include "engine/aggregator/histogram_value.h"
#include "engine/post_aggregator/sketch_field.h"
#include "engine/sketch/approximate_histogram.h"
#include "engine/sketch/fixed_buckets_histogram.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

using sketch::ApproximateHistogram;
using sketch::FixedBucketsHistogram;
using Histogram = std::variant<ApproximateHistogram, FixedBucketsHistogram>;

/// The two are told apart by their first byte.
Histogram histogram_of(const Value& value, const std::string& name) {
  const std::span<const std::byte> bytes = sketch_bytes(value, name);
  return as_input(name, [&]() -> Histogram {
    if (!bytes.empty() && bytes[0] == std::byte{1}) return FixedBucketsHistogram::parse(bytes);
    return ApproximateHistogram::parse(bytes);
  });
}

ApproximateHistogram approximate_of(const Value& value, const std::string& name) {
  Histogram histogram = histogram_of(value, name);
  if (auto* approximate = std::get_if<ApproximateHistogram>(&histogram)) return std::move(*approximate);
  throw Error(ErrorCategory::kInvalidInput,
              "The post-aggregator \"" + name + "\" reads approximate histograms, not those with fixed buckets");
}

/// What all of them have: the aggregator that they read.
class OverHistogram : public PostAggregator {
 protected:
  OverHistogram(std::string name, std::size_t position) : PostAggregator(std::move(name)), position_(position) {}
  Histogram histogram(const RowValues& row) const { return histogram_of(row.intermediate(position_), name()); }
  ApproximateHistogram approximate(const RowValues& row) const {
    return approximate_of(row.intermediate(position_), name());
  }

 private:
  std::size_t position_;
};

class EqualBuckets final : public OverHistogram {
 public:
  EqualBuckets(std::string name, std::size_t position, std::uint32_t buckets)
      : OverHistogram(std::move(name), position), buckets_(buckets) {}
  Value compute(const RowValues& row) const override {
    const ApproximateHistogram read = approximate(row);
    return histogram_value(read, read.equal_breaks(buckets_));
  }

 private:
  std::uint32_t buckets_;
};

class Buckets final : public OverHistogram {
 public:
  Buckets(std::string name, std::size_t position, float width, float offset)
      : OverHistogram(std::move(name), position), width_(width), offset_(offset) {}
  Value compute(const RowValues& row) const override {
    const ApproximateHistogram read = approximate(row);
    return histogram_value(read, read.breaks_of_width(width_, offset_));
  }

 private:
  float width_;
  float offset_;
};

class CustomBuckets final : public OverHistogram {
 public:
  CustomBuckets(std::string name, std::size_t position, std::vector<float> breaks)
      : OverHistogram(std::move(name), position), breaks_(std::move(breaks)) {}
  Value compute(const RowValues& row) const override { return histogram_value(approximate(row), breaks_); }

 private:
  std::vector<float> breaks_;
};

template <bool kMax>
class Extreme final : public OverHistogram {
 public:
  Extreme(std::string name, std::size_t position) : OverHistogram(std::move(name), position) {}
  Value compute(const RowValues& row) const override {
    return std::visit([](const auto& read) -> Value { return kMax ? read.max() : read.min(); }, histogram(row));
  }
};

void check_probability(float probability) {
  if (!(probability > 0 && probability < 1))
    throw Error(ErrorCategory::kInvalidInput, "quantile probabilities must be strictly between 0 and 1");
}

/// REQUIRES: `probabilities` are ascending where the histogram has fixed buckets.
std::vector<float> quantiles_of(const Histogram& histogram, const std::vector<float>& probabilities) {
  if (const auto* fixed = std::get_if<FixedBucketsHistogram>(&histogram)) {
    std::vector<double> percents;
    for (const float probability : probabilities) percents.push_back(static_cast<double>(probability) * 100.0);
    return fixed->percentiles(percents);
  }
  std::vector<float> values;
  for (const float probability : probabilities) {
    check_probability(probability);
    values.push_back(std::get<ApproximateHistogram>(histogram).quantile(probability));
  }
  return values;
}

class Quantile final : public OverHistogram {
 public:
  Quantile(std::string name, std::size_t position, float probability)
      : OverHistogram(std::move(name), position), probability_(probability) {}
  Value compute(const RowValues& row) const override { return quantiles_of(histogram(row), {probability_})[0]; }

 private:
  float probability_;
};

/// A 32-bit float with its own digits.
Json json_of_float(float value) {
  const std::string text = java_text(value);
  const std::optional<double> number = try_parse_double(text);
  return number ? Json(*number) : Json(text);
}

Json json_of_floats(const std::vector<float>& values) {
  Json::Array array;
  for (const float value : values) array.push_back(json_of_float(value));
  return array;
}

class Quantiles final : public OverHistogram {
 public:
  Quantiles(std::string name, std::size_t position, std::vector<float> probabilities)
      : OverHistogram(std::move(name), position), probabilities_(std::move(probabilities)) {}

  Value compute(const RowValues& row) const override {
    const Histogram read = histogram(row);
    const auto least = std::visit([](const auto& held) { return static_cast<float>(held.min()); }, read);
    const auto greatest = std::visit([](const auto& held) { return static_cast<float>(held.max()); }, read);
    return Nested{Json::Object{{"probabilities", json_of_floats(probabilities_)},
                               {"quantiles", json_of_floats(quantiles_of(read, probabilities_))},
                               {"min", json_of_float(least)},
                               {"max", json_of_float(greatest)}}};
  }

 private:
  std::vector<float> probabilities_;
};

float probability_of(const JsonField& json) {
  const auto probability = static_cast<float>(json.number());
  if (!(probability >= 0 && probability <= 1)) json.fail("must be between 0 and 1");
  return probability;
}

PostAggregatorPtr parse_equal(const JsonField& json, const NameScope& scope, std::string name) {
  const std::int64_t buckets = option(json["numBuckets"], 0, 2, ApproximateHistogram::kBreaksMax);
  return std::make_shared<EqualBuckets>(std::move(name), scope.position(json["fieldName"]),
                                        static_cast<std::uint32_t>(buckets));
}

PostAggregatorPtr parse_buckets(const JsonField& json, const NameScope& scope, std::string name) {
  const auto width = static_cast<float>(json["bucketSize"].number());
  if (!(width > 0)) json["bucketSize"].fail("must be greater than 0");
  const auto offset = json["offset"].present() ? static_cast<float>(json["offset"].number()) : 0.0F;
  return std::make_shared<Buckets>(std::move(name), scope.position(json["fieldName"]), width, offset);
}

PostAggregatorPtr parse_custom(const JsonField& json, const NameScope& scope, std::string name) {
  std::vector<float> breaks;
  for (const double edge : numbers_of(json["breaks"])) breaks.push_back(static_cast<float>(edge));
  if (breaks.size() < 2) json["breaks"].fail("needs at least two numbers");
  return std::make_shared<CustomBuckets>(std::move(name), scope.position(json["fieldName"]), std::move(breaks));
}

template <bool kMax>
PostAggregatorPtr parse_extreme(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<Extreme<kMax>>(std::move(name), scope.position(json["fieldName"]));
}

PostAggregatorPtr parse_quantile(const JsonField& json, const NameScope& scope, std::string name) {
  const JsonField probability = json["probability"];
  return std::make_shared<Quantile>(std::move(name), scope.position(json["fieldName"]),
                                    probability.present() ? probability_of(probability) : 0.0F);
}

PostAggregatorPtr parse_quantiles(const JsonField& json, const NameScope& scope, std::string name) {
  if (!json["probabilities"].present()) json["probabilities"].fail("is required: an array of numbers");
  std::vector<float> probabilities;
  for (const JsonField& element : json["probabilities"].elements()) probabilities.push_back(probability_of(element));
  return std::make_shared<Quantiles>(std::move(name), scope.position(json["fieldName"]), std::move(probabilities));
}

}  // namespace

void register_histogram_post_aggregators(PostAggregatorRegistry& registry) {
  registry.add({.type = "equalBuckets", .parse = parse_equal, .doc = "Counts in `numBuckets` buckets of equal width."});
  registry.add({.type = "buckets", .parse = parse_buckets, .doc = "Counts in buckets of width `bucketSize`."});
  registry.add({.type = "customBuckets", .parse = parse_custom, .doc = "Counts between `breaks`."});
  registry.add({.type = "min", .parse = parse_extreme<false>, .doc = "The least value of a histogram."});
  registry.add({.type = "max", .parse = parse_extreme<true>, .doc = "The greatest value of a histogram."});
  registry.add({.type = "quantile", .parse = parse_quantile, .doc = "The value below which `probability` of all lie."});
  registry.add({.type = "quantiles", .parse = parse_quantiles, .doc = "The values for several `probabilities`."});
}

}  // namespace sarsen::engine
