import { Clock, PerspectiveCamera, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { buildScene } from "@scene/build";
import type { Level } from "./types";
import { Hud } from "./ui/hud";
import level from "./level.json";
import beepUrl from "./assets/beep.wav";
import musicUrl from "./assets/music.ogg?url";
import vertex from "./scene/glow.glsl?raw";
import "./style.css";

const renderer = new WebGLRenderer({ antialias: true });
document.querySelector<HTMLDivElement>("#app")!.append(renderer.domElement);
const camera = new PerspectiveCamera(60, innerWidth / innerHeight, 0.1, 100);
const controls = new OrbitControls(camera, renderer.domElement);
const hud = new Hud((level as Level).name);
const { scene, step } = await buildScene(level as Level, vertex);
const beep = new Audio(beepUrl);
const music = new Audio(musicUrl);

new GLTFLoader().load(`${import.meta.env.BASE_URL}models/triangle.gltf`, (gltf) => scene.add(gltf.scene));
addEventListener("pointerdown", () => { void music.play(); void beep.play(); hud.hit(); });

const clock = new Clock();
renderer.setAnimationLoop(() => {
  step(clock.getDelta());
  controls.update();
  renderer.render(scene, camera);
  hud.frame();
});
