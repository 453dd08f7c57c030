#include "storage/bitmap/roaring_writer.h"

#include <algorithm>
#include <cstddef>
#include <functional>

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kCookie = 12346;
constexpr std::uint32_t kCookieWithRuns = 12347;   // its upper half holds the number of containers, less one
constexpr std::size_t kContainersWithOffsets = 4;  // with runs, fewer do without the table of offsets
constexpr std::size_t kListValuesMax = 4096;       // more values are smaller as bits
constexpr std::size_t kBitsBytes = 65536 / 8;

/// The rows that agree in all but their lower 16 bits.
struct Container {
  std::span<const std::uint32_t> rows;
  std::size_t runs = 0;
  bool runs_allowed = true;

  std::uint16_t key() const { return static_cast<std::uint16_t>(rows.front() >> 16); }
  std::size_t plain_bytes() const { return rows.size() <= kListValuesMax ? 2 * rows.size() : kBitsBytes; }
  std::size_t run_bytes() const { return 2 + 4 * runs; }
  bool as_runs() const { return runs_allowed && run_bytes() < plain_bytes(); }
  std::size_t bytes() const { return as_runs() ? run_bytes() : plain_bytes(); }
};

/// The rows at the front that share a container.
Container first_container(std::span<const std::uint32_t> rows, bool runs_allowed) {
  Container container{.rows = rows.first(1), .runs = 1, .runs_allowed = runs_allowed};
  std::size_t count = 1;
  for (; count < rows.size() && rows[count] >> 16 == rows[0] >> 16; ++count)
    if (rows[count] != rows[count - 1] + 1) ++container.runs;
  container.rows = rows.first(count);
  return container;
}

struct Rows {
  std::span<const std::uint32_t> rows;
  bool runs_allowed;
};

template <class Visit>
void each_container(Rows set, Visit&& visit) {
  while (!set.rows.empty()) {
    const Container container = first_container(set.rows, set.runs_allowed);
    visit(container);
    set.rows = set.rows.subspan(container.rows.size());
  }
}

std::uint16_t low(std::uint32_t row) { return static_cast<std::uint16_t>(row & 0xFFFF); }

void write_list(const Container& container, ByteWriter& out) {
  for (const std::uint32_t row : container.rows) out.write_le(low(row));
}

void write_bits(const Container& container, ByteWriter& out) {
  std::byte* bits = out.extend(kBitsBytes);
  for (const std::uint32_t row : container.rows) bits[low(row) / 8] |= std::byte{1} << (row % 8);
}

void write_runs(const Container& container, ByteWriter& out) {
  const auto& rows = container.rows;
  out.write_le(static_cast<std::uint16_t>(container.runs));
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= rows.size(); ++i) {
    if (i < rows.size() && rows[i] == rows[i - 1] + 1) continue;
    out.write_le(low(rows[begin]));
    out.write_le(static_cast<std::uint16_t>(i - begin - 1));
    begin = i;
  }
}

void write_container(const Container& container, ByteWriter& out) {
  if (container.as_runs()) return write_runs(container, out);
  if (container.rows.size() <= kListValuesMax) return write_list(container, out);
  write_bits(container, out);
}

struct Shape {
  std::size_t containers = 0;
  bool has_runs = false;

  bool has_offsets() const { return !has_runs || containers >= kContainersWithOffsets; }
};

void write_cookie(const Rows& rows, const Shape& shape, ByteWriter& out) {
  if (!shape.has_runs) {
    out.write_le(kCookie);
    return out.write_le(static_cast<std::uint32_t>(shape.containers));
  }
  out.write_le(kCookieWithRuns | static_cast<std::uint32_t>(shape.containers - 1) << 16);
  std::byte* flags = out.extend((shape.containers + 7) / 8);
  std::size_t index = 0;
  each_container(rows, [&](const Container& container) {
    if (container.as_runs()) flags[index / 8] |= std::byte{1} << (index % 8);
    ++index;
  });
}

}  // namespace

void write_roaring(std::span<const std::uint32_t> set, ByteWriter& out, bool runs) {
  DCHECK(!set.empty());
  DCHECK(std::is_sorted(set.begin(), set.end(), std::less_equal<>()));
  const Rows rows{.rows = set, .runs_allowed = runs};
  const std::size_t begin = out.size();
  Shape shape;
  each_container(rows, [&](const Container& container) {
    ++shape.containers;
    shape.has_runs = shape.has_runs || container.as_runs();
  });
  write_cookie(rows, shape, out);
  each_container(rows, [&](const Container& container) {
    out.write_le(container.key());
    out.write_le(static_cast<std::uint16_t>(container.rows.size() - 1));
  });
  std::size_t offset = out.size() - begin + 4 * shape.containers;
  if (shape.has_offsets())
    each_container(rows, [&](const Container& container) {
      out.write_le(static_cast<std::uint32_t>(offset));
      offset += container.bytes();
    });
  each_container(rows, [&](const Container& container) { write_container(container, out); });
}

}  // namespace sarsen::storage
