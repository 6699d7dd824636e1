import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import pkg from './package.json';

// https://vite.dev/config/
export default defineConfig(({ mode }) => {
  const dev = mode === 'development';
  return {
    root: 'web',
    base: './',
    publicDir: '../static',
    resolve: {
      alias: [
        { find: 'entities', replacement: resolve(__dirname, 'web/entities') },
        { find: '@shared', replacement: resolve(__dirname, './shared') },
      ],
    },
    define: { __VERSION__: JSON.stringify(pkg.version), __CHEATS__: true },
    build: { outDir: '../dist', sourcemap: dev },
  };
});
