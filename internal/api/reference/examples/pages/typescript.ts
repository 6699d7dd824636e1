import { Spark } from "@spark-games/client";

const spark = new Spark({ baseUrl: process.env.SPARK_SERVER!, key: process.env.SPARK_KEY! });

for await (const project of spark.listProjects({ limit: 2 })) console.log(project.id, project.name);
