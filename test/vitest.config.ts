import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');

/** One project per layer. Layers that start processes or windows run one file at a time: two cores are not many. */
const layer = (name: string, options: { testTimeout: number; fileParallelism: boolean; isolate?: boolean }) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], hookTimeout: options.testTimeout, ...options },
});

export default defineConfig({
  root,
  plugins: [react()],
  test: {
    projects: [
      // Our modules hold no state of their own, so files may share a worker: starting one for each costs more than the tests.
      layer('unit', { testTimeout: 10_000, fileParallelism: true, isolate: false }),
      layer('store', { testTimeout: 30_000, fileParallelism: true }),
      layer('process', { testTimeout: 60_000, fileParallelism: false }),
      layer('token', { testTimeout: 60_000, fileParallelism: false }),
      layer('interop', { testTimeout: 60_000, fileParallelism: false }),
      layer('faults', { testTimeout: 120_000, fileParallelism: false }),
      layer('e2e', { testTimeout: 120_000, fileParallelism: false }),
    ],
  },
});
