#include "ingest/row/json_objects.h"

#include <simdjson.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

namespace ondemand = simdjson::ondemand;

void check(simdjson::error_code error) {
  if (error == simdjson::INCORRECT_TYPE)
    throw Error(ErrorCategory::kInvalidInput, "An array of JSON objects is wanted");
  if (error)
    throw Error(ErrorCategory::kInvalidInput, std::string("This is no valid JSON: ") + simdjson::error_message(error));
}

}  // namespace

JsonObjects split_json_array(std::string_view array) {
  auto text = std::make_shared<std::string>(array);
  text->reserve(array.size() + simdjson::SIMDJSON_PADDING);
  ondemand::parser parser;
  ondemand::document document;
  check(parser.iterate(text->data(), text->size(), text->capacity()).get(document));
  ondemand::array elements;
  check(document.get_array().get(elements));
  JsonObjects result;
  for (auto element : elements) {
    ondemand::object object;
    check(element.get_object().get(object));
    std::string_view raw;
    check(object.raw_json().get(raw));
    result.objects.push_back(raw);
  }
  result.text = std::move(text);
  return result;
}

}  // namespace sarsen::ingest
