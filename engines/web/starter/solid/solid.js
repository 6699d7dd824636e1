// Solid shapes as plain lists of numbers: positions, normals, colours (red, green, blue, alpha from 0 to 1), uvs, and the
// corners of triangles, counter-clockwise seen from outside. Figures (src/figures) become such shapes here; figure.js hands
// them to the engine.
import { expand, pose } from './paint.js';
import { lighter } from './colors.js';

const empty = () => ({ positions: [], normals: [], indices: [] });

// A surface over a grid: at(u, v) gives the point and the normal, u and v run from 0 to 1.
function surface(across, down, at) {
  const s = empty();
  for (let j = 0; j <= down; j++) {
    for (let i = 0; i <= across; i++) {
      const { p, n } = at(i / across, j / down);
      s.positions.push(...p);
      s.normals.push(...n);
      if (i === across || j === down) continue;
      const a = j * (across + 1) + i;
      const c = a + across + 1;
      s.indices.push(a, a + 1, c, a + 1, c + 1, c);
    }
  }
  return s;
}

function ball(fine) {
  return surface(fine ? 24 : 14, fine ? 16 : 10, (u, v) => {
    const [a, b] = [u * Math.PI * 2, v * Math.PI];
    const n = [Math.cos(a) * Math.sin(b), Math.cos(b), Math.sin(a) * Math.sin(b)];
    return { p: n.map((x) => x / 2), n };
  });
}

function cone(fine) {
  const sides = fine ? 18 : 10;
  const length = Math.hypot(1, 0.5);
  const side = surface(sides, 1, (u, v) => {
    const [x, z] = [Math.cos(u * Math.PI * 2), Math.sin(u * Math.PI * 2)];
    return { p: [(x * v) / 2, 0.5 - v, (z * v) / 2], n: [x / length, 0.5 / length, z / length] };
  });
  const foot = surface(sides, 1, (u, v) => ({ p: [(Math.cos(u * Math.PI * 2) * (1 - v)) / 2, -0.5, (Math.sin(u * Math.PI * 2) * (1 - v)) / 2], n: [0, -1, 0] }));
  return join([side, foot]);
}

// A ring around the z axis, one unit wide at the middle of its tube.
export function ring(tube, fine = true) {
  return surface(fine ? 36 : 24, fine ? 12 : 7, (u, v) => {
    const [a, b] = [u * Math.PI * 2, v * Math.PI * 2];
    const n = [Math.cos(a) * Math.cos(b), Math.sin(a) * Math.cos(b), Math.sin(b)];
    return { p: [Math.cos(a) / 2 + n[0] * tube, Math.sin(a) / 2 + n[1] * tube, n[2] * tube], n };
  });
}

