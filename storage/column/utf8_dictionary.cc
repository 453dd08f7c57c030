// A dictionary that is a GenericIndexed of UTF-8 strings: values are views into the mapped bytes.
#include <utility>

#include "storage/column/string_dictionary.h"

namespace sarsen::storage {

namespace {

class Utf8Dictionary final : public StoredDictionary {
 public:
  Utf8Dictionary(GenericIndexed values, Place place) : values_(std::move(values)), place_(std::move(place)) {}

  std::string encoding() const override { return "utf8"; }
  std::uint32_t size() const noexcept override { return values_.size(); }
  bool sorted() const noexcept override { return values_.sorted(); }

  std::optional<std::string_view> value(std::uint32_t id) const override {
    DCHECK(id < size());
    const GenericIndexed::Element element = at_place(place_, [&] { return values_.element(id); });
    if (element.null) return std::nullopt;
    return std::string_view(reinterpret_cast<const char*>(element.bytes.data()), element.bytes.size());
  }

  std::string_view ordered_texts() const noexcept override {
    const std::span<const std::byte> bytes = values_.ordered_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  void prefetch(std::span<const std::uint32_t> ids) const override {
    if (size() >= kFarApart) values_.prefetch(ids);
  }

 private:
  /// Fewer are in the cache anyway.
  static constexpr std::uint32_t kFarApart = 1 << 12;

  GenericIndexed values_;
  Place place_;
};

}  // namespace

std::unique_ptr<StoredDictionary> read_utf8_dictionary(ByteReader& reader, const LogicalFiles& files,
                                                       const Place& place) {
  return std::make_unique<Utf8Dictionary>(GenericIndexed::read(reader, files), place.with_part("dictionary"));
}

}  // namespace sarsen::storage
