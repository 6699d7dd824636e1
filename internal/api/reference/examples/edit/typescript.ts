import { Spark, SparkError } from "@spark-games/client";

const spark = new Spark({ baseUrl: process.env.SPARK_SERVER!, key: process.env.SPARK_KEY! });
const { id } = await spark.createProject({ body: { name: "Fox", engine: "phaser" } });
const path = "notes.md";

// A new file, unless there is one.
await spark.writeFile({ id, path, body: "A fox" }, { ifNoneMatch: "*" });
const read = await spark.readFile({ id, path });
const ifMatch = read.headers.get("ETag")!;

await spark.writeFile({ id, path, body: "A fox in the snow" }, { ifMatch });

// Somebody else has read the file before that: what they write is refused, and nothing is lost.
try {
  await spark.writeFile({ id, path, body: "A wolf" }, { ifMatch });
} catch (error) {
  if (error instanceof SparkError && error.status === 412) console.log("read it again");
}
console.log(await (await spark.readFile({ id, path })).text());
