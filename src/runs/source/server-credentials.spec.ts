import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSecretFiles } from "./server-credentials.js";

const folder = mkdtempSync(join(tmpdir(), "secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform === "win32")("files of secrets", () => {
  const path = join(folder, "token");
  const withMode = (mode: number, env: Readonly<Record<string, string>> = {}) => {
    writeFileSync(path, "glsa_secret");
    chmodSync(path, mode);
    return openSecretFiles({ GRAFANA_SERVICE_ACCOUNT_TOKEN_FILE: path, ...env });
  };

  test.each([0o644, 0o640, 0o604])("that others can read are named with the command that helps: mode %o", (mode) => {
    expect(withMode(mode)).toEqual([
      `${path} (GRAFANA_SERVICE_ACCOUNT_TOKEN_FILE) can be read by others (mode ${mode.toString(8)}); run chmod 600 ${path}`,
    ]);
  });

  test("that only their owner reads, that are not there, or that the variable itself replaces are not", () => {
    expect(withMode(0o600)).toEqual([]);
    expect(withMode(0o644, { GRAFANA_SERVICE_ACCOUNT_TOKEN: "glsa_other" })).toEqual([]);
    expect(openSecretFiles({ GRAPHITE_PASSWORD_FILE: join(folder, "nothing") })).toEqual([]);
  });
});
