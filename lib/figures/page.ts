import { type Figure, specJson } from "./figure";
import { onDark } from "./theme";

/** Where the browser finds Plotly, from the project root. */
export const plotlyFile = "node_modules/plotly.js-dist-min/plotly.min.js";

/** Marks the element a figure is drawn in, so that the notebook runner knows it from other HTML. */
export const marker = "data-offshelf-figure";

/** FNV-1a of the text, as eight hexadecimal digits: names an element by what it shows. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/**
 * Runs in the reader's page: draws a figure once Plotly is there. An exported page carries Plotly itself; in
 * JupyterLab it comes from the project's own node_modules through the server's files/ route, once a page.
 * Where the page is dark (JupyterLab's theme, else the reader's system), so are the figure's ground and words.
 * It is text, not a function, because compilers add names of their own to functions.
 */
const drawWhenReady = `function (id, spec, file, onDark, live) {
  var places = document.querySelectorAll('[${marker}="' + id + '"]:not([data-drawn])');
  var place = places[places.length - 1];
  if (!place) return;
  place.setAttribute("data-drawn", "");
  var light = document.body && document.body.getAttribute("data-jp-theme-light");
  var wanted = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  if (light === "false" || (!light && wanted)) {
    var text = JSON.stringify(spec).replace(/#[0-9A-Fa-f]{6}/g, function (colour) {
      return onDark[colour.toUpperCase()] || colour;
    });
    spec = JSON.parse(text.replace(/rgba\\(255, ?255, ?255,/g, "rgba(17,17,17,"));
    place.style.background = onDark["#FFFFFF"];
  }
  function draw() {
    var how = { responsive: true, displaylogo: false };
    if (!live) return window.Plotly.newPlot(place, spec.data, spec.layout, how);
    var all = (window.offshelfLive = window.offshelfLive || {});
    var drawn = all[live];
    if (!drawn) drawn = all[live] = document.createElement("div");
    place.appendChild(drawn);
    return window.Plotly.react(drawn, spec.data, spec.layout, how);
  }
  if (window.Plotly) return void draw();
  if (!window.offshelfPlotly) {
    var settings = document.getElementById("jupyter-config-data");
    var base = (settings && JSON.parse(settings.textContent || "{}").baseUrl) || "/";
    window.offshelfPlotly = new Promise(function (loaded, failed) {
      var script = document.createElement("script");
      script.src = base + "files/" + file;
      script.onload = loaded;
      script.onerror = failed;
      document.head.appendChild(script);
    });
  }
  window.offshelfPlotly.then(draw, function () {
    place.textContent = "The interactive figure needs the JupyterLab that npm run lab starts.";
  });
}`;

/**
 * A figure as a piece of HTML that draws itself.
 *
 * @param options.live what figures have in common of which each takes the place of the one before: the drawing that is there
 *   then gets new data, and does not begin anew
 */
export function figureHtml(figure: Figure, { live }: { readonly live?: string } = {}): string {
  const spec = specJson(figure);
  const id = digest(spec);
  const style = `min-height:${figure.height}px;max-width:${Math.max(figure.width, 1000)}px;background:#fff`;
  return (
    `<div ${marker}="${id}" style="${style}"></div>\n` +
    `<script>(${drawWhenReady})("${id}", ${spec}, "${plotlyFile}", ${JSON.stringify(onDark)}${live === undefined ? "" : `, ${JSON.stringify(live)}`});</script>`
  );
}

/** Text as HTML, also within an attribute's quotes. */
export const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** A page of its own for one figure; `plotly` is Plotly's address as seen from the page. */
export function figurePage(figure: Figure, plotly: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(figure.caption)}</title>
<script src="${escaped(plotly)}"></script>
<style>:root { color-scheme: light dark } body { margin: 16px; font-family: sans-serif }</style>
<body>
${figureHtml(figure)}
<p>${escaped(figure.caption)}</p>
</body>
</html>
`;
}
