// The sky behind everything, layers of scenery that hang before the camera and slide past, and what floats in the air.
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { paintLayer, paintSky } from './paint.js';
import { dotMaterial, flat, meshOf, palette, shapeOf, texture } from './materials.js';
import { plate } from './solid.js';
import { createFlakes } from './swarm.js';
import theme from './theme.js';

const FAR = 110; // where the layers hang

export function createBackdrop(camera, aspect) {
  const hang = (look, z) => {
    const mesh = meshOf(plate(), look, { shadow: false, parent: camera });
    mesh.applyFog = false;
    mesh.alwaysSelectAsActiveMesh = true;
    mesh.position.z = -z;
    return mesh;
  };
  const sky = hang(flat({}), FAR * 1.4);
  const bands = theme.layers.map((layer, i) => {
    const map = texture(paintLayer(theme, i, palette), true);
    map.wrapV = Texture.CLAMP_ADDRESSMODE;
    return { layer, map, mesh: hang(flat({ map, fades: true }), FAR - i), far: FAR - i, tall: 1 };
  });
  const flakes = createFlakes();
  const air = shapeOf(flakes.shape, { changes: true });
  Object.assign(air, { material: dotMaterial(flakes.color, flakes.glows), parent: camera, applyFog: false, alwaysSelectAsActiveMesh: true, visibility: 0.85 });
  let floor = 1;
  let painted = 0;

  const high = (far) => 2 * far * Math.tan(camera.fov / 2);

  function fit() {
    const shape = aspect();
    if (Math.abs(painted - shape) > 0.05) {
      painted = shape;
      sky.material.diffuseTexture?.dispose();
      sky.material.diffuseTexture = texture(paintSky(theme, palette, Math.round(768 * Math.max(0.4, Math.min(2.6, painted)))));
    }
    sky.scaling.set(high(FAR * 1.4) * shape * 1.06, high(FAR * 1.4) * 1.06, 1);
    for (const b of bands) {
      const wide = high(b.far) * shape;
      b.tall = b.layer.height * Math.min(high(b.far), wide * 1.1);
      b.mesh.scaling.set(wide * 1.04, b.tall, 1);
      b.mesh.position.y = high(b.far) * (0.5 - floor) + b.tall / 2;
      b.map.uScale = (wide * 1.04) / b.tall / 2;
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
      for (const b of bands) b.map.uOffset = ((x * b.layer.speed * 3) / b.tall) % 1;
    },
    step(dt) {
      flakes.step(dt);
      air.updateVerticesData('position', flakes.shape.positions);
    },
  };
}
