#include "plugin/manifest_record.hpp"

#include <cstring>

namespace paddock::plugin {
namespace {

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

/// Enumerators out of range fail the whole record: they index tables of names.
template <typename Enum>
std::optional<Enum> get_enum(RecordReader& in, Enum last) {
  const std::uint64_t value = in.number();
  return value <= static_cast<std::uint64_t>(last) ? std::optional(static_cast<Enum>(value))
                                                   : std::nullopt;
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
  if (!in.done() || !kind) {
    return std::nullopt;
  }
  manifest.kind = *kind;
  return manifest;
}

}  // namespace paddock::plugin
