globalThis.__result = 'global ' + Phaser.VERSION.split('.')[0] + ' copy ' + (typeof Phaser.Game === 'function');
