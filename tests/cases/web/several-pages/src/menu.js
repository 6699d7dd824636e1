import { width } from './common.js';
document.querySelector('a').textContent += await width('assets/a.png');
