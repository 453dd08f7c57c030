#pragma once
// A sketch with all its fields as bytes and back, for this process alone: unlike the images of Druid's formats, these
// keep how a sketch would go on. A sketch names its fields once: `template <class Fields> void fields(Fields& each)`.

#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {

class SaveFields {
 public:
  explicit SaveFields(ByteWriter& out) : out_(out) {}

  template <class... Fields>
  void operator()(const Fields&... fields) {
    (save(fields), ...);
  }

 private:
  template <class T>
  void save(const T& field) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.write(std::as_bytes(std::span(&field, 1)));
  }
  template <class T>
  void save(const std::vector<T>& fields) {
    out_.write_le(static_cast<std::uint64_t>(fields.size()));
    if constexpr (std::is_trivially_copyable_v<T>) {
      out_.write(std::as_bytes(std::span(fields)));
    } else {
      for (const T& field : fields) save(field);
    }
  }

  ByteWriter& out_;
};

/// Throws kRuntimeFailure where bytes are missing.
class LoadFields {
 public:
  explicit LoadFields(ByteReader& in) : in_(in) {}

  template <class... Fields>
  void operator()(Fields&... fields) {
    (load(fields), ...);
  }

 private:
  template <class T>
  void load(T& field) {
    std::memcpy(static_cast<void*>(&field), in_.bytes(sizeof(T)).data(), sizeof(T));
  }
  template <class T>
  void load(std::vector<T>& fields) {
    const auto size = in_.read_le<std::uint64_t>();
    in_.check(size <= in_.remaining(), "more fields than bytes");
    fields.resize(size);
    if constexpr (std::is_trivially_copyable_v<T>) {
      const std::span<const std::byte> bytes = in_.bytes(size * sizeof(T));
      if (!bytes.empty()) std::memcpy(static_cast<void*>(fields.data()), bytes.data(), bytes.size());
    } else {
      for (T& field : fields) load(field);
    }
  }

  ByteReader& in_;
};

}  // namespace sarsen::engine::sketch
