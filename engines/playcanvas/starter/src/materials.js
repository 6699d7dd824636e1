// Materials, textures and meshes. Pictures are painted in code (paint.js), so nothing is ever loaded.
import { ADDRESS_CLAMP_TO_EDGE, ADDRESS_REPEAT, BLEND_ADDITIVEALPHA, BLEND_NORMAL, CULLFACE_NONE, Entity, Mesh, MeshInstance, PIXELFORMAT_SRGBA8, PRIMITIVE_TRIANGLES, StandardMaterial, Texture } from 'playcanvas';
import { app, device, tint } from './app.js';
import { design } from './design.js';
import { paintBlock, paintProp, softDot } from './paint.js';
import { plate } from './solid.js';
import theme from './theme.js';

export const palette = design.palette;

export function texture(canvas, { repeatX = false, repeatY = false } = {}) {
  return new Texture(device, {
    width: canvas.width, height: canvas.height, format: PIXELFORMAT_SRGBA8, mipmaps: true, anisotropy: 4, flipY: true, levels: [canvas],
    addressU: repeatX ? ADDRESS_REPEAT : ADDRESS_CLAMP_TO_EDGE, addressV: repeatY ? ADDRESS_REPEAT : ADDRESS_CLAMP_TO_EDGE,
  });
}

function material(set) {
  const m = new StandardMaterial();
  Object.assign(m, { useSkybox: false, ...set });
  m.update();
  return m;
}

// Lit, in one colour or with a picture; gloss from 0 to 1.
export const lit = ({ color = '#ffffff', map = null, gloss = 0.1, ...more } = {}) =>
  material({ diffuse: tint(color), diffuseMap: map, specular: tint('#ffffff').mulScalar(gloss), gloss: 0.55, ...more });

// Not lit: shines in its own colour, or shows its picture as it is.
export const flat = ({ color = '#ffffff', map = null, fades = false, glows = false, ...more } = {}) =>
  material({
    useLighting: false, useFog: false, diffuse: tint('#000000'), emissive: tint(color), emissiveMap: map, cull: CULLFACE_NONE, ...more,
    ...(fades && { opacityMap: map, opacityMapChannel: 'a', blendType: glows ? BLEND_ADDITIVEALPHA : BLEND_NORMAL, depthWrite: false }),
  });

// Coloured at the corners, for figures and boxes.
export const skin = lit({ gloss: 0.2, diffuseVertexColor: true, vertexColorGamma: true });

export function meshFrom({ positions, normals, colors, uvs, indices }, { changes = false } = {}) {
  const mesh = new Mesh(device);
  mesh.incRefCount(); // stays when the last thing that shows it goes
  if (changes) mesh.clear(true, false);
  mesh.setPositions(positions);
  if (normals) mesh.setNormals(normals);
  if (colors) mesh.setColors(colors);
  if (uvs) mesh.setUvs(0, uvs);
  mesh.setIndices(indices);
  mesh.update(PRIMITIVE_TRIANGLES);
  return mesh;
}

// A thing that shows a mesh.
export function show(mesh, look, { parent = app.root, shadow = true, cull = true } = {}) {
  const entity = new Entity();
  const instance = new MeshInstance(mesh, look);
  instance.cull = cull; // false: drawn even when it seems to be out of sight
  entity.addComponent('render', { meshInstances: [instance], castShadows: shadow, receiveShadows: shadow });
  entity.fade = (opacity) => instance.setParameter('material_opacity', opacity);
  parent.addChild(entity);
  return entity;
}

export const shape = (solid, look, options) => show(meshFrom(solid), look, options);

export function group(parent = app.root) {
  const entity = new Entity();
  parent.addChild(entity);
  return entity;
}

export const blockMaterial = () => lit({ map: texture(paintBlock(theme, palette), { repeatX: true, repeatY: true }), gloss: 0.05 });

const dot = texture(softDot());
const square = meshFrom(plate());
const lights = new Map();

export const dotMaterial = (color, glows) => flat({ color, map: dot, fades: true, glows });

// A soft light that hangs in the air.
export function glow(color, size = 1, parent = app.root) {
  if (!lights.has(color)) lights.set(color, dotMaterial(color, true));
  const entity = show(square, lights.get(color), { parent, shadow: false });
  entity.setLocalScale(size, size, size);
  return entity;
}

// Scenery that faces the camera; its foot is at the origin.
export function createProps() {
  const map = texture(paintProp(theme, palette));
  const look = lit({ map, gloss: 0, opacityMap: map, opacityMapChannel: 'a', alphaTest: 0.5, cull: CULLFACE_NONE });
  const mesh = meshFrom(plate(1, 1, { foot: true }));
  return (tall, parent) => {
    const prop = show(mesh, look, { parent });
    prop.setLocalScale(tall, tall, tall);
    return prop;
  };
}