// A flat outline made thick, with bevelled edges.
function prism(outline, depth, bevel) {
  if (area(outline) < 0) outline = outline.slice().reverse();
  const n = outline.length;
  const edges = outline.map(([x, y], i) => {
    const [x2, y2] = outline[(i + 1) % n];
    const length = Math.hypot(x2 - x, y2 - y) || 1;
    return [(y2 - y) / length, (x - x2) / length]; // points outward
  });
  // At a soft corner both sides share a normal, so that it looks round.
  const corner = (i, own) => {
    const [a, b] = [edges[(i + n - 1) % n], edges[i]];
    const dot = a[0] * b[0] + a[1] * b[1];
    if (dot < 0.75) return own;
    const length = Math.hypot(a[0] + b[0], a[1] + b[1]);
    return [(a[0] + b[0]) / length, (a[1] + b[1]) / length];
  };
  const inset = outline.map(([x, y], i) => {
    const [a, b] = [edges[(i + n - 1) % n], edges[i]];
    const k = bevel / Math.max(0.35, 1 + a[0] * b[0] + a[1] * b[1]);
    return [x - (a[0] + b[0]) * k, y - (a[1] + b[1]) * k];
  });
  const s = empty();
  const layers = [[inset, depth / 2, 0.8], [outline, depth / 2 - bevel, 0.1], [outline, bevel - depth / 2, -0.1], [inset, -depth / 2, -0.8]];
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    for (let l = 0; l < 3; l++) {
      const at = s.positions.length / 3;
      for (const [points, z, lean] of layers.slice(l, l + 2)) {
        for (const [k, normal] of [[i, corner(i, edges[i])], [j, corner(j, edges[i])]]) {
          const flat = Math.sqrt(1 - lean * lean);
          s.positions.push(...points[k], z);
          s.normals.push(normal[0] * flat, normal[1] * flat, lean);
        }
      }
      s.indices.push(at, at + 2, at + 1, at + 1, at + 2, at + 3);
    }
  }
  const triangles = triangulate(inset);
  for (const side of [1, -1]) {
    const at = s.positions.length / 3;
    for (const [x, y] of inset) {
      s.positions.push(x, y, (side * depth) / 2);
      s.normals.push(0, 0, side);
    }
    for (const [a, b, c] of triangles) s.indices.push(at + a, at + (side > 0 ? b : c), at + (side > 0 ? c : b));
  }
  return s;
}

const area = (points) => points.reduce((sum, [x, y], i) => sum + x * points[(i + 1) % points.length][1] - points[(i + 1) % points.length][0] * y, 0);

// Cuts an outline into triangles, ear by ear.
function triangulate(points) {
  const left = points.map((_, i) => i);
  const out = [];
  const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  while (left.length > 3) {
    const n = left.length;
    let ear = left.findIndex((_, k) => {
      const [a, b, c] = [left[(k + n - 1) % n], left[k], left[(k + 1) % n]];
      if (turn(points[a], points[b], points[c]) <= 0) return false;
      return left.every((p) => p === a || p === b || p === c || turn(points[a], points[b], points[p]) < 0 || turn(points[b], points[c], points[p]) < 0 || turn(points[c], points[a], points[p]) < 0);
    });
    if (ear < 0) ear = 0; // a crooked outline: better a crooked shape than none
    out.push([left[(ear + n - 1) % n], left[ear], left[(ear + 1) % n]]);
    left.splice(ear, 1);
  }
  out.push([left[0], left[1], left[2]]);
  return out;
}

function rounded(w, h, r) {
  const points = [];
  [[1, 1], [-1, 1], [-1, -1], [1, -1]].forEach(([x, y], quarter) => {
    for (let i = 0; i <= 5; i++) {
      const a = ((quarter + i / 5) * Math.PI) / 2;
      points.push([x * (w / 2 - r) + Math.cos(a) * r, y * (h / 2 - r) + Math.sin(a) * r]);
    }
  });
  return points;
}

function shapeOf(part, fine) {
  const [w, h] = part.size;
  const depth = part.depth || Math.min(w, h);
  if (part.shape === 'ball') return scale(ball(fine), w, h, depth);
  if (part.shape === 'cone') return scale(cone(fine), w, h, depth);
  if (part.shape === 'ring') return scale(ring(part.tube / (w + h), fine), w, h, (w + h) / 2);
  const outline = part.shape === 'box' ? rounded(w, h, Math.min(w, h) * Math.max(0.02, Math.min(0.49, part.round ?? 0.25)))
    : part.points.map(([x, y]) => [(part.flip ? -x : x) * w, y * h]);
  return prism(outline, depth, Math.min(0.05, depth * 0.25, Math.min(w, h) * 0.12));
}

function scale(s, x, y, z) {
  for (let i = 0; i < s.positions.length; i += 3) {
    const n = [s.normals[i] / x, s.normals[i + 1] / y, s.normals[i + 2] / z];
    const length = Math.hypot(...n) || 1;
    [x, y, z].forEach((k, j) => {
      s.positions[i + j] *= k;
      s.normals[i + j] = n[j] / length;
    });
  }
  return s;
}

