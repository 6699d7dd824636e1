// What every view shares: the renderer, the camera and its shaking, the backdrop, and things that happen over time.
import { steady } from './motion.js';
import { Application, Container, Graphics, Sprite } from 'pixi.js';
import { createBackdrop } from './backdrop.js';
import { design } from './design.js';
import { createBursts } from './particles.js';
import { textures } from './textures.js';

// Where there is no graphics card, fewer pixels are drawn.
function softwareRenderer() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

export async function createStage() {
  const software = softwareRenderer();
  const density = () => (software ? 0.75 : Math.min(2, window.devicePixelRatio || 1));
  const app = new Application();
  await app.init({
    preference: 'webgl',
    width: window.innerWidth,
    height: window.innerHeight,
    resolution: density(),
    autoDensity: true, // sizes are CSS pixels, whatever the screen has
    antialias: !software,
    background: design.palette.sky,
    powerPreference: 'high-performance',
    eventFeatures: { move: false, globalMove: false, click: false, wheel: false }, // input.js listens by itself
  });
  document.body.append(app.canvas);

  const backdrop = createBackdrop(app);
  const world = new Container({ sortableChildren: true });
  app.stage.addChild(backdrop.container, world);
  const camera = { x: 0, y: 0, zoom: 1 }; // the point of the world in the middle of the window
  const bursts = createBursts(world);
  const running = new Set(); // things that happen over time
  const listeners = [];
  let shake = { left: 0, full: 1, force: 0 };

  function over(seconds, step, done) {
    running.add({ time: 0, seconds, step, done });
  }

  function advance(dt) {
    for (const r of running) {
      r.time += dt;
      const t = Math.min(1, r.time / r.seconds);
      r.step?.(t);
      if (t < 1) continue;
      running.delete(r);
      r.done?.();
    }
  }

  function place(dt) {
    shake.left = Math.max(0, shake.left - dt);
    const reach = shake.left > 0 ? shake.force * (shake.left / shake.full) : 0;
    const jolt = () => (Math.random() * 2 - 1) * reach;
    const { width, height } = app.screen;
    world.scale.set(camera.zoom);
    world.position.set(width / 2 - camera.x * camera.zoom + jolt() * width, height / 2 - camera.y * camera.zoom + jolt() * height);
  }

  window.addEventListener('resize', () => {
    app.renderer.resize(window.innerWidth, window.innerHeight, density());
    backdrop.fit();
    listeners.forEach((listen) => listen());
  });

  return {
    world, camera, backdrop, over,
    screen: app.screen,
    burst: bursts.burst,
    onResize: (listen) => listeners.push(listen),
    after: (seconds, act) => over(seconds, null, act),
    // Shakes the camera for a while; the force is a part of the window.
    shake(seconds, by) {
      const force = steady(by);
      if (force * seconds >= shake.force * shake.left) shake = { left: seconds, full: seconds, force };
    },
    // A picture whose middle is its origin.
    sprite(texture, zIndex = 0, options = {}) {
      return world.addChild(new Sprite({ texture, anchor: 0.5, zIndex, ...options }));
    },
    // A soft light.
    light(tint, zIndex, options = {}) {
      return world.addChild(new Sprite({ texture: textures.dot, anchor: 0.5, tint, zIndex, blendMode: 'add', ...options }));
    },
    // A ring that opens and fades.
    ripple(x, y, tint, radius = 60) {
      const ring = world.addChild(new Graphics({ x, y, zIndex: 4000 }).circle(0, 0, radius).stroke({ width: 6, color: tint }));
      over(0.38, (t) => {
        ring.scale.set(0.2 + 0.8 * (1 - (1 - t) ** 3));
        ring.alpha = 1 - t;
      }, () => ring.destroy());
    },
    // The window turns white and fades back.
    flash(seconds) {
      const { width, height } = app.screen;
      const white = app.stage.addChild(new Graphics().rect(0, 0, width, height).fill(0xffffff));
      over(seconds, (t) => (white.alpha = 1 - t), () => white.destroy());
    },
    // The point of the world under a CSS pixel.
    point: (x, y) => ({ x: (x - app.screen.width / 2) / camera.zoom + camera.x, y: (y - app.screen.height / 2) / camera.zoom + camera.y }),
    run(tick) {
      app.ticker.add(() => {
        const seconds = app.ticker.elapsedMS / 1000;
        const dt = Math.min(0.1, seconds);
        advance(dt);
        tick(seconds);
        bursts.step(dt);
        backdrop.step(dt);
        place(dt);
      });
    },
  };
}
