import { Spark, SparkError } from "@spark-games/client";

const spark = new Spark({ baseUrl: process.env.SPARK_SERVER!, key: process.env.SPARK_KEY! });

// A key of one's own makes a request safe to repeat also after the program has ended: keep it with the order that it is for.
const idempotencyKey = crypto.randomUUID();
const first = await spark.createProject({ body: { name: "Fox", engine: "phaser" } }, { idempotencyKey });
const again = await spark.createProject({ body: { name: "Fox", engine: "phaser" } }, { idempotencyKey });
if (first.id === again.id) console.log(`one project: ${first.id}`);

try {
  await spark.createProject({ body: { name: "Wolf", engine: "phaser" } }, { idempotencyKey });
} catch (error) {
  if (error instanceof SparkError) console.log(error.status, error.code);
}
