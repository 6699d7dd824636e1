import { ConnectionError, SparkError } from "./errors.js";
import { PagePromise, type Page } from "./pages.js";
import { defaultRetry, passing, pause, sleep, type Retry } from "./retry.js";

export type { PagePromise } from "./pages.js";

/** A credential, or where to get one that is good now: browser tokens end. */
export type Credential = string | (() => string | Promise<string>);

/** How to reach a platform. */
export interface Config {
  /** The platform's address, such as `https://spark.example.com`; in a browser `""` is the page's own. */
  baseUrl: string;
  /** An API key, for servers. */
  key?: Credential;
  /** A short-lived token in place of the key, for browsers. */
  token?: Credential;
  /** The account that a master key acts for. */
  account?: string;
  retry?: Partial<Retry>;
  /** How long an answer may take to begin, in milliseconds; 90 seconds unless it is set. */
  timeout?: number;
  /** What sends requests; the global `fetch` unless it is set. */
  fetch?: typeof fetch;
}

/** What any request can have besides its input. */
export interface Options {
  /** Ends the request. */
  signal?: AbortSignal;
  /** For a POST: makes repetitions have one effect. A random one is made if it is missing. */
  idempotencyKey?: string;
  /** Waits for up to that many seconds, at most 60, for the job to end. */
  wait?: number;
  /** Entity tags of which one must be current. */
  ifMatch?: string;
  /** Entity tags of which none may be current, or `*` for what must not exist. */
  ifNoneMatch?: string;
  /** The account that a master key acts for. */
  account?: string;
  /** More headers, such as `Range`. */
  headers?: Record<string, string>;
}

/** The content of a file that is sent. A stream is sent once: it cannot be repeated. */
export type Body = Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array> | FormData;

/** How an operation is sent. */
export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** What its answer is: JSON, content of any kind, or nothing. */
  answer: "json" | "content" | "none";
  query?: readonly string[];
  /** The media type of the body, unless the input says it. */
  media?: string;
  /** Whether it takes an idempotency key. */
  idempotent?: boolean;
}

/** Sends operations, again if they fail in passing. */
export class Base {
  protected readonly config: Config;
  protected readonly retry: Retry;

  constructor(config: Config) {
    this.config = config;
    this.retry = { ...defaultRetry, ...config.retry };
  }

  protected async call<T>(op: Operation, input: object, options: Options): Promise<T> {
    const given = input as Record<string, unknown>;
    const headers = requestHeaders(op, options);
    const media = op.media ?? (given["media"] as string | undefined);
    const body = encode(media, given["body"]);
    if (media && body !== undefined && !(body instanceof FormData)) headers.set("Content-Type", media);
    const path = address(op, given);
    const repeatable = repeats(op, headers) && !(body instanceof ReadableStream);
    for (let failures = 1; ; failures++) {
      try {
        const response = await this.send(op.method, path, headers, body, options);
        return (await this.read(op, response, options.signal)) as T;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (failures >= this.retry.tries || body instanceof ReadableStream || !passing(error, repeatable, this.retry)) throw error;
        await sleep(pause(failures, this.retry, error), options.signal);
      }
    }
  }

  protected pages<P extends Page<unknown>>(op: Operation, input: object, options: Options): PagePromise<P> {
    return new PagePromise<P>((cursor) => this.call<P>(op, cursor === undefined ? input : { ...input, cursor }, options));
  }

  // read reads an answer to its end, but for content, which its reader reads.
  private async read(op: Operation, response: Response, signal: AbortSignal | undefined): Promise<unknown> {
    if (op.answer === "content") return response;
    try {
      const text = await response.text();
      return op.answer === "json" ? JSON.parse(text) : undefined;
    } catch (error) {
      signal?.throwIfAborted();
      throw new ConnectionError("the answer broke off", { cause: error });
    }
  }

  /** Sends one request, and returns its answer if it was successful. */
  protected async send(method: string, path: string, common: Headers, body?: Body, options: Options = {}): Promise<Response> {
    const headers = new Headers(common);
    const credential = this.config.key ?? this.config.token;
    const secret = typeof credential === "function" ? await credential() : credential;
    if (secret) headers.set("Authorization", `Bearer ${secret}`);
    const account = options.account ?? this.config.account;
    if (account) headers.set("Spark-Account", account);

    const { signal } = options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.config.timeout ?? 90_000);
    const request: RequestInit & { duplex?: "half" } = {
      method, headers,
      // It goes on to end the answer's body while that is read.
      signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      // The key is for this platform and goes nowhere else, and the page's cookies are not for the API.
      redirect: "error", credentials: "omit",
    };
    if (body !== undefined) request.body = body;
    if (body instanceof ReadableStream) request.duplex = "half";
    let response: Response;
    try {
      response = await (this.config.fetch ?? fetch)(this.config.baseUrl.replace(/\/+$/, "") + path, request);
    } catch (error) {
      signal?.throwIfAborted();
      throw new ConnectionError(late.signal.aborted ? "the platform did not answer in time" : "the platform cannot be reached", { cause: error });
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) throw await SparkError.from(response);
    return response;
  }
}

// encode is the body as it is sent: what is JSON and is not text yet, as text.
function encode(media: string | undefined, body: unknown): Body | undefined {
  const bytes = typeof body === "string" || body instanceof Blob || body instanceof ArrayBuffer || body instanceof Uint8Array || body instanceof ReadableStream;
  const json = media === "application/json" || (media?.endsWith("+json") && !bytes);
  return json && body !== undefined ? JSON.stringify(body) : (body as Body | undefined);
}

function requestHeaders(op: Operation, options: Options): Headers {
  const headers = new Headers(options.headers);
  if (op.answer !== "content") headers.set("Accept", "application/json");
  if (op.idempotent) headers.set("Idempotency-Key", options.idempotencyKey ?? crypto.randomUUID());
  if (options.wait !== undefined) headers.set("Prefer", `wait=${options.wait}`);
  if (options.ifMatch !== undefined) headers.set("If-Match", options.ifMatch);
  if (options.ifNoneMatch !== undefined) headers.set("If-None-Match", options.ifNoneMatch);
  return headers;
}

// repeats tells whether a request that was perhaps carried out can be sent again: its second effect is none. A conditional write would
// fail at the change that it has made itself, and a second deletion does not find what it deletes.
function repeats(op: Operation, headers: Headers): boolean {
  switch (op.method) {
    case "GET":
      return true;
    case "POST":
      return op.idempotent ?? false;
    case "PUT":
      return !headers.has("If-Match") && !headers.has("If-None-Match");
    default:
      return false;
  }
}

function address(op: Operation, input: Record<string, unknown>): string {
  const path = op.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(input[name]);
    return name === "path" ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const name of op.query ?? []) {
    const value = input[name];
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
