export { Spark, type FollowOptions } from "./client.js";
export type { Body, Config, Credential, Options } from "./base.js";
export { PagePromise, type Page } from "./pages.js";
export type { Retry } from "./retry.js";
export { ConnectionError, SparkError, type Problem } from "./errors.js";
export { verifyWebhook, WebhookError, type WebhookHeaders } from "./webhooks.js";
export type { components } from "./generated/schema.js";
import type { components } from "./generated/schema.js";

/** The API's objects, by the names that its document has: `Schemas["Project"]`. */
export type Schemas = components["schemas"];
