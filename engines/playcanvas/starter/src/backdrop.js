// The sky behind everything, layers of scenery that hang before the camera and slide past, and what floats in the air.
import { Vec2 } from 'playcanvas';
import { paintLayer, paintSky } from './paint.js';
import { dotMaterial, flat, meshFrom, palette, shape, show, texture } from './materials.js';
import { plate } from './solid.js';
import { createFlakes } from './swarm.js';
import theme from './theme.js';

const FAR = 110; // where the layers hang

export function createBackdrop(camera, half, aspect) {
  const hang = (look, far) => {
    const entity = shape(plate(), look, { parent: camera, shadow: false, cull: false });
    entity.setLocalPosition(0, 0, -far);
    return entity;
  };
  const skyLook = flat();
  const sky = hang(skyLook, FAR * 1.4);
  const bands = theme.layers.map((layer, i) => {
    const look = flat({ map: texture(paintLayer(theme, i, palette), { repeatX: true }), fades: true });
    return { layer, look, entity: hang(look, FAR - i), far: FAR - i, tall: 1, repeat: 1 };
  });
  const flakes = createFlakes();
  const cloud = meshFrom(flakes.shape, { changes: true });
  show(cloud, dotMaterial(flakes.color, flakes.glows), { parent: camera, shadow: false, cull: false }).fade(0.85);
  let floor = 1;
  let painted = 0;

  const high = (far) => 2 * far * half;

  function fit() {
    const form = aspect();
    if (Math.abs(painted - form) > 0.05) {
      painted = form;
      skyLook.emissiveMap?.destroy();
      skyLook.emissiveMap = texture(paintSky(theme, palette, Math.round(768 * Math.max(0.4, Math.min(2.6, painted)))));
      skyLook.update();
    }
    sky.setLocalScale(high(FAR * 1.4) * form * 1.06, high(FAR * 1.4) * 1.06, 1);
    for (const b of bands) {
      const wide = high(b.far) * form;
      b.tall = b.layer.height * Math.min(high(b.far), wide * 1.1);
      b.entity.setLocalScale(wide * 1.04, b.tall, 1);
      b.entity.setLocalPosition(0, high(b.far) * (0.5 - floor) + b.tall / 2, -b.far);
      b.repeat = (wide * 1.04) / b.tall / 2;
      b.look.emissiveMapTiling = b.look.opacityMapTiling = new Vec2(b.repeat, 1);
      b.look.update();
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
      for (const b of bands) {
        b.look.emissiveMapOffset = b.look.opacityMapOffset = new Vec2(((x * b.layer.speed * 3) / b.tall) % 1, 0);
        b.look.update();
      }
    },
    step(dt) {
      flakes.step(dt);
      cloud.setPositions(flakes.shape.positions);
      cloud.update();
    },
  };
}
