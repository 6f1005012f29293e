import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import type { Language } from '@/api/types'
import { useSession } from '@/auth/session'

import { createFormat, type Format } from './format'

/** Formatting in the language of the screen and the tenant's time zone. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const timeZone = useSession((session) => session.me?.tenant?.time_zone) ?? 'America/Sao_Paulo'
  return useMemo(() => createFormat(i18n.language as Language, timeZone), [i18n.language, timeZone])
}
