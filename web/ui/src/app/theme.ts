import { create } from 'zustand'

export type Theme = 'light' | 'dark' | 'system'
const KEPT = 'evosense.theme'
const BAR = { light: '#e9ece3', dark: '#0d1916' } as const

function readKept(): Theme {
  try {
    const kept = localStorage.getItem(KEPT)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

function showTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  for (const bar of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    bar.content = BAR[theme === 'system' ? (bar.media.includes('dark') ? 'dark' : 'light') : theme]
  }
}

/** The theme belongs to the screen in front of a person, not to the person: it stays in this browser. */
export const useTheme = create<{ theme: Theme; setTheme: (theme: Theme) => void }>((set) => ({
  theme: readKept(),
  setTheme: (theme) => {
    try {
      if (theme === 'system') localStorage.removeItem(KEPT)
      else localStorage.setItem(KEPT, theme)
    } catch {
      // Storage is closed: the choice holds until the page is left.
    }
    showTheme(theme)
    set({ theme })
  },
}))

showTheme(readKept())
