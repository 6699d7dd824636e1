import { Engine } from "@babylonjs/core/Engines/engine";
import { buildScene } from "@scene/build";
import type { Level } from "./types";
import { Hud } from "./ui/hud";
import level from "./level.json";
import beepUrl from "./assets/beep.wav";
import musicUrl from "./assets/music.ogg?url";
import vertex from "./scene/glow.glsl?raw";
import "./style.css";

const canvas = document.createElement("canvas");
document.querySelector<HTMLDivElement>("#app")!.append(canvas);
const engine = new Engine(canvas, true);
const hud = new Hud((level as Level).name);
const { scene, step } = await buildScene(engine, level as Level, vertex);
const triangle = await (await fetch(`${import.meta.env.BASE_URL}models/triangle.gltf`)).json();
console.debug(triangle.asset.version);

const beep = new Audio(beepUrl);
const music = new Audio(musicUrl);
addEventListener("pointerdown", () => { void music.play(); void beep.play(); hud.hit(); });
addEventListener("resize", () => engine.resize());
engine.runRenderLoop(() => {
  step(engine.getDeltaTime() / 1000);
  scene.render();
  hud.frame();
});
