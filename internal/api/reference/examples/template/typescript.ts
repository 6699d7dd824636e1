import { Spark } from "@spark-games/client";

const spark = new Spark({ baseUrl: process.env.SPARK_SERVER!, key: process.env.SPARK_KEY! });

const template = await spark.getTemplate({ name: "make-and-export" });
for (const [name, asks] of Object.entries(template.parameters)) console.log(`${name}: ${asks.description}`);

const made = await spark.submitPipeline({
  body: {
    new_project: { name: "Owl", engine: "phaser" },
    template: template.name,
    params: { prompt: "a platformer with an owl", format: "html" },
  },
});
for await (const event of spark.followPipeline(made.id)) console.log(event.type);

const ended = await spark.getPipeline({ id: made.id });
console.log(`${ended.template?.name}, version ${ended.template?.version}: ${ended.state}`);
