// The application: only the parts of PlayCanvas that the game uses, so that a finished game stays small.
import { AppBase, AppOptions, CameraComponentSystem, Color, LightComponentSystem, RenderComponentSystem, WebglGraphicsDevice } from 'playcanvas';

// A computer without a graphics card gets fewer pixels, plainer shapes and no shadows from the start; others begin with
// everything and give something up when they turn out slow (stage.js).
function softwareRenderer() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

const light = softwareRenderer();
export const quality = { light, shadows: !light, pixels: light ? 0.7 : Math.min(2, window.devicePixelRatio || 1) };

const canvas = document.createElement('canvas');
canvas.style.width = '100vw';
canvas.style.height = '100vh';
document.body.append(canvas);

export const device = new WebglGraphicsDevice(canvas, { antialias: !light, powerPreference: 'high-performance' });

export const app = new AppBase(canvas);
const options = new AppOptions();
options.graphicsDevice = device;
options.componentSystems = [RenderComponentSystem, CameraComponentSystem, LightComponentSystem];
app.init(options);
app.scene.clusteredLightingEnabled = false; // three lights at most: the simpler way is the faster one

export const tint = (hex) => new Color().fromString(hex);

// Turns a thing to these angles, in radians.
const degrees = 180 / Math.PI;
export const turn = (entity, x, y, z) => entity.setLocalEulerAngles(x * degrees, y * degrees, z * degrees);
export const grow = (entity, size) => entity.setLocalScale(size, size, size);
