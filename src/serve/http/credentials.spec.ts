import { describe, expect, test } from "vitest";
import { ConfigError } from "../../errors/errors.js";
import { hashPassword, parseCredentials, scopeOf } from "./credentials.js";

const TOKEN = "0123456789abcdef0123";
const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

describe("credentials", () => {
  test("allow what the file says, and nothing else", async () => {
    const credentials = parseCredentials(
      `# a comment\n\ntoken read ${TOKEN}\ntoken write ${TOKEN}x # deploys\nuser write ann ${await hashPassword("pa:ss")}\n`,
      "c",
    );
    const asked = [
      `Bearer ${TOKEN}`,
      `bearer ${TOKEN}x`,
      basic("ann", "pa:ss"),
      `Bearer ${TOKEN}y`,
      basic("ann", "pa"),
      basic("bob", "pa:ss"),
      "Bearer",
      undefined,
    ];
    expect(await Promise.all(asked.map((header) => scopeOf(credentials, header)))).toEqual([
      "read",
      "write",
      "write",
      ...new Array(5).fill(undefined),
    ]);
  });

  test("hash passwords as Python's hashlib.scrypt does", async () => {
    // hashlib.scrypt(b"secret", salt=bytes(range(16)), n=16384, r=8, p=1, dklen=32).hex()
    expect(await hashPassword("secret", Buffer.from(Array.from({ length: 16 }, (_, i) => i)))).toBe(
      "scrypt:000102030405060708090a0b0c0d0e0f:9544e48979da3c896dfb7f7f5bc015fb320e810f8372f88d66d9921da5a2aa65",
    );
  });

  test.each([
    ["a short token", "token read short", /c:1: a token needs at least 16/],
    ["an unknown scope", `token admin ${TOKEN}`, /c:1: the second word is the scope/],
    ["a password in clear", "\nuser read ann secret-password", /c:2: a user's last word is a hash/],
    ["another word", `key read ${TOKEN}`, /c:1: needs "token/],
    ["nothing", "# only this\n", /holds no credentials/],
  ])("refuse %s with its line, and without the secret", (_, text, says) => {
    let message = "";
    try {
      parseCredentials(text, "c");
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(ConfigError);
      message = (thrown as ConfigError).message;
    }
    expect(message).toMatch(says);
    expect(message).not.toMatch(/secret-password|0123456789/);
  });
});
