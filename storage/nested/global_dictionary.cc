#include "storage/nested/global_dictionary.h"

#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

// Of one array: many elements may be one long string.
constexpr std::size_t kArrayTextBytesMax = std::size_t{64} << 20;

template <class T>
Json json_of(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

GlobalDictionary::GlobalDictionary(Parts parts, Place place) : parts_(std::move(parts)), place_(std::move(place)) {
  string_count_ = parts_.strings ? parts_.strings->size() : 0;
  const std::uint64_t scalars = std::uint64_t{string_count_} + parts_.longs.size() + parts_.doubles.size();
  check_format(scalars + parts_.arrays.size() <= INT32_MAX, "more values than ids");
  scalar_count_ = static_cast<std::uint32_t>(scalars);
}

Json GlobalDictionary::value(std::uint32_t id) const {
  DCHECK(id < size());
  return at_place(place_, [&] { return id < scalar_count_ ? scalar(id) : array(id - scalar_count_); });
}

Json GlobalDictionary::scalar(std::uint32_t id) const {
  if (id < string_count_) {
    const std::optional<std::string_view> text = parts_.strings->value(id);
    return text ? Json(*text) : Json();
  }
  id -= string_count_;
  if (id < parts_.longs.size()) return json_of(parts_.longs.value(id));
  return json_of(parts_.doubles.value(id - parts_.longs.size()));
}

Json GlobalDictionary::array(std::uint32_t index) const {
  if (parts_.arrays.has_null() && index == 0) return Json();
  Json::Array elements;
  std::size_t text_bytes = 0;
  for (const std::uint32_t id : parts_.arrays.value(index)) {
    check_format(id < scalar_count_, "element of an array that is no scalar value");
    elements.push_back(scalar(id));
    if (elements.back().is_string()) text_bytes += elements.back().string().size();
    check_format(text_bytes <= kArrayTextBytesMax, "array of too much text");
  }
  return Json(std::move(elements));
}

bool GlobalDictionary::begins_with_null() const { return scalar_count_ > 0 && value(0).is_null(); }

std::string GlobalDictionary::encoding() const {
  return parts_.strings ? parts_.strings->encoding() + " dictionary" : "";
}

SubsetDictionary::SubsetDictionary(FixedIndexed<std::uint32_t> ids, std::shared_ptr<const GlobalDictionary> all,
                                   Place place)
    : ids_(ids), all_(std::move(all)), place_(std::move(place)) {
  check_format(!ids_.has_null(), "list of ids that has no id for null");
}

Json SubsetDictionary::value(std::uint32_t id) const {
  const std::uint32_t global = *ids_.value(id);
  at_place(place_, [&] { check_format(global < all_->size(), "id past the end of the column's dictionaries"); });
  return all_->value(global);
}

bool SubsetDictionary::begins_with_null() const {
  return size() > 0 && *ids_.value(0) == 0 && all_->begins_with_null();
}

SubsetStrings::SubsetStrings(FixedIndexed<std::uint32_t> ids, std::shared_ptr<const GlobalDictionary> all, Place place)
    : ids_(ids), all_(std::move(all)), place_(std::move(place)) {
  check_format(!ids_.has_null() && all_->strings() != nullptr, "strings without a dictionary");
}

std::optional<std::string_view> SubsetStrings::value(std::uint32_t id) const {
  const std::uint32_t global = *ids_.value(id);
  at_place(place_, [&] { check_format(global < all_->strings()->size(), "id past the end of the column's strings"); });
  return all_->strings()->value(global);
}

std::optional<std::uint32_t> SubsetStrings::find(std::optional<std::string_view> value) const {
  const std::optional<std::uint32_t> global = all_->strings()->find(value);
  if (!global) return std::nullopt;
  const std::uint32_t id = ids_.lower_bound(*global);
  if (id == size() || *ids_.value(id) != *global) return std::nullopt;
  return id;
}

std::uint32_t SubsetStrings::lower_bound(std::string_view value) const {
  return ids_.lower_bound(all_->strings()->lower_bound(value));
}

}  // namespace sarsen::storage
