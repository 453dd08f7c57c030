// Input source inline: the rows stand in the specification.

#include <string>
#include <utility>

#include "ingest/batch/input_types.h"

namespace sarsen::ingest {
namespace {

class TextInput final : public Input {
 public:
  explicit TextInput(std::string text) : text_(std::move(text)) {}

  std::unique_ptr<LineReader> open(const std::filesystem::path&) const override { return lines_of(text_); }
  std::uint64_t bytes() const override { return text_.size(); }

 private:
  std::string text_;
};

}  // namespace

Inputs inline_inputs(const JsonField& json, const std::filesystem::path&) {
  return {std::make_shared<TextInput>(json["data"].string())};
}

}  // namespace sarsen::ingest
