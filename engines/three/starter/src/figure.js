// Builds a figure (src/figures) as a group of lit meshes. Each kind is built once; copies share shapes and materials.
import * as THREE from 'three';
import { expand, pose } from './paint.js';

const ball = new THREE.SphereGeometry(0.5, 24, 16);
const cone = new THREE.ConeGeometry(0.5, 1, 18);

export function createFigure(figure, colors) {
  const group = new THREE.Group();
  const materials = new Map();
  for (const part of expand(figure)) {
    const key = part.fill + (part.glow ? '+' : '');
    if (!materials.has(key)) materials.set(key, material(colors[part.fill] || part.fill, part.glow));
    const mesh = new THREE.Mesh(geometry(part), materials.get(key));
    mesh.castShadow = !part.flat;
    mesh.receiveShadow = true;
    const depth = part.depth || Math.min(...part.size);
    if (part.shape === 'ball' || part.shape === 'cone') mesh.scale.set(part.size[0], part.size[1], depth);
    // Flat painting stacks parts by z alone; solid ones must come out of what is below them.
    mesh.position.z = part.z || 0;
    mesh.userData.part = part;
    group.add(mesh);
  }
  group.userData.figure = true;
  walk(group, 0);
  return group;
}

export function walk(group, phase) {
  for (const mesh of group.children) {
    const part = mesh.userData.part;
    if (!part) continue;
    const at = pose(part, phase);
    mesh.position.x = at.x;
    mesh.position.y = at.y;
    mesh.rotation.z = at.tilt;
  }
}

// A copy that can be moved and posed by itself.
export const copy = (group) => group.clone();

function material(color, glow) {
  const m = new THREE.MeshStandardMaterial({ color, roughness: 0.5 });
  if (glow) {
    m.emissive = new THREE.Color(color);
    m.emissiveIntensity = 0.45;
  }
  return m;
}

function geometry(part) {
  const [w, h] = part.size;
  const depth = part.depth || Math.min(w, h);
  if (part.shape === 'ball') return ball;
  if (part.shape === 'cone') return cone;
  if (part.shape === 'ring') {
    const torus = new THREE.TorusGeometry(0.5, part.tube / (w + h), 12, 32);
    return torus.scale(w, h, (w + h) / 2);
  }
  const outline = new THREE.Shape();
  if (part.shape === 'box') roundRect(outline, w, h, Math.min(w, h) * Math.min(0.49, part.round ?? 0.25));
  else part.points.forEach(([x, y], i) => outline[i ? 'lineTo' : 'moveTo']((part.flip ? -x : x) * w, y * h));
  const bevel = Math.min(0.05, depth * 0.25, Math.min(w, h) * 0.12);
  const solid = new THREE.ExtrudeGeometry(outline, { depth: Math.max(0.001, depth - bevel * 2), bevelSize: bevel, bevelThickness: bevel, bevelOffset: -bevel, bevelSegments: 2, curveSegments: 8 });
  return solid.translate(0, 0, -depth / 2 + bevel);
}

function roundRect(s, w, h, r) {
  s.moveTo(-w / 2 + r, -h / 2);
  s.lineTo(w / 2 - r, -h / 2).quadraticCurveTo(w / 2, -h / 2, w / 2, -h / 2 + r);
  s.lineTo(w / 2, h / 2 - r).quadraticCurveTo(w / 2, h / 2, w / 2 - r, h / 2);
  s.lineTo(-w / 2 + r, h / 2).quadraticCurveTo(-w / 2, h / 2, -w / 2, h / 2 - r);
  s.lineTo(-w / 2, -h / 2 + r).quadraticCurveTo(-w / 2, -h / 2, -w / 2 + r, -h / 2);
}
