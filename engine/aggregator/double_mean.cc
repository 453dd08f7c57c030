// doubleMean: sum and count of a column read as doubles; 0.0 where no row counts. Text that is no number counts as 0,
// and so do nulls among several values of a row; a row that is null does not count.

#include <bit>

#include "engine/aggregator/aggregator_of.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine {
namespace {

struct MeanState {
  double sum = 0;
  std::uint64_t count = 0;

  void add(double value) noexcept {
    sum += value;
    ++count;
  }
  void merge(const MeanState& other) noexcept {
    sum += other.sum;
    count += other.count;
  }
};

struct MeanFold {
  using Value = double;
  using State = MeanState;

  static void vector(State& state, const double* values, std::uint32_t size) noexcept {
    state.sum += kernels::sum(values, size);
    state.count += size;
  }
  static void masked(State& state, const double* values, const std::uint64_t* mask, std::uint32_t size) noexcept {
    state.sum += kernels::sum_masked(values, mask, size);
    state.count += kernels::mask_count(mask, mask_words(size));
  }
  static void one(State& state, double value) noexcept { state.add(value); }
};

class MeanOfText final : public Aggregator {
 public:
  explicit MeanOfText(StringSource& source) : source_(source) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    each(begin, selection, [&](std::uint32_t, double value) { state_at<MeanState>(state).add(value); });
  }
  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    each(begin, selection,
         [&](std::uint32_t i, double value) { state_at<MeanState>(states + groups[i] * stride).add(value); });
  }

 private:
  struct Entry {
    double number;
    bool null;
  };

  /// Dictionaries may grow while rows are read.
  const Entry& entry(std::uint32_t id) {
    while (entries_.size() <= id) {
      const auto text = source_.dictionary().value(static_cast<std::uint32_t>(entries_.size()));
      entries_.push_back({text ? aggregated_number<double>(*text).value_or(0) : 0, !text});
    }
    return entries_[id];
  }

  template <class Each>
  void each(std::uint32_t begin, const Selection& selection, Each visit) {
    if (source_.multiple_values()) {
      const storage::StringReader::Lists lists = source_.read_lists(begin, selection.size);
      for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
        const std::uint32_t end = lists.offsets[row + 1];
        const bool one = end - lists.offsets[row] == 1;
        for (std::uint32_t k = lists.offsets[row]; k < end; ++k)
          if (!one || !entry(lists.ids[k]).null) visit(i, entry(lists.ids[k]).number);
      });
      return;
    }
    const std::uint32_t* ids = source_.read_ids(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      if (!entry(ids[row]).null) visit(i, entry(ids[row]).number);
    });
  }

  StringSource& source_;
  std::vector<Entry> entries_;
};

class DoubleMean final : public AggregatorFactory {
 public:
  DoubleMean(std::string name, std::string field_name)
      : AggregatorFactory(std::move(name)), field_name_(std::move(field_name)) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    return std::make_shared<DoubleMean>(json["name"].string(), json["fieldName"].string());
  }

  std::vector<std::string> required_columns() const override { return {field_name_}; }
  std::size_t state_size() const noexcept override { return sizeof(MeanState); }
  void init(std::byte* state) const noexcept override { new (state) MeanState(); }
  void merge(std::byte* into, const std::byte* from) const override {
    state_at<MeanState>(into).merge(state_at<MeanState>(from));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    if (StringSource* strings = columns.strings(field_name_)) return std::make_unique<MeanOfText>(*strings);
    return std::make_unique<NumericAggregatorOf<MeanFold>>(columns.doubles(field_name_));
  }

  Value finalise(const std::byte* state) const override {
    const MeanState& mean = state_at<MeanState>(state);
    return mean.count == 0 ? 0.0 : mean.sum / static_cast<double>(mean.count);
  }

  /// The sum, then the count; big-endian.
  Value intermediate(const std::byte* state) const override {
    ByteWriter out;
    out.write_be(std::bit_cast<std::uint64_t>(state_at<MeanState>(state).sum));
    out.write_be(state_at<MeanState>(state).count);
    return ComplexBytes{{reinterpret_cast<const char*>(out.view().data()), out.view().size()}};
  }

  ColumnKind intermediate_kind() const override { return {storage::ValueType::kComplex, "doubleMean", false}; }
  std::unique_ptr<AggregatorFactory> combining() const override { return std::make_unique<DoubleMean>(name(), name()); }
  Json to_json() const override {
    return Json::Object{{"type", "doubleMean"}, {"name", name()}, {"fieldName", field_name_}};
  }

 private:
  std::string field_name_;
};

}  // namespace

void register_double_mean(AggregatorRegistry& registry) {
  registry.add({.type = "doubleMean", .parse = DoubleMean::parse, .doc = "The mean of a column read as doubles."});
}

}  // namespace sarsen::engine
