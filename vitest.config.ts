import { defineConfig } from 'vitest/config';

/** `npm test` runs all projects; `npm run test:boot` only the last, which needs QEMU. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'service',
          include: ['test/**/*.test.ts'],
          exclude: ['test/boot/**'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Most of them wait for processes and time-outs.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'boot',
          include: ['test/boot/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
