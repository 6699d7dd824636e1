import { hero } from 'entities/hero';
import { util } from '@shared/util.js';
import { hash } from '#lib/hash';
declare const __VERSION__: string, __CHEATS__: boolean;
const width = (src: string) => new Promise<unknown>((done) => { const i = new Image(); i.onload = () => done(i.width); i.onerror = () => done('error'); i.src = src; });
const files = [await width('models/a.png'), await width('/models/a.png'), await width('textures/b.png')];
(globalThis as any).__result = `config ${__VERSION__} ${__CHEATS__} | alias ${hero} ${util} ${hash} | files ${files.join(' ')}`;
