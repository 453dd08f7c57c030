// Runs one kernel over a fixed number of rows, within a function that callgrind counts the instructions of: unlike
// time, they are the same in every run, however busy the machine is. `guard` beside this compares them.
//
// usage: sarsen_instructions KERNEL
// usage: sarsen_instructions --list

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/kernels/grouped.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/selection.h"
#include "storage/column/widen_ids.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

constexpr std::size_t kRows = engine::kVectorRows;
constexpr std::size_t kVectors = 64;  // of kRows each

/// What the kernels read and write: one vector, which they go through again and again.
struct Data {
  Data() {
    std::mt19937 random(1);
    for (std::size_t row = 0; row < kRows; ++row) {
      const auto number = static_cast<std::uint32_t>(random() % 1000);
      longs[row] = number;
      doubles[row] = number;
      ids[row] = number;
      if (random() % 2 == 0) {
        half[row / 64] |= std::uint64_t{1} << row % 64;
        positions.push_back(static_cast<std::uint32_t>(row));
      }
    }
  }

  std::vector<std::int64_t> longs = std::vector<std::int64_t>(kRows);
  std::vector<double> doubles = std::vector<double>(kRows);
  std::vector<std::uint32_t> ids = std::vector<std::uint32_t>(kRows + 64);
  std::vector<std::uint64_t> half = std::vector<std::uint64_t>(engine::kVectorWords);
  std::vector<std::uint32_t> positions;
  std::vector<std::uint64_t> set = std::vector<std::uint64_t>(16, 0x5555555555555555);
  std::vector<std::uint64_t> mask = std::vector<std::uint64_t>(engine::kVectorWords);
  std::vector<std::byte> packed = std::vector<std::byte>(kRows * 4 + 64);
  std::vector<std::uint32_t> out = std::vector<std::uint32_t>(kRows + 64);
  std::vector<std::uint64_t> masks = std::vector<std::uint64_t>(4 * engine::kVectorWords, 0x5555555555555555);
  std::uint32_t counts[4] = {};
  double kept = 0;  // so that no result can be left out
};

using Kernels = std::map<std::string, std::function<void(Data&)>>;

const Kernels& all_kernels() {
  static const Kernels kKernels{
      {"sum/i64", [](Data& data) { data.kept += static_cast<double>(kernels::sum(data.longs.data(), kRows)); }},
      {"sum/f64", [](Data& data) { data.kept += kernels::sum(data.doubles.data(), kRows); }},
      {"sum_masked/f64",
       [](Data& data) { data.kept += kernels::sum_masked(data.doubles.data(), data.half.data(), kRows); }},
      {"sum_at/f64",
       [](Data& data) {
         data.kept += kernels::sum_at(data.doubles.data(), data.positions.data(), data.positions.size());
       }},
      {"min/f64", [](Data& data) { data.kept += kernels::min(data.doubles.data(), kRows); }},
      {"max/i64", [](Data& data) { data.kept += static_cast<double>(kernels::max(data.longs.data(), kRows)); }},
      {"in_range/u32", [](Data& data) { kernels::in_range(data.ids.data(), kRows, 100U, 500U, data.mask.data()); }},
      {"in_range/f64", [](Data& data) { kernels::in_range(data.doubles.data(), kRows, 100, 500, data.mask.data()); }},
      {"in_set/u32", [](Data& data) { kernels::in_set(data.ids.data(), kRows, data.set.data(), data.mask.data()); }},
      {"mask_and", [](Data& data) { kernels::mask_and(data.mask.data(), data.half.data(), data.mask.size()); }},
      {"mask_to_positions",
       [](Data& data) {
         data.kept += static_cast<double>(kernels::mask_to_positions(data.half.data(), kRows, data.out.data()));
       }},
      {"add_codes/u8",
       [](Data& data) {
         kernels::add_codes_grouped(reinterpret_cast<const std::uint8_t*>(data.packed.data()), std::uint32_t{1},
                                    nullptr, nullptr, data.ids.data(), kRows, data.out.data());
       }},
      {"narrow_sums/u8",
       [](Data& data) {
         const kernels::MaskList two{data.masks.data(), engine::kVectorWords, 2};
         double sums[2];
         kernels::narrow_sums<double>({data.packed.data(), {1, 0, 100}}, two, data.counts, kRows, sums);
         data.kept += sums[0] + sums[1];
       }},
      {"code_sums/u8",
       [](Data& data) {
         const kernels::MaskList two{data.masks.data(), engine::kVectorWords, 2};
         std::uint64_t sums[2];
         kernels::narrow_sums<std::int64_t>({data.packed.data(), {1, 0, 1}}, two, data.counts, kRows, sums);
         data.kept += static_cast<double>(sums[0] + sums[1]);
       }},
      {"key_masks/2",
       [](Data& data) {
         kernels::key_masks(data.ids.data(), kRows, 3, nullptr, data.masks.data() + 2 * engine::kVectorWords,
                            engine::kVectorWords, data.counts + 2);
       }},
      {"greatest_code/u8",
       [](Data& data) { data.kept += kernels::greatest_code({data.packed.data(), {1, 0, 1}}, nullptr, kRows); }},
      {"widen/8", [](Data& data) { storage::widen_ids(data.packed.data(), 1, kRows, data.out.data()); }},
      {"widen/16", [](Data& data) { storage::widen_ids(data.packed.data(), 2, kRows, data.out.data()); }},
      {"widen/24", [](Data& data) { storage::widen_ids(data.packed.data(), 3, kRows, data.out.data()); }},
  };
  return kKernels;
}

}  // namespace

/// What callgrind is told to count.
extern "C" [[gnu::noinline]] void sarsen_counted(const std::function<void(Data&)>* kernel, Data* data) {
  for (std::size_t i = 0; i < kVectors; ++i) (*kernel)(*data);
}

int run(const std::string& name) {
  if (name == "--list") {
    for (const auto& [known, kernel] : all_kernels()) std::puts(known.c_str());
    return 0;
  }
  const auto found = all_kernels().find(name);
  if (found == all_kernels().end()) {
    std::fprintf(stderr, "sarsen_instructions: no kernel \"%s\"; --list names them\n", name.c_str());
    return 2;
  }
  Data data;
  found->second(data);  // the choice of the instruction set is made once
  sarsen_counted(&found->second, &data);
  std::printf("%zu rows, %g\n", kRows * kVectors, data.kept);
  return 0;
}

}  // namespace sarsen::bench

int main(int count, char** arguments) { return sarsen::bench::run(count == 2 ? arguments[1] : ""); }
