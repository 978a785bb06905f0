"""Makes the registry's torch for Linux start without CUDA's gigabytes.

That wheel is linked against some ten CUDA libraries, which the loader wants to see even where nothing but the
processor is ever used. Each one that is missing gets a stand-in beside torch's own libraries: a shared library of
the same name with the same symbols, whose functions all give 999 (CUDA's "unknown error"). What runs on the
processor never calls them. Needs a C compiler and readelf, as the set-up's other native parts do.

Prints the names of the libraries it made.
"""

import ctypes
import glob
import os
import re
import subprocess
import sys
import sysconfig
import tempfile

site = sysconfig.get_paths()["purelib"]
folder = os.path.join(site, "torch", "lib")
# Real CUDA libraries that were installed, small ones that run when torch is loaded.
beside = glob.glob(os.path.join(site, "nvidia", "*", "lib", "*.so*"))


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def is_missing(name, there):
    # The driver's own library belongs to no package and is only opened where there is a device.
    if name in there or name == "libcuda.so.1":
        return False
    try:
        ctypes.CDLL(name)
        return False
    except OSError:
        return True


def symbols_of(file):
    """(name, version, kind, whether it is defined here, whether it is weak) of each dynamic symbol."""
    for line in run("readelf", "-W", "--dyn-syms", file).splitlines():
        parts = line.split()
        if len(parts) < 8 or not re.fullmatch(r"\d+:", parts[0]):
            continue
        name, _, version = parts[7].partition("@")
        yield name, version.lstrip("@"), parts[3], parts[6] != "UND", parts[4] == "WEAK"


def libraries_of_versions(file):
    """{version of a symbol: the library that should have it}"""
    found, library = {}, None
    for line in run("readelf", "-W", "-V", file).splitlines():
        named = re.search(r"File: (\S+)", line)
        library = named.group(1) if named else library
        version = re.search(r"Name: (\S+) +Flags", line)
        if version and library:
            found[version.group(1)] = library
    return found


def compile_stand_in(name, versions):
    """versions: {version: {symbol: kind}}; "" for symbols without one."""
    code, script = [], []
    for version, symbols in versions.items():
        for symbol, kind in symbols.items():
            code.append(f"char {symbol}[4096];" if kind == "OBJECT" else f"long {symbol}(void) {{ return 999; }}")
        if version:
            script.append(f"{version} {{ global: {' '.join(symbol + ';' for symbol in symbols)} }};")
    with tempfile.TemporaryDirectory() as place:
        source, map_file = os.path.join(place, "standIn.c"), os.path.join(place, "versions")
        with open(source, "w") as out:
            out.write("\n".join(code) + "\n")
        with open(map_file, "w") as out:
            out.write("\n".join(script) + "\n")
        target = os.path.join(folder, name)
        flags = ["-w", "-shared", "-fPIC", f"-Wl,-soname,{name}"]
        if script:
            flags.append(f"-Wl,--version-script={map_file}")
        run("cc", *flags, "-o", target, source)


def main():
    if sys.platform != "linux":
        return
    files = sorted(glob.glob(os.path.join(folder, "*.so*")))
    there = {os.path.basename(file) for file in files + beside}
    wanted, defined, owners = {}, set(), {}
    missing = set()
    for file in files:
        needed = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-W", "-d", file))
        missing |= {name for name in needed if is_missing(name, there)}
        owners.update(libraries_of_versions(file))
    for file in files + beside:
        for name, version, kind, is_defined, is_weak in symbols_of(file):
            if is_defined:
                defined.add(name)
            elif file in files and not is_weak:
                wanted[(name, version)] = kind
    parts = {name: {} for name in sorted(missing)}
    for (name, version), kind in wanted.items():
        if owners.get(version) in parts:
            parts[owners[version]].setdefault(version, {})[name] = kind
        elif not version and name not in defined and re.match(r"cu|nccl|nv", name):
            # Nothing says whose it is: the loader looks through all libraries, so that each may have it.
            for library in parts.keys() - set(owners.values()):
                parts[library].setdefault("", {})[name] = kind
    for name, versions in parts.items():
        compile_stand_in(name, versions)
    print(" ".join(parts))


main()
