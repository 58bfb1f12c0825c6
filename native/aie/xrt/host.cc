// dsp-xrt-host: an AMD NPU through XRT, for a parent process at the other end of two pipes. PROTOCOL.md describes what they say.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <xrt/experimental/xrt_system.h>
#include <xrt/experimental/xrt_xclbin.h>
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>
#include <xrt/xrt_hw_context.h>
#include <xrt/xrt_kernel.h>

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t MAX_MESSAGE = 256u << 20;
constexpr std::uint32_t OPCODE = 3;
constexpr int FIRST_BUFFER = 3;
constexpr std::uint32_t MAX_BUFFERS = 16;

// What failed, for the answer.
struct Failure : std::runtime_error {
  Failure(std::string where, const std::string &what) : std::runtime_error(what), step(std::move(where)) {}
  std::string step;
};

// Runs a step of XRT's and says which one it was if it throws.
template <typename Work> auto step(const char *name, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Failure &) {
    throw;
  } catch (const std::exception &error) {
    throw Failure(name, error.what());
  }
}

class Reader {
public:
  explicit Reader(const Bytes &bytes) : bytes_(bytes), at_(1) {}

  std::uint32_t number() {
    const auto *from = take(4);
    return from[0] | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]} << 16 | std::uint32_t{from[3]} << 24;
  }

  std::string text() {
    const auto size = number();
    const auto *from = take(size);
    return {from, from + size};
  }

  Bytes rest() {
    const auto size = bytes_.size() - at_;
    const auto *from = take(size);
    return {from, from + size};
  }

  void end() const {
    if (at_ != bytes_.size()) throw Failure("request", "the request is longer than it should be");
  }

private:
  const std::uint8_t *take(std::size_t size) {
    if (size > bytes_.size() - at_) throw Failure("request", "the request is shorter than it says");
    const auto *from = bytes_.data() + at_;
    at_ += size;
    return from;
  }

  const Bytes &bytes_;
  std::size_t at_;
};

class Writer {
public:
  explicit Writer(char kind) : bytes_{static_cast<std::uint8_t>(kind)} {}

  Writer &number(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
    return *this;
  }

