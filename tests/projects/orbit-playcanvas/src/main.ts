import * as pc from "playcanvas";
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
const app = new pc.Application(canvas, { mouse: new pc.Mouse(canvas), keyboard: new pc.Keyboard(window) });
app.setCanvasFillMode(pc.FILLMODE_FILL_WINDOW);
app.setCanvasResolution(pc.RESOLUTION_AUTO);
addEventListener("resize", () => app.resizeCanvas());

const hud = new Hud((level as Level).name);
const step = await buildScene(app, level as Level, vertex);
const triangle = await (await fetch(`${import.meta.env.BASE_URL}models/triangle.gltf`)).json();
console.debug(triangle.asset.version);

const beep = new Audio(beepUrl);
const music = new Audio(musicUrl);
addEventListener("pointerdown", () => { void music.play(); void beep.play(); hud.hit(); });
app.on("update", (dt: number) => { step(dt); hud.frame(); });
app.start();
