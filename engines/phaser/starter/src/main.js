// Starts Phaser and the session. The rules of the game are in rules.js, its drawing in view.js.
import Phaser from 'phaser';
import { design } from './design.js';
import * as rules from './rules.js';
import { startSession } from './session.js';
import { Backdrop, makeTextures } from './stage.js';
import { createView } from './view.js';

class Play extends Phaser.Scene {
  constructor() {
    super('play');
  }

  create() {
    makeTextures(this);
    this.scene.launch('backdrop');
    this.scene.sendToBack('backdrop');
    const backdrop = this.scene.get('backdrop');
    backdrop.events.once('create', () => {
      const view = createView(this, backdrop);
      this.session = startSession(design, rules, view);
      this.scale.on('resize', () => view.resize());
    });
  }

  update() {
    this.session?.tick(this.game.loop.rawDelta / 1000);
  }
}

// The canvas has as many pixels as the screen really has, up to two for each CSS pixel; fewer where there is no graphics card.
const software = (() => {
  const gl = document.createElement('canvas').getContext('webgl');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
})();
const density = () => (software ? 0.75 : Math.min(2, window.devicePixelRatio || 1));
const size = () => ({ width: Math.round(window.innerWidth * density()), height: Math.round(window.innerHeight * density()) });

const game = new Phaser.Game({
  type: Phaser.AUTO,
  parent: document.body,
  scale: { mode: Phaser.Scale.NONE, zoom: 1 / density(), ...size() },
  backgroundColor: design.palette.sky,
  audio: { noAudio: true }, // sound.js makes its own
  input: { keyboard: false, mouse: false, touch: false }, // and so does input.js
  banner: false,
  render: { maxTextures: software ? 1 : -1 },
  scene: [Play, Backdrop],
});

window.addEventListener('resize', () => {
  game.scale.setZoom(1 / density());
  const { width, height } = size();
  game.scale.resize(width, height);
});
