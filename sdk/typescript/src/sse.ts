/** An event of a stream. One without data tells only how far the stream is. */
export interface ServerEvent {
  type: string;
  data: string;
  /** The id of the stream's last event, this one or one before. */
  id: string;
}

// An event larger than this is none of the platform's, and must not fill the memory.
const longest = 4 * 1024 * 1024;

/**
 * Reads server-sent events as the HTML standard says (section 9.2.6), from the chunks of a body. What the end of the stream cuts off is dropped:
 * an id counts when the blank line behind it has come. Unlike an EventSource, it gives events without data too, if they have a new id.
 */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<ServerEvent, void, undefined> {
  let buffer = "", type = "", data: string[] = [], id = "", told = "", size = 0;
  for await (const line of lines(chunks)) {
    if ((size += line.length) > longest) throw new RangeError("an event is larger than 4 MiB");
    if (line !== "") {
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") type = value;
      else if (field === "data") data.push(value);
      else if (field === "id" && !value.includes("\0")) buffer = value;
      continue;
    }
    id = buffer;
    if (data.length > 0 || id !== told) yield { type: type || "message", data: data.join("\n"), id };
    told = id;
    type = "";
    data = [];
    size = 0;
  }
}

// lines are those of a text that comes in chunks, without their ends: CR LF, LF or CR. What has no end is no line.
async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = "", first = true, afterReturn = false;
  for await (let chunk of chunks) {
    if (chunk === "") continue;
    if (first) chunk = chunk.replace(/^\uFEFF/, "");
    first = false;
    if (afterReturn && chunk.startsWith("\n")) chunk = chunk.slice(1);
    afterReturn = chunk.endsWith("\r");
    rest += chunk;
    const found = rest.split(/\r\n|\n|\r/);
    rest = found.pop() ?? "";
    if (rest.length > longest) throw new RangeError("an event is larger than 4 MiB");
    yield* found;
  }
}
