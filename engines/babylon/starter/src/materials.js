// Materials and textures. Pictures are painted in code (paint.js), so nothing is ever loaded.
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { paintBlock, paintProp, softDot } from './paint.js';
import { design } from './design.js';
import { plate } from './solid.js';
import { scene } from './scene.js';
import theme from './theme.js';

export const palette = design.palette;
export const tint = (hex) => Color3.FromHexString(hex);

export function texture(canvas, repeat = false) {
  const t = new DynamicTexture('', canvas, scene, true, Texture.TRILINEAR_SAMPLINGMODE);
  t.hasAlpha = true;
  t.anisotropicFilteringLevel = 4;
  t.wrapU = t.wrapV = repeat ? Texture.WRAP_ADDRESSMODE : Texture.CLAMP_ADDRESSMODE;
  t.update(true);
  return t;
}

function material(set) {
  const m = new StandardMaterial('', scene);
  m.sideOrientation = Material.CounterClockWiseSideOrientation; // as solid.js makes triangles
  return Object.assign(m, set);
}

// Lit, in one colour or with a picture; gloss from 0 to 1.
export function lit({ color = '#ffffff', map = null, gloss = 0.1 } = {}) {
  return material({ diffuseColor: tint(color), diffuseTexture: map, specularColor: new Color3(gloss, gloss, gloss), specularPower: 40 });
}

// Not lit: shines in its own colour, or shows its picture as it is.
export function flat({ color = '#ffffff', map = null, fades = false } = {}) {
  return material({ disableLighting: true, emissiveColor: tint(color), diffuseTexture: map, useAlphaFromDiffuseTexture: fades,
    backFaceCulling: false, disableDepthWrite: fades, transparencyMode: fades ? Material.MATERIAL_ALPHABLEND : Material.MATERIAL_OPAQUE });
}

export function shapeOf({ positions, normals, colors, uvs, indices }, { changes = false } = {}) {
  const mesh = new Mesh('', scene);
  const data = new VertexData();
  Object.assign(data, { positions, normals, colors, uvs, indices });
  data.applyToMesh(mesh, changes);
  mesh.isPickable = false;
  return mesh;
}

export function meshOf(solid, look, { shadow = true, parent = null } = {}) {
  const mesh = shapeOf(solid);
  mesh.material = look;
  mesh.parent = parent;
  mesh.receiveShadows = mesh.casts = shadow;
  return mesh;
}

// Coloured at the corners, for figures and boxes. Both sides are drawn: mirrored copies turn their triangles around.
export const skin = material({ specularColor: new Color3(0.22, 0.22, 0.22), specularPower: 48, backFaceCulling: false });
export const blockMaterial = () => lit({ map: opaque(texture(paintBlock(theme, palette), true)), gloss: 0.05 });

function opaque(map) {
  map.hasAlpha = false;
  return map;
}

const dot = texture(softDot(), false);

// A soft light that hangs in the air.
export function glow(color, size = 1) {
  const look = flat({ color, map: dot, fades: true });
  look.alphaMode = Constants.ALPHA_ADD;
  const mesh = meshOf(plate(), look, { shadow: false });
  mesh.applyFog = false;
  mesh.scaling.setAll(size);
  return mesh;
}

export const dotMaterial = (color, glows) => Object.assign(flat({ color, map: dot, fades: true }), { alphaMode: glows ? Constants.ALPHA_ADD : Constants.ALPHA_COMBINE });

// Scenery that faces the camera; its foot is at the origin.
export function createProps() {
  const look = lit({ map: texture(paintProp(theme, palette)), gloss: 0 });
  Object.assign(look, { backFaceCulling: false, useAlphaFromDiffuseTexture: true, transparencyMode: Material.MATERIAL_ALPHATEST, alphaCutOff: 0.5 });
  const source = meshOf(plate(1, 1, { foot: true }), look);
  source.isVisible = false;
  return (tall) => {
    const prop = source.createInstance('');
    prop.casts = true;
    prop.scaling.setAll(tall);
    return prop;
  };
}
