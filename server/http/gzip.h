#pragma once
// gzip of message bodies. The only door to zlib in this folder. Not thread-safe.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sarsen::server {

/// Appends the compressed form of what it is given, at zlib's fastest level: the network is rarely slower than that.
class GzipCompressor {
 public:
  GzipCompressor();
  ~GzipCompressor();
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  void add(std::string_view bytes, std::string& out);
  void finish(std::string& out);
  /// True while nothing was added.
  bool empty() const noexcept { return empty_; }

 private:
  struct Stream;
  void run(std::string_view bytes, int flush, std::string& out);

  std::unique_ptr<Stream> stream_;
  bool empty_ = true;
};

/// Throws kInvalidInput for what is no gzip, and for bodies that would grow beyond `bytes_max`.
std::string gunzip(std::string_view bytes, std::size_t bytes_max);

/// True where an Accept-Encoding header admits gzip.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

}  // namespace sarsen::server
