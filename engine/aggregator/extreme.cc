// longMin, longMax, doubleMin, doubleMax, floatMin, floatMax, with Java's Math.min and Math.max: NaN wins, -0.0 < 0.0.
// Null until a value that is not null was seen.

#include <limits>

#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/packed_extremes.h"
#include "engine/kernels/grouped.h"

namespace sarsen::engine {
namespace {

template <class T, bool kMax>
struct ExtremeState {
  static constexpr bool kAssociative = std::is_integral_v<T>;  // which NaN wins depends on who comes first

  /// What any value beats.
  static constexpr T kWorst = std::numeric_limits<T>::has_infinity
                                  ? (kMax ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity())
                                  : (kMax ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max());

  T best = kWorst;
  std::uint64_t seen = 0;

  void add(T value) noexcept {
    kernels::grouped::take_extreme<kMax>(best, value);
    seen = 1;
  }
  void merge(const ExtremeState& other) noexcept {
    if (other.seen != 0) add(other.best);
  }
  Value value() const { return seen != 0 ? Value(best) : Value(); }
  double rank() const noexcept {
    return seen != 0 ? static_cast<double>(best) : std::numeric_limits<double>::quiet_NaN();
  }
};

template <class T, bool kMax>
struct ExtremeFold {
  using Value = T;
  using State = ExtremeState<T, kMax>;
  static constexpr T kSeed = State::kWorst;
  static constexpr storage::ValueType kType = kTypeOf<T>;
  static constexpr const char* kName =
      kMax ? by_type<T>("longMax", "floatMax", "doubleMax") : by_type<T>("longMin", "floatMin", "doubleMin");

  static void vector(State& state, const T* values, std::uint32_t size) noexcept {
    state.add(kMax ? kernels::max(values, size) : kernels::min(values, size));
  }
  static void masked(State& state, const T* values, const std::uint64_t* mask, std::uint32_t size) noexcept {
    state.add(kMax ? kernels::max_masked(values, mask, size) : kernels::min_masked(values, mask, size));
  }
  /// `mask` nullptr: all rows.
  static void narrow(State& state, const storage::NarrowCodes& codes, const std::uint64_t* mask, std::uint32_t size)
    requires(!std::is_same_v<T, float>)
  {
    const std::uint32_t best =
        kMax ? kernels::greatest_code(codes, mask, size) : kernels::least_code(codes, mask, size);
    state.add(storage::number_of_code<T>(codes.form, best));
  }
  /// Of all rows that the bounds are of.
  static void bounds(State& state, const NarrowSource<T>& source, const storage::CodeBounds& bounds) noexcept
    requires(!std::is_same_v<T, float>)
  {
    state.add(storage::number_of_code<T>(source.form(), kMax ? bounds.greatest : bounds.least));
  }
  static void narrow_run(State& state, NarrowSource<T>& source, std::uint32_t begin)
    requires(!std::is_same_v<T, float>)
  {
    for (std::uint32_t i = 0; i < kRunVectors; ++i) bounds(state, source, source.bounds(begin + i * kVectorRows));
  }
  static bool exact(const storage::NarrowForm&, std::uint32_t) noexcept { return true; }
  static void one(State& state, T value) noexcept { state.add(value); }
  static std::unique_ptr<PackedStates> pack(NarrowSource<T>& source, std::uint32_t)
    requires(!std::is_same_v<T, float>)
  {
    return pack_extremes<T, kMax, State>(source);
  }
};

template <class T, bool kMax>
void add(AggregatorRegistry& registry, std::string_view doc) {
  using Fold = ExtremeFold<T, kMax>;
  registry.add({.type = Fold::kName, .parse = NumericFactoryOf<Fold>::parse, .doc = doc});
}

}  // namespace

void register_extremes(AggregatorRegistry& registry) {
  add<std::int64_t, false>(registry, "Smallest value of a column read as 64-bit integers.");
  add<std::int64_t, true>(registry, "Greatest value of a column read as 64-bit integers.");
  add<double, false>(registry, "Smallest value of a column read as 64-bit floating numbers.");
  add<double, true>(registry, "Greatest value of a column read as 64-bit floating numbers.");
  add<float, false>(registry, "Smallest value of a column read as 32-bit floating numbers.");
  add<float, true>(registry, "Greatest value of a column read as 32-bit floating numbers.");
}

}  // namespace sarsen::engine
