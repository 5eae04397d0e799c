/** `https://host/path/` + `render`, whatever slashes the base brings. */
export function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path}`;
}
