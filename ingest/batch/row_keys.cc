#include "ingest/batch/row_keys.h"

#include <algorithm>

#include "storage/base/java_order.h"
#include "storage/base/json.h"

namespace sarsen::ingest {
namespace {

using Kind = RawValue::Kind;

bool is_container(const RawValue& value) noexcept { return value.kind == Kind::kList || value.kind == Kind::kObject; }

/// What a schema that finds its dimensions in the rows makes one of.
bool makes_dimension(const RawValue& value, const DataSchema& schema) {
  if (schema.dimensions_spec.schema_discovery) return true;
  if (value.absent()) return schema.input_format && schema.input_format->keep_null_columns;
  return value.kind != Kind::kObject && std::none_of(value.list.begin(), value.list.end(), is_container);
}

bool java_less(const std::string& left, const std::string& right) { return java_compare(left, right) < 0; }

Json json_of(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return Json(std::move(array));
}

}  // namespace

RowKeys::RowKeys(std::shared_ptr<const DataSchema> schema, FieldTable& fields)
    : schema_(std::move(schema)), fields_(fields) {
  for (const DimensionSchema& dimension : schema_->dimensions_spec.dimensions)
    listed_.push_back(fields_.add(dimension.name));
}

std::vector<std::string> RowKeys::texts(const RawValue& value) {
  std::string scratch;
  if (value.absent()) return {};
  if (value.kind != Kind::kList) return {std::string(*text_of(value, scratch))};
  std::vector<std::string> texts;
  for (const RawValue& element : value.list) texts.emplace_back(text_of(element, scratch).value_or("null"));
  return texts;
}

std::vector<std::uint32_t> RowKeys::dimension_fields(const RawRow& row) const {
  if (!schema_->dimensions_spec.discovery) return listed_;
  std::vector<std::uint32_t> found = listed_;
  for (const std::uint32_t field : row.fields())
    if (!schema_->dimensions_spec.exclusions.contains(fields_.name(field)) &&
        std::find(listed_.begin(), listed_.end(), field) == listed_.end() &&
        makes_dimension(row.value(field), *schema_))
      found.push_back(field);
  return found;
}

std::string RowKeys::group_key(const RawRow& row, std::int64_t time_ms) {
  std::vector<std::pair<std::string, std::vector<std::string>>> dimensions;
  for (const std::uint32_t field : dimension_fields(row)) {
    std::vector<std::string> values = texts(row.value(field));
    if (values.empty()) continue;
    std::sort(values.begin(), values.end(), java_less);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    dimensions.emplace_back(fields_.name(field), std::move(values));
  }
  std::sort(dimensions.begin(), dimensions.end(),
            [](const auto& left, const auto& right) { return java_less(left.first, right.first); });
  Json::Object members;
  for (const auto& [name, values] : dimensions) members.emplace_back(name, json_of(values));
  return Json(Json::Array{Json(time_ms), Json(std::move(members))}).dump();
}

std::string RowKeys::dimension_key(const RawRow& row, const std::vector<std::uint32_t>& dimension_fields) const {
  Json::Array keys;
  for (const std::uint32_t field : dimension_fields) keys.push_back(json_of(texts(row.value(field))));
  return Json(std::move(keys)).dump();
}

}  // namespace sarsen::ingest
