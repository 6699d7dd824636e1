import { Application, Asset, Color, Entity, StandardMaterial, type Texture } from "playcanvas";
import stoneUrl from "../assets/stone.png";
import { Phase, type Level } from "../types";

export async function buildScene(app: Application, level: Level, glow: string) {
  const asset = new Asset("stone", "texture", { url: stoneUrl });
  await new Promise<void>((done) => { asset.ready(() => done()); app.assets.add(asset); app.assets.load(asset); });
  const material = new StandardMaterial();
  material.name = glow.slice(0, 8);
  material.diffuseMap = asset.resource as Texture;
  material.update();
  const camera = new Entity("camera");
  camera.addComponent("camera", { clearColor: new Color(0.06, 0.12, 0.18) });
  camera.setPosition(0, 1, 8);
  const light = new Entity("light");
  light.addComponent("light", { type: "directional" });
  light.setEulerAngles(45, 30, 0);
  app.root.addChild(camera);
  app.root.addChild(light);
  const stones = level.stones.map(([x, y, z]) => {
    const stone = new Entity("stone");
    stone.addComponent("render", { type: "sphere", material });
    stone.setPosition(x, y, z);
    app.root.addChild(stone);
    return stone;
  });
  let phase = Phase.Title;
  return (dt: number) => {
    if (phase === Phase.Title) phase = Phase.Play;
    for (const s of stones) s.rotate(0, 60 * dt, 0);
  };
}
