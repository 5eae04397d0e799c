import { expect, test } from "vitest";
import { authHeaders } from "./credentials.js";

test.each(["two\nlines", "with space", "gl\u00e4sa", "esc\u001b"])(
  "a token that no header can carry is refused, and not repeated: %j",
  (token) => {
    expect(() => authHeaders({ kind: "bearer", token })).toThrow(/^the token in the environment has a line break/);
    expect(() => authHeaders({ kind: "bearer", token })).not.toThrow(token);
  },
);

test("a password may have any characters, and a token may end with a line feed", () => {
  expect(authHeaders({ kind: "bearer", token: "glsa_a.b-c\n" })).toEqual({ authorization: "Bearer glsa_a.b-c" });
  expect(authHeaders({ kind: "basic", user: "ops", password: "p\u00e4ss w" })).toEqual({
    authorization: `Basic ${Buffer.from("ops:p\u00e4ss w").toString("base64")}`,
  });
});
