import { Assets, Container, Graphics, Sprite, type Texture } from "pixi.js";
import "pixi.js/advanced-blend-modes";
import stoneUrl from "../assets/stone.png";
import { Phase, type Level } from "../types";

export async function buildScene(level: Level, glow: string) {
  const texture = await Assets.load<Texture>(stoneUrl);
  const scene = new Container({ x: 400, y: 250, label: glow.slice(0, 8) });
  scene.addChild(new Graphics().circle(0, 0, 180).stroke({ width: 2, color: 0x88aacc }));
  const stones = level.stones.map(([x, y]) => {
    const sprite = new Sprite({ texture, anchor: 0.5, scale: 12, x: 80 * x, y: 80 * y });
    scene.addChild(sprite);
    return sprite;
  });
  let phase = Phase.Title;
  return {
    scene,
    step(dt: number) {
      if (phase === Phase.Title) phase = Phase.Play;
      for (const s of stones) s.rotation += dt;
    },
  };
}
