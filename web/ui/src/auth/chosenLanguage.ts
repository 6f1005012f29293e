/**
 * The language that somebody pressed before they signed in, in the tab's own storage. Unlike the page's language, which may be the
 * browser's or of who was here last, it is a wish of who signs in next: their account takes it over, once.
 */
import type { Language } from '@/api/types'
import { isLanguage } from '@/i18n'

const CHOSEN = 'evosense.chosen-language'

export function keepChosenLanguage(language: Language): void {
  try {
    sessionStorage.setItem(CHOSEN, language)
  } catch {
    // Storage is closed: the choice holds for the form alone.
  }
}

/** What was chosen and not taken over yet, if anything. */
export function readChosenLanguage(): Language | null {
  try {
    const chosen = sessionStorage.getItem(CHOSEN)
    return isLanguage(chosen) ? chosen : null
  } catch {
    return null
  }
}

export function forgetChosenLanguage(): void {
  try {
    sessionStorage.removeItem(CHOSEN)
  } catch {
    // Storage is closed: nothing was kept.
  }
}
