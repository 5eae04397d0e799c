import { readFileSync } from "node:fs";
import { isMap, isNode, LineCounter, parseDocument } from "yaml";
import { ALERTS_SCHEMA } from "../../alert/settings/schema.js";
import type { AlertSettings } from "../../alert/settings/settings.js";
import { ConfigError } from "../../errors/errors.js";
import { ALERTS_KEY, SECRET_KEY } from "./file.js";

/**
 * The section `alerts` of a settings file, checked as a whole; undefined where it has none.
 *
 * @throws ConfigError with line and column of what is wrong.
 */
export function readAlerts(path: string): AlertSettings | undefined {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines, prettyErrors: false });
  const section: unknown = isMap(document.contents) ? document.get(ALERTS_KEY, true) : undefined;
  if (!isNode(section)) return undefined;
  const read = ALERTS_SCHEMA.safeParse(section.toJS(document) ?? {});
  if (read.success) return read.data;
  const [{ path: keys, message, code, ...issue }] = read.error.issues;
  const unknown = code === "unrecognized_keys" && "keys" in issue ? (issue.keys as readonly string[])[0] : undefined;
  const at = offsetOf(document, [ALERTS_KEY, ...keys, ...(unknown === undefined ? [] : [unknown])]);
  const { line, col } = lines.linePos(at);
  const name = [ALERTS_KEY, ...keys].map(String).join(".");
  if (unknown !== undefined && SECRET_KEY.test(unknown)) {
    throw new ConfigError(
      "secret",
      `${path}:${line}:${col}: secrets do not belong in a settings file; put it into a variable, and name that with secret_env`,
    );
  }
  const words =
    unknown === undefined ? `${name}: ${message}` : `"${unknown}" is not a setting of ${name}; see docs/alerts.md`;
  throw new ConfigError("alerts", `${path}:${line}:${col}: ${words}`);
}

/** Where what a path leads to begins, or the nearest thing around it that is in the file. */
function offsetOf(document: ReturnType<typeof parseDocument>, keys: readonly PropertyKey[]): number {
  for (let length = keys.length; length > 0; length--) {
    const path = keys.slice(0, length);
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => String(key) === String(last));
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = document.getIn(path, true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}
