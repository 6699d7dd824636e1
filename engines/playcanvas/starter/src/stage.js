// What every view shares: the camera and its shaking, lights with shadows, the backdrop, bursts of crumbs.
import { steady } from './motion.js';
import { Entity, SHADOW_PCF3_32F, Vec3 } from 'playcanvas';
import { app, device, quality, tint } from './app.js';
import { createBackdrop } from './backdrop.js';
import { mix } from './colors.js';
import { flat, meshFrom, palette, show } from './materials.js';
import { createCrumbs } from './swarm.js';

const FOV = 38;

export function createStage() {
  const half = Math.tan((FOV * Math.PI) / 360);
  const aspect = () => window.innerWidth / Math.max(1, window.innerHeight);

  const camera = new Entity('camera');
  camera.addComponent('camera', { fov: FOV, nearClip: 0.5, farClip: 260, clearColor: tint(palette.sky) });
  app.root.addChild(camera);
  const eye = new Vec3(0, 0, 20); // where the camera is when it does not shake
  const target = new Vec3();

  app.scene.ambientLight = tint(mix(mix(palette.sky, palette.ground, 0.4), '#ffffff', 0.5));
  const sun = addLight({ color: tint(mix(palette.collect, '#ffffff', 0.75)), intensity: 0.92, castShadows: quality.shadows,
    shadowType: SHADOW_PCF3_32F, shadowResolution: 2048, shadowBias: 0.3, normalOffsetBias: 0.06, shadowIntensity: 0.75, shadowDistance: 60 });
  sun.setEulerAngles(36, -26, 0);

  const backdrop = createBackdrop(camera, half, aspect);
  const crumbs = createCrumbs();
  const sparks = meshFrom(crumbs.shape, { changes: true });
  const burst = show(sparks, flat({ emissiveVertexColor: true, vertexColorGamma: true }), { shadow: false, cull: false });
  const listeners = [];
  let shake = 0;
  let pixels = quality.pixels;

  function resize() {
    device.setResolution(Math.max(1, Math.round(window.innerWidth * pixels)), Math.max(1, Math.round(window.innerHeight * pixels)));
    backdrop.fit();
  }
  window.addEventListener('resize', () => {
    resize();
    listeners.forEach((listen) => listen());
  });
  resize();

  // A slow machine gets fewer pixels first, then no shadows.
  let slow = 0;
  function watch(seconds) {
    slow = seconds > 1 / 28 ? slow + seconds : Math.max(0, slow - seconds * 2);
    if (slow < 2.5) return;
    slow = 0;
    if (pixels > 0.5) {
      pixels = Math.max(0.5, pixels * 0.75);
      resize();
    } else sun.light.castShadows = false;
  }

  // The point of the plane z = 0 under a CSS pixel: where the line between a near and a far point crosses it.
  function point(x, y) {
    const [a, b] = [camera.camera.screenToWorld(x, y, 1), camera.camera.screenToWorld(x, y, 100)];
    const t = a.z / (a.z - b.z || 1);
    return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
  }

  return {
    eye, half, backdrop, aspect, point,
    burst: crumbs.burst,
    shake: (by) => (shake = Math.min(0.7, shake + steady(by))),
    onResize: (listen) => listeners.push(listen),
    look: (x, y, z) => target.set(x, y, z),
    // How far shadows are thrown, seen from the camera.
    reach: (far) => (sun.light.shadowDistance = far),
    // How far a camera must be to see at least this many units across and up.
    distance: (width, height) => Math.max(height / 2 / half, width / 2 / half / aspect()),
    run(tick) {
      let last = performance.now();
      app.on('update', () => {
        const now = performance.now();
        const seconds = Math.max(0, (now - last) / 1000);
        const dt = Math.min(0.1, seconds);
        last = now;
        tick(seconds);
        watch(Math.min(0.2, seconds));
        backdrop.step(dt);
        burst.enabled = crumbs.step(dt);
        if (burst.enabled) {
          sparks.setPositions(crumbs.shape.positions);
          sparks.setColors(crumbs.shape.colors);
          sparks.update();
        }
        shake *= Math.exp(-seconds * 6);
        camera.setPosition(eye);
        camera.lookAt(target);
        camera.translate((Math.random() - 0.5) * shake, (Math.random() - 0.5) * shake, 0);
      });
      app.start();
    },
  };
}

export function addLight(options) {
  const entity = new Entity();
  entity.addComponent('light', { type: 'directional', ...options });
  app.root.addChild(entity);
  return entity;
}
