import { Spark, verifyWebhook } from "@spark-games/client";
import { createServer } from "node:http";

const spark = new Spark({ baseUrl: process.env.SPARK_SERVER!, key: process.env.SPARK_KEY! });
const endpoint = await spark.createWebhookEndpoint({ body: { url: "https://example.com/hook", events: ["job.succeeded", "job.failed"] } });
const secrets = await spark.listWebhookSecrets({ id: endpoint.id });
const secret = secrets.data[0]!.key;
console.log(`verify with ${secret}`);

// What listens at that URL:
export const server = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const event = await verifyWebhook(secret, request.headers, Buffer.concat(chunks));
    console.log(event);
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
});
