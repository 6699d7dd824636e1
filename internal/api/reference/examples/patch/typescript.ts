import { Spark } from "@spark-games/client";

const spark = new Spark({ baseUrl: process.env.SPARK_SERVER!, key: process.env.SPARK_KEY! });
const { id } = await spark.createProject({ body: { name: "Fox", engine: "phaser" } });
const file = { id, path: "level.json" };
await spark.writeFile({ ...file, body: '{"speed": 1, "tiles": ["grass"]}\n' });
const read = await spark.readFile(file);

// A merge patch: what it names is changed, and what is null in it is taken away.
await spark.patchFile({ ...file, media: "application/merge-patch+json", body: { speed: 2 } }, { ifMatch: read.headers.get("ETag")! });

// Operations, all of which are done or none.
await spark.patchFile({
  ...file,
  media: "application/json-patch+json",
  body: [
    { op: "test", path: "/speed", value: 2 },
    { op: "add", path: "/tiles/-", value: "water" },
  ],
});

// A unified diff, of any text.
const diff = `--- level.json
+++ level.json
@@ -1 +1 @@
-{"speed": 2, "tiles": ["grass", "water"]}
+{"speed": 3, "tiles": ["grass", "water"]}
`;
await spark.patchFile({ ...file, media: "text/x-diff", body: diff });
console.log(await (await spark.readFile(file)).text());
