import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import test, { type TestContext } from "node:test";
import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { ConnectionError, Spark, SparkError, verifyWebhook, WebhookError } from "@spark-games/client";
import { readEvents, type ServerEvent } from "../dist/sse.js";

test("event streams are read as the HTML standard says", async (t) => {
  const cases: [string, string, Partial<ServerEvent>[]][] = [
    ["an event", "id: 1\nevent: a\ndata: x\n\n", [{ id: "1", type: "a", data: "x" }]],
    ["lines of data", "data: x\ndata:  y\ndata\n\n", [{ id: "", type: "message", data: "x\n y\n" }]],
    ["other line ends", "data: x\r\rdata: y\r\n\r\n", [{ data: "x" }, { data: "y" }]],
    ["comments and what is unknown", ": here\nfoo: bar\ndata: x\n\n", [{ data: "x" }]],
    ["an id without an event", "id: 7\n\ndata: x\n\n", [{ id: "7", data: "" }, { id: "7", data: "x" }]],
    ["an id that was cut off", "id: 1\ndata: x\n\nid: 2\ndata: y\n", [{ id: "1", data: "x" }]],
    ["a byte order mark", "\uFEFFdata: x\n\n", [{ data: "x" }]],
    ["an id with a NUL", "id: 1\ndata: x\n\nid: 2\0\ndata: y\n\n", [{ id: "1" }, { id: "1" }]],
    ["several bytes", "data: 🦊\n\n", [{ data: "🦊" }]],
  ];
  for (const [name, text, want] of cases) {
    await t.test(name, async () => {
      for (const size of [1, 2, 3, text.length]) {
        const chunks = (async function* () {
          for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
        })();
        const got: ServerEvent[] = [];
        for await (const event of readEvents(chunks)) got.push(event);
        assert.equal(got.length, want.length, `in chunks of ${size}`);
        want.forEach((event, i) => assert.deepEqual({ ...got[i], ...event }, got[i], `in chunks of ${size}`));
      }
    });
  }
  await assert.rejects(async () => {
    const endless = (async function* () {
      for (;;) yield "x".repeat(1 << 20);
    })();
    for await (const _ of readEvents(endless)) assert.fail();
  }, RangeError);
});

const problem = (status: number, code: string, headers: Record<string, string> = {}): RequestListener => (_, res) => {
  res.writeHead(status, { "Content-Type": "application/problem+json", ...headers }).end(JSON.stringify({ status, code, detail: code, request_id: "r" }));
};
const done: RequestListener = (_, res) => res.end("{}");

// serve answers requests one after another, and keeps what their idempotency keys were.
async function serve(t: TestContext, ...answers: RequestListener[]): Promise<{ spark: Spark; keys: (string | undefined)[] }> {
  const keys: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    keys.push(req.headers["idempotency-key"] as string | undefined);
    req.resume().on("end", () => answers[keys.length - 1]!(req, res));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { keys, spark: new Spark({ baseUrl: `http://127.0.0.1:${port}/`, key: "k", retry: { tries: 3, firstPause: 1 } }) };
}

test("a POST is repeated with one idempotency key", async (t) => {
  const { spark, keys } = await serve(t, problem(503, "unavailable"), (_, res) => res.destroy(), done);
  await spark.cancelJob({ id: "x" });
  assert.equal(keys.length, 3);
  assert.ok(keys[0]);
  assert.deepEqual(new Set(keys).size, 1);
});

test("repetitions come to an end, and the last error is thrown", async (t) => {
  const { spark, keys } = await serve(t, ...Array<RequestListener>(4).fill(problem(500, "internal")));
  await assert.rejects(spark.getAccount(), (error) => error instanceof SparkError && error.code === "internal" && error.requestId === "r");
  assert.equal(keys.length, 3);
});

test("what the platform refuses is not repeated", async (t) => {
  const { spark, keys } = await serve(t, problem(409, "conflict"));
  await assert.rejects(spark.cancelJob({ id: "x" }), SparkError);
  assert.equal(keys.length, 1);
});

test("Retry-After is waited for", async (t) => {
  const { spark } = await serve(t, problem(429, "backlog_full", { "Retry-After": "1" }), done);
  const begin = performance.now();
  await spark.getAccount();
  assert.ok(performance.now() - begin >= 1000);
});

test("a Retry-After that is too long is an error at once", async (t) => {
  const { spark } = await serve(t, problem(503, "unavailable", { "Retry-After": "3600" }));
  await assert.rejects(spark.getAccount(), (error) => error instanceof SparkError && error.retryAfter === 3_600_000);
});

