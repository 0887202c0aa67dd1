// paddock image pull
#include "cli/image_common.hpp"
#include "cli/image_progress.hpp"
#include "cli/listed.hpp"
#include "cli/plugin_view.hpp"
#include "run/signals.hpp"

namespace paddock::cli {
namespace {

Result<int> pull(const Arguments& arguments) {
  const auto reference = image::parse_reference(arguments.operands.front());
  const auto registry = open_plugins();
  auto engine = registry ? open_engine(*registry, arguments) : fail_as(registry);
  if (!reference || !engine) {
    return reference ? fail_as(engine) : fail_as(reference);
  }
  const image::Order order{{*reference, arguments.value("platform")}, image::Pull::kAlways};
  const run::SignalWatch signals;
  ImageProgressView view("pulling " + reference->text(), arguments);
  const auto image = image::bring(**engine, order, open_records(), view.watch());
  if (!image) {
    return fail_as(image);
  }
  show_image(*image, reference->text(), (*engine)->manifest().id, arguments);
  return 0;
}

}  // namespace

Command image_pull_command() {
  Command command;
  command.name = "image pull";
  command.group = "IMAGES";
  command.summary = "have an engine bring an image from its registry";
  command.description =
      "Asks the engine for REFERENCE, newly, whether it has an image of that name or not, and "
      "prints "
      "the name and the image's id. A name without a host is Docker Hub's (docker.io), for every "
      "engine alike; without a tag it is `latest`. With `@sha256:...` an image of another digest "
      "is "
      "refused.\n\n"
      "On a terminal a bar shows bytes, rate and layers; elsewhere there is one line a phase, and "
      "nothing with --quiet. An interrupt ends the engine's work, and no name is left.\n\n"
      "Credentials are the engine's own affair: of a registry that asks for some, pull with the "
      "engine's own command.";
  command.operands = {{"REFERENCE"}};
  command.options = {backend_option(),
                     {"platform", 0, "OS/ARCH", "the image must be for it [the engine's own]"}};
  command.examples = {"paddock image pull debian:13",
                      "paddock image pull --backend podman registry.example/team/tools:2"};
  command.run = pull;
  return command;
}

}  // namespace paddock::cli
