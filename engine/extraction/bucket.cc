// bucket: the lower end of the value's bucket, where buckets are `size` wide and one begins at `offset`.

#include <cmath>

#include "engine/extraction/extraction_function.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

class Bucket final : public ExtractionFunction {
 public:
  Bucket(double size, double offset) : size_(size), offset_(offset) {}

  Text apply(std::optional<std::string_view> value) const override {
    const std::optional<double> number = value ? try_parse_double(without_blanks(*value)) : std::nullopt;
    return number ? apply(*number) : Text();
  }
  Text apply(std::int64_t value) const override { return apply(static_cast<double>(value)); }
  Text apply(float value) const override { return apply(static_cast<double>(value)); }
  Text apply(double value) const override {
    const double start = std::floor((value - offset_) / size_) * size_ + offset_;
    const std::int64_t whole = java_long(start);
    return start == static_cast<double>(whole) ? std::to_string(whole) : java_text(start);
  }

 private:
  /// Double.parseDouble does not mind what String.trim takes away.
  static std::string_view without_blanks(std::string_view text) {
    const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
  }

  double size_;
  double offset_;
};

double number_or(const JsonField& json, double otherwise) { return json.present() ? json.number() : otherwise; }

ExtractionPtr parse_bucket(const JsonField& json) {
  return std::make_shared<Bucket>(number_or(json["size"], 1), number_or(json["offset"], 0));
}

}  // namespace

void register_bucket(ExtractionRegistry& registry) {
  registry.add({.type = "bucket", .parse = parse_bucket, .doc = "The start of the value's bucket of `size`."});
}

}  // namespace sarsen::engine
