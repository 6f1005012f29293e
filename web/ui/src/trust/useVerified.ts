import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/api/http'
import { useChat } from '@/chat/store'

const KEY = ['verified-questions'] as const
const PAGE = 50

export function useVerifiedQuestions() {
  return useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) => api.verifiedQuestions(pageParam, PAGE),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const shown = pages.reduce((sum, page) => sum + page.items.length, 0)
      return last.items.length > 0 && shown < last.count ? shown : undefined
    },
  })
}

/** Vouches for an answer's plan under a question; the turn on screen has its star at once. */
export function useVerify(threadId: string | null, turnId: string) {
  const queries = useQueryClient()
  const mark = useChat((chat) => chat.mark)
  return useMutation({
    mutationFn: (question: string) => api.verify(turnId, question),
    onSuccess: ({ id }) => {
      if (threadId) mark(threadId, turnId, { verifiedId: id })
      return queries.invalidateQueries({ queryKey: KEY })
    },
  })
}

export function useForgetVerified() {
  const queries = useQueryClient()
  return useMutation({ mutationFn: api.forgetVerified, onSettled: () => queries.invalidateQueries({ queryKey: KEY }) })
}
