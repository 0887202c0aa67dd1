#include "rig.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace paddock::test {
namespace {

int append(void* ctx, paddock_bytes bytes) {
  static_cast<std::string*>(ctx)->append(bytes.ptr, bytes.len);
  return 0;
}

paddock_bytes bytes_of(std::string_view text) {
  return {text.data(), text.size()};
}

const paddock_plugin* load(const std::string& id) {
  const std::string path = PADDOCK_BUILD_DIR "/lib/paddock/plugins/" + id + "/lib" + id + ".so";
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw std::runtime_error(::dlerror());
  }
  using Entry = const paddock_plugin* (*)();
  return reinterpret_cast<Entry>(::dlsym(library, "paddock_plugin_v1"))();
}

const paddock_host kHost = {sizeof(paddock_host),
                            0,
                            nullptr,
                            [](void*, int32_t, paddock_bytes) {},
                            [](void*) { return 0; },
                            [](void*, const char*) -> const void* { return nullptr; }};

Error error_from(const std::string& json) {
  auto error = contract::decode<Error>(json);
  return error ? *error : error.error();
}

std::string read_all(int fd) {
  std::string text;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::read(fd, bytes, sizeof bytes)) > 0;) {
    text.append(bytes, static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

LoadedPlugin::LoadedPlugin(const std::string& id,
                           const std::string& values,
                           const std::map<std::string, SourcePos>& positions)
    : plugin_(load(id)) {
  const std::string config = contract::encode(contract::Config{id, {values}, positions});
  std::string text;
  const paddock_out out{sizeof(paddock_out), &text, append};
  if (plugin_->create(&kHost, bytes_of(config), &self_, &out) != PADDOCK_OK) {
    self_ = nullptr;
    error_ = error_from(text);
  }
}

LoadedPlugin::~LoadedPlugin() {
  if (self_ != nullptr) {
    plugin_->destroy(self_);
  }
}

Result<std::string> LoadedPlugin::call_json(std::string_view method, const std::string& request) {
  std::string reply;
  std::string error;
  const paddock_out reply_out{sizeof(paddock_out), &reply, append};
  const paddock_out error_out{sizeof(paddock_out), &error, append};
  if (plugin_->call(self_, bytes_of(method), bytes_of(request), &reply_out, &error_out) !=
      PADDOCK_OK) {
    return Failure(error_from(error));
  }
  return reply;
}

GateEnd::GateEnd() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("socketpair");
  }
  near_ = ends[0];
  far_ = ends[1];
}

GateEnd::~GateEnd() {
  ::close(near_);
  close_far();
}

void GateEnd::close_far() {
  if (far_ >= 0) {
    ::close(far_);
    far_ = -1;
  }
}

std::string GateEnd::read_frame() {
  const auto exactly = [this](char* to, std::size_t size) {
    for (std::size_t got = 0; got < size;) {
      pollfd ready{near_, POLLIN, 0};
      const ssize_t n = ::poll(&ready, 1, 20000) > 0 ? ::read(near_, to + got, size - got) : -1;
      if (n <= 0) {
        return false;
      }
      got += static_cast<std::size_t>(n);
    }
    return true;
  };
  std::uint32_t length = 0;  // little-endian, as every machine that runs this is
  if (!exactly(reinterpret_cast<char*>(&length), sizeof length) || length > 1 << 20) {
    return "";
  }
  std::string frame(length, '\0');
  return exactly(frame.data(), length) ? frame : "";
}

void GateEnd::send(const std::vector<std::string>& fields) {
  std::string body;
  for (const std::string& field : fields) {
    body += field + '\0';
  }
  const auto length = static_cast<std::uint32_t>(body.size());
  const std::string frame = std::string(reinterpret_cast<const char*>(&length), 4) + body;
  if (::send(near_, frame.data(), frame.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(frame.size())) {
    throw std::runtime_error("the gate's channel is closed");
  }
}

bool GateEnd::release(const contract::Process& process, std::string* reply) {
  std::vector<std::string> fields = {"hold", process.init ? "init" : "exec", process.cwd,
                                     std::to_string(process.command.size())};
  fields.insert(fields.end(), process.command.begin(), process.command.end());
  fields.push_back(std::to_string(process.environment.size()));
  for (const auto& [name, value] : process.environment) {
    fields.push_back(name + "=" + value);
  }
  send(fields);
  std::string answer = read_frame();
  if (answer == R"({"ok":true})") {
    send({"release"});
    answer = read_frame();
  }
  if (reply != nullptr) {
    *reply = answer;
  }
  return answer.empty();
}

contract::Plan strict_plan() {
  contract::Plan plan;
  plan.name = "box";
  plan.profile = "test";
  plan.process.command = {"/bin/true"};
  plan.process.environment = {{"HOME", "/home/sandbox"}, {"PATH", "/usr/bin:/bin"}};
  plan.process.user = {1000, 1000};
  plan.rootfs.read_only = true;
  const auto tmpfs = [](const char* purpose, std::uint64_t size) {
    contract::Mount mount;
    mount.type = contract::MountType::kTmpfs;
    mount.read_only = false;
    mount.purpose = purpose;
    mount.size_bytes = size;
    return mount;
  };
  plan.mounts["/tmp"] = tmpfs("scratch", 16 << 20);
  plan.mounts["/home/sandbox"] = tmpfs("home", 8 << 20);
  plan.mounts["/dev/shm"] = tmpfs("scratch", 4 << 20);
  plan.security.no_new_privs = true;
  plan.security.masked_paths = {"/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys",
                                "/proc/timer_list"};
  plan.security.read_only_paths = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                   "/proc/sysrq-trigger"};
  return plan;
}

