"""An executed notebook as one HTML page in our own style, which asks nothing from any network.

Called by runNotebooks.py. The style stands in page.css, which the summary page (summaryPage.ts) wears as well.
"""

import html as escaping
import os
import re
from pathlib import Path

from nbconvert.filters import Highlight2HTML, markdown2html

MARKER = "data-offshelf-figure"  # lib/figures/page.ts
STYLE = Path(__file__).with_name("page.css")

# What a cell shows, best first.
FORMS = ["text/html", "text/markdown", "image/png", "text/plain"]

highlight = Highlight2HTML(pygments_lexer="typescript")


def heading_of(notebook, name):
    """The notebook's title, or its name where it has none."""
    for cell in notebook.cells:
        found = re.search(r"^# (.+)$", cell.source, re.M) if cell.cell_type == "markdown" else None
        if found:
            return found[1]
    return name


def relinked(text, notebooks, out):
    """Links of a notebook as its page sees them: other notebooks are pages beside it, files lie where they lie."""

    def link(found):
        target, anchor = found[1], found[2] or ""
        if re.match(r"[a-z]+:", target) or not target:
            return found[0]
        beside = re.fullmatch(r"([^/]+)\.ipynb", target)
        if beside:
            return f'href="{beside[1]}.html{anchor}"'
        return f'href="{os.path.relpath(notebooks / target, out)}{anchor}"'

    return re.sub(r'href="([^"#]*)(#[^"]*)?"', link, text)


def shown(output):
    """One output as HTML."""
    if output.output_type == "stream":
        style = ' class="stderr"' if output.name == "stderr" else ""
        return f'<pre tabindex="0"{style}>{escaping.escape(output.text.rstrip())}</pre>'
    if output.output_type == "error":
        return f'<pre tabindex="0" class="stderr">{escaping.escape(output.ename)}: {escaping.escape(output.evalue)}</pre>'
    data = output.get("data", {})
    form = next((form for form in FORMS if form in data), None)
    if form == "text/html":
        return data[form] if MARKER in data[form] else f'<div class="wide" tabindex="0">{data[form]}</div>'
    if form == "text/markdown":
        return markdown2html(data[form])
    if form == "image/png":
        alt = escaping.escape(data.get("text/plain", ""), quote=True)
        return f'<img alt="{alt}" src="data:image/png;base64,{data[form].strip()}">'
    return f'<pre tabindex="0">{escaping.escape(data.get("text/plain", ""))}</pre>' if form else ""


def body_of(notebook, notebooks, out):
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(relinked(markdown2html(cell.source), notebooks, out))
        elif cell.cell_type == "code" and cell.source.strip():
            parts.append(f'<div class="code">{highlight(cell.source)}</div>')
            outputs = [shown(output) for output in cell.get("outputs", [])]
            if outputs:
                parts.append('<div class="output">' + "\n".join(outputs) + "</div>")
    return "\n".join(parts)


def neighbour(path, step):
    """The notebook before (-1) or after (1) in its folder, as the name of a page and its title."""
    import nbformat

    names = sorted(each.stem for each in path.parent.glob("*.ipynb"))
    at = names.index(path.stem) + step if path.stem in names else -1
    if not 0 <= at < len(names):
        return None
    notebook = nbformat.read(path.parent / f"{names[at]}.ipynb", as_version=4)
    return names[at], heading_of(notebook, names[at])


def page(notebook, path, out, plotly):
    """The whole page. `plotly` is the path of Plotly, which goes into the page where a figure needs it."""
    title = escaping.escape(heading_of(notebook, path.stem))
    body = body_of(notebook, path.parent, out)
    links = ['<a href="index.html">Contents</a>']
    for step, rel, words in [(-1, "prev", "← "), (1, "next", "")]:
        found = neighbour(path, step)
        if found:
            arrow = " →" if rel == "next" else ""
            links.append(f'<a rel="{rel}" class="{rel}" href="{found[0]}.html">{words}{escaping.escape(found[1])}{arrow}</a>')
    script = ""
    if MARKER in body:
        script = "<script>" + Path(plotly).read_text(encoding="utf-8").replace("</script", "<\\/script") + "</script>"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
{script}
</head>
<body>
<nav class="bar" aria-label="Pages"><div><a class="skip" href="#text">Skip to the text</a>{" ".join(links)}</div></nav>
<main id="text">
{body}
</main>
</body>
</html>
"""
