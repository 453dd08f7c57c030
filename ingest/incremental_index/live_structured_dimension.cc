#include "ingest/incremental_index/live_structured_dimension.h"

#include <algorithm>
#include <bit>

#include "ingest/row/raw_json.h"
#include "storage/structured/simple_value.h"

namespace sarsen::ingest {
namespace {

/// Keys in order: equal for objects that Java's Map.equals takes for one.
Json sorted(const Json& value) {
  if (value.is_array()) {
    Json::Array elements;
    for (const Json& element : value.array()) elements.push_back(sorted(element));
    return Json(std::move(elements));
  }
  if (!value.is_object()) return value;
  Json::Object members;
  for (const auto& [key, member] : value.object()) members.emplace_back(key, sorted(member));
  std::sort(members.begin(), members.end(),
            [](const auto& left, const auto& right) { return left.first < right.first; });
  return Json(std::move(members));
}

std::string_view text_of(const ByteWriter& bytes) {
  return {reinterpret_cast<const char*>(bytes.view().data()), bytes.size()};
}

std::size_t depth_of(const RawValue& value) {
  std::size_t depth = 0;
  for (const RawValue& part : value.list) depth = std::max(depth, depth_of(part));
  const bool container = value.kind == RawValue::Kind::kList || value.kind == RawValue::Kind::kObject;
  return depth + (container ? 1 : 0);
}

bool holds_object(const Json& value) {
  return value.is_object() ||
         (value.is_array() && std::any_of(value.array().begin(), value.array().end(), holds_object));
}

Json json_of_scalar(const storage::Scalar& scalar) {
  if (const auto* text = std::get_if<std::string_view>(&scalar)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&scalar)) return *integer;
  if (const auto* number = std::get_if<double>(&scalar)) return *number;
  return {};
}

/// True where an element is of another type than the array is taken for.
bool coerced(const Json::Array& elements, storage::ScalarType type) {
  return std::any_of(elements.begin(), elements.end(), [type](const Json& element) {
    if (element.is_null()) return false;
    return element.is_bool() || type != storage::type_of(storage::scalar_of(element));
  });
}

/// What readers of a column that is none of JSON see of the value; nullopt for the value itself.
std::optional<Json> simplified(const Json& value) {
  if (value.is_bool()) return std::int64_t{value.boolean()};
  if (!value.is_array()) return std::nullopt;
  const storage::SimpleValue simple = storage::simple_value(value);
  const auto* array = std::get_if<storage::SimpleArray>(&simple);
  if (array == nullptr || !coerced(value.array(), array->type)) return std::nullopt;
  Json::Array elements;
  for (const storage::Scalar& element : array->elements) elements.push_back(json_of_scalar(element));
  return Json(std::move(elements));
}

}  // namespace

LiveStructuredDimension::LiveStructuredDimension(DimensionSchema schema) : LiveDimension(std::move(schema)) {
  add(Json());  // null has id 0
}

void LiveStructuredDimension::take(std::uint32_t place, const RawValue& value, std::vector<std::string>& problems) {
  waiting(place) = {.bits = id_of(value, problems)};
}

std::uint32_t LiveStructuredDimension::id_of(const RawValue& raw, std::vector<std::string>& problems) {
  if (depth_of(raw) > kJsonDepthMax) {
    problems.push_back("nested deeper than " + std::to_string(kJsonDepthMax) + " levels: dimension " + schema().name);
    return kNullId;
  }
  Json value = json_of(raw);
  if (const auto shape = storage::parse_column_shape(schema().cast_to)) {
    auto cast = cast_json(value, *shape);
    if (!cast)
      problems.push_back("Cannot coerce column [" + schema().name + "] input to requested type [" + schema().cast_to +
                         "]");
    value = cast ? std::move(*cast) : Json();
  }
  return add(value);
}

std::optional<std::string_view> LiveStructuredDimension::smile_of(const Json& value) {
  if (value.is_null()) return std::nullopt;
  smile_.clear();
  smile_writer_.write(value, smile_);
  return text_of(smile_);
}

std::optional<std::uint32_t> LiveStructuredDimension::find(const Json& value) const {
  if (value.is_null()) return kNullId;
  ByteWriter smile;
  SmileWriter().write(value, smile);
  return smiles_.find(text_of(smile));
}

std::uint32_t LiveStructuredDimension::add(const Json& value) {
  if (const auto known = smiles_.find(smile_of(value))) return *known;
  std::optional<std::uint32_t> simple_id;
  if (const auto simple = simplified(value)) simple_id = add(*simple);
  const std::uint32_t id = smiles_.add(smile_of(value));
  const Json& kept = jsons_.emplace_back(value);
  values_.push_back({&kept, simple_id.value_or(id), rollup_id_of(value, id)});
  json_bytes_ += smiles_.value(id).value_or("").size() + sizeof(Json) + sizeof(Value);
  return id;
}

std::uint32_t LiveStructuredDimension::rollup_id_of(const Json& value, std::uint32_t id) {
  if (value.is_number()) {
    const double number = value.number() == 0 && value.is_integer() ? 0.0 : value.number();
    return ids_by_number_.try_emplace(std::bit_cast<std::uint64_t>(number), id).first->second;
  }
  if (holds_object(value)) return ids_by_sorted_object_.try_emplace(sorted(value).dump(), id).first->second;
  return id;
}

void LiveStructuredDimension::append(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t place = begin; place < end; ++place) append(static_cast<std::uint32_t>(waiting(place).bits));
}

void LiveStructuredDimension::mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept {
  for (std::uint32_t place = 0; place < count; ++place)
    hashes[place] = mix(hashes[place], rollup_id(waiting(place).bits));
}

bool LiveStructuredDimension::has_key(std::uint32_t row, std::uint32_t place) const noexcept {
  return rollup_id(ids_[row]) == rollup_id(waiting(place).bits);
}

void LiveStructuredDimension::append(std::uint32_t id) {
  ids_.push_back(id);
  if (id >= seen_.size()) seen_.resize(values_.size());
  if (seen_[id]) return;
  seen_[id] = true;
  const storage::SimpleValue simple = storage::simple_value(value(id));
  if (const auto* scalar = std::get_if<storage::Scalar>(&simple))
    types_.add(*scalar);
  else if (const auto* array = std::get_if<storage::SimpleArray>(&simple))
    types_.add(*array);
  else
    any_compound_ = true;
  any_null_ = any_null_ || id == kNullId;
}

std::size_t LiveStructuredDimension::size_bytes() const noexcept {
  return smiles_.size_bytes() + json_bytes_ + std::size_t{ids_.size()} * sizeof(std::uint32_t);
}

storage::ColumnKind LiveStructuredDimension::kind() const noexcept {
  const auto shape = storage::parse_column_shape(schema().cast_to);
  return shape ? storage::ColumnKind::of(*shape) : storage::ColumnKind::of(types_, any_compound_);
}

PublishedDimension LiveStructuredDimension::published() const noexcept {
  return {
      .dimension = this, .dictionary_size = smiles_.size(), .has_lists = false, .has_nulls = any_null_, .kind = kind()};
}

}  // namespace sarsen::ingest