function place(s, at, z) {
  const [cos, sin] = [Math.cos(at.tilt), Math.sin(at.tilt)];
  for (const [list, dx, dy, dz] of [[s.positions, at.x, at.y, z], [s.normals, 0, 0, 0]]) {
    for (let i = 0; i < list.length; i += 3) {
      const [x, y] = [list[i], list[i + 1]];
      list[i] = x * cos - y * sin + dx;
      list[i + 1] = x * sin + y * cos + dy;
      list[i + 2] += dz;
    }
  }
  return s;
}

// "#rrggbb" as red, green, blue and alpha from 0 to 1.
export const rgba = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).concat(1);

export function paint(s, hex) {
  s.colors = Array.from({ length: s.positions.length / 3 }, () => rgba(hex)).flat();
  return s;
}

function join(list) {
  const out = { ...empty(), colors: [] };
  for (const s of list) {
    const base = out.positions.length / 3;
    for (const i of s.indices) out.indices.push(i + base);
    for (const name of ['positions', 'normals', 'colors']) for (const v of s[name] || []) out[name].push(v);
  }
  return out;
}

// A figure as shapes: the parts that stand still are one shape, those that swing are shapes around their own middle.
export function figureSolids(figure, colors, fine = true) {
  const still = [];
  const moving = [];
  for (const part of expand(figure)) {
    const fill = colors[part.fill] || part.fill;
    const solid = paint(shapeOf(part, fine), part.glow ? lighter(fill, 0.12) : fill);
    if (part.swing || part.wag) moving.push({ part, solid });
    else still.push(place(solid, pose(part, 0), part.z || 0));
  }
  return { still: still.length ? join(still) : null, moving };
}

// A box whose picture repeats once for each size units; 0 means once for each side. With colours instead of a picture, the
// first is that of the top, the second that of the other sides.
export function box(w, h, d, { size = 0, colors } = {}) {
  const s = { ...empty(), uvs: [] };
  if (colors) s.colors = [];
  const sides = [[[1, 0, 0], [0, 0, -1], d, h, w], [[-1, 0, 0], [0, 0, 1], d, h, w], [[0, 0, 1], [1, 0, 0], w, h, d], [[0, 0, -1], [-1, 0, 0], w, h, d], [[0, 1, 0], [1, 0, 0], w, d, h], [[0, -1, 0], [1, 0, 0], w, d, h]];
  for (const [n, right, wide, high, deep] of sides) {
    const up = [n[1] * right[2] - n[2] * right[1], n[2] * right[0] - n[0] * right[2], n[0] * right[1] - n[1] * right[0]];
    const at = s.positions.length / 3;
    for (const [u, v] of [[0, 0], [1, 0], [1, 1], [0, 1]]) {
      for (let k = 0; k < 3; k++) s.positions.push((n[k] * deep) / 2 + right[k] * wide * (u - 0.5) + up[k] * high * (v - 0.5));
      s.normals.push(...n);
      s.uvs.push(size ? (u * wide) / size : u, size ? (v * high) / size : v);
      s.colors?.push(...rgba(colors[n[1] > 0 ? 0 : 1]));
    }
    s.indices.push(at, at + 1, at + 2, at, at + 2, at + 3);
  }
  return s;
}

// A rectangle in the plane z = 0, turned to +z.
export function plate(w = 1, h = 1, { foot = false, repeat = [1, 1] } = {}) {
  const y = foot ? h / 2 : 0;
  return {
    positions: [-w / 2, y - h / 2, 0, w / 2, y - h / 2, 0, w / 2, y + h / 2, 0, -w / 2, y + h / 2, 0],
    normals: [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
    uvs: [0, 0, repeat[0], 0, repeat[0], repeat[1], 0, repeat[1]],
    indices: [0, 1, 2, 0, 2, 3],
  };
}
