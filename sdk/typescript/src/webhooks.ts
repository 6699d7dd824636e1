/** The headers of a webhook: a `Headers`, or an object with names in lower case as Node has them. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

/** A webhook that is not what it says. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
}

/**
 * Verifies a webhook as the Standard Webhooks specification says, and returns its payload. Throws a WebhookError if none of the signatures is right, or
 * the time in it is not now: an old webhook that somebody sends again is refused.
 *
 * @param secret `whsec_…`, or `whpk_…` of an endpoint that signs with ed25519, or several while one replaces another
 * @param body the body as it came, byte for byte
 * @param tolerance how many seconds the webhook's time may differ from now
 */
export async function verifyWebhook(
  secret: string | readonly string[], headers: WebhookHeaders, body: string | Uint8Array, { tolerance = 300, now = Date.now() / 1000 } = {},
): Promise<unknown> {
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => header(headers, name));
  if (!id || !timestamp || !signatures) throw new WebhookError("a header is missing");
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > tolerance) throw new WebhookError("its time is not now");
  const text = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), text);
  for (const one of typeof secret === "string" ? [secret] : secret) {
    const asymmetric = one.startsWith("whpk_"), algorithm = asymmetric ? { name: "Ed25519" } : { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", decode(one.replace(/^(whsec_|whpk_)/, "")), algorithm, false, ["verify"]);
    for (const signature of signatures.split(" ")) {
      const [version, value] = signature.split(",", 2);
      if (version !== (asymmetric ? "v1a" : "v1") || value === undefined) continue; // of a scheme that is not this one
      const bytes = tryDecode(value);
      if (bytes !== undefined && (await crypto.subtle.verify(algorithm.name, key, bytes, signed))) {
        return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
      }
    }
  }
  throw new WebhookError("no signature is right");
}

function header(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = tryDecode(base64);
  if (bytes === undefined || bytes.length === 0) throw new WebhookError("the secret is not whsec_ or whpk_ and base64");
  return bytes;
}

function tryDecode(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}
