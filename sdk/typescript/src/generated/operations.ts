// Generated from the API's document by scripts/generate.mjs. Do not edit.

import { Base, type Body, type Options, type PagePromise } from "../base.js";
import type { components, operations } from "./schema.js";

type Schemas = components["schemas"];
type Query<K extends keyof operations> = NonNullable<operations[K]["parameters"]["query"]>;

/** A method for each operation of the API. */
export class Operations extends Base {
  /** Create a project: `POST /v1/projects` */
  createProject(input: { body: Schemas["NewProject"] }, options: Options = {}): Promise<Schemas["Project"]> {
    return this.call({ method: "POST", path: "/v1/projects", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List projects: `GET /v1/projects` */
  listProjects(input: Query<"listProjects"> = {}, options: Options = {}): PagePromise<Schemas["ProjectList"]> {
    return this.pages({ method: "GET", path: "/v1/projects", answer: "json", query: ["search", "engine", "label", "deleted", "limit", "cursor", "fields"] }, input, options);
  }

  /** Create a project from a zip: `POST /v1/projects/import` */
  importProject(input: { body: Body } & Query<"importProject">, options: Options = {}): Promise<Schemas["ImportedProject"]> {
    return this.call({ method: "POST", path: "/v1/projects/import", answer: "json", query: ["name", "engine", "engine_version"], media: "application/zip", idempotent: true }, input, options);
  }

  /** Get a project: `GET /v1/projects/{id}` */
  getProject(input: { id: string }, options: Options = {}): Promise<Schemas["Project"]> {
    return this.call({ method: "GET", path: "/v1/projects/{id}", answer: "json" }, input, options);
  }

  /** Change a project: `PATCH /v1/projects/{id}` */
  changeProject(input: { id: string; body: Schemas["ProjectChange"] }, options: Options = {}): Promise<Schemas["Project"]> {
    return this.call({ method: "PATCH", path: "/v1/projects/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete a project: `DELETE /v1/projects/{id}` */
  deleteProject(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/projects/{id}", answer: "none" }, input, options);
  }

  /** Restore a deleted project: `POST /v1/projects/{id}/restore` */
  restoreProject(input: { id: string }, options: Options = {}): Promise<Schemas["Project"]> {
    return this.call({ method: "POST", path: "/v1/projects/{id}/restore", answer: "json", idempotent: true }, input, options);
  }

  /** Make a project with the files of another: `POST /v1/projects/{id}/duplicate` */
  duplicateProject(input: { id: string; body?: Schemas["Duplication"] }, options: Options = {}): Promise<Schemas["Project"]> {
    return this.call({ method: "POST", path: "/v1/projects/{id}/duplicate", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Transfer a project to another account: `POST /v1/projects/{id}/transfer` */
  transferProject(input: { id: string; body: Schemas["ProjectTransfer"] }, options: Options = {}): Promise<Schemas["Project"]> {
    return this.call({ method: "POST", path: "/v1/projects/{id}/transfer", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Change several files as one revision: `POST /v1/projects/{id}/changes` */
  changeFiles(input: { id: string; body: Schemas["FileChanges"] }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "POST", path: "/v1/projects/{id}/changes", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Get a revision: `GET /v1/projects/{id}/revisions/{revision}` */
  getRevision(input: { id: string; revision: string }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "GET", path: "/v1/projects/{id}/revisions/{revision}", answer: "json" }, input, options);
  }

  /** Name a revision: `PATCH /v1/projects/{id}/revisions/{revision}` */
  nameRevision(input: { id: string; revision: string; body: Schemas["RevisionName"] }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "PATCH", path: "/v1/projects/{id}/revisions/{revision}", answer: "json", media: "application/json" }, input, options);
  }

  /** Go back to a revision: `POST /v1/projects/{id}/revisions/{revision}/restore` */
  restoreRevision(input: { id: string; revision: string }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "POST", path: "/v1/projects/{id}/revisions/{revision}/restore", answer: "json", idempotent: true }, input, options);
  }

  /** See what merging a revision would do: `GET /v1/projects/{id}/revisions/{revision}/merge` */
  previewMerge(input: { id: string; revision: string } & Query<"previewMerge">, options: Options = {}): Promise<Schemas["MergePreview"]> {
    return this.call({ method: "GET", path: "/v1/projects/{id}/revisions/{revision}/merge", answer: "json", query: ["conflicts"] }, input, options);
  }

  /** Merge a revision into the current one: `POST /v1/projects/{id}/revisions/{revision}/merge` */
  mergeRevision(input: { id: string; revision: string; body?: Schemas["NewMerge"] }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "POST", path: "/v1/projects/{id}/revisions/{revision}/merge", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Compare a revision with another: `GET /v1/projects/{id}/revisions/{revision}/diff` */
  diffRevision(input: { id: string; revision: string } & Query<"diffRevision">, options: Options = {}): Promise<Schemas["RevisionDiff"]> {
    return this.call({ method: "GET", path: "/v1/projects/{id}/revisions/{revision}/diff", answer: "json", query: ["base"] }, input, options);
  }

  /** Download a revision's files as a zip: `GET /v1/projects/{id}/revisions/{revision}/download` */
  downloadRevision(input: { id: string; revision: string }, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/projects/{id}/revisions/{revision}/download", answer: "content" }, input, options);
  }

  /** List a project's revisions: `GET /v1/projects/{id}/revisions` */
  listRevisions(input: { id: string } & Query<"listRevisions">, options: Options = {}): PagePromise<Schemas["RevisionList"]> {
    return this.pages({ method: "GET", path: "/v1/projects/{id}/revisions", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** List the files of a revision: `GET /v1/projects/{id}/files` */
  listFiles(input: { id: string } & Query<"listFiles">, options: Options = {}): Promise<Schemas["FileList"]> {
    return this.call({ method: "GET", path: "/v1/projects/{id}/files", answer: "json", query: ["revision_id"] }, input, options);
  }

  /** Replace all files: `PUT /v1/projects/{id}/files` */
  replaceFiles(input: { id: string; body: Schemas["NewFiles"] }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "PUT", path: "/v1/projects/{id}/files", answer: "json", media: "application/json" }, input, options);
  }

  /** Read a file: `GET /v1/projects/{id}/files/{path}` */
  readFile(input: { id: string; path: string } & Query<"readFile">, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/projects/{id}/files/{path}", answer: "content", query: ["revision_id"] }, input, options);
  }

  /** Write a file: `PUT /v1/projects/{id}/files/{path}` */
  writeFile(input: { id: string; path: string; body: Body }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "PUT", path: "/v1/projects/{id}/files/{path}", answer: "json", media: "application/octet-stream" }, input, options);
  }

  /** Patch a file: `PATCH /v1/projects/{id}/files/{path}` */
  patchFile(input: { id: string; path: string; media: "application/json-patch+json" | "application/merge-patch+json" | "text/x-diff" | "text/x-patch"; body: Body | object }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "PATCH", path: "/v1/projects/{id}/files/{path}", answer: "json" }, input, options);
  }

  /** Delete a file: `DELETE /v1/projects/{id}/files/{path}` */
  deleteFile(input: { id: string; path: string }, options: Options = {}): Promise<Schemas["Revision"]> {
    return this.call({ method: "DELETE", path: "/v1/projects/{id}/files/{path}", answer: "json" }, input, options);
  }

  /** Submit a job: `POST /v1/jobs` */
  submitJob(input: { body: Schemas["NewJob"] }, options: Options = {}): Promise<Schemas["Job"]> {
    return this.call({ method: "POST", path: "/v1/jobs", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List jobs: `GET /v1/jobs` */
  listJobs(input: Query<"listJobs"> = {}, options: Options = {}): PagePromise<Schemas["JobList"]> {
    return this.pages({ method: "GET", path: "/v1/jobs", answer: "json", query: ["state", "kind", "project_id", "pipeline_id", "end_user", "error_code", "concurrency_key", "metadata", "submitter", "created_from", "created_to", "run_at_from", "run_at_to", "expires_at_from", "expires_at_to", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get a job: `GET /v1/jobs/{id}` */
  getJob(input: { id: string }, options: Options = {}): Promise<Schemas["Job"]> {
    return this.call({ method: "GET", path: "/v1/jobs/{id}", answer: "json" }, input, options);
  }

  /** Cancel a job: `POST /v1/jobs/{id}/cancel` */
  cancelJob(input: { id: string }, options: Options = {}): Promise<Schemas["Job"]> {
    return this.call({ method: "POST", path: "/v1/jobs/{id}/cancel", answer: "json", idempotent: true }, input, options);
  }

  /** Run a failed or cancelled job again: `POST /v1/jobs/{id}/retry` */
  retryJob(input: { id: string }, options: Options = {}): Promise<Schemas["Job"]> {
    return this.call({ method: "POST", path: "/v1/jobs/{id}/retry", answer: "json", idempotent: true }, input, options);
  }

  /** List a job's events: `GET /v1/jobs/{id}/history` */
  listJobEvents(input: { id: string } & Query<"listJobEvents">, options: Options = {}): Promise<Schemas["JobEventList"]> {
    return this.call({ method: "GET", path: "/v1/jobs/{id}/history", answer: "json", query: ["after", "wait", "limit"] }, input, options);
  }

  /** Submit several jobs that depend on one another: `POST /v1/pipelines` */
  submitPipeline(input: { body: Schemas["NewPipeline"] }, options: Options = {}): Promise<Schemas["Pipeline"]> {
    return this.call({ method: "POST", path: "/v1/pipelines", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List pipelines: `GET /v1/pipelines` */
  listPipelines(input: Query<"listPipelines"> = {}, options: Options = {}): PagePromise<Schemas["PipelineList"]> {
    return this.pages({ method: "GET", path: "/v1/pipelines", answer: "json", query: ["project_id", "end_user", "created_from", "created_to", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get a pipeline with its jobs: `GET /v1/pipelines/{id}` */
  getPipeline(input: { id: string }, options: Options = {}): Promise<Schemas["Pipeline"]> {
    return this.call({ method: "GET", path: "/v1/pipelines/{id}", answer: "json" }, input, options);
  }

  /** Cancel a pipeline: `POST /v1/pipelines/{id}/cancel` */
  cancelPipeline(input: { id: string }, options: Options = {}): Promise<Schemas["Pipeline"]> {
    return this.call({ method: "POST", path: "/v1/pipelines/{id}/cancel", answer: "json", idempotent: true }, input, options);
  }

  /** Retry what failed of a pipeline: `POST /v1/pipelines/{id}/retry` */
  retryPipeline(input: { id: string }, options: Options = {}): Promise<Schemas["Pipeline"]> {
    return this.call({ method: "POST", path: "/v1/pipelines/{id}/retry", answer: "json", idempotent: true }, input, options);
  }

  /** Approve a step: `POST /v1/pipelines/{id}/steps/{name}/approve` */
  approveStep(input: { id: string; name: string; body?: Schemas["NewDecision"] }, options: Options = {}): Promise<Schemas["Pipeline"]> {
    return this.call({ method: "POST", path: "/v1/pipelines/{id}/steps/{name}/approve", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Reject a step: `POST /v1/pipelines/{id}/steps/{name}/reject` */
  rejectStep(input: { id: string; name: string; body?: Schemas["NewDecision"] }, options: Options = {}): Promise<Schemas["Pipeline"]> {
    return this.call({ method: "POST", path: "/v1/pipelines/{id}/steps/{name}/reject", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Cancel or retry many jobs: `POST /v1/operations` */
  createOperation(input: { body: Schemas["NewJobOperation"] }, options: Options = {}): Promise<Schemas["JobOperation"]> {
    return this.call({ method: "POST", path: "/v1/operations", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List operations: `GET /v1/operations` */
  listOperations(input: Query<"listOperations"> = {}, options: Options = {}): PagePromise<Schemas["JobOperationList"]> {
    return this.pages({ method: "GET", path: "/v1/operations", answer: "json", query: ["project_id", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get an operation: `GET /v1/operations/{id}` */
  getOperation(input: { id: string }, options: Options = {}): Promise<Schemas["JobOperation"]> {
    return this.call({ method: "GET", path: "/v1/operations/{id}", answer: "json" }, input, options);
  }

  /** Stop an operation: `POST /v1/operations/{id}/cancel` */
  cancelOperation(input: { id: string }, options: Options = {}): Promise<Schemas["JobOperation"]> {
    return this.call({ method: "POST", path: "/v1/operations/{id}/cancel", answer: "json", idempotent: true }, input, options);
  }

  /** List artifacts: `GET /v1/artifacts` */
  listArtifacts(input: Query<"listArtifacts"> = {}, options: Options = {}): PagePromise<Schemas["ArtifactList"]> {
    return this.pages({ method: "GET", path: "/v1/artifacts", answer: "json", query: ["kind", "project_id", "job_id", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get an artifact with its list of files: `GET /v1/artifacts/{id}` */
  getArtifact(input: { id: string }, options: Options = {}): Promise<Schemas["ArtifactWithFiles"]> {
    return this.call({ method: "GET", path: "/v1/artifacts/{id}", answer: "json" }, input, options);
  }

  /** Get the signed statement of how an artifact was made: `GET /v1/artifacts/{id}/provenance` */
  getProvenance(input: { id: string }, options: Options = {}): Promise<Schemas["Envelope"]> {
    return this.call({ method: "GET", path: "/v1/artifacts/{id}/provenance", answer: "json" }, input, options);
  }

  /** Download an artifact: `GET /v1/artifacts/{id}/download` */
  downloadArtifact(input: { id: string }, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/artifacts/{id}/download", answer: "content" }, input, options);
  }

  /** Read a file of an artifact: `GET /v1/artifacts/{id}/files/{path}` */
  readArtifactFile(input: { id: string; path: string }, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/artifacts/{id}/files/{path}", answer: "content" }, input, options);
  }

  /** List the engines: `GET /v1/engines` */
  listEngines(options: Options = {}): Promise<Schemas["EngineList"]> {
    return this.call({ method: "GET", path: "/v1/engines", answer: "json" }, {}, options);
  }

  /** Show the workers' sandboxes: `GET /v1/pool` */
  getPool(options: Options = {}): Promise<Schemas["PoolWorkerList"]> {
    return this.call({ method: "GET", path: "/v1/pool", answer: "json" }, {}, options);
  }

  /** Erase an end user: `POST /v1/end-users/erase` */
  eraseEndUser(input: { body: Schemas["EndUserErasure"] }, options: Options = {}): Promise<Schemas["ErasedEndUser"]> {
    return this.call({ method: "POST", path: "/v1/end-users/erase", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Report usage: `GET /v1/usage` */
  getUsage(input: Query<"getUsage"> = {}, options: Options = {}): Promise<Schemas["UsageList"]> {
    return this.call({ method: "GET", path: "/v1/usage", answer: "json", query: ["end_user", "period", "kind", "from", "to"] }, input, options);
  }

  /** Report what was used, by hour or day, project, end user and kind: `GET /v1/usage/report` */
  reportUsage(input: Query<"reportUsage"> = {}, options: Options = {}): Promise<Schemas["UsageReport"]> {
    return this.call({ method: "GET", path: "/v1/usage/report", answer: "json", query: ["interval", "group_by", "kind", "project_id", "end_user", "from", "to", "format"] }, input, options);
  }

  /** Make a schedule: `POST /v1/schedules` */
  createSchedule(input: { body: Schemas["NewSchedule"] }, options: Options = {}): Promise<Schemas["Schedule"]> {
    return this.call({ method: "POST", path: "/v1/schedules", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List schedules: `GET /v1/schedules` */
  listSchedules(input: Query<"listSchedules"> = {}, options: Options = {}): PagePromise<Schemas["ScheduleList"]> {
    return this.pages({ method: "GET", path: "/v1/schedules", answer: "json", query: ["project_id", "limit", "cursor", "fields"] }, input, options);
  }

  /** Show when an expression would be due: `POST /v1/schedules/preview` */
  previewSchedule(input: { body: Schemas["ScheduleTimes"] }, options: Options = {}): Promise<Schemas["ScheduleRuns"]> {
    return this.call({ method: "POST", path: "/v1/schedules/preview", answer: "json", media: "application/json" }, input, options);
  }

  /** Get a schedule: `GET /v1/schedules/{id}` */
  getSchedule(input: { id: string }, options: Options = {}): Promise<Schemas["Schedule"]> {
    return this.call({ method: "GET", path: "/v1/schedules/{id}", answer: "json" }, input, options);
  }

  /** Change, pause or resume a schedule: `PATCH /v1/schedules/{id}` */
  changeSchedule(input: { id: string; body: Schemas["ScheduleChange"] }, options: Options = {}): Promise<Schemas["Schedule"]> {
    return this.call({ method: "PATCH", path: "/v1/schedules/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete a schedule: `DELETE /v1/schedules/{id}` */
  deleteSchedule(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/schedules/{id}", answer: "none" }, input, options);
  }

  /** Run a schedule now: `POST /v1/schedules/{id}/run` */
  runSchedule(input: { id: string }, options: Options = {}): Promise<Schemas["Firing"]> {
    return this.call({ method: "POST", path: "/v1/schedules/{id}/run", answer: "json", idempotent: true }, input, options);
  }

  /** List what a schedule did: `GET /v1/schedules/{id}/firings` */
  listFirings(input: { id: string } & Query<"listFirings">, options: Options = {}): PagePromise<Schemas["FiringList"]> {
    return this.pages({ method: "GET", path: "/v1/schedules/{id}/firings", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Make a template: `POST /v1/templates` */
  createTemplate(input: { body: Schemas["NewTemplate"] }, options: Options = {}): Promise<Schemas["Template"]> {
    return this.call({ method: "POST", path: "/v1/templates", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List templates: `GET /v1/templates` */
  listTemplates(input: Query<"listTemplates"> = {}, options: Options = {}): PagePromise<Schemas["TemplateList"]> {
    return this.pages({ method: "GET", path: "/v1/templates", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Get a template: `GET /v1/templates/{name}` */
  getTemplate(input: { name: string }, options: Options = {}): Promise<Schemas["Template"]> {
    return this.call({ method: "GET", path: "/v1/templates/{name}", answer: "json" }, input, options);
  }

  /** Change a template: `PATCH /v1/templates/{name}` */
  changeTemplate(input: { name: string; body: Schemas["TemplateChange"] }, options: Options = {}): Promise<Schemas["Template"]> {
    return this.call({ method: "PATCH", path: "/v1/templates/{name}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete a template: `DELETE /v1/templates/{name}` */
  deleteTemplate(input: { name: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/templates/{name}", answer: "none" }, input, options);
  }

  /** List the types of events: `GET /v1/webhooks/event-types` */
  listWebhookEventTypes(options: Options = {}): Promise<Schemas["WebhookEventTypes"]> {
    return this.call({ method: "GET", path: "/v1/webhooks/event-types", answer: "json" }, {}, options);
  }

  /** Make an endpoint: `POST /v1/webhooks/endpoints` */
  createWebhookEndpoint(input: { body: Schemas["NewWebhookEndpoint"] }, options: Options = {}): Promise<Schemas["WebhookEndpoint"]> {
    return this.call({ method: "POST", path: "/v1/webhooks/endpoints", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List endpoints: `GET /v1/webhooks/endpoints` */
  listWebhookEndpoints(input: Query<"listWebhookEndpoints"> = {}, options: Options = {}): PagePromise<Schemas["WebhookEndpointList"]> {
    return this.pages({ method: "GET", path: "/v1/webhooks/endpoints", answer: "json", query: ["project_id", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get an endpoint: `GET /v1/webhooks/endpoints/{id}` */
  getWebhookEndpoint(input: { id: string }, options: Options = {}): Promise<Schemas["WebhookEndpoint"]> {
    return this.call({ method: "GET", path: "/v1/webhooks/endpoints/{id}", answer: "json" }, input, options);
  }

  /** Change, disable or enable an endpoint: `PATCH /v1/webhooks/endpoints/{id}` */
  changeWebhookEndpoint(input: { id: string; body: Schemas["WebhookEndpointChange"] }, options: Options = {}): Promise<Schemas["WebhookEndpoint"]> {
    return this.call({ method: "PATCH", path: "/v1/webhooks/endpoints/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete an endpoint: `DELETE /v1/webhooks/endpoints/{id}` */
  deleteWebhookEndpoint(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/webhooks/endpoints/{id}", answer: "none" }, input, options);
  }

  /** Read the secrets of an endpoint: `GET /v1/webhooks/endpoints/{id}/secrets` */
  listWebhookSecrets(input: { id: string }, options: Options = {}): Promise<Schemas["WebhookSecretList"]> {
    return this.call({ method: "GET", path: "/v1/webhooks/endpoints/{id}/secrets", answer: "json" }, input, options);
  }

  /** Replace the secret of an endpoint: `POST /v1/webhooks/endpoints/{id}/secrets/rotate` */
  rotateWebhookSecret(input: { id: string; body: Schemas["WebhookRotation"] }, options: Options = {}): Promise<Schemas["WebhookSecret"]> {
    return this.call({ method: "POST", path: "/v1/webhooks/endpoints/{id}/secrets/rotate", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Get how an endpoint does: `GET /v1/webhooks/endpoints/{id}/health` */
  getWebhookHealth(input: { id: string }, options: Options = {}): Promise<Schemas["WebhookHealth"]> {
    return this.call({ method: "GET", path: "/v1/webhooks/endpoints/{id}/health", answer: "json" }, input, options);
  }

  /** Send a test: `POST /v1/webhooks/endpoints/{id}/test` */
  testWebhookEndpoint(input: { id: string; body: Schemas["WebhookTest"] }, options: Options = {}): Promise<Schemas["WebhookDelivery"]> {
    return this.call({ method: "POST", path: "/v1/webhooks/endpoints/{id}/test", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Deliver again what was made since a time: `POST /v1/webhooks/endpoints/{id}/replay` */
  replayWebhookEndpoint(input: { id: string; body: Schemas["WebhookReplay"] }, options: Options = {}): Promise<Schemas["WebhookReplayed"]> {
    return this.call({ method: "POST", path: "/v1/webhooks/endpoints/{id}/replay", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Read the account's default secrets: `GET /v1/webhooks/secrets` */
  listDefaultWebhookSecrets(options: Options = {}): Promise<Schemas["WebhookSecretList"]> {
    return this.call({ method: "GET", path: "/v1/webhooks/secrets", answer: "json" }, {}, options);
  }

  /** Replace the account's default secret: `POST /v1/webhooks/secrets/rotate` */
  rotateDefaultWebhookSecret(input: { body: Schemas["WebhookRotation"] }, options: Options = {}): Promise<Schemas["WebhookSecret"]> {
    return this.call({ method: "POST", path: "/v1/webhooks/secrets/rotate", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** List deliveries: `GET /v1/webhooks/deliveries` */
  listWebhookDeliveries(input: Query<"listWebhookDeliveries"> = {}, options: Options = {}): PagePromise<Schemas["WebhookDeliveryList"]> {
    return this.pages({ method: "GET", path: "/v1/webhooks/deliveries", answer: "json", query: ["endpoint_id", "project_id", "job_id", "type", "state", "since", "until", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get a delivery: `GET /v1/webhooks/deliveries/{id}` */
  getWebhookDelivery(input: { id: string }, options: Options = {}): Promise<Schemas["WebhookDeliveryDetail"]> {
    return this.call({ method: "GET", path: "/v1/webhooks/deliveries/{id}", answer: "json" }, input, options);
  }

  /** List the attempts of a delivery: `GET /v1/webhooks/deliveries/{id}/attempts` */
  listWebhookAttempts(input: { id: string } & Query<"listWebhookAttempts">, options: Options = {}): PagePromise<Schemas["WebhookAttemptList"]> {
    return this.pages({ method: "GET", path: "/v1/webhooks/deliveries/{id}/attempts", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Deliver again: `POST /v1/webhooks/deliveries/{id}/replay` */
  replayWebhookDelivery(input: { id: string }, options: Options = {}): Promise<Schemas["WebhookDelivery"]> {
    return this.call({ method: "POST", path: "/v1/webhooks/deliveries/{id}/replay", answer: "json", idempotent: true }, input, options);
  }

  /** Upload an asset: `POST /v1/assets` */
  createAsset(input: { body: Body } & Query<"createAsset">, options: Options = {}): Promise<Schemas["Asset"]> {
    return this.call({ method: "POST", path: "/v1/assets", answer: "json", query: ["name"], media: "application/octet-stream", idempotent: true }, input, options);
  }

  /** List assets: `GET /v1/assets` */
  listAssets(input: Query<"listAssets"> = {}, options: Options = {}): PagePromise<Schemas["AssetList"]> {
    return this.pages({ method: "GET", path: "/v1/assets", answer: "json", query: ["kind", "name", "limit", "cursor", "fields"] }, input, options);
  }

  /** Get an asset: `GET /v1/assets/{id}` */
  getAsset(input: { id: string }, options: Options = {}): Promise<Schemas["Asset"]> {
    return this.call({ method: "GET", path: "/v1/assets/{id}", answer: "json" }, input, options);
  }

  /** Rename an asset: `PATCH /v1/assets/{id}` */
  changeAsset(input: { id: string; body: Schemas["AssetChange"] }, options: Options = {}): Promise<Schemas["Asset"]> {
    return this.call({ method: "PATCH", path: "/v1/assets/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete an asset: `DELETE /v1/assets/{id}` */
  deleteAsset(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/assets/{id}", answer: "none" }, input, options);
  }

  /** Read an asset: `GET /v1/assets/{id}/content` */
  readAsset(input: { id: string }, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/assets/{id}/content", answer: "content" }, input, options);
  }

  /** Read an asset's thumbnail: `GET /v1/assets/{id}/thumbnail` */
  readAssetThumbnail(input: { id: string }, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/assets/{id}/thumbnail", answer: "content" }, input, options);
  }

  /** Begin to upload an asset in parts: `POST /v1/uploads` */
  createAssetUpload(input: { body?: Body } = {}, options: Options = {}): Promise<Schemas["AssetUpload"]> {
    return this.call({ method: "POST", path: "/v1/uploads", answer: "json", media: "application/offset+octet-stream", idempotent: true }, input, options);
  }

  /** List uploads: `GET /v1/uploads` */
  listAssetUploads(input: Query<"listAssetUploads"> = {}, options: Options = {}): PagePromise<Schemas["AssetUploadList"]> {
    return this.pages({ method: "GET", path: "/v1/uploads", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Get an upload: `GET /v1/uploads/{id}` */
  getAssetUpload(input: { id: string }, options: Options = {}): Promise<Schemas["AssetUpload"]> {
    return this.call({ method: "GET", path: "/v1/uploads/{id}", answer: "json" }, input, options);
  }

  /** Go on with an upload: `PATCH /v1/uploads/{id}` */
  appendAssetUpload(input: { id: string; body: Body }, options: Options = {}): Promise<void> {
    return this.call({ method: "PATCH", path: "/v1/uploads/{id}", answer: "none", media: "application/offset+octet-stream" }, input, options);
  }

  /** Delete an upload: `DELETE /v1/uploads/{id}` */
  deleteAssetUpload(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/uploads/{id}", answer: "none" }, input, options);
  }

  /** Show the account of the key: `GET /v1/account` */
  getAccount(input: Query<"getAccount"> = {}, options: Options = {}): Promise<Schemas["AccountOverview"]> {
    return this.call({ method: "GET", path: "/v1/account", answer: "json", query: ["end_user"] }, input, options);
  }

  /** Delete the account: `DELETE /v1/account` */
  deleteAccount(input: Query<"deleteAccount">, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "DELETE", path: "/v1/account", answer: "json", query: ["confirm"] }, input, options);
  }

  /** Export the account: `GET /v1/account/export` */
  exportAccount(input: Query<"exportAccount"> = {}, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/account/export", answer: "content", query: ["artifacts"] }, input, options);
  }

  /** List the account's keys: `GET /v1/keys` */
  listKeys(input: Query<"listKeys"> = {}, options: Options = {}): PagePromise<Schemas["KeyList"]> {
    return this.pages({ method: "GET", path: "/v1/keys", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Make a key of the account: `POST /v1/keys` */
  createKey(input: { body: Schemas["NewKey"] }, options: Options = {}): Promise<Schemas["KeyWithText"]> {
    return this.call({ method: "POST", path: "/v1/keys", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Get a key of the account: `GET /v1/keys/{id}` */
  getKey(input: { id: string }, options: Options = {}): Promise<Schemas["Key"]> {
    return this.call({ method: "GET", path: "/v1/keys/{id}", answer: "json" }, input, options);
  }

  /** Revoke a key of the account: `DELETE /v1/keys/{id}` */
  revokeKey(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/keys/{id}", answer: "none" }, input, options);
  }

  /** Replace a key by a new one: `POST /v1/keys/{id}/rotate` */
  rotateKey(input: { id: string; body?: Schemas["KeyRotation"] }, options: Options = {}): Promise<Schemas["KeyWithText"]> {
    return this.call({ method: "POST", path: "/v1/keys/{id}/rotate", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Make a browser token: `POST /v1/tokens` */
  createToken(input: { body: Schemas["NewToken"] }, options: Options = {}): Promise<Schemas["Token"]> {
    return this.call({ method: "POST", path: "/v1/tokens", answer: "json", media: "application/json" }, input, options);
  }

  /** Show who is signed in: `GET /v1/me` */
  getMe(options: Options = {}): Promise<Schemas["Me"]> {
    return this.call({ method: "GET", path: "/v1/me", answer: "json" }, {}, options);
  }

  /** Erase oneself: `DELETE /v1/me` */
  eraseMe(input: Query<"eraseMe">, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/me", answer: "none", query: ["confirm"] }, input, options);
  }

  /** Leave an account: `DELETE /v1/me/accounts/{id}` */
  leaveAccount(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/me/accounts/{id}", answer: "none" }, input, options);
  }

  /** List one's own keys: `GET /v1/me/keys` */
  listMyKeys(input: Query<"listMyKeys"> = {}, options: Options = {}): PagePromise<Schemas["MyKeyList"]> {
    return this.pages({ method: "GET", path: "/v1/me/keys", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Revoke one's own key: `DELETE /v1/me/keys/{id}` */
  revokeMyKey(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/me/keys/{id}", answer: "none" }, input, options);
  }

  /** List the browsers in which one is signed in: `GET /v1/sessions` */
  listSessions(input: Query<"listSessions"> = {}, options: Options = {}): PagePromise<Schemas["SessionList"]> {
    return this.pages({ method: "GET", path: "/v1/sessions", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Sign out everywhere: `DELETE /v1/sessions` */
  endSessions(options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/sessions", answer: "none" }, {}, options);
  }

  /** Sign out in one browser: `DELETE /v1/sessions/{id}` */
  endSession(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/sessions/{id}", answer: "none" }, input, options);
  }

  /** List the account's members: `GET /v1/members` */
  listMembers(input: Query<"listMembers"> = {}, options: Options = {}): PagePromise<Schemas["MemberList"]> {
    return this.pages({ method: "GET", path: "/v1/members", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Get a member, by the id of the user: `GET /v1/members/{id}` */
  getMember(input: { id: string }, options: Options = {}): Promise<Schemas["Member"]> {
    return this.call({ method: "GET", path: "/v1/members/{id}", answer: "json" }, input, options);
  }

  /** Give a member another role: `PATCH /v1/members/{id}` */
  changeMember(input: { id: string; body: Schemas["MemberChange"] }, options: Options = {}): Promise<Schemas["Member"]> {
    return this.call({ method: "PATCH", path: "/v1/members/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Remove a member: `DELETE /v1/members/{id}` */
  removeMember(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/members/{id}", answer: "none" }, input, options);
  }

  /** Accept an invitation: `POST /v1/me/invitations` */
  acceptInvitation(input: { body: Schemas["InvitationToken"] }, options: Options = {}): Promise<Schemas["MyAccount"]> {
    return this.call({ method: "POST", path: "/v1/me/invitations", answer: "json", media: "application/json" }, input, options);
  }

  /** List the account's invitations: `GET /v1/invitations` */
  listInvitations(input: Query<"listInvitations"> = {}, options: Options = {}): PagePromise<Schemas["InvitationList"]> {
    return this.pages({ method: "GET", path: "/v1/invitations", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Invite somebody to the account: `POST /v1/invitations` */
  createInvitation(input: { body: Schemas["NewInvitation"] }, options: Options = {}): Promise<Schemas["InvitationWithLink"]> {
    return this.call({ method: "POST", path: "/v1/invitations", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Get an invitation of the account: `GET /v1/invitations/{id}` */
  getInvitation(input: { id: string }, options: Options = {}): Promise<Schemas["Invitation"]> {
    return this.call({ method: "GET", path: "/v1/invitations/{id}", answer: "json" }, input, options);
  }

  /** Revoke an invitation of the account: `DELETE /v1/invitations/{id}` */
  revokeInvitation(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/invitations/{id}", answer: "none" }, input, options);
  }

  /** List all users: `GET /v1/admin/users` */
  listUsers(input: Query<"listUsers"> = {}, options: Options = {}): PagePromise<Schemas["UserList"]> {
    return this.pages({ method: "GET", path: "/v1/admin/users", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Get a user: `GET /v1/admin/users/{id}` */
  getUser(input: { id: string }, options: Options = {}): Promise<Schemas["User"]> {
    return this.call({ method: "GET", path: "/v1/admin/users/{id}", answer: "json" }, input, options);
  }

  /** Disable a user, or enable them again: `PATCH /v1/admin/users/{id}` */
  changeUser(input: { id: string; body: Schemas["UserChange"] }, options: Options = {}): Promise<Schemas["User"]> {
    return this.call({ method: "PATCH", path: "/v1/admin/users/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Erase a user: `DELETE /v1/admin/users/{id}` */
  eraseUser(input: { id: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/admin/users/{id}", answer: "none" }, input, options);
  }

  /** List who did what in the account: `GET /v1/audit` */
  listAudit(input: Query<"listAudit"> = {}, options: Options = {}): PagePromise<Schemas["AuditList"]> {
    return this.pages({ method: "GET", path: "/v1/audit", answer: "json", query: ["action", "actor", "end_user", "resource_id", "outcome", "from", "to", "limit", "cursor", "fields"] }, input, options);
  }

  /** Export the account's audit: `GET /v1/audit/export` */
  exportAudit(input: Query<"exportAudit"> = {}, options: Options = {}): Promise<Response> {
    return this.call({ method: "GET", path: "/v1/audit/export", answer: "content", query: ["after"] }, input, options);
  }

  /** Get the newest place in the account's chain: `GET /v1/audit/anchor` */
  getAuditAnchor(options: Options = {}): Promise<Schemas["AuditAnchor"]> {
    return this.call({ method: "GET", path: "/v1/audit/anchor", answer: "json" }, {}, options);
  }

  /** List who did what on the platform: `GET /v1/admin/audit` */
  listAllAudit(input: Query<"listAllAudit"> = {}, options: Options = {}): PagePromise<Schemas["AuditList"]> {
    return this.pages({ method: "GET", path: "/v1/admin/audit", answer: "json", query: ["account_id", "action", "actor", "end_user", "resource_id", "outcome", "from", "to", "limit", "cursor", "fields"] }, input, options);
  }

  /** List the accounts: `GET /v1/admin/accounts` */
  listAccounts(input: Query<"listAccounts"> = {}, options: Options = {}): PagePromise<Schemas["AccountList"]> {
    return this.pages({ method: "GET", path: "/v1/admin/accounts", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Create an account: `POST /v1/admin/accounts` */
  createAccount(input: { body: Schemas["NewAccount"] }, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "POST", path: "/v1/admin/accounts", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Get an account: `GET /v1/admin/accounts/{id}` */
  readAccount(input: { id: string }, options: Options = {}): Promise<Schemas["AccountOverview"]> {
    return this.call({ method: "GET", path: "/v1/admin/accounts/{id}", answer: "json" }, input, options);
  }

  /** Change an account: `PATCH /v1/admin/accounts/{id}` */
  changeAccount(input: { id: string; body: Schemas["AccountChange"] }, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "PATCH", path: "/v1/admin/accounts/{id}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete an account: `DELETE /v1/admin/accounts/{id}` */
  deleteAnyAccount(input: { id: string }, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "DELETE", path: "/v1/admin/accounts/{id}", answer: "json" }, input, options);
  }

  /** Restore a deleted account: `POST /v1/admin/accounts/{id}/restore` */
  restoreAccount(input: { id: string }, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "POST", path: "/v1/admin/accounts/{id}/restore", answer: "json", idempotent: true }, input, options);
  }

  /** List an account's keys: `GET /v1/admin/accounts/{id}/keys` */
  listAccountKeys(input: { id: string } & Query<"listAccountKeys">, options: Options = {}): PagePromise<Schemas["KeyList"]> {
    return this.pages({ method: "GET", path: "/v1/admin/accounts/{id}/keys", answer: "json", query: ["limit", "cursor", "fields"] }, input, options);
  }

  /** Make a key of an account: `POST /v1/admin/accounts/{id}/keys` */
  createAccountKey(input: { id: string; body: Schemas["NewKey"] }, options: Options = {}): Promise<Schemas["KeyWithText"]> {
    return this.call({ method: "POST", path: "/v1/admin/accounts/{id}/keys", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Get a key of an account: `GET /v1/admin/accounts/{id}/keys/{key}` */
  getAccountKey(input: { id: string; key: string }, options: Options = {}): Promise<Schemas["Key"]> {
    return this.call({ method: "GET", path: "/v1/admin/accounts/{id}/keys/{key}", answer: "json" }, input, options);
  }

  /** Revoke a key of an account: `DELETE /v1/admin/accounts/{id}/keys/{key}` */
  revokeAccountKey(input: { id: string; key: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/admin/accounts/{id}/keys/{key}", answer: "none" }, input, options);
  }

  /** Pause an account: `POST /v1/admin/accounts/{id}/pause` */
  pauseAccount(input: { id: string }, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "POST", path: "/v1/admin/accounts/{id}/pause", answer: "json", idempotent: true }, input, options);
  }

  /** Resume a paused account: `POST /v1/admin/accounts/{id}/resume` */
  resumeAccount(input: { id: string }, options: Options = {}): Promise<Schemas["Account"]> {
    return this.call({ method: "POST", path: "/v1/admin/accounts/{id}/resume", answer: "json", idempotent: true }, input, options);
  }

  /** List the queues: `GET /v1/admin/queues` */
  listQueues(options: Options = {}): Promise<Schemas["QueueList"]> {
    return this.call({ method: "GET", path: "/v1/admin/queues", answer: "json" }, {}, options);
  }

  /** Pause a kind of jobs: `POST /v1/admin/queues/{kind}/pause` */
  pauseKind(input: { kind: string; body?: Schemas["PauseReason"] }, options: Options = {}): Promise<Schemas["KindPause"]> {
    return this.call({ method: "POST", path: "/v1/admin/queues/{kind}/pause", answer: "json", media: "application/json", idempotent: true }, input, options);
  }

  /** Resume a kind of jobs: `POST /v1/admin/queues/{kind}/resume` */
  resumeKind(input: { kind: string }, options: Options = {}): Promise<Schemas["KindPause"]> {
    return this.call({ method: "POST", path: "/v1/admin/queues/{kind}/resume", answer: "json", idempotent: true }, input, options);
  }

  /** Tell whether work is flowing, and which limit binds: `GET /v1/admin/flow` */
  getFlow(options: Options = {}): Promise<Schemas["Flow"]> {
    return this.call({ method: "GET", path: "/v1/admin/flow", answer: "json" }, {}, options);
  }

  /** List jobs that seem to be stuck: `GET /v1/admin/jobs/stuck` */
  listStuckJobs(input: Query<"listStuckJobs"> = {}, options: Options = {}): Promise<Schemas["StuckJobList"]> {
    return this.call({ method: "GET", path: "/v1/admin/jobs/stuck", answer: "json", query: ["reason", "older_than", "limit"] }, input, options);
  }

  /** Cancel a job of any account: `POST /v1/admin/jobs/{id}/cancel` */
  cancelAnyJob(input: { id: string }, options: Options = {}): Promise<Schemas["Job"]> {
    return this.call({ method: "POST", path: "/v1/admin/jobs/{id}/cancel", answer: "json", idempotent: true }, input, options);
  }

  /** Run a failed or cancelled job of any account again: `POST /v1/admin/jobs/{id}/retry` */
  retryAnyJob(input: { id: string }, options: Options = {}): Promise<Schemas["Job"]> {
    return this.call({ method: "POST", path: "/v1/admin/jobs/{id}/retry", answer: "json", idempotent: true }, input, options);
  }

  /** List the workers and their sandboxes: `GET /v1/admin/workers` */
  listWorkers(options: Options = {}): Promise<Schemas["WorkerList"]> {
    return this.call({ method: "GET", path: "/v1/admin/workers", answer: "json" }, {}, options);
  }

  /** Drain a worker: `POST /v1/admin/workers/{id}/drain` */
  drainWorker(input: { id: string }, options: Options = {}): Promise<Schemas["Worker"]> {
    return this.call({ method: "POST", path: "/v1/admin/workers/{id}/drain", answer: "json", idempotent: true }, input, options);
  }

  /** Have a drained worker take jobs again: `POST /v1/admin/workers/{id}/resume` */
  resumeWorker(input: { id: string }, options: Options = {}): Promise<Schemas["Worker"]> {
    return this.call({ method: "POST", path: "/v1/admin/workers/{id}/resume", answer: "json", idempotent: true }, input, options);
  }

  /** List the plans: `GET /v1/admin/plans` */
  listPlans(options: Options = {}): Promise<Schemas["PlanList"]> {
    return this.call({ method: "GET", path: "/v1/admin/plans", answer: "json" }, {}, options);
  }

  /** Get a plan: `GET /v1/admin/plans/{name}` */
  getPlan(input: { name: string }, options: Options = {}): Promise<Schemas["Plan"]> {
    return this.call({ method: "GET", path: "/v1/admin/plans/{name}", answer: "json" }, input, options);
  }

  /** Create or change a plan: `PUT /v1/admin/plans/{name}` */
  putPlan(input: { name: string; body: Schemas["PlanLimits"] }, options: Options = {}): Promise<Schemas["Plan"]> {
    return this.call({ method: "PUT", path: "/v1/admin/plans/{name}", answer: "json", media: "application/json" }, input, options);
  }

  /** Delete a plan: `DELETE /v1/admin/plans/{name}` */
  deletePlan(input: { name: string }, options: Options = {}): Promise<void> {
    return this.call({ method: "DELETE", path: "/v1/admin/plans/{name}", answer: "none" }, input, options);
  }
}
