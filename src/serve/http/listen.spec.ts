import { expect, test } from "vitest";
import { hostText, isLoopback, parseListen } from "./listen.js";

test.each([
  ["127.0.0.1:9977", { host: "127.0.0.1", port: 9977 }, true],
  ["localhost:0", { host: "localhost", port: 0 }, true],
  ["127.8.9.1:80", { host: "127.8.9.1", port: 80 }, true],
  ["[::1]:9977", { host: "::1", port: 9977 }, true],
  [":9977", { host: "0.0.0.0", port: 9977 }, false],
  ["[::]:9977", { host: "::", port: 9977 }, false],
  ["127.0.0.1.example.com:80", { host: "127.0.0.1.example.com", port: 80 }, false],
] as const)("%s is %o, and only this machine reaches it: %s", (text, listen, loopback) => {
  expect(parseListen(text)).toEqual(listen);
  expect(isLoopback(listen)).toBe(loopback);
  expect(parseListen(`${hostText(listen)}:${listen.port}`)).toEqual(listen);
});

test.each(["9977", "localhost", "::1:9977", "a:b", "127.0.0.1:99999", "http://x:1"])("%s is refused", (text) => {
  expect(() => parseListen(text)).toThrow(/needs host:port/);
});
