import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'
import { WebSocket } from 'ws'

// A crowded machine is slow, not wrong.
configure({ asyncUtilTimeout: 6_000 })

/** What jsdom lacks and the screen uses: the browser's own dialog, media queries, and scrolling. */
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true
}
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false
}
globalThis.matchMedia ??= (query) => ({ matches: query.includes('fine'), media: query }) as MediaQueryList
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
// Node's own WebSocket sends Node's events, which are none for jsdom.
class BrowserLike extends WebSocket {
  constructor(url: string) {
    super(url)
    this.on('error', () => undefined)
  }
}
globalThis.WebSocket = BrowserLike as unknown as typeof globalThis.WebSocket
Element.prototype.scrollTo ??= () => undefined
Element.prototype.scrollIntoView ??= () => undefined
Element.prototype.hasPointerCapture ??= () => false

afterEach(cleanup)
