import { messageOf, SourceError } from "../../errors/errors.js";
import { SECRETS } from "../../runs/source/secrets.js";
import { later, never } from "../deliver/post.js";
import type { Annotation } from "../grafana/annotation.js";
import { grafanaAnnotations } from "../grafana/grafana-annotations.js";
import type { AlertMessage } from "../message/message.js";
import { documentOf, headlineOf } from "../render/document.js";
import { htmlEscape, htmlMarkup } from "../render/markup.js";
import { arrived, type Outcome, type Receiver } from "./receiver.js";

interface Options {
  readonly url: string;
  readonly dashboardUid: string | null;
  readonly secretEnv: string;
}

/** Grafana's tables hold no longer tags. */
const LONGEST_TAG = 100;

/** An incident as a region on Grafana's time axis; a tag with its id finds it again. */
export function annotationOfMessage(message: AlertMessage): Annotation {
  const { route, severity, kind, labels, since, until, sent_at } = message;
  const { lines } = documentOf(message);
  const own = Object.entries(labels).map(([name, value]) => `${name}:${value}`);
  return {
    time: Date.parse(since),
    timeEnd: Date.parse(until ?? sent_at),
    tags: ["anomaly", idTag(message), `route:${route}`, `severity:${severity}`, `kind:${kind}`, ...own].filter(
      (tag) => tag.length <= LONGEST_TAG,
    ),
    text: `<b>${htmlEscape(headlineOf(message))}</b><br>${lines.map(htmlMarkup).join("<br>")}`,
  };
}

const idTag = ({ incident, route }: AlertMessage) => `anomaly-incident:${incident}:${route}`;

/** Keeps one annotation per incident, looked for by its tag before it is made. The role of the token is Editor. */
export function grafana(
  { url, dashboardUid, secretEnv }: Options,
  env: Readonly<Record<string, string | undefined>>,
): Receiver {
  const usual = SECRETS.grafanaToken.env;
  const file = `${usual}_FILE`;
  const api = grafanaAnnotations(url, { ...env, [usual]: env[secretEnv], [file]: env[`${secretEnv}_FILE`] });
  return {
    paceMs: 0,
    preview: (message) => JSON.stringify(annotationOfMessage(message), null, 2),
    send: async (message) => {
      const annotation = annotationOfMessage(message);
      try {
        const [found] = await api.find(idTag(message));
        if (found === undefined) await api.add(annotation, dashboardUid);
        else await api.change(found.id, annotation);
        return arrived();
      } catch (thrown) {
        return outcomeOf(thrown);
      }
    },
    close: () => api.close(),
  };
}

/** Failures after which the same annotation would fail again. */
const FINAL = ["source.refused", "source.not_found", "source.html", "source.redirect", "source.address"];

function outcomeOf(thrown: unknown): Outcome {
  const isFinal = thrown instanceof SourceError && FINAL.includes(thrown.code);
  return (isFinal ? never : later)(messageOf(thrown));
}
