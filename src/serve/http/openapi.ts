import { z } from "zod";
import type { ApiRoute } from "./api-routes.js";

/** The OpenAPI 3.1 document of the JSON API, made from the schemas that the routes read their queries with. */
export function openApiDocument(routes: readonly ApiRoute[], version: string) {
  return {
    openapi: "3.1.0",
    info: {
      title: "anomaly",
      version,
      description:
        "What the newest runs have found. Every answer carries an ETag; errors are {status, errorType, error}.",
    },
    paths: Object.fromEntries(
      routes.map((route) => [route.path.replace(/:(\w+)/g, "{$1}"), { get: operation(route) }]),
    ),
    components: {
      schemas: {
        Error: {
          type: "object",
          required: ["status", "errorType", "error"],
          properties: {
            status: { const: "error" },
            errorType: { type: "string" },
            error: { type: "string", description: "one sentence" },
          },
        },
      },
    },
  };
}

function operation({ path, summary, query }: ApiRoute) {
  const schema = z.toJSONSchema(query, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required ?? []);
  const inQuery = Object.entries(schema.properties ?? {}).map(([name, of]) => {
    const { description, ...rest } = typeof of === "object" ? of : {};
    return { name, in: "query", required: required.has(name), ...(description && { description }), schema: rest };
  });
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const error = {
    description: "why",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
  return {
    summary,
    operationId: path.replace(/^\/api\/v1\//, "").replace(/\W+/g, "_"),
    parameters: [...inPath, ...inQuery],
    responses: {
      200: { description: "what was found", content: { "application/json": { schema: { type: "object" } } } },
      304: { description: "nothing has changed since the ETag in If-None-Match" },
      400: error,
      401: error,
      404: error,
    },
  };
}
