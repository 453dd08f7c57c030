// fallback: the first of some columns that exists.

#include "engine/virtual_column/forwarding_sources.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {
namespace {

class Fallback final : public VirtualColumn {
 public:
  Fallback(std::string name, std::vector<std::string> columns)
      : VirtualColumn(std::move(name)), columns_(std::move(columns)) {}

  std::vector<std::string> required_columns() const override { return columns_; }
  std::optional<ColumnKind> kind(const ColumnSources& columns) const override { return columns.kind(first(columns)); }

  std::unique_ptr<NumericSource<std::int64_t>> longs(ColumnSources& columns) const override {
    return forward(columns.longs(first(columns)));
  }
  std::unique_ptr<NumericSource<float>> floats(ColumnSources& columns) const override {
    return forward(columns.floats(first(columns)));
  }
  std::unique_ptr<NumericSource<double>> doubles(ColumnSources& columns) const override {
    return forward(columns.doubles(first(columns)));
  }
  std::unique_ptr<StringSource> strings(ColumnSources& columns) const override {
    return forward(columns.strings(first(columns)));
  }
  std::unique_ptr<ValueSource> values(ColumnSources& columns) const override {
    return forward(columns.values(first(columns)));
  }

 private:
  const std::string& first(const ColumnSources& columns) const {
    for (const std::string& column : columns_)
      if (columns.kind(column)) return column;
    return columns_.front();
  }

  std::vector<std::string> columns_;
};

/// A name, or a dimension spec that does nothing but name a column.
std::string parse_column(const JsonField& json) {
  if (json.json().is_string()) return json.string();
  if (json["type"].string_or("default") != "default")
    json["type"].fail("fallback reads columns as they are: the spec must be \"default\"");
  return json["dimension"].string();
}

VirtualColumnPtr parse(const JsonField& json) {
  std::vector<std::string> columns;
  for (const JsonField& element : json["columns"].elements()) columns.push_back(parse_column(element));
  if (columns.empty()) json["columns"].fail("must have at least one column");
  return std::make_shared<Fallback>(json["name"].string(), std::move(columns));
}

}  // namespace

void register_fallback_column(VirtualColumnRegistry& registry) {
  registry.add({.type = "fallback", .parse = parse, .doc = "The first of `columns` that exists."});
}

}  // namespace sarsen::engine
