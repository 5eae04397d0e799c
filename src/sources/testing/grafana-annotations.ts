interface Stored {
  readonly id: number;
  readonly time: number;
  readonly timeEnd: number;
  readonly tags: readonly string[];
  readonly text: string;
  readonly dashboardUID?: string;
}

/** Grafana's annotations for the stand-in's `routes`: answers as measured on Grafana 12.4.0. */
export interface AnnotationsApi {
  readonly route: (path: string, method: string, body: string) => { status: number; body: unknown } | undefined;
  readonly stored: () => readonly Stored[];
  /** Whether every request is answered with 403, as to a token of the role Viewer. */
  forbidden: boolean;
}

export function annotationsApi(): AnnotationsApi {
  const stored = new Map<number, Stored>();
  const api: AnnotationsApi = {
    forbidden: false,
    stored: () => [...stored.values()],
    route: (path, method, body) => {
      const { pathname, searchParams } = new URL(path, "http://grafana");
      if (!pathname.startsWith("/api/annotations")) return undefined;
      if (method === "GET") {
        const tags = searchParams.getAll("tags");
        const found = [...stored.values()].filter((one) => tags.every((tag) => one.tags.includes(tag)));
        return { status: 200, body: found };
      }
      if (api.forbidden) return { status: 403, body: { message: "Permissions needed: annotations:create" } };
      if (method === "POST") {
        const id = stored.size + 1;
        stored.set(id, { ...JSON.parse(body), id });
        return { status: 200, body: { id, message: "Annotation added" } };
      }
      const id = Number(pathname.split("/").pop());
      const before = stored.get(id);
      if (before === undefined) return { status: 404, body: { message: "Annotation not found" } };
      stored.set(id, { ...before, ...JSON.parse(body) });
      return { status: 200, body: { message: "Annotation patched" } };
    },
  };
  return api;
}
