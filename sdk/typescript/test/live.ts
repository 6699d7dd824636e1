// What the client does with a real platform, in Node and in browsers alike. Connections are cut on the way: the server in front of the platform
// ends a connection after as many bytes of the answer as the header Cut-After says.
import { Spark, SparkError, type Config, type Schemas } from "@spark-games/client";

/** A platform to test with. */
export interface Place {
  server: string;
  key: string;
}

/** The cases by name. Each throws if it fails. */
export const cases: Record<string, (place: Place) => Promise<void>> = {
  "a request has one effect, however often its answer is lost": async (place) => {
    const endUser = unique(), cuts = cutting(0, 0, 40);
    const made = await spark(place, { fetch: cuts.fetch }).submitPipeline({ body: { ...game(), end_user: endUser } });
    equal(cuts.sent(), 4, "requests");
    const jobs = await all(spark(place).listJobs({ end_user: endUser }));
    equal(jobs.length, 2, "jobs");
    equal(jobs.every((job) => job.pipeline_id === made.id), true, "all of them are of the pipeline that was answered");
  },

  "a job is followed without a gap, over connections that break": async (place) => {
    const { generation } = await make(place);
    const cuts = cutting(0, 10, 250, 700, 1, 900);
    const seen = await all(spark(place, { fetch: cuts.fetch }).followJob(generation.id));
    equal(cuts.sent() > 6, true, "there were more connections than were cut");
    equal(seen.map((event) => event.seq), seen.map((_, i) => i + 1), "sequence");
    equal(seen.at(-1)?.type, "succeeded", "the last event");
    const { data } = await spark(place).listJobEvents({ id: generation.id, limit: 100 });
    equal(data.slice(0, seen.length), seen.slice(0, data.length), "events as they are listed");
    const rest = await all(spark(place).followJob(generation.id, { after: seen.length - 1 }));
    equal(rest, seen.slice(-1), "what is behind a position");
  },

  "a project is followed exactly, and the signal ends it": async (place) => {
    const { generation, build } = await make(place);
    await spark(place).waitForJob(build.id);
    const cuts = cutting(0, 400, 30, 2000);
    const done = new AbortController();
    const seen: Schemas["StreamEvent"][] = [];
    await rejects(async () => {
      const events = spark(place, { fetch: cuts.fetch }).followProject(generation.project_id!, { after: 0, signal: done.signal });
      for await (const event of events) {
        seen.push(event);
        if (event.job_id === build.id && event.type === "succeeded") done.abort(new Error("enough"));
      }
    }, (error) => error instanceof Error && error.message === "enough");
    for (const job of [generation, build]) {
      const { data } = await spark(place).listJobEvents({ id: job.id, limit: 100 });
      equal(seen.filter((event) => event.job_id === job.id).map((event) => event.seq), data.map((event) => event.seq), `events of the ${job.kind}`);
    }
    const positions = seen.map((event) => event.position);
    equal(positions, [...new Set(positions)].sort((a, b) => a - b), "positions");
  },

  "a page follows a pipeline to its end with a token": async (place) => {
    const pipeline = await spark(place).submitPipeline({ body: game() });
    const made = () => spark(place).createToken({ body: { access: "read", pipeline_id: pipeline.id } });
    const cuts = cutting(0, 300, 1500);
    const page = spark(place, { token: async () => (await made()).token, fetch: cuts.fetch });
    const seen = await all(page.followPipeline(pipeline.id));
    const ends = seen.filter((event) => event.type === "succeeded").map((event) => event.job_id);
    equal(ends, pipeline.jobs.map((job) => job.id), "jobs that have ended");
    for (const job of pipeline.jobs) {
      const seqs = seen.filter((event) => event.job_id === job.id).map((event) => event.seq);
      equal(seqs, seqs.map((_, i) => i + 1), `events of the ${job.kind}`);
    }
    equal((await page.getPipeline({ id: pipeline.id })).id, pipeline.id, "what the token is for");
    const other = await problem(page.createProject({ body: { name: "x", engine: "phaser" } }));
    equal(other.status, 403, "what it is not for");
  },

  "a file is patched as the media type says": async (place) => {
    const { id } = await spark(place).createProject({ body: { name: "Fox", engine: "phaser" } });
    const file = { id, path: "a b/level #1.json" };
    await spark(place).writeFile({ ...file, body: '{"speed":1}' });
    const tag = (await spark(place).readFile(file)).headers.get("ETag")!;
    await spark(place).patchFile({ ...file, media: "application/merge-patch+json", body: { hint: "ü" } }, { ifMatch: tag });
    const late = await problem(spark(place).patchFile({ ...file, media: "application/merge-patch+json", body: '{"hint":null}' }, { ifMatch: tag }));
    equal(late.status, 412, "a patch of what has changed");
    await spark(place).patchFile({ ...file, media: "application/json-patch+json", body: [{ op: "replace", path: "/speed", value: 2 }] });
    await spark(place).patchFile({ ...file, media: "text/x-diff", body: '--- a\n+++ b\n@@ -1 +1 @@\n-{"speed":2,"hint":"ü"}\n\\ No newline at end of file\n+{"speed":3}\n' });
    equal(await (await spark(place).readFile(file)).text(), '{"speed":3}\n', "the file");
  },

  "a form that is sent again has one effect": async (place) => {
    const cuts = cutting(0, 0);
    const form = new FormData();
    form.set("file", new Blob([unique()]), "notes.txt");
    const made = await spark(place, { fetch: cuts.fetch }).createAsset({ body: form });
    equal(cuts.sent(), 3, "requests");
    equal((await spark(place).getAsset({ id: made.id })).name, "notes.txt", "the asset");
  },

  "whoever takes no more events ends the stream": async (place) => {
    const { generation } = await make(place);
    for await (const event of spark(place).followJob(generation.id)) {
      equal(event.seq, 1, "the first event");
      break;
    }
  },

  "lists go on over all pages": async (place) => {
    const client = spark(place), label = unique();
    for (let i = 0; i < 5; i++) await client.createProject({ body: { name: `n${i}`, engine: "phaser", labels: { of: label } } });
    const query = { label: `of:${label}`, limit: 2 };
    equal((await all(client.listProjects(query))).map((p) => p.name), ["n4", "n3", "n2", "n1", "n0"], "all");
    equal((await client.listProjects(query)).data.length, 2, "the first page");
    const pages = await all(client.listProjects(query).pages());
    equal(pages.map((page) => page.data.length), [2, 2, 1], "pages");
  },

  "files are written, read in parts, and not overwritten": async (place) => {
    const client = spark(place);
    const { id } = await client.createProject({ body: { name: "files", engine: "phaser" } });
    const path = "src/a b/ö.txt";
    const first = await client.writeFile({ id, path, body: new Blob(["first text"]) }, { ifNoneMatch: "*" });
    const part = await client.readFile({ id, path }, { headers: { Range: "bytes=6-" } });
    equal([part.status, await part.text()], [206, "text"], "a part");
    const fetched = await client.readFile({ id, path });
    const second = await client.writeFile({ id, path, body: "second" }, { ifMatch: fetched.headers.get("ETag")! });
    equal(second.parent_id, first.id, "the parent");
    const stale = await problem(client.writeFile({ id, path, body: "third" }, { ifMatch: fetched.headers.get("ETag")! }));
    equal([stale.status, stale.code], [412, "precondition_failed"], "a stale tag");
    const same = await problem(client.listFiles({ id }, { ifNoneMatch: `"${second.id}"` }));
    equal([same.status, same.code], [304, "not_modified"], "what is known");
    equal(await (await client.readFile({ id, path })).text(), "second", "the content");
  },

  "errors say what is wrong": async (place) => {
    const wrong = await problem(spark(place).createProject({ body: { name: "x", engine: "doom" } }));
    equal([wrong.status, wrong.code, wrong.pointer], [400, "unknown_engine", "/engine"], "a field");
    equal(wrong.requestId !== undefined && wrong.message !== "", true, "request id and message");
    const parameter = await problem(spark(place).listJobs({ limit: 1000 }));
    equal([parameter.code, parameter.pointer], ["invalid_request", "limit"], "a parameter");
    const key = await problem(spark({ ...place, key: "nonsense" }).getAccount());
    equal([key.status, key.code], [401, "unauthorized"], "a key");
    const mismatch = await problem((async () => {
      const options = { idempotencyKey: unique() };
      await spark(place).createProject({ body: { name: "one", engine: "phaser" } }, options);
      await spark(place).createProject({ body: { name: "two", engine: "phaser" } }, options);
    })());
    equal([mismatch.status, mismatch.code], [422, "idempotency_mismatch"], "another request with the key");
  },

  "a request waits for its job, and the signal ends it": async (place) => {
    const client = spark(place, { token: async () => place.key });
    const { id } = await client.createProject({ body: { name: "wait", engine: "phaser" } });
    const input = { prompt: "a puzzle with gems", seed: 7 };
    const done = await client.submitJob({ body: { kind: "generation", project_id: id, input } }, { wait: 60 });
    equal(done.state, "succeeded", "state");
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const waiting = await client.submitJob({ body: { kind: "build", project_id: id, run_at: later } });
    const stop = new AbortController();
    const wait = client.getJob({ id: waiting.id }, { wait: 60, signal: stop.signal });
    stop.abort(new Error("stopped"));
    await rejects(() => wait, (error) => error instanceof Error && error.message === "stopped");
    const cancelled = await client.cancelJob({ id: waiting.id });
    equal(cancelled.state, "cancelled", "state");
  },

  "a game is built and fetched": async (place) => {
    const { build } = await make(place);
    const built = await spark(place).waitForJob(build.id);
    if (built.kind !== "build" || built.output === null) throw new Error(`no output: ${JSON.stringify(built)}`);
    const artifact = await spark(place).getArtifact({ id: built.output.artifact_id! });
    const page = await spark(place).readArtifactFile({ id: artifact.id, path: "index.html" });
    equal((await page.text()).includes("<html"), true, "a page");
    const bytes = await (await spark(place).downloadArtifact({ id: artifact.id })).arrayBuffer().catch(() => null);
    equal(bytes === null, false, "its zip");
  },
};

