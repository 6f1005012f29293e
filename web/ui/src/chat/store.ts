import { create } from 'zustand'

import { ApiError } from '@/api/errors'
import { api, getAccess, refreshAccess } from '@/api/http'
import { ChatSocket, type LineState } from '@/api/socket'
import type { Revision } from '@/api/trust'
import type { ChatEvent, ErrorDetail, Language } from '@/api/types'

import { foldEvent, hasGap, markTurn, readThread, startThread, type Thread } from './fold'
import { keepOutbox, newClientId, readOutbox, type Pending } from './outbox'

interface Loading {
  status: 'loading' | 'failed'
  error: ApiError | null
}

interface ChatState {
  line: LineState
  threads: Record<string, Thread>
  loading: Record<string, Loading>
  outbox: Pending[]
  /** Which thread a question that was asked outside of one has opened. */
  opened: { clientId: string; threadId: string } | null
  start: (viewer: { id: string; onSessionLost: () => void; onThreadsChanged: () => void }) => () => void
  loadThread: (threadId: string) => Promise<void>
  forgetThread: (threadId: string) => void
  ask: (question: string, threadId: string | null, language: Language, revision?: Revision) => string
  mark: (threadId: string, turnId: string, mark: Parameters<typeof markTurn>[2]) => void
  resend: (clientId: string) => void
  discard: (clientId: string) => void
  stop: (turnId: string) => void
  /** Forgets `opened`, once the address says it. */
  settle: () => void
}

/** Asks without a WebSocket in sight are given this long before they go over HTTP. */
const PATIENCE_MS = 6_000
/** How long a replay may take before a question that was sent counts as lost. */
const REPLAY_MS = 2_500
/** How often a running turn is asked after. */
const POLL_MS = 5_000

