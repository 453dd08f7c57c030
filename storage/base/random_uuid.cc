#include "storage/base/random_uuid.h"

#include <random>
#include <string_view>

namespace sarsen {

std::string random_uuid() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string text = "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx";
  for (char& c : text)
    if (c == 'x') c = kDigits[random() % kDigits.size()];
  return text;
}

}  // namespace sarsen
