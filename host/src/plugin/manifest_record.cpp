#include "plugin/manifest_record.hpp"

#include <cstring>

namespace paddock::plugin {
namespace {

constexpr int kMaxDepth = 32;

void put_texts(RecordWriter& out, const std::vector<std::string>& texts) {
  out.number(texts.size());
  for (const std::string& text : texts) {
    out.text(text);
  }
}

std::vector<std::string> get_texts(RecordReader& in) {
  std::vector<std::string> texts;
  const std::uint64_t count = in.count();
  texts.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    texts.emplace_back(in.text());
  }
  return texts;
}

struct PutValue {
  RecordWriter& out;

  void operator()(bool value) const { out.number(value ? 1 : 0); }
  void operator()(std::int64_t value) const { out.number(static_cast<std::uint64_t>(value)); }
  void operator()(double value) const {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    out.number(bits);
  }
  void operator()(const std::string& value) const { out.text(value); }
  void operator()(const Node::Array& array) const {
    out.number(array.size());
    for (const Node& item : array) {
      put(item);
    }
  }
  void operator()(const Node::Table& table) const {
    out.number(table.size());
    for (const auto& [key, item] : table) {
      out.text(key);
      put(item);
    }
  }
  void put(const Node& node) const {
    out.number(node.value.index());
    std::visit(*this, node.value);
  }
};

Node get_node(RecordReader& in, int depth);

Node::Array get_array(RecordReader& in, int depth) {
  Node::Array array;
  const std::uint64_t count = in.count();
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    array.push_back(get_node(in, depth + 1));
  }
  return array;
}

Node::Table get_table(RecordReader& in, int depth) {
  Node::Table table;
  const std::uint64_t count = in.count();
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    std::string key(in.text());
    table.emplace(std::move(key), get_node(in, depth + 1));
  }
  return table;
}

double get_double(RecordReader& in) {
  const std::uint64_t bits = in.number();
  double value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

Node get_node(RecordReader& in, int depth) {
  const std::uint64_t kind = depth > kMaxDepth ? 0 : in.number();
  switch (kind) {
    case 0:
      return Node(in.number() != 0);
    case 1:
      return Node(static_cast<std::int64_t>(in.number()));
    case 2:
      return Node(get_double(in));
    case 3:
      return Node(std::string(in.text()));
    case 4:
      return Node(get_array(in, depth));
    default:
      return Node(get_table(in, depth));
  }
}

void put_limit(RecordWriter& out, const std::optional<std::int64_t>& limit) {
  out.number(limit ? 1 : 0);
  out.number(static_cast<std::uint64_t>(limit.value_or(0)));
}

std::optional<std::int64_t> get_limit(RecordReader& in) {
  const bool present = in.number() != 0;
  const auto value = static_cast<std::int64_t>(in.number());
  return present ? std::optional(value) : std::nullopt;
}

void put_option(RecordWriter& out, const OptionSpec& spec) {
  out.text(spec.key);
  out.number(static_cast<std::uint64_t>(spec.type));
  out.number(static_cast<std::uint64_t>(spec.narrowing));
  put_texts(out, spec.choices);
  put_limit(out, spec.minimum);
  put_limit(out, spec.maximum);
  out.number(spec.required ? 1 : 0);
  out.number(spec.default_value ? 1 : 0);
  if (spec.default_value) {
    PutValue{out}.put(*spec.default_value);
  }
  out.text(spec.doc);
}

/// Enumerators out of range fail the whole record: they index tables of names.
template <typename Enum>
std::optional<Enum> get_enum(RecordReader& in, Enum last) {
  const std::uint64_t value = in.number();
  return value <= static_cast<std::uint64_t>(last) ? std::optional(static_cast<Enum>(value))
                                                   : std::nullopt;
}

std::optional<OptionSpec> get_option(RecordReader& in) {
  OptionSpec spec;
  spec.key = in.text();
  const auto type = get_enum(in, OptionType::kTextTable);
  const auto narrowing = get_enum(in, Narrowing::kMoreBits);
  spec.choices = get_texts(in);
  spec.minimum = get_limit(in);
  spec.maximum = get_limit(in);
  spec.required = in.number() != 0;
  if (in.number() != 0) {
    spec.default_value = get_node(in, 0);
  }
  spec.doc = in.text();
  if (in.failed() || !type || !narrowing) {
    return std::nullopt;
  }
  spec.type = *type;
  spec.narrowing = *narrowing;
  return spec;
}

}  // namespace

void RecordWriter::number(std::uint64_t value) {
  bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void RecordWriter::text(std::string_view value) {
  number(value.size());
  bytes_.append(value);
}

std::uint64_t RecordReader::number() {
  std::uint64_t value = 0;
  if (failed_ || bytes_.size() < sizeof(value)) {
    failed_ = true;
    return 0;
  }
  std::memcpy(&value, bytes_.data(), sizeof(value));
  bytes_.remove_prefix(sizeof(value));
  return value;
}

std::string_view RecordReader::text() {
  const std::uint64_t size = number();
  if (failed_ || size > bytes_.size()) {
    failed_ = true;
    return {};
  }
  const std::string_view value = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return value;
}

std::uint64_t RecordReader::count() {
  const std::uint64_t value = number();
  failed_ = failed_ || value > bytes_.size();
  return failed_ ? 0 : value;
}

std::string to_record(const Manifest& manifest) {
  RecordWriter out;
  out.text(manifest.id);
  out.number(static_cast<std::uint64_t>(manifest.kind));
  out.text(manifest.version);
  out.number(manifest.abi_major);
  out.text(manifest.summary);
  put_texts(out, manifest.methods);
  out.number(manifest.options.size());
  for (const OptionSpec& spec : manifest.options) {
    put_option(out, spec);
  }
  out.text(manifest.text);
  return out.take();
}

std::optional<Manifest> from_record(std::string_view record) {
  RecordReader in(record);
  Manifest manifest;
  manifest.id = in.text();
  const auto kind = get_enum(in, Kind::kHook);
  manifest.version = in.text();
  manifest.abi_major = static_cast<std::uint32_t>(in.number());
  manifest.summary = in.text();
  manifest.methods = get_texts(in);
  const std::uint64_t options = in.count();
  for (std::uint64_t i = 0; i < options; ++i) {
    auto spec = get_option(in);
    if (!spec) {
      return std::nullopt;
    }
    manifest.options.push_back(std::move(*spec));
  }
  manifest.text = in.text();
  if (!in.done() || !kind) {
    return std::nullopt;
  }
  manifest.kind = *kind;
  return manifest;
}

}  // namespace paddock::plugin
