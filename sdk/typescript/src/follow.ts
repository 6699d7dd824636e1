import { ConnectionError } from "./errors.js";
import { passing, pause, sleep, type Retry } from "./retry.js";
import { readEvents, type ServerEvent } from "./sse.js";

/** Opens a stream behind the event with an id, from its beginning without one. */
export type Open = (after: string | undefined, signal: AbortSignal) => Promise<Response>;

/** How long a stream may send nothing, not even a heartbeat, before it counts as broken: three heartbeats. */
const silence = 45_000;

/**
 * Follows a stream over as many connections as it takes: each begins behind the last event that came, so that nothing is missed and nothing
 * comes twice. It ends when the platform says that nothing can follow: with an event of the type `end`, or the status 204.
 */
export async function* follow(open: Open, retry: Retry, after: string | undefined, signal: AbortSignal | undefined): AsyncGenerator<ServerEvent, void, undefined> {
  for (let failures = 0, alive = Date.now(); ; ) {
    const connection = new AbortController();
    let broken: unknown;
    try {
      const response = await open(after, signal ? AbortSignal.any([signal, connection.signal]) : connection.signal);
      if (response.status === 204) return;
      for await (const event of readEvents(texts(response, connection))) {
        failures = 0;
        after = event.id || after;
        if (event.type === "end") return;
        if (event.data !== "") yield event;
        alive = Date.now();
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!passing(error, true, retry)) throw error;
      broken = error;
    } finally {
      connection.abort(); // also when the caller takes no more events
    }
    if (Date.now() - alive > retry.streamPatience) throw broken ?? new ConnectionError("the stream ends each time before anything comes");
    // A stream that said something ends now and then, and goes on at once.
    if (failures++ > 0 || broken !== undefined) await sleep(pause(failures, retry, broken), signal);
  }
}

// texts are the chunks of a body as text. A body that breaks off, or says nothing for too long, is a broken connection.
async function* texts(response: Response, connection: AbortController): AsyncGenerator<string, void, undefined> {
  if (response.body === null) throw new ConnectionError("the stream has no body");
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const quiet = setTimeout(() => connection.abort(), silence);
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await reader.read();
    } catch (error) {
      throw new ConnectionError("the stream broke off", { cause: error });
    } finally {
      clearTimeout(quiet);
    }
    if (chunk.done) return;
    yield decoder.decode(chunk.value, { stream: true });
  }
}
