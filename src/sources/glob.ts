/** Whether a text holds any of the wildcards that `globToRegExp` understands. */
export function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/**
 * A glob as a regular expression over the whole text: `*` and `?` stay within one part, `**` crosses parts, `[a-z]` is
 * one of these characters, `{a,b}` one of these texts. Parts are separated by `/` in paths and by `.` in metric names; `none` is a text without parts.
 *
 * @example globToRegExp("statsd.*.gauges.{cpu,mem}", ".").test("statsd.n200.gauges.cpu") // true
 */
export function globToRegExp(glob: string, separator: "/" | "." | "none"): RegExp {
  return new RegExp(`^${globSource(glob, separator)}$`);
}

/** The glob as the source of a regular expression without anchors, to be put together with others. */
export function globSource(glob: string, separator: "/" | "." | "none"): string {
  const inPart = { "/": "[^/]", ".": "[^.]", none: "." }[separator];
  let depth = 0;
  let source = "";
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i];
    if (c === "*" && glob[i + 1] === "*") {
      // `**/x` also finds x in the folder itself, as in shells.
      const whole = glob[i + 2] === separator;
      source += whole ? `(?:.*${separator === "/" ? "/" : "\\."})?` : ".*";
      i += whole ? 2 : 1;
    } else if (c === "*") source += `${inPart}*`;
    else if (c === "?") source += inPart;
    else if (c === "[" && glob.indexOf("]", i + 2) > 0) {
      const end = glob.indexOf("]", i + 2);
      source += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, "^")
        .replace(/[\\[\]]/g, "\\$&")}]`;
      i = end;
    } else if (c === "{" && glob.indexOf("}", i) > 0) {
      depth++;
      source += "(?:";
    } else if (c === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (c === "," && depth > 0) source += "|";
    else source += c.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  }
  return source + ")".repeat(depth);
}
