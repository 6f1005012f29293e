/** A server that keeps the contract of the API over real HTTP and a real WebSocket, with what a test puts into it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { WebSocketServer, type WebSocket as Line } from 'ws'

import type { ChatEvent, ClientMessage, Conversation, Correction, CorrectionChange, Me, Status, ThreadDetail, ThreadSummary } from '@/api/types'

import { alice, answer, conversation } from './cast'

type Heard = ClientMessage | { type: 'auth'; access: string | null } | { type: 'ping' }

export interface FakeServer {
  origin: string
  /** What the screen asked for over HTTP, as "GET /me", in order. */
  requests: string[]
  /** What the screen said over the WebSocket, without sign-ins and pings. */
  heard: ClientMessage[]
  me: Me
  status: Status
  /** Whether the browser holds a refresh cookie that is good. */
  hasSession: boolean
  /** The access token that is good now; a test that changes it makes every older one worthless. */
  access: string
  threads: ThreadSummary[]
  details: Record<string, ThreadDetail>
  conversation: Conversation
  /** Further routes, by "GET /path": what a body is answered with, a status and JSON. */
  routes: Record<string, (body: Record<string, unknown>) => [number, unknown?] | Promise<[number, unknown?]>>
  /** What was sent to correct a conversation, in order. */
  corrections: Record<string, unknown>[]
  /** Whether WebSockets get through. */
  isLive: boolean
  onAsk: (ask: Extract<ClientMessage, { type: 'ask' }>) => void
  onResume: (resume: Extract<ClientMessage, { type: 'resume' }>) => void
  say: (...events: ChatEvent[]) => void
  hangUp: (code?: number) => void
  close: () => Promise<void>
}

function reply(response: ServerResponse, code: number, body?: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

const refuse = (response: ServerResponse, code: number, name: string, message = '') =>
  reply(response, code, { error: { code: name, message } })

async function readBody(request: IncomingMessage): Promise<Record<string, string>> {
  let raw = ''
  for await (const piece of request) raw += String(piece)
  return raw ? (JSON.parse(raw) as Record<string, string>) : {}
}

export async function startServer(): Promise<FakeServer> {
  const lines = new Set<Line>()
  const fake: FakeServer = {
    origin: '',
    requests: [],
    heard: [],
    me: alice,
    status: { conversations: 190, analysed: 184, pending: 6, first_on: '2025-08-12', last_on: '2025-11-09' },
    hasSession: true,
    access: 'access-1',
    corrections: [],
    threads: [],
    details: {},
    conversation,
    routes: {},
    isLive: true,
    onAsk: () => undefined,
    onResume: () => undefined,
    say: (...events) => lines.forEach((line) => events.forEach((event) => line.send(JSON.stringify(event)))),
    hangUp: (code = 1012) => lines.forEach((line) => line.close(code)),
    close: () =>
      new Promise((resolve) => {
        sockets.clients.forEach((line) => line.terminate())
        http.closeAllConnections()
        http.close(() => resolve())
      }),
  }

  function serveThread(request: IncomingMessage, response: ServerResponse, threadId: string, title: string | undefined): void {
    const found = fake.details[threadId]
    if (!found) return refuse(response, 404, 'not_found', 'Não encontramos o que você pediu.')
    if (request.method === 'GET') return reply(response, 200, found)
    if (request.method === 'DELETE') fake.threads = fake.threads.filter((thread) => thread.id !== threadId)
    else fake.threads = fake.threads.map((thread) => (thread.id === threadId ? { ...thread, title: title ?? '' } : thread))
    reply(response, request.method === 'DELETE' ? 204 : 200, request.method === 'DELETE' ? undefined : found)
  }

  function serveCorrection(request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>): void {
    const { machine } = fake.conversation
    if (request.method === 'DELETE') {
      fake.conversation = { ...fake.conversation, correction: null, satisfaction: machine?.satisfaction ?? null, theme: machine?.theme ?? null }
      return reply(response, 200, fake.conversation)
    }
    fake.corrections.push(body)
    const { satisfaction = null, theme = null, resolved = null, comment = '' } = body as CorrectionChange
    const correction: Correction = {
      satisfaction, theme, comment, corrects_theme: 'theme' in body, is_resolved: resolved, made_by: fake.me.name,
      made_at: '2025-11-09T13:00:00Z', counts: true, is_outdated: false,
    }
    fake.conversation = { ...fake.conversation, correction, satisfaction: satisfaction ?? fake.conversation.satisfaction }
    reply(response, 200, fake.conversation)
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', 'http://server').pathname.replace('/api/v1', '')
    const route = `${request.method} ${path}`
    fake.requests.push(route)
    const body = await readBody(request)
    const token = () => reply(response, 200, { access: fake.access, expires_in: 600 })

    if (route === 'POST /auth/token') {
      if (body.password !== 'aurora') return refuse(response, 401, 'wrong_credentials', 'E-mail ou senha não conferem.')
      fake.hasSession = true
      return token()
    }
    if (route === 'POST /auth/refresh') return fake.hasSession ? token() : refuse(response, 401, 'not_signed_in')
    if (route === 'POST /auth/logout') return reply(response, 204)
    if (request.headers.authorization !== `Bearer ${fake.access}`) return refuse(response, 401, 'not_signed_in')
    const further = fake.routes[route]
    if (further) return reply(response, ...(await further(body)))
    if (route === 'GET /me') return reply(response, 200, fake.me)
    if (route === 'PATCH /me') return reply(response, 200, (fake.me = { ...fake.me, language: body.language as Me['language'] }))
    if (route === 'GET /status') return reply(response, 200, fake.status)
    if (route === 'GET /suggestions') return reply(response, 200, { items: ['Como está a satisfação?'] })
    if (route === 'GET /threads') return reply(response, 200, { items: fake.threads, count: fake.threads.length })
    if (path.startsWith('/threads/')) return serveThread(request, response, path.slice('/threads/'.length), body.title)
    if (path.endsWith('/correction')) return serveCorrection(request, response, body)
    if (path.startsWith('/conversations/')) return reply(response, 200, fake.conversation)
    if (route === 'POST /ask') return reply(response, 200, { ...answer, question: body.question })
    refuse(response, 404, 'not_found')
  }

  const http = createServer((request, response) => void serve(request, response))
  const sockets = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    if (!fake.isLive) return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, (line) => {
      line.on('close', () => lines.delete(line))
      line.on('message', (raw) => {
        const message = JSON.parse(String(raw)) as Heard
        if (message.type === 'auth') {
          if (message.access !== fake.access) return line.close(4401)
          lines.add(line)
          return line.send('{"type":"ready"}')
        }
        if (message.type === 'ping') return line.send('{"type":"pong"}')
        fake.heard.push(message)
        if (message.type === 'ask') fake.onAsk(message)
        if (message.type === 'resume') fake.onResume(message)
      })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  fake.origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return fake
}