test("what may have had its effect is repeated only if a second one is none", async (t) => {
  const broken: RequestListener = (_, res) => res.destroy();
  for (const [name, run, repeated] of [
    ["a plain write", (s: Spark) => s.writeFile({ id: "x", path: "a", body: "b" }), true],
    ["a conditional write", (s: Spark) => s.writeFile({ id: "x", path: "a", body: "b" }, { ifMatch: '"x"' }), false],
    ["a stream", (s: Spark) => s.writeFile({ id: "x", path: "a", body: new Blob(["b"]).stream() }), false],
    ["a change", (s: Spark) => s.changeProject({ id: "x", body: { name: "b" } }), false],
    ["a patch", (s: Spark) => s.patchFile({ id: "x", path: "a", media: "application/merge-patch+json", body: {} }), false],
    ["a deletion", (s: Spark) => s.deleteProject({ id: "x" }), false],
  ] as const) {
    await t.test(name, async (t) => {
      const { spark, keys } = await serve(t, broken, done);
      const request: Promise<unknown> = run(spark);
      await (repeated ? request : assert.rejects(request, ConnectionError));
      assert.equal(keys.length, repeated ? 2 : 1);
    });
  }
});

test("an answer that is no problem has its status", async (t) => {
  const { spark } = await serve(t, (_, res) => res.writeHead(404, { "X-Request-Id": "i" }).end("<html>"));
  await assert.rejects(spark.getAccount(), (error) => error instanceof SparkError && error.status === 404 && error.code === "unexpected_answer" && error.requestId === "i");
});

test("an answer that does not come ends with the time", async (t) => {
  const { spark } = await serve(t, () => {});
  const quick = new Spark({ ...spark["config"], timeout: 20, retry: { tries: 1 } });
  await assert.rejects(quick.getAccount(), (error) => error instanceof ConnectionError && error.message.includes("in time"));
});

test("the signal ends a pause", async (t) => {
  const { spark } = await serve(t, problem(429, "backlog_full", { "Retry-After": "20" }));
  await assert.rejects(spark.getAccount({}, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
});

test("webhooks are verified as the Standard Webhooks specification says", async (t) => {
  const secret = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`, other = `whsec_${Buffer.from("another").toString("base64")}`;
  const body = '{"type":"job.succeeded","data":{"name":"ö"}}', now = Math.floor(Date.now() / 1000);
  const sign = (at = now, by = secret) => ({ "webhook-id": "msg_1", "webhook-timestamp": String(at), "webhook-signature": new Webhook(by).sign("msg_1", new Date(at * 1000), body) });
  const good: [string, string | string[], ReturnType<typeof sign>, string | Uint8Array][] = [
    ["a signature", secret, sign(), body],
    ["bytes", secret, sign(), new TextEncoder().encode(body)],
    ["a secret without its prefix", secret.slice(6), sign(), body],
    ["one of several secrets", [other, secret], sign(), body],
    ["one of several signatures", secret, { ...sign(), "webhook-signature": `v1a,x v1,AAAA ${sign(now, other)["webhook-signature"]} ${sign()["webhook-signature"]}` }, body],
    ["almost too old", secret, sign(now - 290), body],
  ];
  for (const [name, by, headers, text] of good) {
    await t.test(name, async () => {
      assert.deepEqual(await verifyWebhook(by, headers, text), JSON.parse(body));
      assert.deepEqual(await verifyWebhook(by, new Headers(headers), text), JSON.parse(body));
    });
  }
  // ed25519 (v1a), beside a signature of another scheme.
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const whpk = `whpk_${Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url").toString("base64")}`;
  const v1a = `v1a,${signBytes(null, Buffer.from(`msg_1.${now}.${body}`), privateKey).toString("base64")}`;
  const pair = { ...sign(now, other), "webhook-signature": `${sign(now, other)["webhook-signature"]} ${v1a}` };
  assert.deepEqual(await verifyWebhook(whpk, pair, body), JSON.parse(body));
  assert.deepEqual(await verifyWebhook([secret, whpk], pair, body), JSON.parse(body));
  await assert.rejects(verifyWebhook(whpk, pair, `${body} `), WebhookError);
  await assert.rejects(verifyWebhook(whpk, { ...pair, "webhook-signature": v1a.replace("v1a,", "v1,") }, body), WebhookError);
  const bad: [string, string, Record<string, string>, string][] = [
    ["another body", secret, sign(), body.replace("succeeded", "failed")],
    ["another secret", other, sign(), body],
    ["another id", secret, { ...sign(), "webhook-id": "msg_2" }, body],
    ["another time", secret, { ...sign(), "webhook-timestamp": String(now - 1) }, body],
    ["too old", secret, sign(now - 400), body],
    ["too new", secret, sign(now + 400), body],
    ["no number", secret, { ...sign(), "webhook-timestamp": "NaN" }, body],
    ["no signature", secret, { ...sign(), "webhook-signature": "" }, body],
    ["another scheme", secret, { ...sign(), "webhook-signature": sign()["webhook-signature"].replace("v1,", "v2,") }, body],
    ["no base64", secret, { ...sign(), "webhook-signature": "v1,%" }, body],
    ["no secret", "whsec_", sign(), body],
  ];
  for (const [name, by, headers, text] of bad) await t.test(name, () => assert.rejects(verifyWebhook(by, headers, text), WebhookError));
});
