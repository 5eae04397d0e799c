import fc from "fast-check";
import { expect, test } from "vitest";
import { sentSecrets, withoutSecrets } from "./sent-secrets.js";

const TOKEN = "glsa_s3cret/token+of=tests";

test("the token, and of basic authentication the pair and the password, are known from the headers", () => {
  expect(sentSecrets({ authorization: `Bearer ${TOKEN}` })).toEqual([TOKEN]);
  const pair = Buffer.from("ops:pass:word").toString("base64");
  expect(sentSecrets({ authorization: `Basic ${pair}` })).toEqual([pair, "ops:pass:word", "pass:word"]);
  expect(sentSecrets({})).toEqual([]);
});

test.each([
  ["as it is", `{"error":"bad ${TOKEN}"}`],
  ["URL-encoded", `{"error":"bad ${encodeURIComponent(TOKEN)}"}`],
  ["with escaped slashes", `{"error":"bad ${TOKEN.replaceAll("/", "\\/")}"}`],
  ["with letters as numbers", `{"error":"bad ${TOKEN.replace("g", "\\u0067").replace("+", "\\u002B")}"}`],
])("a secret is found %s", (_, text) => {
  expect(JSON.parse(withoutSecrets(text, [TOKEN]))).toEqual({ error: "bad [redacted]" });
});

test("what could be a number leaves values as they are", () => {
  expect(withoutSecrets('{"values":[123456]}', ["123456"])).toBe('{"values":[123456]}');
});

test("JSON without the secret says the same", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = JSON.stringify(value).replaceAll("k", "\\u006b").replaceAll("/", "\\/");
      const expected = JSON.parse(text);
      expect(JSON.parse(withoutSecrets(text, [TOKEN]))).toEqual(expected);
    }),
  );
});
