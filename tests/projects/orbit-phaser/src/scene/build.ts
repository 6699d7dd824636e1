import { GameObjects, Math as M, Scene } from "phaser";
import stoneUrl from "../assets/stone.png";
import beepUrl from "../assets/beep.wav";
import musicUrl from "../assets/music.ogg?url";
import glow from "./glow.glsl?raw";
import { Phase, type Level } from "../types";
import type { Hud } from "../ui/hud";

export class OrbitScene extends Scene {
  private stones: GameObjects.Image[] = [];
  private phase = Phase.Title;
  private music = new Audio(musicUrl);

  constructor(private readonly level: Level, private readonly hud: Hud) {
    super({ key: "orbit" });
  }

  preload() {
    this.load.image("stone", stoneUrl);
    this.load.audio("beep", beepUrl);
    this.load.json("triangle", "models/triangle.gltf");
  }

  create() {
    console.debug(glow.length, this.cache.json.get("triangle").asset.version);
    this.stones = this.level.stones.map(([x, y]) => this.physics.add.image(400 + 80 * x, 250 + 80 * y, "stone").setScale(12));
    this.input.on("pointerdown", () => { void this.music.play(); this.sound.play("beep"); this.hud.hit(); });
  }

  update(_time: number, delta: number) {
    if (this.phase === Phase.Title) this.phase = Phase.Play;
    for (const s of this.stones) s.rotation = M.Angle.Wrap(s.rotation + delta / 1000);
    this.hud.frame();
  }
}
