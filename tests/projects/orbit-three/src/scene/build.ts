import * as THREE from "three";
import stoneUrl from "../assets/stone.png";
import { Phase, type Level } from "../types";

export async function buildScene(level: Level, glow: string) {
  const scene = new THREE.Scene();
  const texture = await new THREE.TextureLoader().loadAsync(stoneUrl);
  const material = new THREE.MeshStandardMaterial({ map: texture });
  material.onBeforeCompile = (shader) => { shader.vertexShader = glow + shader.vertexShader; };
  const stones = level.stones.map(([x, y, z]) => {
    const mesh = new THREE.Mesh(new THREE.IcosahedronGeometry(0.5), material);
    mesh.position.set(x, y, z);
    scene.add(mesh);
    return mesh;
  });
  let phase = Phase.Title;
  return {
    scene,
    step(dt: number) {
      if (phase === Phase.Title) phase = Phase.Play;
      for (const s of stones) s.rotation.y += dt;
    },
  };
}
