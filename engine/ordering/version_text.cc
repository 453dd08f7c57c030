#include "engine/ordering/version_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "storage/base/java_character.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

/// A version as Maven's ComparableVersion takes it apart: numbers, qualifiers, and lists that begin at a hyphen or at a
/// change between digits and letters.
struct Item {
  enum class Kind { kNumber, kText, kList } kind;
  std::string text;  // digits without leading zeros, or a qualifier
  std::vector<Item> list;
};

constexpr std::array<std::string_view, 7> kQualifiers = {"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"};
constexpr int kRelease = 5;  // the place of "" in the list

/// The place of a qualifier among the known ones; unknown ones come after all of them, by name.
std::string qualifier_order(const std::string& qualifier) {
  const auto found = std::find(kQualifiers.begin(), kQualifiers.end(), qualifier);
  const auto place = found - kQualifiers.begin();
  return found != kQualifiers.end() ? std::to_string(place) : std::to_string(kQualifiers.size()) + "-" + qualifier;
}

std::string qualifier(std::string text, bool followed_by_digit) {
  if (followed_by_digit && text.size() == 1) {
    if (text == "a") return "alpha";
    if (text == "b") return "beta";
    if (text == "m") return "milestone";
  }
  if (text == "ga" || text == "final") return "";
  if (text == "cr") return "rc";
  return text;
}

bool is_null(const Item& item) {
  if (item.kind == Item::Kind::kNumber) return item.text.empty();
  if (item.kind == Item::Kind::kText) return item.text.empty();
  return item.list.empty();
}

/// Trailing nulls say nothing: 1.0 is 1.
void normalize(std::vector<Item>& list) {
  for (std::size_t i = list.size(); i-- > 0;) {
    if (is_null(list[i])) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
    } else if (list[i].kind != Item::Kind::kList) {
      break;
    }
  }
}

class Parser {
 public:
  explicit Parser(std::string_view version) : text_(ignoring_case(with_ascii_digits(version))) {}

  std::vector<Item> parse() {
    std::vector<Item> list = parse_list();
    return list;
  }

 private:
  static bool digit(char c) { return c >= '0' && c <= '9'; }

  std::vector<Item> parse_list() {
    std::vector<Item> list;
    std::size_t start = at_;
    bool is_number = false;
    const auto take = [&](bool followed_by_digit) {
      list.push_back(item(text_.substr(start, at_ - start), is_number, followed_by_digit));
    };
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '.' || c == '-') {
        if (at_ == start) {
          list.push_back({Item::Kind::kNumber, "", {}});
        } else {
          take(false);
        }
        start = ++at_;
        if (c == '-') return with_rest(std::move(list));
      } else if (digit(c) != is_number && at_ > start) {
        take(digit(c));
        return with_rest(std::move(list));
      } else {
        is_number = digit(c);
        ++at_;
      }
    }
    if (at_ > start) take(false);
    normalize(list);
    return list;
  }

  std::vector<Item> with_rest(std::vector<Item> list) {
    std::vector<Item> rest = parse_list();
    list.push_back({Item::Kind::kList, "", std::move(rest)});
    normalize(list);
    return list;
  }

  static Item item(const std::string& text, bool is_number, bool followed_by_digit) {
    if (!is_number) return {Item::Kind::kText, qualifier(text, followed_by_digit), {}};
    return {Item::Kind::kNumber, text.substr(std::min(text.find_first_not_of('0'), text.size())), {}};
  }

  std::string text_;
  std::size_t at_ = 0;
};

int sign(int value) { return (value > 0) - (value < 0); }

int compare_numbers(const std::string& left, const std::string& right) {
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return sign(left.compare(right));
}

int compare_text(std::string_view left, std::string_view right) {
  const std::strong_ordering order = java_compare(left, right);
  return order < 0 ? -1 : order > 0;
}

int compare_lists(const std::vector<Item>& left, const std::vector<Item>& right);

/// `right` nullptr: compared with nothing.
int compare_items(const Item& left, const Item* right) {
  if (right == nullptr) {
    if (left.kind == Item::Kind::kNumber) return left.text.empty() ? 0 : 1;
    if (left.kind == Item::Kind::kText) return compare_text(qualifier_order(left.text), std::to_string(kRelease));
    return left.list.empty() ? 0 : compare_items(left.list.front(), nullptr);  // -0.5 is -0, and so 0
  }
  if (left.kind == Item::Kind::kNumber)
    return right->kind == Item::Kind::kNumber ? compare_numbers(left.text, right->text) : 1;  // 1.1 > 1-sp, 1.1 > 1-1
  if (left.kind == Item::Kind::kText)
    return right->kind == Item::Kind::kText ? compare_text(qualifier_order(left.text), qualifier_order(right->text))
                                            : -1;
  if (right->kind == Item::Kind::kNumber) return -1;  // 1-1 < 1.0.x
  if (right->kind == Item::Kind::kText) return 1;     // 1-1 > 1-sp
  return compare_lists(left.list, right->list);
}

int compare_lists(const std::vector<Item>& left, const std::vector<Item>& right) {
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const Item* left_item = i < left.size() ? &left[i] : nullptr;
    const Item* right_item = i < right.size() ? &right[i] : nullptr;
    const int order =
        left_item != nullptr ? compare_items(*left_item, right_item) : -compare_items(*right_item, nullptr);
    if (order != 0) return order;
  }
  return 0;
}

}  // namespace

int compare_versions(std::string_view left, std::string_view right) {
  return compare_lists(Parser(left).parse(), Parser(right).parse());
}

}  // namespace sarsen::engine
