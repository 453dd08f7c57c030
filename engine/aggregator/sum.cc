// longSum, doubleSum, floatSum. Null until a value that is not null was added.

#include <limits>

#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/float_sums.h"
#include "engine/aggregator/packed_sums.h"
#include "engine/aggregator/shifted_sum.h"

namespace sarsen::engine {
namespace {

/// Longs are summed unsigned, so that overflow wraps as Java's long does. Floats stay floats, as in Druid.
template <class T>
struct SumState {
  using Sum = std::conditional_t<std::is_same_v<T, std::int64_t>, std::uint64_t, T>;

  static constexpr bool kAssociative = std::is_integral_v<T>;

  Sum sum = 0;
  std::uint64_t seen = 0;  // 0 or 1; a whole word, so that no byte of a state is indeterminate

  void add(Sum value) noexcept {
    sum += value;
    seen = 1;
  }
  void merge(const SumState& other) noexcept {
    sum += other.sum;
    seen |= other.seen;
  }
  Value value() const { return seen != 0 ? Value(static_cast<T>(sum)) : Value(); }
  double rank() const noexcept {
    return seen != 0 ? static_cast<double>(static_cast<T>(sum)) : std::numeric_limits<double>::quiet_NaN();
  }
};

template <class T>
struct SumFold {
  using Value = T;
  using State = SumState<T>;
  static constexpr T kSeed = 0;
  static constexpr storage::ValueType kType = kTypeOf<T>;
  static constexpr const char* kName = by_type<T>("longSum", "floatSum", "doubleSum");

  static constexpr bool kDependsOnOrder = std::is_same_v<T, float>;

  static void vector(State& state, const T* values, std::uint32_t size) noexcept {
    if constexpr (kDependsOnOrder) {
      each_float_sum(values, size, [&](float sum) { state.add(sum); });
    } else {
      state.add(kernels::sum(values, size));
    }
  }
  static void masked(State& state, const T* values, const std::uint64_t* mask, std::uint32_t size) noexcept {
    if constexpr (kDependsOnOrder) {
      each_float_sum(values, mask, size, [&](float sum) { state.add(sum); });
    } else {
      state.add(kernels::sum_masked(values, mask, size));
    }
  }
  /// `mask` nullptr: all rows. To the last bit what the numbers themselves give (kernels/narrow_sum.h).
  static void narrow(State& state, const storage::NarrowCodes& codes, const std::uint64_t* mask, std::uint32_t size)
    requires(!std::is_same_v<T, float>)
  {
    state.add(kernels::narrow_sum<T>(codes, mask, size));
  }
  static void narrow_run(State& state, NarrowSource<T>& source, std::uint32_t begin)
    requires(!std::is_same_v<T, float>)
  {
    const storage::NarrowCodes codes = source.run_codes(begin);
    std::array<typename State::Sum, kRunVectors> sums;
    kernels::narrow_sum_run<T>(codes, kRunVectors, kVectorRows, sums.data());
    for (const typename State::Sum sum : sums) state.add(sum);
  }
  /// The same of the rows of several groups.
  static void narrow_masked(std::byte* states, std::size_t stride, const storage::NarrowCodes& codes,
                            const MaskedGroups& groups) noexcept
    requires(!std::is_same_v<T, float>)
  {
    std::array<typename State::Sum, kMaskedGroupsMax> sums;
    kernels::narrow_sums<T>(codes, groups.list(), groups.rows, groups.size, sums.data());
    for (std::uint32_t i = 0; i < groups.count; ++i) state_at<State>(states + groups.groups[i] * stride).add(sums[i]);
  }
  static bool exact(const storage::NarrowForm& form, std::uint32_t rows) noexcept {
    return std::is_integral_v<T> || kernels::sums_exactly(form, rows);
  }
  static void one(State& state, T value) noexcept { state.add(static_cast<typename State::Sum>(value)); }
  /// nullptr: the expression is to be computed for each row.
  static std::unique_ptr<Aggregator> bind_expression(const expression::Expr& expr, ColumnSources& columns)
    requires(std::is_same_v<T, std::int64_t>)
  {
    const std::optional<ShiftedColumn> shifted = ShiftedColumn::of(expr, columns);
    if (!shifted) return nullptr;
    return std::make_unique<ShiftedSum<SumFold>>(columns.longs(shifted->column), shifted->shift);
  }
  static std::unique_ptr<PackedStates> pack(NarrowSource<T>& source, std::uint32_t rows)
    requires(!std::is_same_v<T, float>)
  {
    return pack_sums<T, State>(source, rows);
  }
};

}  // namespace

std::unique_ptr<AggregatorFactory> make_long_sum(std::string name, std::string field_name) {
  return std::make_unique<NumericFactoryOf<SumFold<std::int64_t>>>(std::move(name), std::move(field_name));
}

void register_sums(AggregatorRegistry& registry) {
  registry.add({.type = "longSum",
                .parse = NumericFactoryOf<SumFold<std::int64_t>>::parse,
                .doc = "Sum of a column read as 64-bit integers; overflow wraps."});
  registry.add({.type = "doubleSum",
                .parse = NumericFactoryOf<SumFold<double>>::parse,
                .doc = "Sum of a column read as 64-bit floating numbers."});
  registry.add({.type = "floatSum",
                .parse = NumericFactoryOf<SumFold<float>>::parse,
                .doc = "Sum of a column read as, and added in, 32-bit floating numbers."});
}

}  // namespace sarsen::engine
