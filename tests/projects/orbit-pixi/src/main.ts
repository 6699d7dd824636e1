import { Application, type Ticker } from "pixi.js";
import { buildScene } from "@scene/build";
import type { Level } from "./types";
import { Hud } from "./ui/hud";
import level from "./level.json";
import beepUrl from "./assets/beep.wav";
import musicUrl from "./assets/music.ogg?url";
import fragment from "./scene/glow.glsl?raw";
import "./style.css";

const app = new Application();
await app.init({ background: "#102030", resizeTo: window, antialias: true, preference: "webgl" });
document.querySelector<HTMLDivElement>("#app")!.append(app.canvas);

const hud = new Hud((level as Level).name);
const { scene, step } = await buildScene(level as Level, fragment);
app.stage.addChild(scene);
const triangle = await (await fetch(`${import.meta.env.BASE_URL}models/triangle.gltf`)).json();
console.debug(triangle.asset.version);

const beep = new Audio(beepUrl);
const music = new Audio(musicUrl);
addEventListener("pointerdown", () => { void music.play(); void beep.play(); hud.hit(); });
app.ticker.add((time: Ticker) => { step(time.deltaMS / 1000); hud.frame(); });
