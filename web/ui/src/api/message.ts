import type { TFunction } from 'i18next'

import type { Format } from '@/format/format'

import { ApiError } from './errors'

/** What a person is told about an error: the API's own words where it has some, else ours for the kind of failure. */
export function explainError(error: unknown, t: TFunction, format: Format): string {
  if (!(error instanceof ApiError)) return t('errors.unknown')
  if (error.status === 429) {
    return t('errors.tooMany', { wait: format.duration(error.retryAfterSeconds ?? 60) })
  }
  return explainDetail(error, t, error.status)
}

/** The same for an error that came without a reply of HTTP, as an event of a turn. */
export function explainDetail(detail: { code: string; message: string }, t: TFunction, status?: number): string {
  if (detail.message) return detail.message
  if (detail.code === 'network') return t('errors.network')
  if (status === 403) return t('errors.forbidden')
  if (status === 404) return t('errors.notFound')
  return status && status >= 500 ? t('errors.unavailable') : t('errors.unknown')
}
