import { width } from './common.js';
addEventListener('message', async (e) => { globalThis.__result = 'menu ' + await width('assets/a.png') + ' | frame ' + e.data; });
