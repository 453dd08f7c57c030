#include "storage/bitmap/roaring_writer.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

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

using Containers = std::vector<Container>;

/// Into memory that is kept for the next set.
void cut(std::span<const std::uint32_t> rows, bool runs_allowed, Containers& containers) {
  containers.clear();
  while (!rows.empty()) {
    containers.push_back(first_container(rows, runs_allowed));
    rows = rows.subspan(containers.back().rows.size());
  }
}

std::uint16_t low(std::uint32_t row) { return static_cast<std::uint16_t>(row & 0xFFFF); }

void write_list(const Container& container, ByteWriter& out) {
  std::byte* target = out.extend(2 * container.rows.size());
  for (const std::uint32_t row : container.rows) {
    store_le(target, low(row));
    target += 2;
  }
}

void write_bits(const Container& container, ByteWriter& out) {
  std::byte* bits = out.extend(kBitsBytes);
  for (const std::uint32_t row : container.rows) bits[low(row) / 8] |= std::byte{1} << (row % 8);
}

void write_runs(const Container& container, ByteWriter& out) {
  const auto& rows = container.rows;
  std::byte* target = out.extend(container.run_bytes());
  const auto write = [&target](std::size_t number) {
    store_le(target, static_cast<std::uint16_t>(number));
    target += 2;
  };
  write(container.runs);
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= rows.size(); ++i) {
    if (i < rows.size() && rows[i] == rows[i - 1] + 1) continue;
    write(low(rows[begin]));
    write(i - begin - 1);
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
  bool with_flags = false;  // which are runs

  bool has_offsets() const { return has_offsets(with_flags); }
  bool is_shorter_with_flags() const { return header_bytes(true) < header_bytes(false); }

 private:
  bool has_offsets(bool flags) const { return !flags || containers >= kContainersWithOffsets; }
  std::size_t header_bytes(bool flags) const {
    return (flags ? (containers + 7) / 8 : 4) + (has_offsets(flags) ? 4 * containers : 0);
  }
};

Shape shape_of(const Containers& containers, RoaringForm form) {
  Shape shape{.containers = containers.size()};
  shape.with_flags = std::any_of(containers.begin(), containers.end(), [](const auto& each) { return each.as_runs(); });
  if (form == RoaringForm::kSmallest) shape.with_flags = shape.with_flags || shape.is_shorter_with_flags();
  return shape;
}

void write_cookie(const Containers& containers, const Shape& shape, ByteWriter& out) {
  if (!shape.with_flags) {
    out.write_le(kCookie);
    return out.write_le(static_cast<std::uint32_t>(shape.containers));
  }
  out.write_le(kCookieWithRuns | static_cast<std::uint32_t>(shape.containers - 1) << 16);
  std::byte* flags = out.extend((shape.containers + 7) / 8);
  for (std::size_t i = 0; i < containers.size(); ++i)
    if (containers[i].as_runs()) flags[i / 8] |= std::byte{1} << (i % 8);
}

void write_headers(const Containers& containers, ByteWriter& out) {
  for (const Container& container : containers) {
    out.write_le(container.key());
    out.write_le(static_cast<std::uint16_t>(container.rows.size() - 1));
  }
}

/// `begin` is where the bitmap begins in `out`.
void write_offsets(const Containers& containers, std::size_t begin, ByteWriter& out) {
  std::size_t offset = out.size() - begin + 4 * containers.size();
  for (const Container& container : containers) {
    out.write_le(static_cast<std::uint32_t>(offset));
    offset += container.bytes();
  }
}

/// The smallest form of a row that stands alone, the most common of all sets: a list of one.
void write_single(std::uint32_t row, ByteWriter& out) {
  std::byte* target = out.extend(11);  // zeros: the marks of runs, and the number of rows less one
  store_le(target, kCookieWithRuns);
  store_le(target + 5, static_cast<std::uint16_t>(row >> 16));
  store_le(target + 9, low(row));
}

}  // namespace

void write_roaring(std::span<const std::uint32_t> set, ByteWriter& out, RoaringForm form) {
  DCHECK(!set.empty());
  DCHECK(std::is_sorted(set.begin(), set.end(), std::less_equal<>()));
  if (form == RoaringForm::kSmallest && set.size() == 1) return write_single(set.front(), out);
  thread_local Containers containers;
  cut(set, form != RoaringForm::kWithoutRuns, containers);
  const std::size_t begin = out.size();
  const Shape shape = shape_of(containers, form);
  write_cookie(containers, shape, out);
  write_headers(containers, out);
  if (shape.has_offsets()) write_offsets(containers, begin, out);
  for (const Container& container : containers) write_container(container, out);
}

}  // namespace sarsen::storage
