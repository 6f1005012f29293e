import { ApiError, readError } from './errors'
import type { Catalogue, Feedback, VerifiedQuestion } from './trust'
import type {
  Answer,
  ClientMessage,
  Conversation,
  CorrectionChange,
  Language,
  Me,
  N8nAddress,
  Page,
  Phone,
  Phones,
  Status,
  Subscription,
  ThreadDetail,
  ThreadSummary,
} from './types'

/** The access token lives in this module and nowhere else: no storage, no cookie that a script can read. */
let access: string | null = null
let refreshing: Promise<boolean> | null = null
let onSessionLost: () => void = () => undefined

interface Token {
  access: string
  expires_in: number
}

export function setSessionLostListener(listener: () => void): void {
  onSessionLost = listener
}

export function getAccess(): string | null {
  return access
}

export function dropAccess(): void {
  access = null
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': document.documentElement.lang })
  if (access) headers.set('Authorization', `Bearer ${access}`)
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  try {
    return await fetch(new URL(`/api/v1${path}`, location.origin), {
      method,
      headers,
      credentials: 'same-origin',
      // What a person chose is kept even where the page is closed or reloaded in the same moment.
      keepalive: method !== 'GET',
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new ApiError(0, { code: 'network', message: '' })
  }
}

async function postRefresh(): Promise<boolean> {
  const response = await send('POST', '/auth/refresh')
  if (response.status === 401 || response.status === 403 || response.status === 422) {
    access = null
    return false
  }
  if (!response.ok) throw await readError(response)
  access = ((await response.json()) as Token).access
  return true
}

/**
 * Gets a new access token with the refresh cookie; `false` where there is no session any more.
 *
 * One flight at a time, over all tabs: the refresh token rotates, and two tabs that send the same one would sign each other out.
 */
export function refreshAccess(): Promise<boolean> {
  refreshing ??= (navigator.locks ? navigator.locks.request('evosense.refresh', postRefresh) : postRefresh()).finally(() => {
    refreshing = null
  })
  return refreshing
}

async function call<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
  let response = await send(method, path, body)
  if (response.status === 401) {
    if (!(await refreshAccess())) {
      onSessionLost()
      throw await readError(response)
    }
    response = await send(method, path, body)
    if (response.status === 401) onSessionLost()
  }
  if (!response.ok) throw await readError(response)
  return (response.status === 204 ? undefined : await response.json()) as Reply
}

/** Signs in; the refresh token arrives as an HTTP-only cookie. Raises `ApiError` (401: wrong e-mail or password). */
export async function signIn(email: string, password: string): Promise<void> {
  const response = await send('POST', '/auth/token', { email, password })
  if (!response.ok) throw await readError(response)
  access = ((await response.json()) as Token).access
}

/** Ends the session here even where the server cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await send('POST', '/auth/logout')
  } catch {
    // Offline: the cookie stays until it expires, but this screen forgets the person now.
  }
  access = null
}

const id = encodeURIComponent

export const api = {
  me: () => call<Me>('GET', '/me'),
  setLanguage: (language: Language) => call<Me>('PATCH', '/me', { language }),
  threads: (offset: number, limit: number) => call<Page<ThreadSummary>>('GET', `/threads?limit=${limit}&offset=${offset}`),
  thread: (threadId: string) => call<ThreadDetail>('GET', `/threads/${id(threadId)}`),
  renameThread: (threadId: string, title: string) => call<ThreadSummary>('PATCH', `/threads/${id(threadId)}`, { title }),
  deleteThread: (threadId: string) => call<void>('DELETE', `/threads/${id(threadId)}`),
  suggestions: () => call<{ items: string[] }>('GET', '/suggestions'),
  status: () => call<Status>('GET', '/status'),
  conversation: (conversationId: string) => call<Conversation>('GET', `/conversations/${id(conversationId)}`),
  correct: (conversationId: string, change: CorrectionChange) =>
    call<Conversation>('POST', `/conversations/${id(conversationId)}/correction`, change),
  undoCorrection: (conversationId: string) => call<Conversation>('DELETE', `/conversations/${id(conversationId)}/correction`),
  phones: () => call<Phones>('GET', '/me/phones'),
  addPhone: (phone: string) => call<Phone>('POST', '/me/phones', { phone }),
  verifyPhone: (phone: string, code: string) => call<Phone>('POST', '/me/phones/verify', { phone, code }),
  removePhone: (phoneId: string) => call<void>('DELETE', `/me/phones/${id(phoneId)}`),
  subscriptions: () => call<{ items: Subscription[] }>('GET', '/me/subscriptions'),
  setSubscriptions: (items: Subscription[]) => call<{ items: Subscription[] }>('PUT', '/me/subscriptions', { items }),
  n8nAddresses: () => call<{ items: N8nAddress[] }>('GET', '/channels/n8n'),
  ask: ({ question, thread_id, client_id, language, revision }: Extract<ClientMessage, { type: 'ask' }>) =>
    call<Answer>('POST', '/ask', { question, thread_id, client_id, language, revision }),
  catalogue: (language: Language) => call<Catalogue>('GET', `/catalogue?language=${language}`),
  judge: (turnId: string, feedback: Feedback) => call<Feedback>('PUT', `/turns/${id(turnId)}/feedback`, feedback),
  takeBack: (turnId: string) => call<void>('DELETE', `/turns/${id(turnId)}/feedback`),
  verifiedQuestions: (offset: number, limit: number) =>
    call<Page<VerifiedQuestion>>('GET', `/verified-questions?limit=${limit}&offset=${offset}`),
  verify: (turnId: string, question: string) => call<VerifiedQuestion>('POST', '/verified-questions', { turn_id: turnId, question }),
  forgetVerified: (verifiedId: string) => call<void>('DELETE', `/verified-questions/${id(verifiedId)}`),
}
