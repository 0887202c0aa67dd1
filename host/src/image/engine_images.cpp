#include "image/engine_images.hpp"

#include <algorithm>
#include <chrono>
#include <deque>

#include "base/text.hpp"
#include "image/progress.hpp"

namespace paddock::image {
namespace {

/// Large images over slow lines, and long builds. An interrupt ends them sooner.
constexpr std::chrono::hours kDeadline{2};
/// Many files on a slow disk.
constexpr std::chrono::minutes kRemoveDeadline{10};
/// Of a build that failed.
constexpr std::size_t kLastLines = 10;

Failure no_images(const plugin::Instance& backend) {
  return fail(ErrorCode::kUnsupported, "backend '" + backend.manifest().id + "' has no images",
              "name another with --backend; `paddock plugin list` shows them");
}

Result<void> require(const plugin::Instance& backend, std::string_view method) {
  if (!backend.manifest().answers(method)) {
    return no_images(backend);
  }
  return {};
}

Result<std::vector<contract::Image>> ask(plugin::Instance& backend, const std::string& reference) {
  if (auto able = require(backend, "images"); !able) {
    return fail_as(able);
  }
  auto reply = backend.ask<contract::ImagesReply>("images", contract::ImagesRequest{reference});
  if (!reply) {
    return fail_as(reply);
  }
  for (const contract::Image& image : reply->images) {
    if (!is_digest(image.id)) {
      return fail(ErrorCode::kPluginMisbehaved, "plugin '" + backend.manifest().id +
                                                    "' misbehaves in 'images': '" +
                                                    printable(image.id) + "' is no id");
    }
  }
  return std::move(reply->images);
}

bool has_digest(const contract::Image& image, const std::string& digest) {
  return image.id == digest ||
         std::any_of(image.digests.begin(), image.digests.end(),
                     [&](const std::string& one) { return one.ends_with("@" + digest); });
}

bool is_for(const contract::Image& image, const std::string& platform) {
  return image.platform == platform || image.platform.starts_with(platform + "/");
}

/// What the engine made: its id has to be one, whatever it says.
Result<contract::Image> made(Result<contract::ImageReply> reply,
                             const plugin::Instance& backend,
                             const char* method) {
  if (!reply) {
    return fail_as(reply);
  }
  if (!is_digest(reply->image.id)) {
    return fail(ErrorCode::kPluginMisbehaved, "plugin '" + backend.manifest().id +
                                                  "' misbehaves in '" + method + "': '" +
                                                  printable(reply->image.id) + "' is no id");
  }
  return std::move(reply->image);
}

/// The call of `method`, with somebody who listens.
template <typename Request>
Result<contract::Image> bring(plugin::Instance& backend,
                              const char* method,
                              Request request,
                              const Watch& watch) {
  if (auto able = require(backend, method); !able) {
    return fail_as(able);
  }
  auto progress = ProgressReader::start(watch);
  if (!progress) {
    return fail_as(progress);
  }
  request.progress_fd = (*progress)->descriptor();
  auto image = made(backend.ask<contract::ImageReply>(method, request, kDeadline), backend, method);
  progress->reset();
  watch({"end", "", 0, 0, ""});
  return image;
}

Result<contract::Image> checked(Result<contract::Image> image, const Wanted& wanted) {
  if (!image) {
    return image;
  }
  const auto sound = check(*image, wanted);
  return sound ? std::move(image) : Result<contract::Image>(fail_as(sound));
}

}  // namespace

Result<std::vector<contract::Image>> list(plugin::Instance& backend) {
  return ask(backend, "");
}

Result<std::optional<contract::Image>> find(plugin::Instance& backend,
                                            const std::string& reference) {
  auto images = ask(backend, reference);
  if (!images) {
    return fail_as(images);
  }
  if (images->size() > 1) {
    return fail(ErrorCode::kPluginMisbehaved,
                "plugin '" + backend.manifest().id + "' misbehaves in 'images': '" + reference +
                    "' leads to " + std::to_string(images->size()) + " images");
  }
  return images->empty() ? std::nullopt : std::optional(std::move(images->front()));
}

Result<std::optional<contract::Image>> find_wanted(plugin::Instance& backend,
                                                   const Wanted& wanted) {
  const Reference& reference = wanted.reference;
  auto found = find(backend, reference.text());
  if (found && !*found && !reference.digest.empty() && !reference.tag.empty()) {
    found = find(backend, reference.tagged());
    if (found && *found && !has_digest(**found, reference.digest) && !reference.is_local()) {
      found = std::optional<contract::Image>{};  // a registry may have the right one
    }
  }
  if (found && *found) {
    if (auto sound = check(**found, wanted); !sound) {
      return fail_as(sound);
    }
  }
  return found;
}

Result<void> check(const contract::Image& image, const Wanted& wanted) {
  const Reference& reference = wanted.reference;
  if (!reference.digest.empty() && !has_digest(image, reference.digest)) {
    Error error =
        fail(ErrorCode::kImage, "image '" + reference.tagged() + "' is not the one that is pinned",
             "somebody replaced it: look at it before you pin the other")
            .value();
    error.context = {"pinned: " + reference.digest, "there:  " + image.id};
    return Failure(std::move(error));
  }
  if (!wanted.platform.empty() && !is_for(image, wanted.platform)) {
    return fail(ErrorCode::kImage, "image '" + reference.tagged() + "' is for '" +
                                       printable(image.platform) + "', not for '" +
                                       wanted.platform + "'");
  }
  return {};
}

Result<contract::Image> pull(plugin::Instance& backend, const Wanted& wanted, const Watch& watch) {
  if (wanted.reference.is_local()) {
    return fail(ErrorCode::kImage,
                "image '" + wanted.reference.tagged() +
                    "' is not in the engine, and 'localhost' is no registry",
                "`paddock image build` or `paddock image import` makes one of that name");
  }
  return checked(bring(backend, "image-pull",
                       contract::ImagePullRequest{wanted.reference.text(), wanted.platform}, watch),
                 wanted);
}

Result<contract::Image> build(plugin::Instance& backend,
                              const Wanted& wanted,
                              const std::string& containerfile,
                              const std::string& context,
                              const Watch& watch) {
  const contract::ImageBuildRequest request{wanted.reference.tagged(), containerfile, context,
                                            wanted.platform};
  std::deque<std::string> output;
  const auto listen = [&](const contract::ImageProgress& progress) {
    if (progress.phase == "output" || progress.phase == "step") {
      output.push_back(printable(progress.text));
      output.size() > kLastLines ? output.pop_front() : void();
    }
    watch(progress);
  };
  auto image = bring(backend, "image-build", request, listen);
  if (!image) {
    Error error = image.error();
    error.context.insert(error.context.end(), output.begin(), output.end());
    return Failure(std::move(error));
  }
  return checked(std::move(image), wanted);
}

Result<contract::Image> import(plugin::Instance& backend,
                               const Reference& reference,
                               const std::string& source,
                               const Watch& watch) {
  return bring(backend, "image-import", contract::ImageImportRequest{reference.tagged(), source},
               watch);
}

Result<void> remove(plugin::Instance& backend,
                    const std::string& reference,
                    const std::string& id) {
  if (auto able = require(backend, "image-remove"); !able) {
    return able;
  }
  const auto reply = backend.ask<contract::Empty>(
      "image-remove", contract::ImageRemoveRequest{reference, id}, kRemoveDeadline);
  return reply ? Result<void>{} : fail_as(reply);
}

}  // namespace paddock::image
