// Many small things in one shape that changes every frame: crumbs that burst, and what floats in the air. The engine draws
// each swarm with one call, however many there are.
import { few } from './motion.js';
import { design } from './design.js';
import { rgba } from './solid.js';
import { named } from './paint.js';
import theme from './theme.js';

const MOST = 300;
const CORNERS = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];
const SHADES = [0.9, 0.8, 1.1, 0.65, 1, 0.7]; // makes flat colour look solid
const SIDES = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5];

export function createCrumbs() {
  const corners = CORNERS.length;
  const shape = {
    positions: new Float32Array(MOST * corners * 3),
    colors: new Float32Array(MOST * corners * 4),
    indices: Array.from({ length: MOST }, (_, i) => SIDES.map((k) => k + i * corners)).flat(),
  };
  const crumbs = Array.from({ length: MOST }, () => ({ life: 0, full: 1, at: [0, 0, 0], v: [0, 0, 0], size: 0 }));
  let next = 0;

  function tint(index, hex) {
    const [r, g, b] = rgba(hex);
    SHADES.forEach((s, k) => shape.colors.set([Math.min(1, r * s), Math.min(1, g * s), Math.min(1, b * s), 1], (index * corners + k) * 4));
  }

  return {
    shape,
    burst(x, y, z, hex, n = 12, force = 5) {
      for (let i = few(n); i > 0; i--) {
        const c = crumbs[next];
        const up = Math.random() * 2 - 1;
        const around = Math.random() * Math.PI * 2;
        const flat = Math.sqrt(1 - up * up);
        const speed = force * (0.3 + Math.random());
        c.full = c.life = 0.3 + Math.random() * 0.5;
        c.size = 0.05 + Math.random() * 0.08;
        c.at = [x, y, z];
        c.v = [flat * Math.cos(around) * speed, up * speed + force * 0.4, flat * Math.sin(around) * speed];
        tint(next, hex);
        next = (next + 1) % MOST;
      }
    },
    // Moves the crumbs on and tells whether any is to be seen.
    step(dt) {
      let seen = false;
      crumbs.forEach((c, i) => {
        if (c.life <= 0) return;
        seen = true;
        c.life = Math.max(0, c.life - dt);
        c.v[1] -= 12 * dt;
        const size = c.size * (c.life / c.full);
        for (let k = 0; k < 3; k++) c.at[k] += c.v[k] * dt;
        CORNERS.forEach((corner, n) => {
          for (let k = 0; k < 3; k++) shape.positions[(i * corners + n) * 3 + k] = c.at[k] + corner[k] * size;
        });
      });
      return seen;
    },
  };
}

// Flakes, leaves, bubbles or sparks in a box before the camera, in the camera's own space (it looks along -z).
export function createFlakes() {
  const a = theme.ambient;
  const n = a.count * 2;
  const [w, h, near, far] = [26, 16, 8, 26];
  const shape = {
    positions: new Float32Array(n * 12),
    uvs: Array.from({ length: n }, () => [0, 0, 1, 0, 1, 1, 0, 1]).flat(),
    indices: Array.from({ length: n }, (_, i) => [0, 1, 2, 0, 2, 3].map((k) => k + i * 4)).flat(),
  };
  const flakes = Array.from({ length: n }, (_, i) => ({
    x: (Math.random() - 0.5) * w, y: (Math.random() - 0.5) * h, z: -near - Math.random() * (far - near), drift: 0.6 + (i % 7) / 7, size: a.size * (1 + Math.random()),
  }));
  let clock = 0;
  return {
    shape,
    glows: a.kind === 'spark',
    color: named(design.palette, a.color),
    step(dt) {
      clock += dt;
      flakes.forEach((f, i) => {
        f.x += (a.vx * f.drift + Math.sin(clock + i) * 0.2) * dt;
        f.y += a.vy * f.drift * dt;
        if (Math.abs(f.x) > w / 2) f.x = -Math.sign(f.x) * (w / 2);
        if (Math.abs(f.y) > h / 2) f.y = -Math.sign(f.y) * (h / 2);
        const tall = a.kind === 'leaf' ? f.size * (0.4 + 0.6 * Math.abs(Math.sin(clock * 1.3 + i))) : f.size;
        shape.positions.set([f.x - f.size, f.y - tall, f.z, f.x + f.size, f.y - tall, f.z, f.x + f.size, f.y + tall, f.z, f.x - f.size, f.y + tall, f.z], i * 12);
      });
    },
  };
}
