// variance over numbers, varianceFold over stored variances: of a sample, or of a population.

#include "engine/sketch/variance.h"

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/aggregator/variance_estimator.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

using sketch::Variance;

template <class T>
struct VarianceFold {
  using Value = T;
  using State = Variance;

  static void vector(State& state, const T* values, std::uint32_t size) noexcept {
    for (std::uint32_t row = 0; row < size; ++row) state.add(values[row]);
  }
  static void masked(State& state, const T* values, const std::uint64_t* mask, std::uint32_t size) noexcept {
    for_each_selected({.size = size, .count = size, .mask = mask},
                      [&](std::uint32_t, std::uint32_t row) { state.add(values[row]); });
  }
  static void one(State& state, T value) noexcept { state.add(value); }
};

/// Stored variances, and what input rows hold.
class VarianceOfValues final : public Aggregator {
 public:
  explicit VarianceOfValues(ValueSource& source) : source_(source) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    for_each_selected(selection,
                      [&](std::uint32_t, std::uint32_t row) { add(state_at<Variance>(state), begin + row); });
  }
  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      add(state_at<Variance>(states + groups[i] * stride), begin + row);
    });
  }

 private:
  void add(Variance& into, std::uint32_t row) {
    const ValueView value = source_.value(row);
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
      if (!bytes->empty()) into.fold(Variance::parse(*bytes));
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      const auto number = try_parse_double(*text);
      if (number) return into.add(*number);
      into.fold(Variance::parse(sketch_from_base64(*text, "a variance")));
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      into.add(static_cast<double>(*whole));
    } else if (const auto* wide = std::get_if<double>(&value)) {
      into.add(*wide);
    } else if (const auto* narrow = std::get_if<float>(&value)) {
      into.add(*narrow);
    }
  }

  ValueSource& source_;
};

class VarianceFactory final : public AggregatorFactory {
 public:
  struct Fields {
    std::string field_name;
    std::optional<std::string> estimator;
    std::string input_type = "float";
    bool folds = false;
  };

  VarianceFactory(std::string name, Fields fields) : AggregatorFactory(std::move(name)), fields_(std::move(fields)) {}

  template <bool kFolds>
  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    Fields fields{.field_name = json["fieldName"].string(),
                  .estimator = json["estimator"].optional_string(),
                  .input_type = json["inputType"].string_or(kFolds ? "variance" : "float"),
                  .folds = kFolds};
    const std::string& type = fields.input_type;
    if (type != "float" && type != "double" && type != "long" && type != "variance")
      json["inputType"].fail("must be float, double, long or variance");
    return std::make_shared<VarianceFactory>(json["name"].string(), std::move(fields));
  }

  std::vector<std::string> required_columns() const override { return {fields_.field_name}; }
  std::size_t state_size() const noexcept override { return sizeof(Variance); }
  void init(std::byte* state) const noexcept override { new (state) Variance(); }
  void merge(std::byte* into, const std::byte* from) const override {
    state_at<Variance>(into).fold(state_at<Variance>(from));
  }

  /// A column's own type decides; inputType does where it has none, as in input rows.
  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> kind = columns.kind(fields_.field_name);
    const storage::ValueType type = kind ? kind->type : storage::ValueType::kFloat;
    if (type == storage::ValueType::kComplex && kind->complex_type != "variance")
      throw Error(ErrorCategory::kInvalidInput, "aggregator \"" + name() + "\": column \"" + fields_.field_name +
                                                    "\" holds " + kind->type_name() + ", which is no input for it");
    if (type == storage::ValueType::kComplex || fields_.input_type == "variance")
      return std::make_unique<VarianceOfValues>(columns.values(fields_.field_name));
    const bool text = type == storage::ValueType::kString;
    if (type == storage::ValueType::kLong || (text && fields_.input_type == "long"))
      return std::make_unique<NumericAggregatorOf<VarianceFold<std::int64_t>>>(columns.longs(fields_.field_name));
    if (type == storage::ValueType::kDouble || (text && fields_.input_type == "double"))
      return std::make_unique<NumericAggregatorOf<VarianceFold<double>>>(columns.doubles(fields_.field_name));
    return std::make_unique<NumericAggregatorOf<VarianceFold<float>>>(columns.floats(fields_.field_name));
  }

  Value finalise(const std::byte* state) const override {
    const std::optional<double> result = state_at<Variance>(state).result(is_population(fields_.estimator));
    return result ? Value(*result) : Value();
  }
  Value intermediate(const std::byte* state) const override { return ComplexBytes{state_at<Variance>(state).bytes()}; }
  ColumnKind intermediate_kind() const override { return {storage::ValueType::kComplex, "variance", false}; }

  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<VarianceFactory>(
        name(), Fields{.field_name = name(), .estimator = fields_.estimator, .input_type = "variance", .folds = true});
  }

  Json to_json() const override {
    Json::Object json{
        {"type", fields_.folds ? "varianceFold" : "variance"}, {"name", name()}, {"fieldName", fields_.field_name}};
    if (fields_.estimator) json.emplace_back("estimator", *fields_.estimator);
    if (!fields_.folds) json.emplace_back("inputType", fields_.input_type);
    return json;
  }

 private:
  Fields fields_;
};

}  // namespace

bool is_population(const std::optional<std::string>& estimator) noexcept {
  constexpr std::string_view kPopulation = "population";
  if (!estimator || estimator->size() != kPopulation.size()) return false;
  for (std::size_t i = 0; i < kPopulation.size(); ++i)
    if (((*estimator)[i] | 0x20) != kPopulation[i]) return false;
  return true;
}

void register_variance(AggregatorRegistry& registry) {
  registry.add({.type = "variance", .parse = VarianceFactory::parse<false>, .doc = "The variance of a column."});
  registry.add({.type = "varianceFold", .parse = VarianceFactory::parse<true>, .doc = "Stored variances, merged."});
}

}  // namespace sarsen::engine
