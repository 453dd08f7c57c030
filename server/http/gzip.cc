#include "server/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "server/http/request.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: 32 KiB of window, with a gzip header
constexpr std::size_t kStepBytes = std::size_t{16} << 10;

Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's input is const in all but name
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool refuses(std::string_view parameters) noexcept {
  const std::string_view value = trimmed(parameters);
  return value.starts_with("q=0") && value.find_first_of("123456789", 3) == std::string_view::npos;
}

}  // namespace

struct GzipCompressor::Stream {
  z_stream z{};
};

GzipCompressor::GzipCompressor() : stream_(std::make_unique<Stream>()) {
  if (deflateInit2(&stream_->z, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(ErrorCategory::kRuntimeFailure, "zlib has no memory for a compressed answer");
}

GzipCompressor::~GzipCompressor() { deflateEnd(&stream_->z); }

void GzipCompressor::add(std::string_view bytes, std::string& out) {
  if (bytes.empty()) return;
  empty_ = false;
  run(bytes, Z_NO_FLUSH, out);
}

void GzipCompressor::finish(std::string& out) { run({}, Z_FINISH, out); }

void GzipCompressor::run(std::string_view bytes, int flush, std::string& out) {
  z_stream& z = stream_->z;
  do {
    const std::size_t part = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    z.next_in = input_of(bytes);
    z.avail_in = static_cast<uInt>(part);
    bytes.remove_prefix(part);
    do {
      const std::size_t used = out.size();
      out.resize(used + kStepBytes);
      z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
      z.avail_out = kStepBytes;
      deflate(&z, flush);  // cannot fail: the stream is in order and there is room
      out.resize(used + kStepBytes - z.avail_out);
    } while (z.avail_out == 0);
  } while (!bytes.empty());
}

std::string gunzip(std::string_view bytes, std::size_t bytes_max) {
  z_stream z{};
  if (inflateInit2(&z, kGzipWindow) != Z_OK)
    throw Error(ErrorCategory::kRuntimeFailure, "zlib has no memory for a body");
  const std::unique_ptr<z_stream, void (*)(z_stream*)> guard(&z, [](z_stream* stream) { inflateEnd(stream); });
  if (bytes.size() > std::numeric_limits<uInt>::max())
    throw Error(ErrorCategory::kInvalidInput, "The compressed body is too large");
  z.next_in = input_of(bytes);
  z.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    const std::size_t used = out.size();
    out.resize(used + kStepBytes);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    z.avail_out = kStepBytes;
    state = inflate(&z, Z_NO_FLUSH);
    out.resize(used + kStepBytes - z.avail_out);
    if (state != Z_OK && state != Z_STREAM_END)
      throw Error(ErrorCategory::kInvalidInput, "The body is not the gzip data that its Content-Encoding promises");
    if (out.size() > bytes_max)
      throw Error(ErrorCategory::kInvalidInput,
                  "The body, once unpacked, is larger than the limit of bytes: " + std::to_string(bytes_max));
  }
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const std::string_view item = accept_encoding.substr(0, comma);
    const std::size_t semicolon = item.find(';');
    const bool wanted = semicolon == std::string_view::npos || !refuses(item.substr(semicolon + 1));
    if (wanted && storage::equals_ignoring_case(trimmed(item.substr(0, semicolon)), "gzip")) return true;
    if (comma == std::string_view::npos) break;
    accept_encoding.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace sarsen::server
