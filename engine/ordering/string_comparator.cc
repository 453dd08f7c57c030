#include "engine/ordering/string_comparator.h"

#include <array>
#include <string>

#include "engine/ordering/natural_text.h"
#include "engine/ordering/version_text.h"
#include "storage/base/ascii_case.h"
#include "storage/base/java_number.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

using Compare = int (*)(std::string_view, std::string_view);

int sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0; }

int compare_lexicographic(std::string_view left, std::string_view right) { return sign(java_compare(left, right)); }

int compare_lengths(std::string_view left, std::string_view right) {
  const int by_length = sign(utf16_length(left) <=> utf16_length(right));
  return by_length != 0 ? by_length : compare_lexicographic(left, right);
}

class NamedComparator final : public StringComparator {
 public:
  NamedComparator(std::string_view name, Compare function) : name_(name), compare_(function) {}

  int compare(std::optional<std::string_view> left, std::optional<std::string_view> right) const override {
    if (!left || !right) return static_cast<int>(left.has_value()) - static_cast<int>(right.has_value());
    return compare_(*left, *right);
  }
  std::string_view name() const noexcept override { return name_; }

 private:
  std::string_view name_;
  Compare compare_;
};

struct Entry {
  std::string_view name;
  Compare compare;
};

/// "natural" stands for the order of a value's own type; for text that is the lexicographic one.
constexpr std::array<Entry, 6> kComparators = {{{"lexicographic", compare_lexicographic},
                                                {"alphanumeric", compare_alphanumeric},
                                                {"numeric", compare_numeric},
                                                {"strlen", compare_lengths},
                                                {"version", compare_versions},
                                                {"natural", compare_lexicographic}}};

}  // namespace

std::shared_ptr<const StringComparator> find_string_comparator(std::string_view name) {
  for (const Entry& entry : kComparators)
    if (entry.name == name) return std::make_shared<NamedComparator>(entry.name, entry.compare);
  return nullptr;
}

std::shared_ptr<const StringComparator> parse_string_comparator(const JsonField& json, std::string_view otherwise) {
  if (!json.present()) return find_string_comparator(otherwise);
  const JsonField named = json.json().is_object() ? json["type"] : json;
  const std::string name = named.string();
  if (auto comparator = find_string_comparator(storage::lower_ascii(name))) return comparator;
  std::vector<std::string> known;
  for (const Entry& entry : kComparators) known.emplace_back(entry.name);
  named.fail("unknown ordering \"" + name + "\"" + suggestion(name, known));
}

}  // namespace sarsen::engine
