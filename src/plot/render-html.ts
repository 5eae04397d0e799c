import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { VegaLiteSpec } from "./vega-lite-spec.js";

/**
 * The picture as one web page that needs nothing else: the compiled specification and the library that draws it are inside,
 * and the page's own policy forbids every request. Under the pointer it shows the values.
 *
 * @param title of the page; by default the picture's description
 */
export async function renderHtml(spec: VegaLiteSpec, title?: string): Promise<string> {
  const [{ compile }, vega, runtime] = await Promise.all([import("vega-lite"), import("vega"), vegaRuntime()]);
  const compiled = compile(spec, { logger: vega.logger(vega.None) }).spec;
  const background = typeof spec.background === "string" ? spec.background : "#ffffff";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title ?? spec.description ?? "anomaly")}</title>
<style>
body { margin: 0; background: ${escapeHtml(background)}; }
/* Narrow screens scroll: shrunk to a phone, the words would be 4 px high. */
#picture { overflow-x: auto; }
#picture svg { display: block; max-width: 100%; min-width: 1200px; height: auto; }
#tip { position: fixed; display: none; pointer-events: none; padding: 6px 9px; border-radius: 4px;
  font: 12px/1.5 "DejaVu Sans", Verdana, sans-serif; color: #fff; background: #1b1f24ee; border: 1px solid #57606a; }
#tip td:first-child { padding-right: 10px; color: #b7c0ca; }
</style>
</head>
<body>
<div id="picture"></div>
<div id="tip"></div>
<script>${inScript(runtime)}</script>
<script>
const spec = ${inScript(JSON.stringify(compiled))};
${TOOLTIP}
new vega.View(vega.parse(spec), { renderer: "svg", container: "#picture", hover: true }).tooltip(showTip).runAsync();
</script>
</body>
</html>
`;
}

/** The library compiles its expressions to functions, hence `unsafe-eval`; nothing at all may be loaded. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** Values are set as text, never as HTML: names come from a metrics server. */
const TOOLTIP = `
const tip = document.getElementById("tip");
function showTip(handler, event, item, value) {
  if (value === null || typeof value !== "object") { tip.style.display = "none"; return; }
  const table = document.createElement("table");
  for (const [name, text] of Object.entries(value)) {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    row.insertCell().textContent = text;
  }
  tip.replaceChildren(table);
  tip.style.display = "block";
  tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
  tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
}`;

/** The library's build for browsers lies beside the module that Node imports. */
function vegaRuntime(): Promise<string> {
  return readFile(fileURLToPath(new URL("vega.min.js", import.meta.resolve("vega"))), "utf8");
}

/** What ends a script element, or begins a comment in it, is written so that only JavaScript reads it as before. */
function inScript(code: string): string {
  return code
    .replace(/<(?=\/script|!--|script)/gi, "\\x3C")
    .replace(/[\u2028\u2029]/g, (c) => (c === "\u2028" ? "\\u2028" : "\\u2029"));
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
