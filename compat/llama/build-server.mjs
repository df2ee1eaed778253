// Builds llama.cpp's llama-server into ./build, from the sources in the package node-llama-cpp. It needs git, cmake and
// a C++ compiler, and takes some minutes. usage: npm run build-server
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./", import.meta.url));
const bundle = join(here, "node_modules/node-llama-cpp/llama/gitRelease.bundle");
const build = join(here, "build");
const sources = join(build, "sources");

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: here, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
}

mkdirSync(build, { recursive: true });
if (!existsSync(sources)) run("git", "clone", "--quiet", bundle, sources);
const options = [
  "CMAKE_BUILD_TYPE=Release",
  "CMAKE_CXX_FLAGS_RELEASE=-O1",
  "BUILD_SHARED_LIBS=OFF",
  "LLAMA_BUILD_TESTS=OFF",
  "LLAMA_BUILD_EXAMPLES=OFF",
  "LLAMA_BUILD_UI=OFF",
  "LLAMA_USE_PREBUILT_UI=OFF", // it would be downloaded
  "LLAMA_OPENSSL=OFF",
  "GGML_OPENMP=OFF",
];
run("cmake", "-S", sources, "-B", join(build, "cmake"), ...options.map((option) => `-D${option}`));
run(
  "cmake",
  "--build",
  join(build, "cmake"),
  "--target",
  "llama-server",
  "-j",
  String(availableParallelism()),
);
console.log(join(build, "cmake/bin/llama-server"));
