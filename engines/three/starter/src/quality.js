// How much the machine can draw. A computer without a graphics card gets simpler light, fewer pixels and no shadows from the
// start; others begin with everything and give something up when they turn out slow (stage.js).
import * as THREE from 'three';

function softwareRenderer() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

const light = softwareRenderer();

export const quality = {
  light,
  shadows: !light,
  pixels: light ? 0.7 : Math.min(2, window.devicePixelRatio || 1),
  material({ roughness, ...options }) {
    return light ? new THREE.MeshLambertMaterial(options) : new THREE.MeshStandardMaterial({ ...options, roughness });
  },
};
