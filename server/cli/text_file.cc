#include "server/cli/text_file.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>

#include "storage/base/file_descriptor.h"

namespace sarsen::server {

std::string read_text(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw_file_error("Cannot open", path);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw_file_error("Cannot read", path);
  return text;
}

}  // namespace sarsen::server
