#include "server/api/parameters.h"

#include <algorithm>

namespace sarsen::server {

Interval parse_path_interval(std::string text) {
  std::replace(text.begin(), text.end(), '_', '/');
  return parse_interval(text);
}

}  // namespace sarsen::server
