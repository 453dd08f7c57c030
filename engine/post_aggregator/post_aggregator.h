#pragma once
// Post-aggregators: values computed from the aggregated ones of a result row, in the order written; each may use the
// ones before it. Immutable, shared. Adding one: one file in this folder, one line in registry.cc, one test; the
// simplest is constant.cc.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result/value.h"
#include "storage/base/json.h"

namespace sarsen::engine {

/// The values of one result row, by the position of their name in NameScope.
class RowValues {
 public:
  virtual ~RowValues() = default;
  virtual Value finalised(std::size_t position) const = 0;
  /// As the aggregator left it: the bytes of a complex value.
  virtual Value intermediate(std::size_t position) const = 0;
};

/// The names that a post-aggregator may use: aggregators, then earlier post-aggregators.
class NameScope {
 public:
  explicit NameScope(std::vector<std::string> names) : names_(std::move(names)) {}
  void add(std::string name) { names_.push_back(std::move(name)); }
  bool contains(std::string_view name) const noexcept;
  /// The position of the name that `json` holds. Throws kInvalidInput with a suggestion.
  std::size_t position(const JsonField& json) const;

 private:
  std::vector<std::string> names_;
};

class PostAggregator {
 public:
  virtual ~PostAggregator() = default;

  const std::string& name() const noexcept { return name_; }
  virtual Value compute(const RowValues& row) const = 0;
  /// How its values are ordered; nulls lowest.
  virtual int compare(const Value& left, const Value& right) const;
  /// Whether a topN by it ranks nulls highest.
  virtual bool nulls_rank_highest() const noexcept { return false; }

 protected:
  explicit PostAggregator(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

using PostAggregatorPtr = std::shared_ptr<const PostAggregator>;

/// From {"type", "name", …}; names are looked up in `scope`. `named`: false inside another post-aggregator, where a
/// name may be left out.
PostAggregatorPtr parse_post_aggregator(const JsonField& json, const NameScope& scope, bool named = true);

struct PostAggregatorType {
  std::string_view type;  // "arithmetic"
  PostAggregatorPtr (*parse)(const JsonField& json, const NameScope& scope, std::string name);
  std::string_view doc;
};

class PostAggregatorRegistry {
 public:
  void add(PostAggregatorType type) { types_.push_back(type); }
  const std::vector<PostAggregatorType>& types() const noexcept { return types_; }

 private:
  std::vector<PostAggregatorType> types_;
};

const PostAggregatorRegistry& post_aggregators();

/// The operands of arithmetic and its kin. Throws kInvalidInput where there are fewer than `fields_min`.
std::vector<PostAggregatorPtr> parse_fields(const JsonField& json, const NameScope& scope, std::size_t fields_min);

/// The value as a double; nullopt for null. Throws kInvalidInput, naming `name`, for text and complex values.
std::optional<double> operand(const Value& value, const std::string& name);

}  // namespace sarsen::engine
