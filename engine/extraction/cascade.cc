// cascade: one function after the other.

#include <algorithm>

#include "engine/extraction/extraction_function.h"

namespace sarsen::engine {
namespace {

class Cascade final : public ExtractionFunction {
 public:
  explicit Cascade(std::vector<ExtractionPtr> functions) : functions_(std::move(functions)) {}

  Text apply(std::optional<std::string_view> value) const override { return chain(value); }
  Text apply(std::int64_t value) const override { return chain(value); }
  Text apply(float value) const override { return chain(value); }
  Text apply(double value) const override { return chain(value); }

  bool is_one_to_one() const override {
    return std::all_of(functions_.begin(), functions_.end(),
                       [](const ExtractionPtr& function) { return function->is_one_to_one(); });
  }

 private:
  template <class T>
  Text chain(T value) const {
    Text text = functions_[0]->apply(value);
    for (std::size_t i = 1; i < functions_.size(); ++i)
      text = functions_[i]->apply(text ? std::optional<std::string_view>(*text) : std::nullopt);
    return text;
  }

  std::vector<ExtractionPtr> functions_;
};

ExtractionPtr parse_cascade(const JsonField& json) {
  const JsonField list = json["extractionFns"];
  if (!list.present()) list.fail("is required: the functions in order");
  std::vector<ExtractionPtr> functions;
  for (const JsonField& element : list.elements()) functions.push_back(parse_extraction(element));
  if (functions.empty()) {  // nothing to do is the value itself
    const Json identity = Json::Object{{"type", "identity"}};
    functions.push_back(parse_extraction(JsonField(identity)));
  }
  return std::make_shared<Cascade>(std::move(functions));
}

}  // namespace

void register_cascade(ExtractionRegistry& registry) {
  registry.add(
      {.type = "cascade", .parse = parse_cascade, .doc = "The functions `extractionFns`, one after the other."});
}

}  // namespace sarsen::engine
