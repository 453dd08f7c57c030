#include "storage/column/string_dictionary_writer.h"

#include "storage/base/texts_ahead.h"
#include "storage/column/front_coded_writer.h"
#include "storage/column/generic_indexed_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kWrapped = 0x7F;  // before the forms that are not a GenericIndexed
constexpr std::uint8_t kFrontCodedForm = 1;

void write_front_coded(const StringDictionaryValues& dictionary, const StringDictionaryEncoding& encoding,
                       ByteWriter& out) {
  FrontCodedWriter writer(encoding);
  if (dictionary.added_null) writer.add_null();
  for (const auto& value : dictionary.values) {
    if (value)
      writer.add(*value);
    else
      writer.add_null();
  }
  out.write_be(kWrapped);
  out.write_be(kFrontCodedForm);
  writer.finish(out);
}

}  // namespace

void write_string_dictionary(const StringDictionaryValues& dictionary, const StringDictionaryEncoding& encoding,
                             ByteWriter& out, const OverflowFiles* overflow) {
  if (encoding.form == StringDictionaryForm::kFrontCoded) return write_front_coded(dictionary, encoding, out);
  GenericIndexedWriter writer(out, dictionary.size(), true, kGenericIndexedBytesMax, overflow);
  if (dictionary.added_null) writer.add_text(std::nullopt);
  each_text(dictionary.values, [&](std::size_t id) { writer.add_text(dictionary.values[id]); });
  writer.finish();
}

}  // namespace sarsen::storage