function spark(place: Place, more: Partial<Config> = {}): Spark {
  const credential = more.token ? {} : { key: place.key };
  return new Spark({ baseUrl: place.server, ...credential, retry: { firstPause: 20 }, ...more });
}

const unique = () => crypto.randomUUID();

function game(): Schemas["NewPipeline"] {
  return {
    new_project: { name: "made by the client", engine: "phaser" },
    steps: [{ kind: "generation", input: { prompt: "a platformer with a fox", seed: 1 } }, { kind: "build", input: { mode: "release" } }],
  };
}

async function make(place: Place): Promise<{ generation: Schemas["Job"]; build: Schemas["Job"] }> {
  const { jobs } = await spark(place).submitPipeline({ body: game() });
  return { generation: jobs[0]!, build: jobs[1]! };
}

// cutting sends each request with the next of the cuts, and those after them whole.
function cutting(...cuts: number[]): { fetch: typeof fetch; sent: () => number } {
  let sent = 0;
  return {
    sent: () => sent,
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      const cut = cuts[sent++];
      if (cut !== undefined) headers.set("Cut-After", String(cut));
      return fetch(url, { ...init, headers });
    },
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function equal(got: unknown, want: unknown, what: string): void {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

async function rejects(run: () => Promise<unknown>, right: (error: unknown) => boolean): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (right(error)) return;
    throw error;
  }
  throw new Error("it did not fail");
}

async function problem(request: PromiseLike<unknown>): Promise<SparkError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof SparkError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