std::string new_instance() {
  static unsigned count = 0;
  char text[17];
  std::snprintf(text, sizeof text, "%08x%08x", static_cast<unsigned>(::getpid()), ++count);
  return text;
}

std::string gate_program() {
  return PADDOCK_BUILD_DIR "/libexec/paddock/paddock-gate";
}

Box::Box(const contract::Plan& wanted)
    : backend("bubblewrap"), plan(wanted), instance(new_instance()) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe2");
  }
  reading_ = ends[0];
  writing_ = ends[1];
  null_ = ::open("/dev/null", O_RDWR | O_CLOEXEC);
}

Box::~Box() {
  if (!removed_) {
    (void)remove().has_value();
  }
  ::close(reading_);
  ::close(null_);
  if (writing_ >= 0) {
    ::close(writing_);
  }
}

contract::GateSpec Box::spec(const GateEnd& gate, int output) const {
  return {gate_program(), gate.far(), null_, output, output};
}

Result<void> Box::create() {
  auto reply = backend.call<contract::PrepareReply>(
      "prepare", contract::PrepareRequest{plan, instance, "/nonexistent"});
  if (!reply) {
    return fail_as(reply);
  }
  prepared = *reply;
  auto made = backend.call<contract::Sandbox>(
      "create", contract::CreateRequest{plan, instance, "/nonexistent", spec(gate_, writing_)});
  gate_.close_far();
  if (!made) {
    return fail_as(made);
  }
  sandbox = *made;
  ::close(writing_);
  writing_ = -1;
  const std::string hello = gate_.read_frame();
  return hello.find("\"pid\":1}") != std::string::npos
             ? Result<void>()
             : Result<void>(fail(ErrorCode::kGate, "no hello: '" + hello + "'"));
}

void Box::start(const std::string& script) {
  contract::Process process = plan.process;
  process.command = {"/bin/sh", "-c", script};
  gate_.release(process);
}

std::string Box::read_line() {
  std::string line;
  for (char byte = 0; ::read(reading_, &byte, 1) == 1 && byte != '\n';) {
    line += byte;
  }
  return line;
}

Outcome Box::run(const std::string& script) {
  start(script);
  Outcome outcome{read_all(reading_), std::nullopt};
  for (int i = 0; i < 200 && !outcome.code; ++i) {
    const auto seen = inspect();
    if (!seen || seen->state == contract::RunState::kGone) {
      break;
    }
    outcome.code = seen->exit_code;
    ::usleep(outcome.code ? 0 : 5000);
  }
  return outcome;
}

Outcome Box::exec(const std::string& script) {
  GateEnd gate;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe2");
  }
  const auto reply = backend.call<contract::ExecReply>(
      "exec", contract::ExecRequest{plan, sandbox, spec(gate, ends[1])});
  ::close(ends[1]);
  gate.close_far();
  Outcome outcome;
  if (!reply) {
    ::close(ends[0]);
    outcome.output = reply.error().what;
    return outcome;
  }
  gate.read_frame();
  contract::Process process = plan.process;
  process.command = {"/bin/sh", "-c", script};
  process.init = false;
  gate.release(process);
  outcome.output = read_all(ends[0]);
  ::close(ends[0]);
  for (int i = 0; i < 200 && !outcome.code; ++i) {
    const auto seen = backend.call<contract::InspectReply>(
        "inspect", contract::InspectRequest{instance, reply->record});
    outcome.code = seen ? seen->exit_code : std::nullopt;
    ::usleep(outcome.code ? 0 : 5000);
  }
  return outcome;
}

Result<contract::InspectReply> Box::inspect() {
  return backend.call<contract::InspectReply>("inspect",
                                              contract::InspectRequest{instance, sandbox.record});
}

Result<void> Box::stop(std::uint32_t grace_ms) {
  auto reply = backend.call<contract::Empty>("stop", contract::StopRequest{sandbox, grace_ms});
  return reply ? Result<void>() : Result<void>(fail_as(reply));
}

Result<void> Box::remove() {
  removed_ = true;
  contract::RemoveRequest request{instance, "/nonexistent", prepared.objects, std::nullopt};
  if (sandbox.pid != 0) {
    request.sandbox = sandbox;
  }
  auto reply = backend.call<contract::Empty>("remove", request);
  return reply ? Result<void>() : Result<void>(fail_as(reply));
}

Outcome run_in_sandbox(const contract::Plan& plan, const std::string& script) {
  Box box(plan);
  if (const auto created = box.create(); !created) {
    std::string text = created.error().what;
    for (const std::string& line : created.error().context) {
      text += "\n" + line;
    }
    return {text, std::nullopt};
  }
  return box.run(script);
}

std::string in_child(const std::function<std::string()>& body) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe2");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    std::string text;
    try {
      text = body();
    } catch (const std::exception& problem) {
      text = std::string("exception: ") + problem.what();
    }
    const ssize_t put = ::write(ends[1], text.data(), text.size());
    ::_exit(put == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  const std::string text = read_all(ends[0]);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

std::string as_user(unsigned uid, const std::function<std::string()>& body) {
  return in_child([&]() -> std::string {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 ||
        ::setresuid(uid, uid, uid) != 0 || ::prctl(PR_SET_DUMPABLE, 1) != 0) {
      return "cannot become that user";
    }
    return body();
  });
}

}  // namespace paddock::test
