// A recording stand-in for XRT, preloaded before the real one in tests of dsp-xrt-host: it is no device and computes nothing but a copy.
// Every call is a line in the file of DSP_RECORD. DSP_FAIL names a call that throws, DSP_STATE the state that a run ends in;
// DSP_VANISH ends the process in the middle of a run, as a driver's crash does, and DSP_HANG lets a run wait for ever.

#include <any>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <xrt/experimental/xrt_system.h>
#include <xrt/experimental/xrt_xclbin.h>
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>
#include <xrt/xrt_hw_context.h>
#include <xrt/xrt_kernel.h>

namespace {

std::string setting(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

void record(const std::string &line) {
  if (std::FILE *file = std::fopen(setting("DSP_RECORD").c_str(), "a")) {
    std::fprintf(file, "%s\n", line.c_str());
    std::fclose(file);
  }
}

void call(const std::string &name, const std::string &details = "") {
  record(details.empty() ? name : name + " " + details);
  if (setting("DSP_FAIL") == name) throw std::runtime_error(name + " failed on purpose");
}

int made = 0;

// What stands behind a handle: it says when it is freed.
struct Token {
  explicit Token(std::string of) : name(std::move(of)), id(made++) {}
  ~Token() { record("free " + name); }
  std::string name;
  int id;
  std::vector<char> bytes;
  std::map<int, Token *> arguments;
};

template <typename Impl> std::shared_ptr<Impl> handle_of(const std::string &name, std::size_t bytes = 0) {
  auto token = std::make_shared<Token>(name);
  token->bytes.resize(bytes);
  return {token, reinterpret_cast<Impl *>(token.get())};
}

template <typename Handle> Token &token(const Handle &handle) { return *reinterpret_cast<Token *>(handle.get()); }

} // namespace

namespace xrt {

namespace system {
unsigned int enumerate_devices() {
  call("enumerate");
  return setting("DSP_FAIL") == "none" ? 0 : 1;
}
} // namespace system

device::device(unsigned int index) {
  call("device", std::to_string(index));
  handle = handle_of<xrt_core::device>("device");
}
device::~device() = default;
uuid device::register_xclbin(const xclbin &) {
  call("register");
  return uuid("00112233-4455-6677-8899-aabbccddeeff");
}
std::any device::get_info_std(info::device key, const detail::abi &) const {
  call("info");
  return std::string(key == info::device::bdf ? "0000:c5:00.1" : "a recording stand-in");
}

xclbin::xclbin(const std::string &path) : detail::pimpl<xclbin_impl>(nullptr) {
  call("xclbin", path);
  handle = handle_of<xclbin_impl>("xclbin");
}
std::vector<xclbin::kernel> xclbin::get_kernels() const {
  call("kernels");
  return {kernel(handle_of<kernel_impl>("xclbin kernel"))};
}
std::string xclbin::kernel::get_name() const { return "MLIR_AIE"; }

hw_context::hw_context(const device &, const uuid &, access_mode) {
  call("context");
  handle = handle_of<hw_context_impl>("context");
}
hw_context::~hw_context() = default;

kernel::kernel(const hw_context &, const std::string &name) {
  call("kernel", name);
  handle = handle_of<kernel_impl>("kernel");
}
kernel::~kernel() = default;
int kernel::group_id(int argument) const { return 100 + argument; }

bo::bo(const device &, size_t size, flags flags, memory_group group) {
  const std::string kind = flags == flags::cacheable ? "cacheable" : flags == flags::host_only ? "host-only" : "other";
  call("bo", std::to_string(size) + " " + kind + " group " + std::to_string(group));
  handle = handle_of<bo_impl>("bo", size);
}
bo::~bo() = default;
size_t bo::size() const { return token(handle).bytes.size(); }
void bo::write(const void *from, size_t size, size_t offset) {
  call("write", std::to_string(size) + " at " + std::to_string(offset));
  std::memcpy(token(handle).bytes.data() + offset, from, size);
}
void bo::read(void *to, size_t size, size_t offset) {
  call("read", std::to_string(size) + " at " + std::to_string(offset));
  std::memcpy(to, token(handle).bytes.data() + offset, size);
}
void bo::sync(xclBOSyncDirection direction, size_t size, size_t) {
  call(direction == XCL_BO_SYNC_BO_TO_DEVICE ? "sync-to" : "sync-from", std::to_string(size));
}

run::run(const kernel &) {
  call("run");
  handle = handle_of<run_impl>("run");
}
run::~run() = default;
void run::set_arg_at_index(int index, const void *value, size_t size) {
  std::uint32_t number = 0;
  std::memcpy(&number, value, size < sizeof number ? size : sizeof number);
  call("argument", std::to_string(index) + " = " + std::to_string(number));
}
void run::set_arg_at_index(int index, const bo &buffer) {
  call("argument", std::to_string(index) + " = bo of " + std::to_string(buffer.size()));
  token(handle).arguments[index] = &token(buffer.get_handle());
}
void run::start() { call("start"); }
ert_cmd_state run::wait(const std::chrono::milliseconds &timeout) const {
  call("wait", std::to_string(timeout.count()));
  if (!setting("DSP_VANISH").empty()) _exit(9);
  while (!setting("DSP_HANG").empty()) std::this_thread::sleep_for(std::chrono::seconds(1));
  const auto state = setting("DSP_STATE");
  if (!state.empty()) return static_cast<ert_cmd_state>(std::atoi(state.c_str()));
  auto &arguments = token(handle).arguments;
  if (arguments.count(3) && arguments.count(4)) {
    auto &to = arguments[4]->bytes;
    for (std::size_t i = 0; i < to.size() && i < arguments[3]->bytes.size(); ++i)
      to[i] = static_cast<char>(arguments[3]->bytes[i] + 1);
  }
  return ERT_CMD_STATE_COMPLETED;
}
ert_cmd_state run::abort() {
  call("abort");
  return ERT_CMD_STATE_ABORT;
}

} // namespace xrt
