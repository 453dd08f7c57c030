#pragma once
// A text inside an aggregator's state, or null: its memory lies elsewhere and is used again for the next text. May be
// moved by memcpy, as states must; copies are made by assign(). Whoever holds it calls release() before it goes.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine {

class HeldText {
 public:
  std::optional<std::string_view> get() const noexcept {
    return null_ != 0 ? std::nullopt : std::optional(std::string_view(bytes_, size_));
  }

  void assign(std::optional<std::string_view> text) {
    null_ = text ? 0 : 1;
    if (!text) return;
    if (text->size() > room_) {
      const auto room = static_cast<std::uint32_t>(text->size() + text->size() / 2 + 16);
      char* bytes = new char[room];
      release();
      bytes_ = bytes;
      room_ = room;
    }
    size_ = static_cast<std::uint32_t>(text->size());
    if (size_ > 0) std::memcpy(bytes_, text->data(), size_);
  }

  void save(ByteWriter& out) const {
    out.write_le(static_cast<std::uint8_t>(null_));
    out.write_le(null_ != 0 ? 0U : size_);
    if (null_ == 0) out.write(std::string_view(bytes_, size_));
  }
  void load(ByteReader& in) {
    const bool null = in.read_byte() != 0;
    const std::span<const std::byte> bytes = in.bytes(in.read_le<std::uint32_t>());
    assign(null ? std::nullopt
                : std::optional(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())));
  }

  void release() noexcept {
    delete[] bytes_;
    bytes_ = nullptr;
    room_ = 0;
  }

 private:
  char* bytes_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;
  std::uint64_t null_ = 1;
};

}  // namespace sarsen::engine
