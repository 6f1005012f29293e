/** Unfinished questions, by thread, in the tab's own storage: a reload loses no words. */
const PREFIX = 'evosense.draft.'

export function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(PREFIX + key) ?? ''
  } catch {
    return ''
  }
}

export function keepDraft(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(PREFIX + key, text)
    else sessionStorage.removeItem(PREFIX + key)
  } catch {
    // Storage is closed: the draft lives as long as the field.
  }
}
