#include "ingest/http/password_provider.h"

#include <cstdlib>

namespace sarsen::ingest {

std::string parse_password(const JsonField& json) {
  if (!json.present()) return {};
  if (json.json().is_string()) return json.string();
  const std::string type = json["type"].string();
  if (type == "default") return json["password"].string();
  if (type != "environment")
    json["type"].fail("unknown password provider: " + type + suggestion(type, {"default", "environment"}));
  const std::string variable = json["variable"].string();
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) json["variable"].fail("there is no environment variable of this name: " + variable);
  return value;
}

}  // namespace sarsen::ingest
