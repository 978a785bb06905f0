"use strict";
// Runs other programs: their output goes to a log, they end in time, and they end when set-up ends.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const running = new Set();
const watchers = new Set();

/** Thrown when a program cannot be started, fails or takes too long; `tail` holds its last lines. */
class CommandFailed extends Error {
  constructor(message, tail, log) {
    super(message);
    this.name = "CommandFailed";
    this.tail = tail;
    this.log = log;
  }
}

/** The last lines of a program's output that say something (calls of a stack trace do not). */
function lastLines(text, count = 8) {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  return lines.slice(-count).join("\n");
}

/** Ends a program and everything it started (each program leads its own process group). */
function end(child, signal = "SIGKILL") {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Ends every program still running; set-up calls it when it is interrupted. */
function endAll() {
  for (const child of running) end(child);
}

/** Calls `watcher(pid, "started" | "ended")` for each program, so that the lock can name them. */
function watchCommands(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/**
 * Runs a program without a shell and resolves to its standard output.
 * Rejects with CommandFailed when it fails or takes longer than `timeout` seconds.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, log?: string }} [options]
 *   `log`: a file that all output is appended to
 * @returns {Promise<string>}
 */
function command(program, args, options = {}) {
  const { cwd, env = process.env, timeout = 300, log } = options;
  const title = path.basename(program);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    let stdout = "";
    let all = `$ ${program} ${args.join(" ")}\n`;
    const failed = (message) => reject(new CommandFailed(message, lastLines(all.replace(/^.*\n/, "")), log));
    child.stdout.on("data", (data) => {
      stdout += data;
      all += data;
    });
    child.stderr.on("data", (data) => {
      all += data;
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child);
    }, timeout * 1000);
    if (child.pid !== undefined) {
      running.add(child);
      for (const watcher of watchers) watcher(child.pid, "started");
    }
    const settle = () => {
      clearTimeout(timer);
      running.delete(child);
      if (child.pid !== undefined) for (const watcher of watchers) watcher(child.pid, "ended");
      if (log !== undefined) {
        fs.mkdirSync(path.dirname(log), { recursive: true });
        fs.appendFileSync(log, `${all}\n`);
      }
    };
    child.on("error", (error) => {
      settle();
      failed(error.code === "ENOENT" ? `${title} was not found` : `${title} did not start: ${error.message}`);
    });
    child.on("close", (code, signal) => {
      settle();
      if (late) failed(`${title} took longer than ${timeout} s`);
      else if (code === 0) resolve(stdout);
      else failed(`${title} ended with ${signal ?? `status ${code}`}`);
    });
  });
}

module.exports = { command, CommandFailed, endAll, lastLines, watchCommands };
