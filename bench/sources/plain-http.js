import { request } from "node:http";

/**
 * The whole answer as text, by Node's own client: undici's `fetch` ends the process where a server without keep-alive closes
 * while an answer is held back, which is what gunicorn does.
 */
export function plainText(url, form) {
  return new Promise((resolve, reject) => {
    const headers = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const asked = request(url, { method: form === undefined ? "GET" : "POST", headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(form === undefined ? undefined : String(new URLSearchParams(form)));
  });
}
