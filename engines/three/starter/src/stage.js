// What every view shares: renderer, lights with shadows, the camera and its shaking, the backdrop, textures.
import { steady } from './motion.js';
import * as THREE from 'three';
import { design } from './design.js';
import { mix } from './colors.js';
import { createAir, createBursts } from './particles.js';
import { quality } from './quality.js';
import { paintBlock, paintLayer, paintProp, paintSky, softDot } from './paint.js';
import theme from './theme.js';

export const palette = design.palette;
const FAR = 110; // where the backdrop hangs

export function texture(canvas, repeat = false) {
  const t = new THREE.CanvasTexture(canvas);
  t.colorSpace = THREE.SRGBColorSpace;
  t.anisotropy = 4;
  if (repeat) t.wrapS = t.wrapT = THREE.RepeatWrapping;
  return t;
}

export function createStage() {
  const renderer = new THREE.WebGLRenderer({ antialias: !quality.light, powerPreference: 'high-performance' });
  renderer.shadowMap.enabled = quality.shadows;
  document.body.append(renderer.domElement);

  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(38, 1, 0.1, 220);
  scene.add(camera);

  scene.add(new THREE.HemisphereLight(mix(palette.sky, '#ffffff', 0.72), mix(palette.ground, '#ffffff', 0.45), 1.75));
  const sun = new THREE.DirectionalLight(mix(palette.collect, '#ffffff', 0.75), 2.3);
  sun.castShadow = quality.shadows;
  sun.shadow.mapSize.set(1024, 1024);
  sun.shadow.bias = -0.0015;
  sun.shadow.normalBias = 0.03;
  scene.add(sun, sun.target);

  const backdrop = createBackdrop(scene, camera);
  const bursts = createBursts(scene);
  const air = createAir(camera);
  const listeners = [];
  let shake = 0;
  let pixels = quality.pixels;

  function resize() {
    camera.aspect = window.innerWidth / Math.max(1, window.innerHeight);
    camera.updateProjectionMatrix();
    renderer.setPixelRatio(pixels);
    renderer.setSize(window.innerWidth, window.innerHeight);
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
    } else renderer.shadowMap.enabled = sun.castShadow = false;
  }

  const ray = new THREE.Raycaster();
  const plane = new THREE.Plane(new THREE.Vector3(0, 0, 1), 0);
  const hit = new THREE.Vector3();

  return {
    scene, camera, sun, backdrop,
    burst: bursts.burst,
    shake: (by) => (shake = Math.min(0.7, shake + steady(by))),
    onResize: (listen) => listeners.push(listen),
    // Lights a box of this size around a point.
    light(x, y, z, reach = 14) {
      sun.target.position.set(x, y, z);
      sun.position.set(x - reach * 0.45, y + reach * 1.1, z + reach * 0.8);
      const c = sun.shadow.camera;
      if (c.right === reach) return;
      Object.assign(c, { left: -reach, right: reach, top: reach, bottom: -reach, near: 1, far: reach * 4 });
      c.updateProjectionMatrix();
    },
    // How far a camera must be to see at least this many units across and up.
    distance(width, height) {
      const half = Math.tan(THREE.MathUtils.degToRad(camera.fov / 2));
      return Math.max(height / 2 / half, width / 2 / half / camera.aspect);
    },
    // The point of the plane z = 0 under a CSS pixel.
    point(x, y) {
      ray.setFromCamera(new THREE.Vector2((x / window.innerWidth) * 2 - 1, 1 - (y / window.innerHeight) * 2), camera);
      ray.ray.intersectPlane(plane, hit);
      return { x: hit.x, y: hit.y };
    },
    run(tick) {
      let last = performance.now();
      renderer.setAnimationLoop((now) => {
        const seconds = Math.max(0, (now - last) / 1000);
        last = now;
        tick(seconds);
        watch(Math.min(0.2, seconds));
        bursts.step(Math.min(0.1, seconds));
        air.step(Math.min(0.1, seconds));
        shake *= Math.exp(-seconds * 6);
        const [dx, dy] = [(Math.random() - 0.5) * shake, (Math.random() - 0.5) * shake];
        camera.position.x += dx;
        camera.position.y += dy;
        renderer.render(scene, camera);
        camera.position.x -= dx;
        camera.position.y -= dy;
      });
    },
  };
}

// The sky behind everything, and layers of scenery that hang before the camera and slide past.
function createBackdrop(scene, camera) {
  const bands = theme.layers.map((layer, i) => {
    const map = texture(paintLayer(theme, i, palette), true);
    const material = new THREE.MeshBasicMaterial({ map, transparent: true, depthWrite: false, fog: false });
    const mesh = new THREE.Mesh(new THREE.PlaneGeometry(1, 1), material);
    mesh.renderOrder = -10 + i;
    camera.add(mesh);
    return { mesh, map, layer, tall: 1 };
  });
  let floor = 1;
  let painted = 0;

  function fit() {
    const high = 2 * FAR * Math.tan(THREE.MathUtils.degToRad(camera.fov / 2));
    const wide = high * camera.aspect;
    if (Math.abs(painted - camera.aspect) > 0.05) {
      painted = camera.aspect;
      scene.background?.dispose?.();
      scene.background = texture(paintSky(theme, palette, Math.round(768 * Math.min(2.6, painted))));
    }
    for (const b of bands) {
      b.tall = b.layer.height * Math.min(high, wide * 1.1);
      b.mesh.scale.set(wide * 1.04, b.tall, 1);
      b.mesh.position.set(0, high * (0.5 - floor) + b.tall / 2, -FAR);
      b.map.repeat.x = (wide * 1.04) / b.tall / 2;
    }
  }

  return {
    fit,
    // Where the layers stand, as a part of the window's height from the top.
    stand(part) {
      floor = part;
      fit();
    },
    scroll(x) {
      for (const b of bands) b.map.offset.x = (x * b.layer.speed * 3) / b.tall;
    },
  };
}

// A box whose texture repeats once for each size units, whatever its measures.
export function tiledBox(w, h, d, size = 1.4) {
  const box = new THREE.BoxGeometry(w, h, d);
  const uv = box.attributes.uv;
  const spans = [[d, h], [d, h], [w, d], [w, d], [w, h], [w, h]];
  for (let i = 0; i < uv.count; i++) {
    const [u, v] = spans[Math.floor(i / 4)];
    uv.setXY(i, (uv.getX(i) * u) / size, (uv.getY(i) * v) / size);
  }
  return box;
}

export const blockMaterial = () => quality.material({ map: texture(paintBlock(theme, palette), true), roughness: 0.85 });

// Scenery that always faces the camera; its foot is at the origin.
export function createProps() {
  const map = texture(paintProp(theme, palette));
  const material = quality.material({ map, alphaTest: 0.5, roughness: 1, side: THREE.DoubleSide });
  const shape = new THREE.PlaneGeometry(1, 1).translate(0, 0.5, 0);
  return (tall) => {
    const mesh = new THREE.Mesh(shape, material);
    mesh.scale.setScalar(tall);
    return mesh;
  };
}

export function glowSprite(color, size) {
  const material = new THREE.SpriteMaterial({ map: texture(softDot()), color, blending: THREE.AdditiveBlending, depthWrite: false, transparent: true });
  const sprite = new THREE.Sprite(material);
  sprite.scale.setScalar(size);
  return sprite;
}
