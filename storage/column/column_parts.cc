// From a column's logical file to a Column: the descriptor, then the one table of kinds of parts.
#include <algorithm>
#include <array>
#include <cctype>

#include "storage/column/column_source.h"

namespace sarsen::storage {

namespace {

struct PartKind {
  std::string_view name;  // "type" of the part
  ParseColumn parse;
};

// A new kind is a file with a parse function and a line here.
constexpr std::array kPartKinds = {
    PartKind{"long", parse_numeric_column<std::int64_t>},
    PartKind{"float", parse_numeric_column<float>},
    PartKind{"double", parse_numeric_column<double>},
    PartKind{"longV2", parse_numeric_column_v2<std::int64_t>},
    PartKind{"floatV2", parse_numeric_column_v2<float>},
    PartKind{"doubleV2", parse_numeric_column_v2<double>},
    PartKind{"stringDictionary", parse_string_column},
    PartKind{"complex", parse_complex_column},
    PartKind{"null", parse_null_column},
    PartKind{"nestedCommonFormat", parse_common_format_column},
};

ParseColumn parser_of(const std::string& type) {
  for (const PartKind& kind : kPartKinds) {
    if (kind.name == type) return kind.parse;
  }
  throw Error(ErrorCategory::kUnsupported, "column of a kind not understood: part type " + type);
}

ValueType value_type_of(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  for (const ValueType type :
       {ValueType::kString, ValueType::kLong, ValueType::kFloat, ValueType::kDouble, ValueType::kComplex}) {
    if (text == name_of(type)) return type;
  }
  throw Error(ErrorCategory::kUnsupported, "column of a type not understood: " + text);
}

Json read_descriptor(ByteReader& reader) { return Json::parse(reader.text(reader.read_be<std::uint32_t>())); }

const Json& only_part(const Json& descriptor) {
  const Json* parts = descriptor.find("parts");
  check_format(parts != nullptr && parts->is_array() && parts->array().size() == 1,
               "descriptor: a column has one part");
  return parts->array().front();
}

}  // namespace

std::string_view name_of(ValueType type) noexcept {
  switch (type) {
    case ValueType::kString:
      return "STRING";
    case ValueType::kLong:
      return "LONG";
    case ValueType::kFloat:
      return "FLOAT";
    case ValueType::kDouble:
      return "DOUBLE";
    case ValueType::kComplex:
      return "COMPLEX";
    case ValueType::kVariant:
      return "VARIANT";
  }
  return "";
}

std::string Column::logical_type() const {
  std::string text(name_of(type()));
  if (!complex_type().empty()) text.append("<").append(complex_type()).append(">");
  return text;
}

std::endian ColumnSource::byte_order() const {
  return JsonField(part)["byteOrder"].string_or("LITTLE_ENDIAN") == "BIG_ENDIAN" ? std::endian::big
                                                                                 : std::endian::little;
}

std::unique_ptr<Column> parse_column(std::span<const std::byte> file, std::uint32_t row_count,
                                     const LogicalFiles& files, const Place& place, const Column* parent) {
  return at_place(place, [&] {
    ByteReader reader(file, "column");
    const Json descriptor = read_descriptor(reader);
    const Json& part = only_part(descriptor);
    const ParseColumn parse = parser_of(JsonField(part)["type"].string());
    std::unique_ptr<Column> column = parse(ColumnSource{
        .reader = reader,
        .part = part,
        .value_type = value_type_of(JsonField(descriptor)["valueType"].string()),
        .row_count = row_count,
        .size_bytes = file.size(),
        .files = files,
        .place = place,
        .parent = parent,
    });
    reader.check(reader.at_end(), "bytes left over");
    return column;
  });
}

std::uint32_t numeric_row_count(std::span<const std::byte> file, const Place& place) {
  return at_place(place, [&] {
    ByteReader reader(file, "column");
    const Json descriptor = read_descriptor(reader);
    const std::string type = JsonField(only_part(descriptor))["type"].string();
    check_format(type == "long" || type == "longV2", "not a column of longs");
    if (type == "longV2") reader.skip(sizeof(std::uint32_t));
    reader.skip(1);  // the version is looked at when the column is read
    const std::uint32_t rows = reader.read_be<std::uint32_t>();
    reader.check(rows <= INT32_MAX, "negative number of rows");
    return rows;
  });
}

}  // namespace sarsen::storage
