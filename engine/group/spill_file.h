#pragma once
// A temporary file for what does not fit into memory: it has no name from the start, so that the system takes it back
// whenever this process ends, however it ends. What all files of a query take together is a SpillSpace. Not
// thread-safe.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "storage/base/file_descriptor.h"

namespace sarsen::engine {

struct SpillSpace {
  std::uint64_t bytes_max = 0;
  std::uint64_t bytes = 0;
};

class SpillFile {
 public:
  /// In `folder`, which is made where it is not there; empty: the system's. Throws kRuntimeFailure.
  SpillFile(const std::string& folder, std::shared_ptr<SpillSpace> space);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  std::uint64_t size() const noexcept { return size_; }
  /// Throws kResourceLimit where the space, in Druid's words, or the disk does not suffice; kRuntimeFailure where
  /// writing fails otherwise.
  void append(std::span<const std::byte> bytes);
  /// Reads `into.size()` bytes. Throws kRuntimeFailure where they are not there.
  void read(std::uint64_t offset, std::span<std::byte> into) const;

 private:
  FileDescriptor file_;
  std::shared_ptr<SpillSpace> space_;
  std::uint64_t size_ = 0;
};

}  // namespace sarsen::engine
