#include "ingest/zookeeper/gzipped.h"

#include <zlib.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: 32 KiB of window, with a gzip header

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

}  // namespace sarsen::ingest
