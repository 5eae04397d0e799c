import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodePng, type Pixels } from "./png-pixels.js";

/** The browser of this machine; undefined where there is none, and tests that need one say so and are skipped. */
export const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync("which", [name]).status === 0,
);
export const WITHOUT_CHROMIUM = CHROMIUM === undefined ? " (skipped: no Chromium on this machine)" : "";

/** A real headless browser with a folder of its own, from which it opens pages. */
export interface Browser {
  /** Puts a file beside the pages; its path is what the other functions take. */
  readonly put: (name: string, content: string) => string;
  readonly screenshot: (
    path: string,
    size: readonly [width: number, height: number],
    scheme?: "light" | "dark",
  ) => Pixels;
  /** The document as it is once its scripts have run. */
  readonly dom: (path: string) => string;
  readonly close: () => void;
}

export function openBrowser(): Browser {
  const folder = mkdtempSync(join(tmpdir(), "browser-"));
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    `--user-data-dir=${folder}/profile`,
  ];
  // By the page's own clock, which waits for whatever is loading: on a busy machine a picture would be taken too early by another.
  const run = (words: readonly string[]) =>
    execFileSync(CHROMIUM ?? "chromium", [...flags, "--virtual-time-budget=20000", ...words], {
      encoding: "utf8",
      maxBuffer: 64e6,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 300_000,
    });
  return {
    put: (name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    screenshot: (path, [width, height], scheme = "light") => {
      const picture = join(folder, "screenshot.png");
      const setting = scheme === "dark" ? ["--blink-settings=preferredColorScheme=0"] : [];
      run([...setting, `--window-size=${width},${height}`, `--screenshot=${picture}`, `file://${path}`]);
      return decodePng(readFileSync(picture));
    },
    dom: (path) => run(["--dump-dom", `file://${path}`]),
    // The browser's last processes may still be putting its profile away.
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }),
  };
}
