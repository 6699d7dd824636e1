// Starts KAPLAY: k is its context, which everything that draws imports.
import kaplay from 'kaplay';
import { design } from './design.js';

// KAPLAY looks for gamepads in every frame, and gives up with an error where the page may not have any.
try {
  navigator.getGamepads();
} catch {
  navigator.getGamepads = () => [];
}

// Where there is no graphics card, fewer pixels are drawn.
function softwareRenderer() {
  const gl = document.createElement('canvas').getContext('webgl');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

export const k = kaplay({
  global: false,
  background: design.palette.sky,
  pixelDensity: softwareRenderer() ? 0.75 : Math.min(2, window.devicePixelRatio || 1), // sizes are CSS pixels, whatever the screen has
  texFilter: 'linear', // figures are painted smoothly, not in large pixels
  debug: false, // or F1 to F10 would open its tools in the middle of a game
  loadingScreen: false,
  focus: false,
  backgroundAudio: true, // sound.js makes its own, so KAPLAY's need not wake up with the page
});
k.onLoading(() => {}); // its first frame is the loading screen whatever one asks for: now an empty one

// input.js listens by itself: the canvas takes neither the pointer nor the keys.
k.canvas.style.pointerEvents = 'none';
k.canvas.removeAttribute('tabindex');

// KAPLAY cannot go on when a graphics card has forgotten everything: the page asks for it back, and starts over.
k.canvas.addEventListener('webglcontextlost', (e) => e.preventDefault());
k.canvas.addEventListener('webglcontextrestored', () => window.location.reload());
