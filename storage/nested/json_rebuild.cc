#include "storage/nested/json_rebuild.h"

#include <algorithm>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

constexpr std::size_t kElementsMax = std::size_t{1} << 20;     // of all arrays of a row: a path may name any position
constexpr std::size_t kTextBytesMax = std::size_t{256} << 20;  // of a row: all fields may hold one long string

std::size_t text_bytes_of(const Json& value) {
  if (value.is_string()) return value.string().size();
  std::size_t bytes = 0;
  if (value.is_array()) {
    for (const Json& element : value.array()) bytes += text_bytes_of(element);
  }
  return bytes;
}

}  // namespace

RebuiltValues::RebuiltValues(const JsonFields& fields, const NullRows& nulls, std::uint32_t row_count,
                             const Place& place)
    : fields_(&fields), nulls_(&nulls), row_count_(row_count), place_(&place), nodes_(1) {
  at_place(place, [&] {
    std::map<std::pair<std::uint32_t, JsonPathPart>, std::uint32_t> nodes;
    for (std::uint32_t field = 0; field < fields.size(); ++field)
      field_nodes_.push_back(add_path(parse_json_path(fields.path(field)), nodes));
  });
  ids_.resize(std::size_t{kBatchRows} * fields.size());
}

std::uint32_t RebuiltValues::add_path(const JsonPath& path,
                                      std::map<std::pair<std::uint32_t, JsonPathPart>, std::uint32_t>& nodes) {
  check_format(path.size() <= kJsonDepthMax, "path to a field too deep");
  std::uint32_t node = 0;
  for (const JsonPathPart& part : path) {
    const auto [position, fresh] = nodes.try_emplace({node, part}, static_cast<std::uint32_t>(nodes_.size()));
    if (fresh) nodes_.push_back({.parent = node, .part = part});
    node = position->second;
  }
  return node;
}

// Field by field, so that no more than one of them holds on to its blocks.
void RebuiltValues::load_ids(std::uint32_t row) {
  if (row / kBatchRows == batch_) return;
  const std::uint32_t begin = row / kBatchRows * kBatchRows;
  const std::uint32_t count = std::min(kBatchRows, row_count_ - begin);
  batch_ = UINT32_MAX;  // until all is read
  for (std::uint32_t field = 0; field < fields_->size(); ++field) {
    std::uint32_t* target = ids_.data() + std::size_t{kBatchRows} * field;
    const std::uint32_t* ids = fields_->column(field).id_reader()->read(begin, count, target);
    if (ids != target) std::copy_n(ids, count, target);
  }
  batch_ = row / kBatchRows;
}

void RebuiltValues::touch(std::uint32_t node) {
  if (nodes_[node].row_number == row_number_) return;
  nodes_[node].row_number = row_number_;
  nodes_[node].value = Json();
  nodes_[node].children.clear();
  if (node == 0) return;
  touch(nodes_[node].parent);
  nodes_[nodes_[node].parent].children.push_back(node);
}

Json RebuiltValues::read(std::uint32_t row) {
  if (nulls_->contains(row)) return {};
  load_ids(row);
  ++row_number_;
  touch(0);
  std::size_t text_bytes = 0;
  for (std::uint32_t field = 0; field < fields_->size(); ++field) {
    const std::uint32_t id = ids_[std::size_t{kBatchRows} * field + row % kBatchRows];
    Json value = fields_->column(field).value_dictionary()->value(id);
    if (value.is_null()) continue;
    text_bytes += text_bytes_of(value);
    at_place(*place_, [&] { check_format(text_bytes <= kTextBytesMax, "value of too much text"); });
    touch(field_nodes_[field]);
    nodes_[field_nodes_[field]].value = std::move(value);
  }
  elements_left_ = kElementsMax;
  Json json = at_place(*place_, [&] { return build(0); });
  return json.is_null() ? Json(Json::Object()) : json;
}

Json RebuiltValues::build(std::uint32_t node) {
  const std::vector<std::uint32_t>& children = nodes_[node].children;
  if (children.empty()) return nodes_[node].value;
  check_format(nodes_[node].value.is_null(), "a value with fields below it");
  const bool array = std::holds_alternative<std::uint32_t>(nodes_[children.front()].part);
  for (const std::uint32_t child : children)
    check_format(std::holds_alternative<std::uint32_t>(nodes_[child].part) == array, "both an object and an array");
  return array ? build_array(children) : build_object(children);
}

Json RebuiltValues::build_array(const std::vector<std::uint32_t>& children) {
  Json::Array elements;
  for (const std::uint32_t child : children) {
    const std::size_t index = std::get<std::uint32_t>(nodes_[child].part);
    if (index >= elements.size()) {
      const std::size_t added = index + 1 - elements.size();
      check_format(added <= elements_left_, "array too long to be put together");
      elements_left_ -= added;
      elements.resize(index + 1);
    }
    elements[index] = build(child);
  }
  return Json(std::move(elements));
}

Json RebuiltValues::build_object(const std::vector<std::uint32_t>& children) {
  Json::Object members;
  for (const std::uint32_t child : children)
    members.emplace_back(std::get<std::string>(nodes_[child].part), build(child));
  return Json(std::move(members));
}

}  // namespace sarsen::storage
