// Input source http: what addresses give (ingest/http/http_input.h).

#include <utility>

#include "ingest/batch/input_types.h"
#include "ingest/http/http_input.h"

namespace sarsen::ingest {
namespace {

class AddressInput final : public Input {
 public:
  AddressInput(HttpRequest request, SystemFieldNames names) : request_(std::move(request)), names_(std::move(names)) {}

  std::string_view name() const noexcept override { return request_.url; }
  std::vector<SystemField> system_fields() const override { return system_fields_of_url(names_, request_.url); }
  std::unique_ptr<LineReader> open(const std::filesystem::path& scratch) const override {
    return open_http_lines(request_, scratch);
  }

 private:
  HttpRequest request_;
  SystemFieldNames names_;
};

}  // namespace

Inputs http_inputs(const JsonField& json, const std::filesystem::path&) {
  const SystemFieldNames names = parse_system_fields(json["systemFields"]);
  Inputs inputs;
  for (HttpRequest& request : parse_http_input(json))
    inputs.push_back(std::make_shared<AddressInput>(std::move(request), names));
  return inputs;
}

}  // namespace sarsen::ingest
