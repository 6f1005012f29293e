import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import type { Language } from '@/api/types'

import pt from './pt.json'

export const LANGUAGES: readonly Language[] = ['pt', 'en', 'es']
export const LANGUAGE_TAGS: Record<Language, string> = { pt: 'pt-BR', en: 'en', es: 'es' }
const KEPT = 'evosense.language'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof pt }
  }
}

/** Portuguese comes with the page; the two others when somebody speaks them. */
const loaders: Record<Exclude<Language, 'pt'>, () => Promise<{ default: object }>> = {
  en: () => import('./en.json'),
  es: () => import('./es.json'),
}

export function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.includes(text as Language)
}

function readKept(): Language | null {
  try {
    const kept = localStorage.getItem(KEPT)
    return isLanguage(kept) ? kept : null
  } catch {
    return null
  }
}

/** The language before anybody signed in: the one chosen here last, else the browser's, else Portuguese. */
export function guessLanguage(wanted: readonly string[] = navigator.languages): Language {
  const found = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage)
  return readKept() ?? found ?? 'pt'
}

export async function changeLanguage(language: Language): Promise<void> {
  if (language !== 'pt' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await loaders[language]()).default)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = LANGUAGE_TAGS[language]
  try {
    localStorage.setItem(KEPT, language)
  } catch {
    // Storage is closed: the choice holds until the page is left.
  }
}

export async function startLanguage(language: Language = guessLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { pt: { translation: pt } },
    lng: 'pt',
    fallbackLng: 'pt',
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await changeLanguage(language)
}
