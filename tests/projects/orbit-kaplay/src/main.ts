import kaplay, { type KAPLAYOpt } from "kaplay";
import { buildScene } from "@scene/build";
import type { Level } from "./types";
import { Hud } from "./ui/hud";
import level from "./level.json";
import beepUrl from "./assets/beep.wav";
import musicUrl from "./assets/music.ogg?url";
import glow from "./scene/glow.glsl?raw";
import "./style.css";

const options: KAPLAYOpt = { background: "#102030", texFilter: "nearest", global: false };
const k = kaplay(options);
export type Kaplay = typeof k;

const hud = new Hud((level as Level).name);
k.loadJSON("triangle", `${import.meta.env.BASE_URL}models/triangle.gltf`);
k.loadSound("beep", beepUrl);

const music = new Audio(musicUrl);
k.scene("orbit", () => {
  console.debug(glow.length, k.getAsset("triangle")?.data.asset.version);
  const step = buildScene(k, level as Level);
  k.onUpdate(() => { step(k.dt()); hud.frame(); });
  k.onClick(() => { void music.play(); k.play("beep"); hud.hit(); });
});
k.onLoad(() => k.go("orbit"));
