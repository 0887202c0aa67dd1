// The backend as the host sees it. backend.cpp brings containers up, lifecycle.cpp does the rest.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "paddock/sdk/backend.hpp"
#include "support/engine/engine.hpp"
#include "support/engine/owner.hpp"
#include "support/engine/runtimes.hpp"
#include "support/process.hpp"

namespace paddock::engine {

class Handover;
struct ContainerRequest;
struct Record;
struct Stage;

/// Where an engine is found.
struct Place {
  std::string variable;        ///< of the environment, that names its socket
  std::string default_socket;  ///< a path
};

class EngineBackend : public sdk::Backend {
 public:
  explicit EngineBackend(Place place) : place_(std::move(place)) {}
  Result<contract::ProbeReply> probe(const contract::ProbeRequest& request) override;
  Result<contract::PrepareReply> prepare(const contract::PrepareRequest& request) override;
  Result<contract::VolumeReply> volume(const contract::VolumeRequest& request) override;
  Result<contract::Sandbox> create(const contract::CreateRequest& request) override;
  Result<contract::ExecReply> exec(const contract::ExecRequest& request) override;
  Result<contract::InspectReply> inspect(const contract::InspectRequest& request) override;
  Result<void> stop(const contract::StopRequest& request) override;
  Result<void> remove(const contract::RemoveRequest& request) override;
  Result<contract::ImagesReply> images(const contract::ImagesRequest& request) override;
  Result<contract::ImageReply> image_pull(const contract::ImagePullRequest& request) override;
  Result<contract::ImageReply> image_build(const contract::ImageBuildRequest& request) override;
  Result<contract::ImageReply> image_import(const contract::ImageImportRequest& request) override;
  Result<void> image_remove(const contract::ImageRemoveRequest& request) override;

 protected:
  /// What the user's environment and files name, or nothing. Errors: kBackendMissing.
  virtual Result<std::optional<Address>> named_address() = 0;
  /// The socket where nobody names another.
  virtual Result<std::string> socket() { return place_.default_socket; }
  const Place& place() const { return place_; }
  /// Why an ordinary user's own engine cannot show that user's files as the workload's own;
  /// nothing: it can. By default, engines of this kind never can.
  virtual std::optional<Obstacle> rootless_obstacle() const;
  /// Makes the container and sees that it is what was asked for; nothing is left of one that is
  /// not. Its id. By default in the words of Docker's API.
  virtual Result<std::string> make(Engine& engine, const ContainerRequest& request);
  /// The runtimes that a sandbox may ask for. By default those that the engine tells of.
  virtual Result<Runtimes> runtimes(Engine& engine);
  /// Makes the sandbox's own network. By default in the words of Docker's API.
  virtual Result<void> make_network(Engine& engine, const ContainerRequest& request);
  /// Starts a process that entered a container; what it returns is kept until that has ended. By
  /// default the engine needs nobody to stay.
  virtual Result<std::optional<Connection>> begin(Engine& engine, const std::string& exec);

  /// Where an archive is POSTed to become image `reference`. By default Docker's.
  virtual std::string import_path(const std::string& reference) const;

 private:
  /// The connection, made when it is first needed.
  Result<Engine*> engine();
  /// Why this user cannot prove containers of the engine, which has answered; nothing: it can be
  /// done.
  std::optional<Obstacle> obstacle() const;
  /// What isolates as `plan` asks. Errors: kUnsupported, and as Engine::info().
  Result<Runtime> runtime_for(const contract::Plan& plan);
  /// Nothing when there is no container of that id that carries this instance's label.
  Result<std::optional<Container>> find(const std::string& id, const std::string& instance);
  /// One that should have the engine's mounts.
  Result<pid_t> mounts_owner();
  /// Where an image that `plan` has been given wants volumes: a kernel in user space keeps what
  /// covers them.
  Result<std::vector<std::string>> covers_in_guest(const contract::Plan& plan);
  Result<void> bring_accounts_to(pid_t gofer, const Stage& stage);
  Result<void> put_up_stage(const ContainerRequest& request);
  Result<void> take_down_stage(const std::string& runtime_dir);

  /// The container, and before it what it needs, made but not started.
  Result<std::string> build(const ContainerRequest& request);
  /// Removes what build() made, after an error.
  void undo(const ContainerRequest& request, const std::string& id);
  /// Starts the container, and has its gate wait in it.
  Result<contract::Sandbox> start(const contract::CreateRequest& request,
                                  const ContainerRequest& wanted,
                                  const std::string& id,
                                  Handover& handover);

  /// Hands the gate its descriptors, and makes what is around it as strict as the plan. Who came
  /// for them: process `pid`, the container's first, or another one that serves it files.
  Result<pid_t> admit(const contract::CreateRequest& request,
                      const ContainerRequest& wanted,
                      const std::string& id,
                      pid_t pid,
                      Handover& handover);

  /// Fine when it is gone, or is not of that instance.
  Result<void> remove_network(const std::string& name, const std::string& instance);

  /// Has one more gate wait in the sandbox, by the engine: its PID; the engine's id is noted.
  Result<pid_t> enter_by_engine(const contract::ExecRequest& request, Record& sandbox);
  /// The same in a sandbox whose kernel is not the host's. The PID is of who stands for that gate.
  Result<pid_t> enter_guest(const contract::ExecRequest& request, Record& sandbox);
  Result<contract::InspectReply> inspect_entered(const std::string& exec);
  /// The exit code of a sandbox that this process made, long before the engine has it. Nothing
  /// where only the engine can tell the whole end: whether memory ran out.
  std::optional<int> ended(const std::string& instance) const;

  Place place_;
  std::optional<Engine> engine_;
  std::optional<Runtimes> runtimes_;
  std::map<std::string, Connection> held_;           ///< by id of a process that entered
  std::map<std::string, support::UniqueFd> firsts_;  ///< first processes, by instance
  support::Children children_;
};

}  // namespace paddock::engine
