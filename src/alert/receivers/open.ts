import type { ReceiverSettings } from "../settings/settings.js";
import type { Receiver } from "./receiver.js";
import { optionalSecret, requiredSecret } from "./secret.js";

export interface OpenReceiver {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens a receiver; only its own code is loaded. Secrets are read when it sends. */
export async function openReceiver(settings: ReceiverSettings, { env }: OpenReceiver): Promise<Receiver> {
  const { secretEnv } = settings;
  const optional = optionalSecret(secretEnv, env);
  const required = (what: string) => requiredSecret(secretEnv, env, what);
  switch (settings.kind) {
    case "webhook":
      return (await import("./webhook.js")).webhook(settings, optional);
    case "alertmanager":
      return (await import("./alertmanager.js")).alertmanager(settings, optional);
    case "slack":
      return (await import("./slack.js")).slack(settings, required("Slack"));
    case "slack_webhook":
      return (await import("./slack-webhook.js")).slackWebhook(required("a Slack webhook"));
    case "telegram":
      return (await import("./telegram.js")).telegram(settings, required("Telegram"));
    case "pagerduty":
      return (await import("./pagerduty.js")).pagerduty(settings, required("PagerDuty"));
    case "email":
      return (await import("./email.js")).email(settings, required(`mail by ${settings.host} as ${settings.user}`));
    case "grafana":
      return (await import("./grafana.js")).grafana(settings, env);
    case "exec":
      return (await import("./exec.js")).exec(settings, env);
  }
}
