import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/api/http'
import type { Conversation, CorrectionChange } from '@/api/types'

export const conversationKey = (conversationId: string) => ['conversation', conversationId]

/** The answer to a change is the whole conversation, so nothing is asked for again. */
function useChange<Input>(conversationId: string, change: (input: Input) => Promise<Conversation>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (changed) => queries.setQueryData(conversationKey(conversationId), changed),
  })
}

export const useCorrect = (conversationId: string) =>
  useChange(conversationId, (change: CorrectionChange) => api.correct(conversationId, change))

export const useUndoCorrection = (conversationId: string) => useChange(conversationId, (_: void) => api.undoCorrection(conversationId))
