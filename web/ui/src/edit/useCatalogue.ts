import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api } from '@/api/http'
import type { Language } from '@/api/types'

/** The measures that there are, in the language of the screen. */
export function useCatalogue() {
  const { i18n } = useTranslation()
  const language = i18n.language as Language
  return useQuery({ queryKey: ['catalogue', language], queryFn: () => api.catalogue(language), staleTime: Infinity })
}
