#include "support/engine/image/images.hpp"

#include <algorithm>
#include <ctime>

#include <nlohmann/json.hpp>

namespace paddock::engine {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kAlgorithm = "sha256:";
constexpr std::size_t kHexDigits = 64;

Failure garbled() {
  return fail(ErrorCode::kBackendRefused, "the engine's answer makes no sense: look at images");
}

/// "<none>" stands for no name.
std::vector<std::string> names_of(const Json& list) {
  std::vector<std::string> names;
  for (const Json& name : list.is_null() ? Json::array() : list) {
    const auto text = name.get<std::string>();
    if (text.find("<none>") == std::string::npos) {
      names.push_back(text);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// A number in lists, "2026-11-27T17:20:00.5Z" of one image.
std::int64_t time_of(const Json& created) {
  if (created.is_number_integer()) {
    return created.get<std::int64_t>();
  }
  std::tm parts{};
  const bool read = created.is_string() &&
                    ::strptime(created.get<std::string>().c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  return read ? std::max<std::int64_t>(::timegm(&parts), 0) : 0;
}

contract::Image image_of(const Json& json) {
  contract::Image image;
  image.id = whole_id(json.at("Id").get<std::string>());
  image.references = names_of(json.value("RepoTags", Json()));
  image.digests = names_of(json.value("RepoDigests", Json()));
  image.size_bytes =
      static_cast<std::uint64_t>(std::max<std::int64_t>(json.value("Size", std::int64_t{0}), 0));
  image.created_at = time_of(json.value("Created", Json()));
  return image;
}

std::string platform_of(const Json& json) {
  const auto variant = json.value("Variant", std::string());
  return json.at("Os").get<std::string>() + "/" + json.at("Architecture").get<std::string>() +
         (variant.empty() ? "" : "/" + variant);
}

std::vector<std::string> volumes_of(const Json& json) {
  std::vector<std::string> volumes;
  const Json& config = json.at("Config");
  const Json declared = config.is_object() ? config.value("Volumes", Json()) : Json();
  for (const auto& [path, nothing] : declared.items()) {
    volumes.push_back(path);
  }
  return volumes;
}

/// What `read` makes of the reply, or that it makes no sense.
template <typename Read>
auto parsed(const std::string& body, Read read) -> Result<decltype(read(Json()))> {
  try {
    return read(Json::parse(body));
  } catch (const Json::exception&) {
    return garbled();
  }
}

}  // namespace

std::string whole_id(const std::string& id) {
  const std::string text = id.starts_with(kAlgorithm) ? id.substr(kAlgorithm.size()) : id;
  const bool sound =
      text.size() == kHexDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return sound ? std::string(kAlgorithm) + text : "";
}

Result<std::vector<contract::Image>> list_images(Engine& engine) {
  const auto reply = engine.call({"GET", "/images/json"}, "list images");
  if (!reply) {
    return fail_as(reply);
  }
  return parsed(reply->body, [](const Json& json) {
    std::vector<contract::Image> images;
    for (const Json& entry : json) {
      images.push_back(image_of(entry));
    }
    return images;
  });
}

Result<std::optional<ImageFacts>> find_image(Engine& engine, const std::string& reference) {
  const auto reply =
      engine.call({"GET", "/images/" + reference + "/json"}, "look at image '" + reference + "'");
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->status == 404) {
    return std::optional<ImageFacts>{};
  }
  return parsed(reply->body, [](const Json& json) {
    ImageFacts facts{image_of(json), volumes_of(json)};
    facts.image.platform = platform_of(json);
    return std::optional(std::move(facts));
  });
}

}  // namespace paddock::engine
