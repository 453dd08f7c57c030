#pragma once
// Druid's own distinct counter, the value of hyperUnique columns: 2048 registers of four bits above a common offset,
// and the one largest value that did not fit. Adding, folding, estimating and the bytes agree with Druid to the last
// bit, its oddities included. Not thread-safe.
//
// Bytes, version 1, big-endian: u8 1, u8 common offset, i16 registers in use, u8 largest value that did not fit, i16
// its bucket, then 1024 bytes of registers, or entries (i16 position counted from the first byte, u8 registers).
// Version 0 has u8 offset and i16 registers in use before the same.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/sketch/murmur3.h"
#include "storage/base/check.h"

namespace sarsen::engine::sketch {

class HyperUnique {
 public:
  HyperUnique() = default;

  /// Reads version 0 and version 1, told apart by their length as Druid does. Throws kRuntimeFailure.
  static HyperUnique parse(std::span<const std::byte> bytes);

  /// What a collector keeps of a hash: a bucket below 2048 and, 16 bits higher, a position, which counts from 1.
  /// REQUIRES: a hash with kGuavaSeed.
  static std::uint32_t place_of(const Hash128& hash) noexcept;
  void add_place(std::uint32_t place) noexcept {
    add(static_cast<std::uint16_t>(place), static_cast<std::uint8_t>(place >> 16));
  }

  /// REQUIRES: a hash with kGuavaSeed.
  void add(const Hash128& hash) noexcept { add_place(place_of(hash)); }
  /// `position` counts from 1. REQUIRES: bucket < 2048.
  void add(std::uint16_t bucket, std::uint8_t position) noexcept;
  void fold(HyperUnique other);

  /// Tells places that would change nothing, if not all of them. Valid until the collector is changed.
  class Known {
   public:
    /// REQUIRES: a place.
    bool operator()(std::uint32_t place) const noexcept {
      const std::uint32_t bucket = place & 0xffff;
      DCHECK(bucket < 2 * kPayload);
      const std::uint32_t held = payload_[bucket >> 1] >> (bucket % 2 == 0 ? 4 : 0) & 0xf;
      return place >> 16 <= held + offset_;
    }

   private:
    friend class HyperUnique;
    Known(const std::uint8_t* payload, std::uint32_t offset) : payload_(payload), offset_(offset) {}

    const std::uint8_t* payload_;
    std::uint32_t offset_;
  };
  Known known() const noexcept { return {payload_.data(), offset_}; }

  double estimate() const;
  /// As Druid answers it: brokers read collectors from the bytes that their servers send, and the sparse form of them
  /// loses the value that did not fit.
  double estimate_as_sent() const {
    const std::string sent = bytes();
    return parse(std::as_bytes(std::span(sent))).estimate();
  }

  /// Version 1: sparse below 128 registers in use, as Druid stores it.
  std::string bytes() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(offset_, used_, overflow_value_, overflow_bucket_, sparse_, entries_, payload_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(offset_, used_, overflow_value_, overflow_bucket_, sparse_, entries_, payload_);
  }

 private:
  static constexpr std::size_t kPayload = 1024;  // two registers a byte, the even one in the high half
  struct Entry {
    std::uint16_t position;  // in the payload
    std::uint8_t registers;
  };
  struct Sum {
    double powers = 0;
    int zeros = 0;
  };

  void make_dense();
  void set_register(std::uint16_t bucket, std::uint8_t value) noexcept;
  void raise_offset() noexcept;
  void fold_byte(std::size_t position, std::uint8_t registers, int difference) noexcept;
  void add_to(Sum& sum, std::uint8_t registers, bool overflowed) const noexcept;
  double estimate_dense() const;
  double estimate_sparse() const;

  std::uint8_t offset_ = 0;
  std::uint16_t used_ = 0;  // registers that are not 0
  std::uint8_t overflow_value_ = 0;
  std::uint16_t overflow_bucket_ = 0;
  bool sparse_ = false;         // as parsed and not touched since
  std::vector<Entry> entries_;  // while sparse_
  std::array<std::uint8_t, kPayload> payload_{};
};

}  // namespace sarsen::engine::sketch
