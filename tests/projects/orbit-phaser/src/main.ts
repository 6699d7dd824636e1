import Phaser from "phaser";
import { OrbitScene } from "@scene/build";
import type { Level } from "./types";
import { Hud } from "./ui/hud";
import level from "./level.json";
import "./style.css";

const hud = new Hud((level as Level).name);

const config: Phaser.Types.Core.GameConfig = {
  type: Phaser.AUTO,
  parent: "app",
  backgroundColor: "#102030",
  scale: { mode: Phaser.Scale.RESIZE },
  physics: { default: "arcade", arcade: { gravity: { x: 0, y: 0 } } },
  scene: [new OrbitScene(level as Level, hud)],
};

export default new Phaser.Game(config);
