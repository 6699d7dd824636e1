import { writeFile } from "node:fs/promises";
import { Spark } from "@spark-games/client";

const server = process.env.SPARK_SERVER!;
const spark = new Spark({ baseUrl: server, key: process.env.SPARK_KEY! });

const { jobs } = await spark.submitPipeline({
  body: {
    new_project: { name: "Fox", engine: "phaser" },
    steps: [
      { kind: "generation", input: { prompt: "a platformer with a fox" } },
      { kind: "build", input: { mode: "release" } },
    ],
  },
});

// The events of the build, until it has ended.
const build = jobs[1]!.id;
for await (const event of spark.followJob(build)) console.log(event.type, event.data);

const [artifact] = (await spark.listArtifacts({ job_id: build })).data;
if (!artifact) throw new Error("the build has failed");
const zip = await spark.downloadArtifact({ id: artifact.id });
await writeFile("fox.zip", new Uint8Array(await zip.arrayBuffer()));
console.log(`Play it at ${server}${artifact.play_url}`);
