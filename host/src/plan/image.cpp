#include "plan/image.hpp"

#include "base/digest.hpp"
#include "os/file.hpp"
#include "plan/base_plan.hpp"

namespace paddock::plan {
namespace {

constexpr const char* kImageId = "/rootfs/image_id";
constexpr std::size_t kShortDigest = 12;

image::Pull pull_of(const std::string& word) {
  return word == "never"    ? image::Pull::kNever
         : word == "always" ? image::Pull::kAlways
                            : image::Pull::kMissing;
}

/// A name for what the profile has built: another Containerfile, another name.
std::optional<std::string> built_name(Builder& builder,
                                      const Node* build,
                                      const std::string& file) {
  const auto text = os::read_file(file);
  if (!text) {
    builder.problem(build, ErrorCode::kPathMissing, text.error().what,
                    "'image.build' names a Containerfile, relative to the profile's file");
    return std::nullopt;
  }
  const std::string digest = sha256(*text + '\0' + builder.plan().rootfs.platform.value_or(""));
  return "localhost/paddock/" + builder.profile.name + ":" +
         digest.substr(digest.find(':') + 1, kShortDigest);
}

std::optional<std::string> optional_text(Builder& builder,
                                         const std::string& key,
                                         std::string pointer = {}) {
  const Node* node = builder.find("image." + key);
  auto text = builder.text(node, "image." + key);
  if (text && !pointer.empty()) {
    builder.came_from(std::move(pointer), node);
  }
  return text;
}

/// Where the image is built, if it is.
void read_build(Builder& builder, image::Order& order) {
  order.containerfile = optional_text(builder, "build").value_or("");
  const Node* context = builder.find("image.context");
  if (context != nullptr && order.containerfile.empty()) {
    builder.problem(context, ErrorCode::kMissingKey,
                    "'image.context' is set without 'image.build'");
  }
  order.context = optional_text(builder, "context")
                      .value_or(std::filesystem::path(order.containerfile).parent_path().string());
}

/// The digest may stand in the name or beside it.
void read_digest(Builder& builder, image::Reference& reference) {
  const Node* node = builder.find("image.digest");
  const auto digest = optional_text(builder, "digest", "/rootfs/digest");
  if (digest && !reference.digest.empty() && *digest != reference.digest) {
    builder.problem(node, ErrorCode::kBadValue,
                    "'image.digest' is not the digest that 'image.reference' has");
  }
  if (!digest && !reference.digest.empty()) {
    builder.came_from("/rootfs/digest", builder.find("image.reference"));
  }
  reference.digest = digest.value_or(reference.digest);
}

}  // namespace

void build_image(Builder& builder) {
  const Node* table = builder.find("image");
  if (table == nullptr || table->table() == nullptr || table->table()->empty()) {
    return;
  }
  contract::Rootfs& rootfs = builder.plan().rootfs;
  image::Order order;
  rootfs.platform = optional_text(builder, "platform", "/rootfs/platform");
  order.wanted.platform = rootfs.platform.value_or("");
  order.pull = pull_of(optional_text(builder, "pull").value_or("missing"));
  read_build(builder, order);
  const Node* named = builder.find("image.reference");
  auto name = builder.text(named, "image.reference");
  const Node* source = named != nullptr ? named : builder.find("image.build");
  if (!name && !order.containerfile.empty()) {
    name = built_name(builder, source, order.containerfile);
  } else if (!name) {
    builder.problem(table, ErrorCode::kMissingKey, "[image] names no image",
                    "set 'reference', or 'build' to have one built");
  }
  auto reference = name ? image::parse_reference(*name) : Result<image::Reference>({});
  if (!reference) {
    return builder.problem(source, reference.error().code, reference.error().what);
  }
  read_digest(builder, *reference);
  rootfs.type = contract::RootfsType::kImage;
  rootfs.image = reference->tagged();
  if (!reference->digest.empty()) {
    rootfs.digest = reference->digest;
  }
  order.wanted.reference = std::move(*reference);
  builder.came_from("/rootfs/type", source);
  builder.came_from("/rootfs/image", source);
  builder.draft.image = std::move(order);
}

void settle_image(Draft& draft, const contract::Image& image) {
  draft.plan.rootfs.image_id = image.id;
  const auto asked = draft.origins.find("/rootfs/image");
  Origin origin =
      asked != draft.origins.end() ? asked->second.front() : Origin{"paddock", {}, "", "", ""};
  origin.value = "\"" + image.id + "\"";
  draft.origins[kImageId] = {std::move(origin)};
}

void look_for_image(Planned& planned) {
  if (!planned.draft.image) {
    return;
  }
  const image::Order& order = *planned.draft.image;
  const auto found = image::find_wanted(*planned.backend, order.wanted);
  if (!found) {
    planned.refusal = found.error();
  } else if (*found) {
    settle_image(planned.draft, **found);
  } else {
    const bool lacking = order.pull == image::Pull::kNever ||
                         (order.containerfile.empty() && order.wanted.reference.is_local());
    const std::string how = lacking                       ? "`paddock run` would refuse"
                            : order.containerfile.empty() ? "`paddock run` pulls it"
                                                          : "`paddock run` builds it";
    planned.draft.notices.push_back("image '" + order.wanted.reference.text() +
                                    "' is not in the engine yet: " + how);
  }
}

}  // namespace paddock::plan
