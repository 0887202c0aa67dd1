// paddock image build
#include <filesystem>

#include "base/text.hpp"
#include "cli/image_common.hpp"
#include "cli/image_progress.hpp"
#include "cli/listed.hpp"
#include "cli/plugin_view.hpp"
#include "plan/planner.hpp"
#include "run/plugins.hpp"
#include "run/signals.hpp"

namespace paddock::cli {
namespace {

namespace fs = std::filesystem;

/// A profile's name, or a path that ends as its file does.
bool names_profile(const std::string& operand) {
  return operand.ends_with(".toml") || is_name(operand);
}

Result<image::Order> order_of_profile(const std::string& name, const plugin::Registry& registry) {
  profile::Request request{name, "", {}};
  request.check_paths = false;
  const auto profile = profile::resolve(request, run::context_with(registry));
  const auto draft = profile ? plan::base_plan(*profile, plan::current_facts()) : fail_as(profile);
  if (!draft) {
    return fail_as(draft);
  }
  if (!draft->image || draft->image->containerfile.empty()) {
    return fail(ErrorCode::kMissingKey, "profile '" + profile->name + "' builds no image",
                "set image.build in it, or name a Containerfile");
  }
  return *draft->image;
}

Result<image::Order> order_of_file(const Arguments& arguments) {
  const std::string& operand = arguments.operands.front();
  std::error_code missing;
  const fs::path file = fs::canonical(operand, missing);
  if (missing) {
    return fail_errno(missing.value(), "cannot read '" + operand + "'");
  }
  const std::string tag = arguments.value("tag");
  if (tag.empty()) {
    return fail(ErrorCode::kUsage, "an image from a Containerfile needs a name",
                "give --tag localhost/NAME:TAG");
  }
  auto reference = image::parse_reference(tag);
  const fs::path context = fs::canonical(arguments.value("context", file.parent_path()), missing);
  if (!reference || missing) {
    return reference ? fail_errno(missing.value(), "cannot read the context") : fail_as(reference);
  }
  return image::Order{{std::move(*reference), arguments.value("platform")},
                      image::Pull::kAlways,
                      file.string(),
                      context.string()};
}

Result<int> build(const Arguments& arguments) {
  const auto registry = open_plugins();
  if (!registry) {
    return fail_as(registry);
  }
  const auto order = names_profile(arguments.operands.front())
                         ? order_of_profile(arguments.operands.front(), *registry)
                         : order_of_file(arguments);
  auto engine = order ? open_engine(*registry, arguments) : fail_as(order);
  if (!engine) {
    return fail_as(engine);
  }
  const std::string name = order->wanted.reference.tagged();
  const run::SignalWatch signals;
  ImageProgressView view("building " + name, arguments);
  auto image = image::bring(**engine, *order, open_records(), view.watch());
  if (!image) {
    return fail_as(image);
  }
  show_image(*image, name, (*engine)->manifest().id, arguments);
  return 0;
}

}  // namespace

Command image_build_command() {
  Command command;
  command.name = "image build";
  command.group = "IMAGES";
  command.summary = "have an engine build an image from a Containerfile";
  command.description =
      "Builds the image that a profile's image.build asks for, whether it is there or not; or the "
      "one of the Containerfile FILE, under the name that --tag gives, with the folder that "
      "--context names, or its own, to copy from. PROFILE is a name or a path that ends in "
      ".toml.\n\n"
      "The engine runs the file's commands in containers of its own, with its own network and "
      "settings, not in a sandbox of paddock's: build only what you would run by hand. What a "
      ".containerignore, else a .dockerignore, of the folder names is not sent. When a build fails "
      "its last lines are shown.";
  command.operands = {{"PROFILE|FILE", true, false, "profile"}};
  command.options = {
      backend_option(),
      {"tag", 't', "NAME:TAG", "name of the image, for a FILE"},
      {"context", 0, "DIR", "folder to copy from, for a FILE [its own]", false, "file"},
      {"platform", 0, "OS/ARCH", "what to build for, for a FILE [the engine's own]"}};
  command.examples = {"paddock image build agent-image",
                      "paddock image build ./Containerfile --tag localhost/tools:1"};
  command.run = build;
  return command;
}

}  // namespace paddock::cli
