#include "ingest/zookeeper/gzipped.h"

#include <zlib.h>

#include <array>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: 32 KiB of window, with a gzip header
constexpr std::size_t kPlainBytesMax = std::size_t{64} << 20;

[[noreturn]] void refuse(const char* problem) {
  throw Error(ErrorCategory::kRuntimeFailure, std::string("A node of ZooKeeper cannot be decompressed: ") + problem);
}

/// Frees what inflateInit2 has taken.
struct Inflation {
  z_stream stream{};
  ~Inflation() { inflateEnd(&stream); }
};

}  // namespace

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(ErrorCategory::kRuntimeFailure, "zlib has no memory for a node of ZooKeeper");
  std::string result(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's input is const in all but name
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);  // there is room for all of it
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

std::string gunzipped(std::string_view bytes) {
  if (!bytes.starts_with("\x1f\x8b")) return std::string(bytes);
  Inflation inflation;
  z_stream& stream = inflation.stream;
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) refuse("no memory");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string plain;
  std::array<char, 16'384> piece{};
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) refuse("it is damaged");
    plain.append(piece.data(), piece.size() - stream.avail_out);
    if (plain.size() > kPlainBytesMax) refuse("it is longer than 64 MiB");
  }
  return plain;
}

}  // namespace sarsen::ingest
