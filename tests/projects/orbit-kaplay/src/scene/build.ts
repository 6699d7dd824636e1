import type { Color, GameObj, PosComp, RotateComp } from "kaplay";
import stoneUrl from "../assets/stone.png";
import { Phase, type Level } from "../types";
import type { Kaplay } from "../main";

export function buildScene(k: Kaplay, level: Level) {
  const line: Color = k.rgb(136, 170, 204);
  const orbit = k.add([k.pos(400, 250)]);
  orbit.add([k.circle(180, { fill: false }), k.outline(2, line)]);
  k.loadSprite("stone", stoneUrl);
  const stones: GameObj<PosComp | RotateComp>[] = level.stones.map(([x, y]) =>
    orbit.add([k.sprite("stone"), k.pos(80 * x, 80 * y), k.anchor("center"), k.scale(12), k.rotate(0)]));
  let phase = Phase.Title;
  return (dt: number) => {
    if (phase === Phase.Title) phase = Phase.Play;
    for (const s of stones) s.angle += (dt * 180) / Math.PI;
  };
}
