#pragma once
// Sketches as operands of post-aggregators: a `field` that gives one, and the sketch that a value holds. Values are
// bytes, as aggregators leave them; no bytes are an empty sketch. Thread safety: pure.

#include <string>
#include <string_view>
#include <vector>

#include "engine/post_aggregator/post_aggregator.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/theta.h"
#include "engine/sketch/tuple.h"
#include "storage/base/error.h"

namespace sarsen::engine {

/// The post-aggregator `json` holds. Throws kInvalidInput where there is none.
PostAggregatorPtr parse_sketch_field(const JsonField& json, const NameScope& scope);

/// What post-aggregators over one sketch have in common: the field.
class OverSketch : public PostAggregator {
 public:
  OverSketch(std::string name, PostAggregatorPtr field) : PostAggregator(std::move(name)), field_(std::move(field)) {}

 protected:
  Value operand(const RowValues& row) const { return field_->compute(row); }

 private:
  PostAggregatorPtr field_;
};

/// The bytes of a sketch; empty for null. Throws kInvalidInput, naming `name`, for numbers and text.
std::span<const std::byte> sketch_bytes(const Value& value, const std::string& name);

// Throw kInvalidInput for values that are no such sketch.
sketch::CompactTheta theta_of(const Value& value, const std::string& name);
sketch::Hll hll_of(const Value& value, const std::string& name);
sketch::CompactTuple tuple_of(const Value& value, const std::string& name);

/// A list of doubles, as arrays of Java are answered.
Value list_of(const std::vector<double>& numbers);

/// An integer option from `least` to `most`; throws kInvalidInput naming it.
std::int64_t option(const JsonField& json, std::int64_t otherwise, std::int64_t least, std::int64_t most);

/// Numbers of an array; throws kInvalidInput where it is absent.
std::vector<double> numbers_of(const JsonField& json);

/// Runs `read`, whose complaints about bytes are then those of whoever gave the field a wrong operand.
template <class Read>
auto as_input(const std::string& name, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(ErrorCategory::kInvalidInput,
                "The post-aggregator \"" + name + "\" needs another sketch: " + error.what());
  }
}

}  // namespace sarsen::engine
