import type { Config, Options } from "./base.js";
import { follow } from "./follow.js";
import { Operations } from "./generated/operations.js";
import type { components } from "./generated/schema.js";

type Schemas = components["schemas"];

/** How to follow events. */
export interface FollowOptions extends Pick<Options, "signal" | "account"> {
  /** The event behind which to begin: its `seq` in a job, its `position` in other streams. */
  after?: number;
}

/** The longest that one request waits for a job, in seconds. */
const longestWait = 60;

/**
 * A client of a Spark platform. There is a method for each operation of the API; these here follow streams of events.
 *
 * ```ts
 * const spark = new Spark({ baseUrl: "https://spark.example.com", key });
 * const pipeline = await spark.submitPipeline({ body: { new_project: { name: "Fox", engine: "phaser" }, steps } });
 * for await (const event of spark.followJob(pipeline.jobs[0].id)) console.log(event.type);
 * ```
 */
export class Spark extends Operations {
  constructor(config: Config) {
    super(config);
  }

  /** The events of a job: all that there were, then each as it happens, until the job has ended. */
  followJob(id: string, options: FollowOptions = {}): AsyncGenerator<Schemas["JobEvent"], void, undefined> {
    return this.#events<Schemas["JobEvent"]>(`/v1/jobs/${encodeURIComponent(id)}/events`, options);
  }

  /** The events of all jobs of a pipeline, from its oldest that is kept or behind a position, until all of them have ended. */
  followPipeline(id: string, options: FollowOptions = {}): AsyncGenerator<Schemas["StreamEvent"], void, undefined> {
    return this.#events<Schemas["StreamEvent"]>(`/v1/pipelines/${encodeURIComponent(id)}/events`, options);
  }

  /** The events of all jobs of the account, from now on or behind a position, until the signal ends them. */
  followEvents(options: FollowOptions = {}): AsyncGenerator<Schemas["StreamEvent"], void, undefined> {
    return this.#events<Schemas["StreamEvent"]>("/v1/events", options);
  }

  /** The events of all jobs of a project, as `followEvents`. */
  followProject(id: string, options: FollowOptions = {}): AsyncGenerator<Schemas["StreamEvent"], void, undefined> {
    return this.#events<Schemas["StreamEvent"]>(`/v1/projects/${encodeURIComponent(id)}/events`, options);
  }

  /** Waits until a job has ended, and returns it. It may have failed: see its `state`. */
  async waitForJob(id: string, options: Pick<Options, "signal" | "account"> = {}): Promise<Schemas["Job"]> {
    for (;;) {
      const job = await this.getJob({ id }, { ...options, wait: longestWait });
      if (job.finished_at !== null) return job;
    }
  }

  async *#events<T>(path: string, options: FollowOptions): AsyncGenerator<T, void, undefined> {
    const open = (after: string | undefined, signal: AbortSignal) => {
      const headers = new Headers({ Accept: "text/event-stream" });
      if (after !== undefined) headers.set("Last-Event-ID", after);
      return this.send("GET", path, headers, undefined, { ...options, signal });
    };
    for await (const event of follow(open, this.retry, options.after?.toString(), options.signal)) yield JSON.parse(event.data) as T;
  }
}
