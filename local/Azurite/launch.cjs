"use strict";
// Runs Azurite in one of three ways; every path and option comes from the caller.
//   detached LOG AZURITE args...  starts it in a session of its own, prints its process id and ends
//   attached LOG AZURITE args...  runs it here and ends with the caller, however the caller ends
//   run      LOG AZURITE args...  runs it here (what "detached" starts; LOG only tells one Azurite from another)
const fs = require("fs");
const http = require("http");
const { spawn } = require("child_process");

function run(azurite, args) {
  // Azurite drops an idle connection after five seconds, just when a client may reuse it: the client would see a
  // failure, repeat the request and find its own first try.
  const createServer = http.createServer;
  http.createServer = (...given) => {
    const server = createServer(...given);
    Object.defineProperty(server, "keepAliveTimeout", { get: () => 900000, set: () => {} });
    return server;
  };
  process.argv = [process.argv[0], azurite, ...args];
  require(azurite);
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === "run") {
  run(rest[1], rest.slice(2));
} else if (mode === "attached") {
  const log = fs.openSync(rest[0], "a");
  const write = (chunk) => {
    fs.writeSync(log, chunk);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
  process.stdin.on("close", () => process.exit(0));
  process.stdin.on("error", () => process.exit(0));
  process.stdin.resume();
  run(rest[1], rest.slice(2));
} else {
  // Output goes to a file: a pipe would break, and take Azurite along, when the caller is killed.
  const log = fs.openSync(rest[0], "a");
  const child = spawn(process.execPath, [__filename, "run", ...rest], {
    detached: true,
    stdio: ["ignore", log, log],
    windowsHide: true,
  });
  child.unref();
  process.stdout.write(String(child.pid));
}
