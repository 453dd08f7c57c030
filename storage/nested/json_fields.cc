#include "storage/nested/json_fields.h"

#include <algorithm>
#include <utility>

#include "storage/base/check.h"
#include "storage/base/java_order.h"
#include "storage/nested/json_path.h"

namespace sarsen::storage {

namespace {

constexpr std::size_t kPathBytesMax = std::size_t{64} << 20;  // of all fields; front coding could multiply them

StoredField stored_field(std::string path, std::uint32_t index, std::uint8_t types, bool jq) {
  if (!jq) return {std::move(path), ".__field_" + std::to_string(index), ValueTypes(types)};
  std::string text = json_path_text(parse_jq_path(path));
  return {std::move(text), "_" + path, ValueTypes(types)};
}

}  // namespace

std::shared_ptr<const StoredFields> read_stored_fields(ByteReader& reader, const CommonFormat& format,
                                                       const Place& place, bool jq) {
  const std::unique_ptr<StoredDictionary> paths = read_dictionary(reader, format.byte_order, format.files.all(), place);
  const std::span<const std::byte> types = reader.bytes(paths->size());
  auto fields = std::make_shared<StoredFields>();
  std::size_t path_bytes = 0;
  for (std::uint32_t i = 0; i < paths->size(); ++i) {
    const std::string_view path = paths->value(i).value_or("");
    path_bytes += path.size();
    check_format(path_bytes <= kPathBytesMax, "paths of fields too long");
    fields->push_back(stored_field(std::string(path), i, std::to_integer<std::uint8_t>(types[i]), jq));
  }
  // The older form is in another order.
  if (jq) {
    std::sort(fields->begin(), fields->end(), [](const StoredField& left, const StoredField& right) {
      return java_compare(left.path, right.path) < 0;
    });
  }
  return fields;
}

JsonFields::JsonFields(std::shared_ptr<const StoredFields> fields, std::shared_ptr<const GlobalDictionary> dictionary,
                       CommonFormat format)
    : fields_(std::move(fields)),
      dictionary_(std::move(dictionary)),
      format_(std::move(format)),
      columns_(std::make_unique<LazyColumn[]>(fields_->size())) {}

const Column& JsonFields::column(std::uint32_t field) const {
  return *columns_[field].get([&] { return parse_json_field((*fields_)[field], format_, dictionary_); });
}

std::size_t JsonFields::size_bytes() const {
  std::size_t size = 0;
  for (const StoredField& field : *fields_) size += format_.files.size_bytes(field.suffix);
  return size;
}

}  // namespace sarsen::storage