export const useChat = create<ChatState>((set, get) => {
  let socket: ChatSocket | null = null
  let viewerId = ''
  let onThreadsChanged = (): void => undefined
  const sentOverHttp = new Set<string>()
  const sentOverSocket = new Set<string>()

  const setOutbox = (outbox: Pending[]) => {
    keepOutbox(viewerId, outbox)
    set({ outbox })
  }
  const putThread = (thread: Thread) => set((state) => ({ threads: { ...state.threads, [thread.id]: thread } }))
  const failPending = (clientId: string, error: ErrorDetail) =>
    setOutbox(get().outbox.map((pending) => (pending.clientId === clientId ? { ...pending, error } : pending)))

  function resume(thread: Thread): void {
    socket?.send({ type: 'resume', thread_id: thread.id, after_seq: thread.lastSeq })
  }

  function takeUp(clientId: string, threadId: string): void {
    const pending = get().outbox.find((one) => one.clientId === clientId)
    if (!pending) return
    setOutbox(get().outbox.filter((one) => one !== pending))
    if (pending.threadId === null) set({ opened: { clientId, threadId } })
  }

  function receive(event: ChatEvent): void {
    const before = get().threads[event.thread_id] ?? startThread(event.thread_id)
    const after = foldEvent(before, event)
    if (after === before) return
    putThread(after)
    if (hasGap(after) && !hasGap(before)) resume(after)
    if (event.type === 'turn.started' && event.data.client_id) takeUp(event.data.client_id, event.thread_id)
    if (event.type === 'turn.started' || event.type === 'turn.answered') onThreadsChanged()
  }

  function sendPending(pending: Pending): void {
    const { question, threadId, clientId, language, revision } = pending
    if (pending.error || sentOverHttp.has(clientId)) return
    const isSent = socket?.send({ type: 'ask', question, thread_id: threadId, client_id: clientId, language, revision })
    if (isSent) sentOverSocket.add(clientId)
    else if (get().line === 'unavailable') void askOverHttp(pending)
  }

  async function askOverHttp(pending: Pending): Promise<void> {
    const { question, threadId, clientId, language, revision } = pending
    sentOverHttp.add(clientId)
    try {
      const answer = await api.ask({ type: 'ask', question, thread_id: threadId, client_id: clientId, language, revision })
      putThread(readThread(await api.thread(answer.thread_id)))
      takeUp(clientId, answer.thread_id)
      onThreadsChanged()
    } catch (error) {
      const { code, message } = error instanceof ApiError ? error : { code: 'network', message: '' }
      failPending(clientId, { code, message })
    } finally {
      sentOverHttp.delete(clientId)
    }
  }

  /** What was never sent goes now. What was sent on the line that broke may have arrived: the replay gets time to say so. */
  function handleReady(): void {
    Object.values(get().threads).forEach(resume)
    const mayBeThere = get().outbox.filter((pending) => sentOverSocket.has(pending.clientId))
    get()
      .outbox.filter((pending) => !mayBeThere.includes(pending))
      .forEach(sendPending)
    if (mayBeThere.length === 0) return
    setTimeout(() => {
      get()
        .outbox.filter((pending) => mayBeThere.includes(pending))
        .forEach(sendPending)
    }, REPLAY_MS)
  }

  /** Running turns are asked after: a last event that was lost has none behind it that would show the gap. */
  function poll(): void {
    const { line, threads, outbox } = get()
    if (line === 'closed' || line === 'refused' || line === 'offline') return
    for (const thread of Object.values(threads)) {
      if (!thread.turns.some((turn) => turn.status === 'running')) continue
      if (line === 'ready') resume(thread)
      else void get().loadThread(thread.id)
    }
    if (line === 'unavailable') outbox.forEach(sendPending)
  }

  return {
    line: 'closed',
    threads: {},
    loading: {},
    outbox: [],
    opened: null,

    start: (viewer) => {
      viewerId = viewer.id
      onThreadsChanged = viewer.onThreadsChanged
      set({ threads: {}, loading: {}, opened: null, outbox: readOutbox(viewer.id) })
      socket = new ChatSocket({
        url: () => new URL('/ws/chat/', location.origin.replace(/^http/, 'ws')).href,
        access: getAccess,
        refresh: refreshAccess,
        onEvent: receive,
        onReady: handleReady,
        onState: (line) => set({ line }),
        onSessionLost: viewer.onSessionLost,
        onError: (error, clientId) => {
          if (clientId) failPending(clientId, error)
        },
      })
      socket.open()
      const timer = setInterval(poll, POLL_MS)
      return () => {
        clearInterval(timer)
        socket?.close()
        socket = null
        set({ threads: {}, loading: {}, outbox: [], opened: null })
      }
    },

    loadThread: async (threadId) => {
      const known = get().threads[threadId]
      if (!known) set((state) => ({ loading: { ...state.loading, [threadId]: { status: 'loading', error: null } } }))
      try {
        const detail = await api.thread(threadId)
        const now = get().threads[threadId]
        const stored = readThread(detail)
        // Events may have come while the reply was under way, or half an answer be on screen: what shows more stays.
        if (!now || (detail.last_seq > now.lastSeq && stored.lastSeq > 0)) putThread(stored)
        set((state) => ({ loading: omit(state.loading, threadId) }))
        resume(get().threads[threadId] as Thread)
      } catch (error) {
        if (known || !(error instanceof ApiError)) return
        set((state) => ({ loading: { ...state.loading, [threadId]: { status: 'failed', error } } }))
      }
    },

    forgetThread: (threadId) => set((state) => ({ threads: omit(state.threads, threadId) })),

    ask: (question, threadId, language, revision) => {
      const clientId = newClientId()
      const pending: Pending = { clientId, threadId, question, language, askedAt: new Date().toISOString(), revision, error: null }
      setOutbox([...get().outbox, pending])
      sendPending(pending)
      // A line that neither opens nor fails would leave the question hanging: after a while it goes the other way.
      setTimeout(() => {
        const waiting = get().outbox.find((one) => one.clientId === clientId)
        if (waiting && !waiting.error && !socket?.isReady && navigator.onLine && !sentOverHttp.has(clientId)) void askOverHttp(waiting)
      }, PATIENCE_MS)
      return clientId
    },

    resend: (clientId) => {
      const outbox = get().outbox.map((pending) => (pending.clientId === clientId ? { ...pending, error: null } : pending))
      setOutbox(outbox)
      const pending = outbox.find((one) => one.clientId === clientId)
      if (!pending) return
      if (socket?.isReady) sendPending(pending)
      else void askOverHttp(pending)
    },

    discard: (clientId) => setOutbox(get().outbox.filter((pending) => pending.clientId !== clientId)),

    stop: (turnId) => {
      socket?.send({ type: 'stop', turn_id: turnId })
    },

    mark: (threadId, turnId, mark) => {
      const thread = get().threads[threadId]
      if (thread) putThread(markTurn(thread, turnId, mark))
    },

    settle: () => set({ opened: null }),
  }
})

function omit<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  const { [key]: _, ...rest } = record
  return rest
}
