"""Runs notebooks in order and tells how it goes, one JSON object a line on standard output.

Called by lib/cli/runNotebooks.ts. Each notebook leaves two files in the output folder: NAME.ipynb, as it would
be committed (figures as pictures, no times, no scripts), and NAME.html, with the figures interactive and
Plotly inside, so that the page needs no network.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

sys.modules["rfc3987_syntax"] = None  # the reason: quickStart in lib/setup/python.js

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from notebookPage import MARKER, page

# Runs after the last cell: gives what was started and not awaited a moment to fail.
SETTLE = """
for (let waited = 0; waited < 3000; waited += 50) {
  await new Promise<void>((resolve) => { setTimeout(resolve, 50); });
  if (waited >= 200 && !(process as any).getActiveResourcesInfo().includes("Timeout")) break;
}
void 0
"""


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


KERNEL_ENDED = "the end of the kernel"


class Failed(Exception):
    """What went wrong, and in which code cell (counted from 1)."""

    def __init__(self, cell, kind, error):
        super().__init__(error)
        self.cell, self.kind, self.error = cell, kind, error


def late_errors(path):
    text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
    return text.strip()


def stderr_of(cell):
    return "".join(o.text for o in cell.get("outputs", []) if o.output_type == "stream" and o.name == "stderr").strip()


def execute(notebook, name, options, late):
    """Runs all code cells in a fresh kernel; raises Failed at the first that fails."""
    code = [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        kernel_name=options.kernel,
        timeout=options.timeout,
        startup_timeout=120,
        record_timing=False,
        resources={"metadata": {"path": str(options.root)}},
    )
    with client.setup_kernel():
        number = 0
        try:
            client.wait_for_reply(client.kc.kernel_info())
            for number, (index, cell) in enumerate(code, 1):
                tell("cell", name=name, cell=number, cells=len(code))
                client.execute_cell(cell, index, execution_count=number)
                if late_errors(late):
                    raise Failed(number, "an error that no cell waited for", late_errors(late))
            settle = nbformat.v4.new_code_cell(SETTLE)
            notebook.cells.append(settle)
            try:
                client.execute_cell(settle, len(notebook.cells) - 1)
            finally:
                notebook.cells.pop()
            if late_errors(late):
                raise Failed(number, "an error that no cell waited for", late_errors(late))
        except (CellExecutionError, DeadKernelError, RuntimeError) as error:
            if late_errors(late):
                raise Failed(number, "an error that no cell waited for", late_errors(late)) from error
            if not isinstance(error, CellExecutionError):
                raise Failed(number, KERNEL_ENDED, "the kernel ended") from error
            raise Failed(number, "an error", stderr_of(code[number - 1][1]) or str(error)) from error
        except (CellTimeoutError, TimeoutError) as error:
            raise Failed(number, "the time limit", f"took longer than {options.timeout} s") from error


def merged(outputs):
    """Joins neighbouring pieces of the same stream: how they were cut depends on timing."""
    result = []
    for output in outputs:
        last = result[-1] if result else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            result.append(output)
    return result


# A bar that its caller left before its end: the cell is over, so nothing is left to wait for.
LEFT = re.compile(r"^(.*?: )(\d+)/(\d+)(.*?) · \d+ s left$", re.S)


def ended(output):
    """Ends a progress bar that still counts seconds below a cell that has ended well."""
    data = output.get("data", {})
    found = LEFT.match(data.get("text/plain", ""))
    if not found or "text/html" not in data:
        return
    start, done, total, rest = found.groups()
    data["text/plain"] = f"{start}{total}/{total}{rest}"
    bar = re.sub(r" · \d+ s left<", "<", data["text/html"].replace(f": {done}/{total}", f": {total}/{total}", 1))
    data["text/html"] = re.sub(r"width:[\d.]+%", "width:100.0%", bar)


def tidy(notebook, options, passed):
    """The same notebook without anything that differs from run to run or names a place on this machine."""
    root = str(options.root)
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k == "tags"}
        if cell.cell_type != "code":
            continue
        cell.outputs = merged(cell.outputs)
        for output in cell.outputs:
            if passed:
                ended(output)
            if output.output_type == "stream":
                output.text = output.text.replace(root + os.sep, "").replace(root, ".")
            for form, value in output.get("data", {}).items():
                if isinstance(value, str) and form.startswith("text/"):
                    output.data[form] = value.replace(root + os.sep, "").replace(root, ".")
    notebook.metadata = {
        "kernelspec": {"name": options.kernel, "display_name": options.title, "language": "typescript"},
        "language_info": {"name": "typescript", "mimetype": "text/typescript", "file_extension": ".ts"},
    }
    return notebook


def pictures_only(notebook):
    """A copy whose figures are pictures alone: their scripts would swell the file and not run on GitHub."""
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data and MARKER in data.get("text/html", ""):
                del data["text/html"]
    return copy


def write(path, text):
    """Under another name first, so that nobody sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)


def run(path, options, late):
    """Runs one notebook; returns whether it passed. What a failed one got to is written as well."""
    name = path.stem
    started = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    failure = None
    for attempt in range(3):
        try:
            execute(notebook, name, options, late)
            failure = None
        except Failed as error:
            failure = error
        # A kernel that is gone before its first cell says nothing about the notebook: two kernels that start at
        # the same moment may have picked the same port.
        if failure is None or failure.cell > 0 or failure.kind != KERNEL_ENDED:
            break
    notebook = tidy(notebook, options, failure is None)
    text = nbformat.writes(pictures_only(notebook), indent=1) + "\n"
    write(options.out / f"{name}.html", page(notebook, path, options.out, options.plotly))
    write(options.out / f"{name}.ipynb", text)
    seconds = round(time.monotonic() - started, 1)
    if failure:
        tell("failed", name=name, seconds=seconds, cell=failure.cell, kind=failure.kind, error=failure.error)
    else:
        tell("passed", name=name, seconds=seconds, bytes=len(text.encode("utf-8")))
    return failure is None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--out", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--plotly", required=True)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--title", required=True)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("notebooks", nargs="+", type=lambda p: Path(p).resolve())
    options = parser.parse_args()
    try:
        KernelSpecManager().get_kernel_spec(options.kernel)
    except NoSuchKernel:
        raise SystemExit(f"the kernel {options.kernel} is not registered: run `npm start` once") from None
    passed = []
    with tempfile.TemporaryDirectory(prefix="offshelf-notebooks-") as folder:
        for number, path in enumerate(options.notebooks, 1):
            tell("notebook", name=path.stem, number=number, count=len(options.notebooks))
            late = os.path.join(folder, f"late-{number}")
            os.environ["OFFSHELF_LATE_ERRORS"] = late
            passed.append(run(path, options, late))
    raise SystemExit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