  Writer &text(const std::string &text) {
    number(static_cast<std::uint32_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }

  Writer &raw(const std::uint8_t *from, std::size_t size) {
    bytes_.insert(bytes_.end(), from, from + size);
    return *this;
  }

  const Bytes &bytes() const { return bytes_; }

private:
  Bytes bytes_;
};

Bytes file(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure("instructions", path + " cannot be read");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// (XRT's own conversion wants another library.)
std::string hexadecimal(const xrt::uuid &uuid) {
  std::string text;
  for (int i = 0; i < 16; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", uuid.get()[i]);
    text += digits;
  }
  return text;
}

struct Buffer {
  xrt::bo bo;
  std::size_t size;
  bool is_written;
};

// What is loaded. The members are destroyed in the reverse of this order, which is the one that XRT wants.
struct Program {
  xrt::device device;
  xrt::xclbin xclbin;
  xrt::hw_context context;
  xrt::kernel kernel;
  xrt::bo instructions;
  std::uint32_t words = 0;
  std::vector<Buffer> buffers;
};

class Host {
public:
  Writer answer(const Bytes &request) {
    Reader reader(request);
    switch (request.at(0)) {
    case 'P': return probe(reader);
    case 'L': return load(reader);
    case 'W': return write(reader);
    case 'R': return run(reader);
    case 'G': return read(reader);
    default: throw Failure("request", "no such request");
    }
  }

  void close() { program_.reset(); }

private:
  static Writer probe(Reader &reader) {
    reader.end();
    return step("device", [] {
      const auto count = xrt::system::enumerate_devices();
      Writer answer('K');
      answer.number(count);
      for (std::uint32_t i = 0; i < count; ++i) {
        const xrt::device device(i);
        answer.text(device.get_info<xrt::info::device::name>()).text(device.get_info<xrt::info::device::bdf>());
      }
      return answer;
    });
  }

  Writer load(Reader &reader) {
    const auto path = reader.text();
    const auto instructions = file(reader.text());
    const auto count = reader.number();
    if (count > MAX_BUFFERS) throw Failure("request", "more than 16 buffers");
    std::vector<std::uint32_t> sizes(count);
    for (auto &size : sizes) size = reader.number();
    reader.end();
    if (instructions.empty() || instructions.size() % 4 != 0)
      throw Failure("instructions", "the instructions are not whole words");
    program_.reset();
    auto program = std::make_unique<Program>();
    step("device", [&] { program->device = xrt::device(0u); });
    step("xclbin", [&] { program->xclbin = xrt::xclbin(path); });
    std::string name;
    step("xclbin", [&] {
      for (const auto &kernel : program->xclbin.get_kernels())
        if (kernel.get_name().rfind("MLIR_AIE", 0) == 0) name = kernel.get_name();
      if (name.empty()) throw Failure("xclbin", path + " has no kernel whose name begins with MLIR_AIE");
    });
    const auto uuid = step("register", [&] { return program->device.register_xclbin(program->xclbin); });
    step("context", [&] { program->context = xrt::hw_context(program->device, uuid); });
    step("kernel", [&] { program->kernel = xrt::kernel(program->context, name); });
    step("instructions", [&] {
      program->words = static_cast<std::uint32_t>(instructions.size() / 4);
      program->instructions = xrt::bo(program->device, instructions.size(), xrt::bo::flags::cacheable,
                                      static_cast<xrt::memory_group>(program->kernel.group_id(1)));
      program->instructions.write(instructions.data());
    });
    step("sync", [&] { program->instructions.sync(XCL_BO_SYNC_BO_TO_DEVICE); });
    for (std::uint32_t i = 0; i < count; ++i)
      step("buffer", [&] {
        const auto group = program->kernel.group_id(FIRST_BUFFER + static_cast<int>(i));
        program->buffers.push_back({xrt::bo(program->device, sizes[i], xrt::bo::flags::host_only,
                                            static_cast<xrt::memory_group>(group)),
                                    sizes[i], false});
      });
    const auto device = step("device", [&] { return program->device.get_info<xrt::info::device::name>(); });
    program_ = std::move(program);
    return Writer('K').text(name).text(device).text(hexadecimal(uuid));
  }

  Program &program() {
    if (!program_) throw Failure("request", "nothing is loaded");
    return *program_;
  }

  // The buffer, once the range is checked to lie in it.
  Buffer &buffer(std::uint32_t index, std::size_t offset, std::size_t size) {
    auto &buffers = program().buffers;
    if (index >= buffers.size()) throw Failure("request", "no such buffer");
    auto &found = buffers[index];
    if (offset > found.size || size > found.size - offset) throw Failure("request", "beyond the buffer's end");
    return found;
  }

  Writer write(Reader &reader) {
    const auto index = reader.number();
    const auto offset = reader.number();
    const auto bytes = reader.rest();
    auto &to = buffer(index, offset, bytes.size());
    step("buffer", [&] { to.bo.write(bytes.data(), bytes.size(), offset); });
    to.is_written = true;
    return Writer('K');
  }

  Writer run(Reader &reader) {
    const auto timeout = reader.number();
    reader.end();
    auto &loaded = program();
    try {
      for (auto &one : loaded.buffers)
        if (one.is_written) {
          step("sync", [&] { one.bo.sync(XCL_BO_SYNC_BO_TO_DEVICE); });
          one.is_written = false;
        }
      const auto begin = std::chrono::steady_clock::now();
      auto run = step("start", [&] {
        xrt::run made(loaded.kernel);
        made.set_arg(0, OPCODE);
        made.set_arg(1, loaded.instructions);
        made.set_arg(2, loaded.words);
        for (std::size_t i = 0; i < loaded.buffers.size(); ++i)
          made.set_arg(FIRST_BUFFER + static_cast<int>(i), loaded.buffers[i].bo);
        made.start();
        return made;
      });
      const auto state = step("wait", [&] { return run.wait(std::chrono::milliseconds(timeout)); });
      const auto end = std::chrono::steady_clock::now();
      if (state != ERT_CMD_STATE_COMPLETED) {
        if (state == ERT_CMD_STATE_TIMEOUT) step("wait", [&] { run.abort(); });
        throw Failure("state", std::to_string(static_cast<int>(state)));
      }
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(end - begin).count();
      return Writer('K').number(static_cast<std::uint32_t>(state)).number(static_cast<std::uint32_t>(took));
    } catch (const Failure &) {
      program_.reset();
      throw;
    }
  }

  Writer read(Reader &reader) {
    const auto index = reader.number();
    const auto offset = reader.number();
    const auto size = reader.number();
    reader.end();
    auto &from = buffer(index, offset, size);
    Bytes bytes(size);
    step("sync", [&] { from.bo.sync(XCL_BO_SYNC_BO_FROM_DEVICE); });
    step("buffer", [&] { from.bo.read(bytes.data(), size, offset); });
    return Writer('K').raw(bytes.data(), bytes.size());
  }

  std::unique_ptr<Program> program_;
};

bool receive(Bytes &request) {
  std::uint8_t head[4];
  if (std::fread(head, 1, sizeof head, stdin) != sizeof head) return false;
  const std::uint32_t size = head[0] | std::uint32_t{head[1]} << 8 | std::uint32_t{head[2]} << 16 | std::uint32_t{head[3]} << 24;
  if (size == 0 || size > MAX_MESSAGE) return false;
  request.resize(size);
  return std::fread(request.data(), 1, size, stdin) == size;
}

bool send(const Writer &answer) {
  const auto &bytes = answer.bytes();
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::uint8_t head[4] = {std::uint8_t(size), std::uint8_t(size >> 8), std::uint8_t(size >> 16), std::uint8_t(size >> 24)};
  return std::fwrite(head, 1, sizeof head, stdout) == sizeof head && std::fwrite(bytes.data(), 1, size, stdout) == size &&
         std::fflush(stdout) == 0;
}

} // namespace

int main() {
  Host host;
  Bytes request;
  while (receive(request)) {
    const bool is_last = request[0] == 'Q';
    Writer answer('K');
    try {
      if (is_last)
        step("close", [&] { host.close(); });
      else
        answer = host.answer(request);
    } catch (const Failure &failure) {
      answer = Writer('E').text(failure.step).text(failure.what());
    } catch (const std::exception &error) {
      answer = Writer('E').text("request").text(error.what());
    }
    if (!send(answer) || is_last) break;
  }
  return 0;
}
