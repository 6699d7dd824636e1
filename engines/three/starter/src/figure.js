// Builds a figure (src/figures) as a group of lit meshes. The parts that stand still become one mesh with a colour at each
// vertex; the parts that swing stay meshes of their own. Copies share all of it, so a crowd costs little.
import * as THREE from 'three';
import { expand, pose } from './paint.js';
import { lighter } from './colors.js';
import { quality } from './quality.js';

const ball = new THREE.SphereGeometry(0.5, ...(quality.light ? [14, 10] : [24, 16]));
const cone = new THREE.ConeGeometry(0.5, 1, quality.light ? 10 : 18);
const skin = quality.material({ vertexColors: true, roughness: 0.5 });

export function createFigure(figure, colors) {
  const group = new THREE.Group();
  const still = [];
  for (const part of expand(figure)) {
    const fill = colors[part.fill] || part.fill;
    const solid = painted(part, part.glow ? lighter(fill, 0.12) : fill);
    if (part.swing || part.wag) group.add(mesh(solid, part));
    else {
      const at = pose(part, 0);
      still.push(solid.rotateZ(at.tilt).translate(at.x, at.y, part.z || 0));
    }
  }
  if (still.length) group.add(mesh(merge(still), null));
  walk(group, 0);
  return group;
}

function mesh(geometry, part) {
  const m = new THREE.Mesh(geometry, skin);
  m.castShadow = m.receiveShadow = true;
  if (part) m.position.z = part.z || 0;
  m.userData.part = part;
  return m;
}

// A part's own copy of its shape, in its size and colour.
function painted(part, fill) {
  const solid = geometry(part).clone();
  const depth = part.depth || Math.min(...part.size);
  if (part.shape === 'ball' || part.shape === 'cone') solid.scale(part.size[0], part.size[1], depth);
  const color = new THREE.Color(fill);
  const n = solid.attributes.position.count;
  const colors = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) color.toArray(colors, i * 3);
  return solid.setAttribute('color', new THREE.BufferAttribute(colors, 3));
}

function merge(list) {
  const out = new THREE.BufferGeometry();
  const index = [];
  let base = 0;
  for (const g of list) {
    const n = g.attributes.position.count;
    for (let i = 0; i < (g.index ? g.index.count : n); i++) index.push(base + (g.index ? g.index.getX(i) : i));
    base += n;
  }
  for (const name of ['position', 'normal', 'color']) {
    const all = new Float32Array(base * 3);
    let at = 0;
    for (const g of list) {
      all.set(g.attributes[name].array, at);
      at += g.attributes[name].array.length;
    }
    out.setAttribute(name, new THREE.BufferAttribute(all, 3));
  }
  return out.setIndex(index);
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
