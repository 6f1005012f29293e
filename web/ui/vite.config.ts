import { fileURLToPath } from 'node:url'

import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const backend = process.env.EVOSENSE_BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig(({ command }) => ({
  // Django serves the bundle below /static/ui/ and index.html at every address of the screen.
  base: command === 'build' ? '/static/ui/' : '/',
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: fileURLToPath(new URL('../../.evosense/web-dist', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    // Fonts and images stay files: the content security policy allows no data: addresses for them.
    assetsInlineLimit: 0,
    // light-dark() stays as it is written: taken apart it could not change inside a page (the dark half of the sign-in).
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  server: {
    proxy: {
      '/api': backend,
      '/ws': { target: backend, ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://127.0.0.1:3000/' } },
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    css: false,
    restoreMocks: true,
    testTimeout: 30_000,
  },
}))
