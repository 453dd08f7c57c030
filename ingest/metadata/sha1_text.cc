#include "ingest/metadata/sha1_text.h"

#include <fmt/format.h>

#include <boost/uuid/detail/sha1.hpp>

namespace sarsen::ingest {

std::string sha1_text(std::string_view bytes) {
  boost::uuids::detail::sha1 sha1;
  sha1.process_bytes(bytes.data(), bytes.size());
  boost::uuids::detail::sha1::digest_type digest;
  sha1.get_digest(digest);
  std::string text;
  for (const auto part : digest) text += fmt::format("{:0{}X}", part, 2 * sizeof(part));  // words, newer Boost: bytes
  return text;
}

}  // namespace sarsen::ingest
