import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { useSession } from '@/auth/session'
import { THREADS_KEY } from '@/threads/useThreads'

import { useChat } from './store'

/** Holds the line to the server open for whoever is signed in, as long as the page is there. */
export function useChatLine(): void {
  const viewerId = useSession((session) => session.me?.id)
  const endSession = useSession((session) => session.endSession)
  const start = useChat((chat) => chat.start)
  const queries = useQueryClient()

  useEffect(() => {
    if (!viewerId) return
    return start({
      id: viewerId,
      onSessionLost: endSession,
      onThreadsChanged: () => void queries.invalidateQueries({ queryKey: THREADS_KEY }),
    })
  }, [viewerId, endSession, start, queries])
}
