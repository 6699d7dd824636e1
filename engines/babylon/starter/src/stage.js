// What every view shares: the camera and its shaking, lights with shadows, the backdrop, bursts of crumbs.
import { steady } from './motion.js';
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { createBackdrop } from './backdrop.js';
import { mix } from './colors.js';
import { flat, palette, shapeOf, tint } from './materials.js';
import { engine, quality, scene } from './scene.js';
import { createCrumbs } from './swarm.js';

export function createStage() {
  const camera = new TargetCamera('camera', Vector3.Zero(), scene);
  Object.assign(camera, { fov: (38 * Math.PI) / 180, minZ: 0.5, maxZ: 260 });

  const air = new HemisphericLight('air', Vector3.Up(), scene);
  Object.assign(air, { diffuse: tint(mix(palette.sky, '#ffffff', 0.75)), groundColor: tint(mix(palette.ground, '#ffffff', 0.35)), intensity: 0.72 });
  const sun = new DirectionalLight('sun', new Vector3(0.45, -1.1, -0.8), scene);
  Object.assign(sun, { diffuse: tint(mix(palette.collect, '#ffffff', 0.75)), intensity: 0.62 });
  const shadows = quality.shadows ? createShadows(sun) : null;

  const aspect = () => window.innerWidth / Math.max(1, window.innerHeight);
  const backdrop = createBackdrop(camera, aspect);
  const crumbs = createCrumbs();
  const sparks = shapeOf(crumbs.shape, { changes: true });
  Object.assign(sparks, { material: flat(), applyFog: false, alwaysSelectAsActiveMesh: true });
  const listeners = [];
  let shake = 0;
  let pixels = quality.pixels;

  function resize() {
    engine.setHardwareScalingLevel(1 / pixels);
    engine.resize();
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
    } else scene.shadowsEnabled = false;
  }

  // The point of the plane z = 0 under a CSS pixel: where the line between its nearest and its farthest point crosses it.
  function point(x, y) {
    const at = (z) => Vector3.Unproject(new Vector3(x, y, z), window.innerWidth, window.innerHeight, Matrix.Identity(), camera.getViewMatrix(true), camera.getProjectionMatrix());
    const [a, b] = [at(0), at(1)];
    const t = a.z / (a.z - b.z || 1);
    return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
  }

  return {
    scene, camera, backdrop, aspect, point,
    burst: crumbs.burst,
    shake: (by) => (shake = Math.min(0.7, shake + steady(by))),
    onResize: (listen) => listeners.push(listen),
    // Lights a box of this size around a point.
    light(x, y, z, reach = 14) {
      sun.position.set(x - reach * 0.45, y + reach * 1.1, z + reach * 0.8);
      if (!shadows) return;
      sun.shadowFrustumSize = reach * 2;
      sun.shadowMaxZ = reach * 4;
    },
    // How far a camera must be to see at least this many units across and up.
    distance(width, height) {
      const half = Math.tan(camera.fov / 2);
      return Math.max(height / 2 / half, width / 2 / half / aspect());
    },
    look(x, y, z) {
      camera.setTarget(new Vector3(x, y, z));
    },
    run(tick) {
      let last = performance.now();
      engine.runRenderLoop(() => {
        const now = performance.now();
        const seconds = Math.max(0, (now - last) / 1000);
        last = now;
        tick(seconds);
        watch(Math.min(0.2, seconds));
        backdrop.step(Math.min(0.1, seconds));
        sparks.setEnabled(crumbs.step(Math.min(0.1, seconds)));
        if (sparks.isEnabled()) {
          sparks.updateVerticesData('position', crumbs.shape.positions);
          sparks.updateVerticesData('color', crumbs.shape.colors);
        }
        shake *= Math.exp(-seconds * 6);
        const [dx, dy] = [(Math.random() - 0.5) * shake, (Math.random() - 0.5) * shake];
        camera.position.addInPlaceFromFloats(dx, dy, 0);
        scene.render();
        camera.position.addInPlaceFromFloats(-dx, -dy, 0);
      });
    },
  };
}

function createShadows(sun) {
  const shadows = new ShadowGenerator(1024, sun);
  shadows.usePercentageCloserFiltering = true;
  shadows.bias = 0.004;
  shadows.normalBias = 0.02;
  shadows.darkness = 0.25;
  sun.shadowMinZ = 1;
  sun.autoUpdateExtends = false;
  shadows.getShadowMap().renderListPredicate = (mesh) => !!mesh.casts;
  return shadows;
}
