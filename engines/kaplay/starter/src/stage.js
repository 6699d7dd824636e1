// What every view shares: the camera and its shaking, the backdrop, sprites and lights, and things that happen over time.
import { steady } from './motion.js';
import { createBackdrop } from './backdrop.js';
import { k } from './engine.js';
import { createBursts } from './particles.js';
import { RING, white } from './textures.js';

// Light adds to what is behind it. Colours come multiplied by their opacity, so next to none of the latter is enough; with
// none at all KAPLAY would leave the pixel out.
k.loadShader('glow', null, `
vec4 frag(vec2 pos, vec2 uv, vec4 color, sampler2D tex) {
	vec4 light = def_frag();
	return vec4(light.rgb, min(light.a, 0.004));
}`);

// A picture whose middle is its origin, unless options say otherwise.
function sprite(name, z = 0, { x = 0, y = 0, scale = 1, anchor = 'center', tint = white, opacity = 1, hidden = false, flipX = false } = {}) {
  const look = [k.sprite(name, { flipX }), k.anchor(anchor), k.color(tint), k.opacity(opacity)];
  const thing = k.add([...look, k.pos(x, y), k.scale(scale), k.rotate(0), k.z(z)]);
  thing.hidden = hidden;
  return thing;
}

export function createStage() {
  const backdrop = createBackdrop();
  const bursts = createBursts();
  const camera = { x: 0, y: 0, zoom: 1 }; // the point of the world in the middle of the window
  let shake = { left: 0, full: 1, force: 0 };

  function over(seconds, step, done) {
    const tween = k.tween(0, 1, seconds, step);
    if (done) tween.onEnd(done);
  }

  function place(dt) {
    shake.left = Math.max(0, shake.left - dt);
    const reach = shake.left > 0 ? (shake.force * (shake.left / shake.full)) / camera.zoom : 0;
    const jolt = () => (Math.random() * 2 - 1) * reach;
    k.setCamScale(camera.zoom);
    k.setCamPos(camera.x + jolt() * k.width(), camera.y + jolt() * k.height());
  }

  k.onResize(() => backdrop.fit());

  return {
    camera, backdrop, over, sprite,
    burst: bursts.burst,
    after: (seconds, act) => k.wait(seconds, act),
    onResize: (listen) => k.onResize(listen),
    // Shakes the camera for a while; the force is a part of the window.
    shake(seconds, by) {
      const force = steady(by);
      if (force * seconds >= shake.force * shake.left) shake = { left: seconds, full: seconds, force };
    },
    // A soft light.
    light(tint, z, options) {
      const light = sprite('dot', z, { tint, ...options });
      light.use(k.shader('glow'));
      return light;
    },
    // A ring that opens and fades.
    ripple(x, y, tint, radius = 60) {
      const ring = sprite('ring', 4000, { x, y, tint });
      over(0.38, (t) => {
        ring.scaleTo((radius / RING) * (0.2 + 0.8 * (1 - (1 - t) ** 3)));
        ring.opacity = 1 - t;
      }, () => ring.destroy());
    },
    // The window turns white and fades back.
    flash(seconds) {
      const veil = k.add([k.rect(k.width(), k.height()), k.color(white), k.opacity(1), k.fixed(), k.z(9000)]);
      over(seconds, (t) => (veil.opacity = 1 - t), () => veil.destroy());
    },
    // The point of the world under a CSS pixel.
    point: (x, y) => ({ x: (x - k.width() / 2) / camera.zoom + camera.x, y: (y - k.height() / 2) / camera.zoom + camera.y }),
    run(tick) {
      k.onUpdate(() => {
        const dt = Math.min(0.1, k.dt());
        tick(k.dt());
        bursts.step(dt);
        backdrop.step(dt);
        place(dt);
      });
    },
  };
}
