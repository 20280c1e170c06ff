import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  // Wherever a proxy puts the hub.
  base: './',
  plugins: [tailwind()],
  resolve: {
    alias: {
      '@hub/client': at('../../libs/client/src/index.ts'),
      '@hub/contracts': at('../../libs/contracts/src/index.ts'),
    },
  },
  build: {
    outDir: at('../../dist/apps/web'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The policy of the page forbids data: in scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What is not used of the contracts is left out, and with it the schema library that only servers need.
      treeshake: { moduleSideEffects: (id) => !id.includes('/libs/') && !id.includes('/node_modules/zod/') },
    },
  },
  // `npx vite apps/web`, beside a hub that runs.
  server: {
    proxy: {
      '/api': 'http://localhost:8080',
      '/health': 'http://localhost:8080',
      '/socket.io': { target: 'http://localhost:8080', ws: true },
    },
  },
});
