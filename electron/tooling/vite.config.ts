// How the window's pages are bundled: the application and the PIN page. Nothing inline, so that the strict CSP holds.
// Must not define anything the sources would need to know about development or test.
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

export default defineConfig({
  root: path.join(root, 'renderer'),
  plugins: [react()],
  build: {
    outDir: path.join(root, 'out/renderer'),
    emptyOutDir: true,
    // The oldest runtime the window is tested on (Electron 33).
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: { input: ['index.html', 'pin/index.html', 'print/index.html'].map((page) => path.join(root, 'renderer', page)) },
  },
});
