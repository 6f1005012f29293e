import { create } from 'zustand'

import { ApiError } from '@/api/errors'
import { api, dropAccess, refreshAccess, setSessionLostListener, signIn, signOut } from '@/api/http'
import type { Language, Me } from '@/api/types'
import { changeLanguage } from '@/i18n'

import { forgetChosenLanguage, readChosenLanguage } from './chosenLanguage'

/** `unreachable`: the server could not be asked who is here; nothing is known, so nothing is thrown away. */
export type SessionStatus = 'starting' | 'signed-in' | 'signed-out' | 'unreachable'

interface SessionState {
  status: SessionStatus
  me: Me | null
  /** True where a session ended by itself, so that the sign-in page can say why it is there. */
  hasExpired: boolean
  start: () => Promise<void>
  signIn: (email: string, password: string) => Promise<void>
  signOut: () => Promise<void>
  /** The server no longer knows this session. */
  endSession: () => void
  setLanguage: (language: Language) => Promise<void>
}

export const useSession = create<SessionState>((set, get) => {
  /** `chosen`: a language that the account takes over, so that page, answers and e-mail agree; where it can't be, its own stays. */
  async function load(chosen: Language | null = null): Promise<void> {
    const known = await api.me()
    const me = chosen && chosen !== known.language ? await api.setLanguage(chosen).catch(() => known) : known
    await changeLanguage(me.language)
    set({ status: 'signed-in', me, hasExpired: false })
  }

  function endSession(): void {
    dropAccess()
    set({ status: 'signed-out', me: null, hasExpired: get().status === 'signed-in' })
  }
  setSessionLostListener(endSession)

  return {
    status: 'starting',
    me: null,
    hasExpired: false,
    endSession,
    start: async () => {
      try {
        if (await refreshAccess()) await load()
        else set({ status: 'signed-out', me: null })
      } catch (error) {
        // A clear no is an answer; anything else leaves it open who is here.
        const isNo = error instanceof ApiError && (error.status === 401 || error.status === 403)
        set({ status: isNo ? 'signed-out' : 'unreachable' })
      }
    },
    signIn: async (email, password) => {
      await signIn(email, password)
      try {
        await load(readChosenLanguage())
        forgetChosenLanguage()
      } catch (error) {
        dropAccess()
        throw error
      }
    },
    signOut: async () => {
      await signOut()
      set({ status: 'signed-out', me: null, hasExpired: false })
    },
    setLanguage: async (language) => {
      const me = get().me
      forgetChosenLanguage()
      await changeLanguage(language)
      if (!me) return
      set({ me: { ...me, language } })
      await api.setLanguage(language)
    },
  }
})
