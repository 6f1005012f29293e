import type { ChatEvent, ClientMessage, ErrorDetail, ServerMessage } from './types'

/**
 * How the line to the server stands. `unavailable`: it never opened, several times over (a proxy that lets no WebSocket
 * through); the chat then asks over HTTP, while this goes on trying. `refused`: this person may not ask; trying again changes nothing.
 */
export type LineState = 'connecting' | 'ready' | 'reconnecting' | 'offline' | 'unavailable' | 'refused' | 'closed'

export interface ChatSocketOptions {
  url: () => string
  access: () => string | null
  /** Resolves to `false` where the session has ended. */
  refresh: () => Promise<boolean>
  onEvent: (event: ChatEvent) => void
  onError: (error: ErrorDetail, clientId: string | null) => void
  onReady: () => void
  onState: (state: LineState) => void
  onSessionLost: () => void
  /** 0…1, for the jitter. */
  random?: () => number
}

const PING_MS = 25_000
const PONG_MS = 10_000
const HANDSHAKE_MS = 8_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
const GIVE_UP_AFTER = 3
const NOT_SIGNED_IN = 4401
const NOT_ALLOWED = 4403

/** One WebSocket that keeps itself alive: signs in, pings, reconnects with exponential back-off and jitter. */
export class ChatSocket {
  readonly #options: ChatSocketOptions
  #socket: WebSocket | null = null
  #state: LineState = 'closed'
  #failures = 0
  #wasReady = false
  #refreshed = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #ping: ReturnType<typeof setInterval> | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined

  constructor(options: ChatSocketOptions) {
    this.#options = options
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  open(): void {
    addEventListener('online', this.#reconnectNow)
    addEventListener('offline', this.#lose)
    document.addEventListener('visibilitychange', this.#wake)
    this.#connect()
  }

  close(): void {
    removeEventListener('online', this.#reconnectNow)
    removeEventListener('offline', this.#lose)
    document.removeEventListener('visibilitychange', this.#wake)
    this.#drop()
    this.#setState('closed')
  }

  /** Sends where the line is up; `false` where it is not, and the caller keeps what it wanted to say. */
  send(message: ClientMessage): boolean {
    if (!this.isReady || this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  /** A question of its own, because the state may change while something is awaited. */
  #isClosed(): boolean {
    return this.#state === 'closed' || this.#state === 'refused'
  }

  #setState(state: LineState): void {
    if (state === this.#state) return
    this.#state = state
    this.#options.onState(state)
  }

  #connect(): void {
    this.#drop()
    if (this.#state !== 'unavailable') this.#setState(this.#wasReady || this.#failures > 0 ? 'reconnecting' : 'connecting')
    const socket = new WebSocket(this.#options.url())
    this.#socket = socket
    this.#watchdog = setTimeout(() => socket.close(), HANDSHAKE_MS)
    socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', access: this.#options.access() }))
    socket.onmessage = (message) => {
      if (socket === this.#socket) this.#receive(message.data)
    }
    socket.onclose = (event) => {
      if (socket === this.#socket) void this.#handleClose(event.code)
    }
  }

  #receive(raw: unknown): void {
    let message: ServerMessage
    try {
      message = JSON.parse(String(raw)) as ServerMessage
    } catch {
      return
    }
    clearTimeout(this.#watchdog)
    if (message.type === 'ready') this.#handleReady()
    else if (message.type === 'error') this.#options.onError(message.error, message.client_id ?? null)
    else if (message.type !== 'pong') this.#options.onEvent(message)
  }

  #handleReady(): void {
    this.#failures = 0
    this.#wasReady = true
    this.#refreshed = false
    this.#setState('ready')
    clearInterval(this.#ping)
    this.#ping = setInterval(() => {
      const socket = this.#socket
      if (socket?.readyState !== WebSocket.OPEN) return
      socket.send('{"type":"ping"}')
      clearTimeout(this.#watchdog)
      this.#watchdog = setTimeout(() => socket.close(), PONG_MS)
    }, PING_MS)
    this.#options.onReady()
  }

  async #handleClose(code: number): Promise<void> {
    this.#drop()
    if (code === NOT_SIGNED_IN && !this.#refreshed) {
      this.#refreshed = true
      try {
        const isSignedIn = await this.#options.refresh()
        if (this.#isClosed()) return
        return isSignedIn ? this.#connect() : this.#options.onSessionLost()
      } catch {
        // The server cannot be reached for a new token either: wait like for any lost line.
      }
    }
    if (this.#isClosed()) return
    if (code === NOT_ALLOWED) return this.#setState('refused')
    this.#failures += 1
    if (!navigator.onLine) return this.#setState('offline')
    this.#setState(!this.#wasReady && this.#failures >= GIVE_UP_AFTER ? 'unavailable' : 'reconnecting')
    this.#retry = setTimeout(() => this.#connect(), waitBefore(this.#failures, this.#options.random ?? Math.random))
  }

  #drop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#watchdog)
    clearInterval(this.#ping)
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #reconnectNow = (): void => {
    if (this.#isClosed()) return
    this.#failures = 0
    this.#connect()
  }

  #lose = (): void => {
    if (this.#isClosed()) return
    this.#drop()
    this.#setState('offline')
  }

  /** A tab that was asleep comes back: its timers were throttled, so don't wait for the next one. */
  #wake = (): void => {
    if (document.visibilityState === 'visible' && this.#socket === null && !this.#isClosed()) this.#connect()
  }
}

/** Milliseconds before the n-th reconnection: doubling, capped, and spread so that screens don't come back in one wave. */
export function waitBefore(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}
