// The engine and the one scene that everything is drawn in. Babylon.js is imported file by file, so that a finished game
// holds only what it uses.
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Scene } from '@babylonjs/core/scene.js';
import { design } from './design.js';

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

Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
export const engine = new Engine(canvas, !light, { stencil: false, powerPreference: 'high-performance', audioEngine: false });

export const scene = new Scene(engine);
scene.useRightHandedSystem = true; // x to the right, y up, z towards the player
scene.detachControl(); // input.js listens by itself
scene.skipPointerMovePicking = true;
scene.clearColor = Color4.FromColor3(Color3.FromHexString(design.palette.sky), 1);
scene.ambientColor = Color3.Black();
