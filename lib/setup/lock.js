"use strict";
// One set-up at a time in a folder. The lock names the process that holds it; a second one waits, and a
// lock whose process has ended is taken over, after ending what that process left running.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/** When a process started, as the system tells it; "" where it does not (process numbers are used again). */
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return "";
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    return error.code === "ENOENT" ? undefined : { pid: 0, started: "", token: "" };
  }
}

function isHeld(holder) {
  return isAlive(holder.pid) && startOf(holder.pid) === holder.started;
}

/** Makes `file` with this content in one go; false when it exists already. */
function makeOnce(file, content) {
  const temporary = `${file}.${crypto.randomUUID()}`;
  fs.writeFileSync(temporary, content);
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Ends the programs that an interrupted set-up left running: they carry its token in their environment. */
function endLeftovers(folder, token) {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const pid = Number(name);
    try {
      const environment = fs.readFileSync(`/proc/${pid}/environ`, "utf8");
      if (token !== "" && environment.includes(`OFFSHELF_SETUP=${token}`)) process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended, or this system does not tell.
    }
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Removes a lock nobody holds. A second, short lock keeps two from doing so at once. */
function takeAway(file, stale) {
  const guard = `${file}.takeover`;
  if (!makeOnce(guard, String(process.pid))) {
    const age = Date.now() - (fs.statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) fs.rmSync(guard, { force: true });
    return;
  }
  try {
    if (readLock(file)?.token === stale.token) {
      endLeftovers(`${file}.programs`, stale.token);
      fs.rmSync(file, { force: true });
    }
  } finally {
    fs.rmSync(guard, { force: true });
  }
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Takes the lock, waiting as long as another live process holds it.
 *
 * @param {string} file
 * @param {{ onWait?: (pid: number) => void, every?: number }} [options] `every`: milliseconds between looks
 * @returns {Promise<{ token: string, note: (pid: number, event: "started" | "ended") => void, release: () => void }>}
 */
async function takeLock(file, { onWait, every = 200 } = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const token = crypto.randomUUID();
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), token });
  let told = false;
  while (!makeOnce(file, mine)) {
    const holder = readLock(file);
    if (holder === undefined) continue;
    if (!isHeld(holder)) takeAway(file, holder);
    else if (!told) {
      told = true;
      onWait?.(holder.pid);
    }
    await wait(every);
  }
  const programs = `${file}.programs`;
  fs.rmSync(programs, { recursive: true, force: true });
  fs.mkdirSync(programs, { recursive: true });
  return {
    token,
    note(pid, event) {
      const mark = path.join(programs, String(pid));
      if (event === "started") fs.writeFileSync(mark, "");
      else fs.rmSync(mark, { force: true });
    },
    release() {
      if (readLock(file)?.token !== token) return;
      fs.rmSync(programs, { recursive: true, force: true });
      fs.rmSync(file, { force: true });
    },
  };
}

module.exports = { takeLock };
