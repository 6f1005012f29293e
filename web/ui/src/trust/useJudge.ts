import { useMutation } from '@tanstack/react-query'

import { api } from '@/api/http'
import type { Feedback } from '@/api/trust'
import { useChat } from '@/chat/store'

/** Judges an answer, or with null takes the judgement back; the thread on screen says so at once. */
export function useJudge(threadId: string | null, turnId: string) {
  const mark = useChat((chat) => chat.mark)
  return useMutation({
    mutationFn: async (feedback: Feedback | null) => {
      if (feedback) return api.judge(turnId, feedback)
      await api.takeBack(turnId)
      return null
    },
    onSuccess: (feedback) => threadId && mark(threadId, turnId, { feedback }),
  })
}
