import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";

const required = (name: string): string => `require(${JSON.stringify(join(__dirname, name))})`;

test("a pipe that is closed early ends a command without a word", async () => {
  const code = `${required("frame.ts")}.exitWith(new Promise((resolve) => {
    const more = () => process.stdout.write("x".repeat(1e5) + "\\n", () => setImmediate(more)); more(); }))`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", code], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [status, signal] = await once(child, "exit");
  assert.deepEqual([status, signal, said], [0, null, ""]);
});

test("Ctrl-C while a progress line is drawn gives the terminal its cursor back", async () => {
  const code = `const output = ${required("output.ts")}.processOutput();
    output.progress("training", 1, 10); setInterval(() => {}, 1000);`;
  // A terminal of our own: the progress line is drawn on terminals alone.
  const terminal = `import os, pty, signal, sys
child, master = pty.fork()
if child == 0: os.execv(sys.argv[1], sys.argv[1:])
seen = b""
while True:
    try: part = os.read(master, 4096)
    except OSError: break
    if not part: break
    if b"training" in part and b"training" not in seen: os.kill(child, signal.SIGINT)
    seen += part
status = os.waitpid(child, 0)[1]
print(repr(seen)); print(os.WTERMSIG(status))`;
  const child = spawn("python3", ["-c", terminal, process.execPath, "--import", "tsx", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TERM: "xterm" },
  });
  let seen = "";
  child.stdout.on("data", (data) => {
    seen += data;
  });
  await once(child, "close");
  const hidden = seen.indexOf("\\x1b[?25l");
  assert.ok(hidden >= 0, seen);
  assert.ok(seen.indexOf("\\x1b[?25h", hidden) > hidden, "the cursor is shown again");
  assert.match(seen, /\n2\n$/, "and the signal ends the process as usual");
});
