import type { ErrorDetail } from './types'

/** An answer of the API that is not a success. `code` is the API's own word, or one of `network`, `bad_reply`. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | null
  readonly retryAfterSeconds: number | null

  constructor(status: number, detail: ErrorDetail, retryAfterSeconds: number | null = null) {
    super(detail.message)
    this.name = 'ApiError'
    this.status = status
    this.code = detail.code
    this.field = detail.field ?? null
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Turns a failed reply into an `ApiError`, whatever a proxy in between made of its body. */
export async function readError(response: Response): Promise<ApiError> {
  const waits = Number(response.headers.get('Retry-After'))
  const retryAfterSeconds = Number.isFinite(waits) && waits > 0 ? waits : null
  try {
    const body = (await response.json()) as { error?: ErrorDetail }
    if (body.error?.code) return new ApiError(response.status, body.error, retryAfterSeconds)
  } catch {
    // Not JSON: a proxy's own page. The status still says enough.
  }
  return new ApiError(response.status, { code: 'bad_reply', message: '' }, retryAfterSeconds)
}
