import Phaser from 'phaser';
import cfg from 'cfg';
const width = (src) => new Promise((done) => { const i = new Image(); i.onload = () => done(i.width); i.onerror = () => done('error'); i.src = src; });
globalThis.__result = 'sources ' + await width('assets/a.png') + ' ' + cfg;
if (!Phaser.Game) throw new Error('no engine');
