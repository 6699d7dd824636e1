import { ArcRotateCamera, HemisphericLight, MeshBuilder, Scene, StandardMaterial, Texture, Vector3, type AbstractEngine } from "@babylonjs/core";
import { Effect } from "@babylonjs/core/Materials/effect";
import stoneUrl from "../assets/stone.png";
import { Phase, type Level } from "../types";

export async function buildScene(engine: AbstractEngine, level: Level, glow: string) {
  const scene = new Scene(engine);
  Effect.ShadersStore["glowVertexShader"] = glow;
  new ArcRotateCamera("camera", 0, 1, 8, Vector3.Zero(), scene).attachControl();
  new HemisphericLight("light", new Vector3(0, 1, 0), scene);
  const material = new StandardMaterial("stone", scene);
  material.diffuseTexture = new Texture(stoneUrl, scene);
  const stones = level.stones.map(([x, y, z], i) => {
    const mesh = MeshBuilder.CreateIcoSphere(`stone${i}`, { radius: 0.5 }, scene);
    mesh.position.set(x, y, z);
    mesh.material = material;
    return mesh;
  });
  await scene.whenReadyAsync();
  let phase = Phase.Title;
  return {
    scene,
    step(dt: number) {
      if (phase === Phase.Title) phase = Phase.Play;
      for (const s of stones) s.rotation.y += dt;
    },
  };
}
