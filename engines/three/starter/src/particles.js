// Bursts of small solid crumbs, and the things that float in the air. Each is one draw call, however many there are.
import { few } from './motion.js';
import * as THREE from 'three';
import { design } from './design.js';
import { named, softDot } from './paint.js';
import theme from './theme.js';

const MOST = 400;

export function createBursts(scene) {
  const mesh = new THREE.InstancedMesh(new THREE.IcosahedronGeometry(1, 0), new THREE.MeshBasicMaterial({ toneMapped: false }), MOST);
  mesh.frustumCulled = false;
  scene.add(mesh);
  const crumbs = Array.from({ length: MOST }, () => ({ life: 0, full: 1, p: new THREE.Vector3(), v: new THREE.Vector3(), size: 0 }));
  const matrix = new THREE.Matrix4();
  const color = new THREE.Color();
  let next = 0;
  crumbs.forEach((_, i) => mesh.setColorAt(i, color));

  return {
    burst(x, y, z, tint, n = 12, force = 5) {
      for (let i = few(n); i > 0; i--) {
        const c = crumbs[next];
        c.tint = tint;
        c.full = c.life = 0.3 + Math.random() * 0.5;
        c.size = 0.05 + Math.random() * 0.08;
        c.p.set(x, y, z);
        c.v.randomDirection().multiplyScalar(force * (0.3 + Math.random()));
        c.v.y += force * 0.4;
        next = (next + 1) % MOST;
      }
    },
    step(dt) {
      mesh.count = 0;
      for (const c of crumbs) {
        if (c.life <= 0) continue;
        c.life = Math.max(0, c.life - dt);
        c.v.y -= 12 * dt;
        c.p.addScaledVector(c.v, dt);
        const s = c.size * (c.life / c.full);
        mesh.setColorAt(mesh.count, color.set(c.tint));
        mesh.setMatrixAt(mesh.count++, matrix.makeScale(s, s, s).setPosition(c.p));
      }
      mesh.instanceMatrix.needsUpdate = mesh.instanceColor.needsUpdate = true;
    },
  };
}

// Flakes, leaves, bubbles or sparks in a box before the camera.
export function createAir(camera) {
  const a = theme.ambient;
  const n = a.count * 2;
  const [w, h, near, far] = [26, 16, 8, 26];
  const at = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) at.set([(Math.random() - 0.5) * w, (Math.random() - 0.5) * h, -near - Math.random() * (far - near)], i * 3);
  const geometry = new THREE.BufferGeometry().setAttribute('position', new THREE.BufferAttribute(at, 3));
  const map = new THREE.CanvasTexture(softDot());
  const glows = a.kind === 'spark';
  const points = new THREE.Points(geometry, new THREE.PointsMaterial({
    map, color: named(design.palette, a.color), size: a.size * 3.2, transparent: true, opacity: 0.85, depthWrite: false, fog: false,
    blending: glows ? THREE.AdditiveBlending : THREE.NormalBlending,
  }));
  points.frustumCulled = false;
  camera.add(points);
  let clock = 0;
  return {
    step(dt) {
      clock += dt;
      for (let i = 0; i < n; i++) {
        const drift = 0.6 + (i % 7) / 7;
        let x = at[i * 3] + (a.vx * drift + Math.sin(clock + i) * 0.2) * dt;
        let y = at[i * 3 + 1] + a.vy * drift * dt;
        if (Math.abs(x) > w / 2) x = -Math.sign(x) * (w / 2);
        if (Math.abs(y) > h / 2) y = -Math.sign(y) * (h / 2);
        at[i * 3] = x;
        at[i * 3 + 1] = y;
      }
      geometry.attributes.position.needsUpdate = true;
    },
  };
}
